// Any bytes are an image whose pixels are all there, or an Error that says why not.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cupel/base/error.hpp"
#include "cupel/data/image_file.hpp"

namespace {

void require(bool claim) {
  if (!claim) std::abort();
}

void use(const cupel::RawImage& image) {
  require(image.width > 0 && image.height > 0);
  require(image.channels == 1 || image.channels == 3);
  require(image.pixels.size() == static_cast<std::size_t>(image.width) *
                                     static_cast<std::size_t>(image.height) *
                                     static_cast<std::size_t>(image.channels));
  require(cupel::resize_square(image, 8).size() == 64u * static_cast<std::size_t>(image.channels));
  const cupel::RawImage grey = cupel::as_grey(image);
  require(grey.channels == 1 && cupel::is_grey(grey));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    use(cupel::decode_image({reinterpret_cast<const char*>(bytes), size}, "fuzz"));
  } catch (const cupel::Error& error) {
    require(error.kind() == cupel::ErrorKind::bad_data);
    require(error.message().find("fuzz") != std::string_view::npos);
  }
  return 0;
}
