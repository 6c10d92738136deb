#include <fmt/format.h>
#include <turbojpeg.h>

#include <memory>

#include "cupel/base/error.hpp"
#include "cupel/data/image_decoders.hpp"

namespace cupel {
namespace {

using Decoder = std::unique_ptr<void, int (*)(void*)>;

/// Files that Adobe programs wrote hold 255 - ink.
RawImage without_black(const RawImage& cmyk, bool inverted) {
  RawImage image{.width = cmyk.width, .height = cmyk.height, .channels = 3};
  image.pixels.reserve(cmyk.pixels.size() / 4 * 3);
  for (std::size_t k = 0; k < cmyk.pixels.size(); k += 4)
    for (std::size_t c = 0; c < 3; ++c) {
      const int paper = inverted ? cmyk.pixels[k + c] : 255 - cmyk.pixels[k + c];
      const int light = inverted ? cmyk.pixels[k + 3] : 255 - cmyk.pixels[k + 3];
      image.pixels.push_back(static_cast<std::uint8_t>(paper * light / 255));
    }
  image.note = "CMYK (for print), read as red, green and blue";
  return image;
}

bool is_harmless(std::string_view problem) {
  return problem.find("extraneous bytes") != std::string_view::npos;
}

}  // namespace

RawImage decode_jpeg(std::string_view bytes, const std::string& name) {
  const Decoder decoder(tjInitDecompress(), tjDestroy);
  if (!decoder) throw Error(ErrorKind::runtime, "libjpeg-turbo could not be started");
  const auto refuse = [&] {
    refuse_image(name, fmt::format("the JPEG is damaged, cut off or of an unusual kind ({})",
                                   tjGetErrorStr2(decoder.get())));
  };
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  int width = 0, height = 0, sampling = 0, space = 0;
  if (tjDecompressHeader3(decoder.get(), data, bytes.size(), &width, &height, &sampling, &space) &&
      tjGetErrorCode(decoder.get()) == TJERR_FATAL)
    refuse();
  check_pixels(width, height, name);
  const bool cmyk = space == TJCS_CMYK || space == TJCS_YCCK;
  const int format = cmyk ? TJPF_CMYK : space == TJCS_GRAY ? TJPF_GRAY : TJPF_RGB;
  RawImage image{.width = width, .height = height, .channels = tjPixelSize[format]};
  image.pixels.resize(static_cast<std::size_t>(width) * height * image.channels);
  if (tjDecompress2(decoder.get(), data, bytes.size(), image.pixels.data(), width, 0, height,
                    format, TJFLAG_ACCURATEDCT) &&
      !is_harmless(tjGetErrorStr2(decoder.get())))
    refuse();
  if (!cmyk) return image;
  return without_black(image, bytes.substr(0, 4096).find("Adobe") != std::string_view::npos);
}

}  // namespace cupel
