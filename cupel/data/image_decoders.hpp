// The decoders behind image_file.hpp, one third-party library each.
#pragma once

#include "cupel/data/image_file.hpp"

namespace cupel {

/// Throw Error{bad_data}.
RawImage decode_png(std::string_view bytes, const std::string& name);
RawImage decode_jpeg(std::string_view bytes, const std::string& name);
RawImage decode_bmp(std::string_view bytes, const std::string& name);

/// Throws Error{bad_data} when there are no or too many pixels.
void check_pixels(std::int64_t width, std::int64_t height, const std::string& name);
[[noreturn]] void refuse_image(const std::string& name, const std::string& what);

}  // namespace cupel
