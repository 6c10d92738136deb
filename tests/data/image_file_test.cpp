#include "cupel/data/image_file.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "tests/support/paths.hpp"

namespace cupel {
namespace {

std::string file(const std::string& name) { return test::source_path("tests/data/images/" + name); }

/// Of the picture that make_images.py draws.
int grey_level(int row, int column) { return row * 20 + column; }

int worst_grey_error(const RawImage& image) {
  EXPECT_EQ(image.width, 16);
  EXPECT_EQ(image.height, 12);
  EXPECT_EQ(image.channels, 1);
  int worst = 0;
  for (int row = 0; row < 12; ++row)
    for (int column = 0; column < 16; ++column)
      worst = std::max(worst, std::abs(image.pixels[row * 16 + column] - grey_level(row, column)));
  return worst;
}

int worst_color_error(const RawImage& image) {
  EXPECT_EQ(image.channels, 3);
  int worst = 0;
  for (int row = 0; row < 12; ++row)
    for (int column = 0; column < 16; ++column) {
      const int level = grey_level(row, column), at = 3 * (row * 16 + column);
      const int wanted[] = {level, 255 - level, level / 2};
      for (int channel = 0; channel < 3; ++channel)
        worst = std::max(worst, std::abs(image.pixels[at + channel] - wanted[channel]));
    }
  return worst;
}

TEST(ImageFile, ReadsGreyPicturesOfEveryKind) {
  EXPECT_EQ(worst_grey_error(read_image(file("grey.png"))), 0);
  EXPECT_EQ(worst_grey_error(read_image(file("grey.bmp"))), 0);
  EXPECT_LE(worst_grey_error(read_image(file("grey.jpg"))), 4);
}

TEST(ImageFile, ReadsColorPicturesOfEveryKind) {
  EXPECT_EQ(worst_color_error(read_image(file("color.png"))), 0);
  EXPECT_EQ(worst_color_error(read_image(file("color.bmp"))), 0);
  EXPECT_EQ(worst_color_error(read_image(file("alpha.png"))), 0);
  EXPECT_LE(worst_color_error(read_image(file("color.jpg"))), 8);
}

TEST(ImageFile, SaysWhatIsLostOnTheWayToEightBits) {
  const RawImage deep = read_image(file("deep.png")), moving = read_image(file("animated.png"));
  EXPECT_LE(worst_grey_error(deep), 1);
  EXPECT_NE(deep.note.find("16 bits"), std::string::npos);
  EXPECT_EQ(worst_grey_error(moving), 0);
  EXPECT_NE(moving.note.find("animated"), std::string::npos);
  const RawImage print = read_image(file("cmyk.jpg"));
  EXPECT_LE(worst_color_error(print), 12);
  EXPECT_NE(print.note.find("CMYK"), std::string::npos);
}

void expect_refused(const std::string& bytes, const std::string& word) {
  try {
    decode_image(bytes, "name.png");
    ADD_FAILURE() << word;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_data);
    EXPECT_NE(error.message().find("name.png"), std::string::npos) << error.message();
    EXPECT_NE(error.message().find(word), std::string::npos) << error.message();
    EXPECT_FALSE(error.hint().empty()) << word;
  }
}

TEST(ImageFile, RefusesWhatItCannotReadAndSaysWhy) {
  expect_refused("", "empty");
  expect_refused("just some text", "not an image");
  expect_refused(read_whole_file(file("picture.gif")), "GIF");
  expect_refused(read_whole_file(file("huge.png")), "20000 x 20000");
}

TEST(ImageFile, RefusesEveryFileThatIsCutOff) {
  for (const char* name :
       {"grey.png", "color.png", "grey.bmp", "color.bmp", "grey.jpg", "color.jpg", "cmyk.jpg"}) {
    const std::string whole = read_whole_file(file(name));
    for (const double part : {0.2, 0.5, 0.9})
      EXPECT_THROW(
          decode_image(
              whole.substr(0, static_cast<std::size_t>(part * static_cast<double>(whole.size()))),
              name),
          Error)
          << name << " " << part;
  }
}

TEST(ImageFile, RefusesADamagedPng) {
  std::string bytes = read_whole_file(file("color.png"));
  bytes[bytes.size() / 2] ^= 0x55;
  EXPECT_THROW(decode_image(bytes, "x"), Error);
}

TEST(ImageFile, ResizesWithoutChangeToItsOwnSizeAndByMeansToHalf) {
  RawImage image{.width = 4, .height = 4};
  for (int k = 0; k < 16; ++k) image.pixels.push_back(static_cast<std::uint8_t>(10 * k));
  EXPECT_EQ(resize_square(image, 4), image.pixels);
  RawImage flat{
      .width = 9, .height = 5, .channels = 3, .pixels = std::vector<std::uint8_t>(135, 77)};
  EXPECT_EQ(resize_square(flat, 4), std::vector<std::uint8_t>(48, 77));
  EXPECT_EQ(resize_square(flat, 16), std::vector<std::uint8_t>(768, 77));
  const auto half = resize_square(image, 2);  // the mean stays: 75
  EXPECT_NEAR((half[0] + half[1] + half[2] + half[3]) / 4.0, 75, 1);
  EXPECT_LT(half[0], half[1]);
  EXPECT_LT(half[1], half[2]);
}

}  // namespace
}  // namespace cupel
