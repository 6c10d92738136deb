#include "cupel/report/image_drawing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/report/html.hpp"

namespace cupel::report {
namespace {

constexpr int kStep = 112, kBox = 92, kMiddle = 110, kHeight = 264;

/// Larger maps, higher boxes: from 44 to 168 pixels.
int height_of(int size, int largest) {
  return 44 + static_cast<int>(124.0 * size / std::max(1, largest));
}

struct Box {
  std::string name, below, tip;
  int size = 1;
};

std::string draw_box(const Box& box, int place, int largest) {
  const int x = 8 + place * kStep, height = height_of(box.size, largest);
  std::string svg;
  if (place > 0)
    svg += fmt::format("<path d=\"M{} {}h{}\" stroke=\"#79838c\"/>", x - kStep + kBox, kMiddle,
                       kStep - kBox);
  svg += fmt::format(
      "<g><title>{}</title><rect class=\"unit\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" "
      "rx=\"4\"/>",
      escape(box.tip), x, kMiddle - height / 2, kBox, height);
  svg += fmt::format("<text class=\"label\" x=\"{}\" y=\"{}\">{}</text></g>", x + kBox / 2,
                     kMiddle + 5, escape(box.name));
  svg += fmt::format("<text class=\"tx\" x=\"{}\" y=\"{}\">{}</text>", x + kBox / 2, kHeight - 34,
                     escape(box.below));
  return svg;
}

std::string base64(std::string_view bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t k = 0; k < bytes.size(); k += 3) {
    unsigned three = 0;
    for (std::size_t b = 0; b < 3; ++b)
      three = three << 8 | (k + b < bytes.size() ? static_cast<unsigned char>(bytes[k + b]) : 0);
    for (std::size_t d = 0; d < 4; ++d)
      text += k + d <= bytes.size() ? kDigits[three >> (18 - 6 * d) & 63] : '=';
  }
  return text;
}

void put_number(std::string& bytes, std::uint32_t value, int count) {
  for (int k = 0; k < count; ++k) bytes += static_cast<char>(value >> (8 * k) & 255);
}

/// A Windows bitmap of 24 bits a pixel, rows from the bottom up, each filled to four bytes.
std::string bitmap(const ImageSet& images, int row) {
  const int size = images.size;
  const auto line = static_cast<std::uint32_t>((3 * size + 3) / 4 * 4);
  const std::uint32_t pixels = line * static_cast<std::uint32_t>(size);
  std::string bytes = "BM";
  put_number(bytes, 54 + pixels, 4);
  put_number(bytes, 0, 4);
  put_number(bytes, 54, 4);
  put_number(bytes, 40, 4);
  put_number(bytes, static_cast<std::uint32_t>(size), 4);
  put_number(bytes, static_cast<std::uint32_t>(size), 4);
  put_number(bytes, 1, 2);
  put_number(bytes, 24, 2);
  put_number(bytes, 0, 4);
  put_number(bytes, pixels, 4);
  for (int k = 0; k < 4; ++k) put_number(bytes, 0, 4);
  const auto image = images.image(row);
  for (int y = size - 1; y >= 0; --y) {
    for (int x = 0; x < size; ++x)
      for (int c = 2; c >= 0; --c) {  // blue first
        const int channel = images.channels == 1 ? 0 : c;
        bytes +=
            static_cast<char>(image[static_cast<std::size_t>((channel * size + y) * size + x)]);
      }
    bytes.resize(bytes.size() + line - static_cast<std::uint32_t>(3 * size));
  }
  return bytes;
}

}  // namespace

std::string draw_chain(const ImageSpace& space, const CellChain& chain) {
  std::vector<Box> boxes = {{"image", fmt::format("{0}×{0}", space.size),
                             space.channels == 1 ? "grey" : "color", space.size}};
  int size = space.size, width = space.channels;
  for (std::size_t k = 0; k < chain.cells.size(); ++k) {
    const std::string& name = chain.cells[k];
    const bool reduces = name != kEmptyCell && space.table.find(name).stride == 2;
    if (reduces) size = (size + 1) / 2;
    if (name == kEmptyCell && chain.widths[k] == width) continue;  // nothing is computed
    width = chain.widths[k];
    boxes.push_back({name == kEmptyCell ? "1x1" : name, fmt::format("{0}×{0}, {1}", size, width),
                     name == kEmptyCell ? "empty cell: projection to another width"
                                        : "cell " + name + ": " + space.table.find(name).text,
                     size});
  }
  boxes.push_back({"average", fmt::format("{}", width), "mean of each map", 1});
  if (chain.widths.back() > 0)
    boxes.push_back({"full", fmt::format("{}", chain.widths.back()), "fully connected", 1});
  boxes.push_back({"classes", fmt::format("{}", space.classes), "fully connected", 1});
  std::string drawing;
  for (std::size_t k = 0; k < boxes.size(); ++k)
    drawing += draw_box(boxes[k], static_cast<int>(k), space.size);
  return fmt::format(
      "<svg class=\"plot network\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"The chosen "
      "network, from the image to the classes\">{}</svg>",
      static_cast<int>(boxes.size()) * kStep, kHeight, drawing);
}

std::string image_element(const ImageSet& images, int row, int side, std::string_view description) {
  return fmt::format(
      "<img width=\"{0}\" height=\"{0}\" style=\"image-rendering:pixelated\" alt=\"{1}\" "
      "src=\"data:image/bmp;base64,{2}\"/>",
      side, escape(description), base64(bitmap(images, row)));
}

}  // namespace cupel::report
