#include "cupel/data/image_exif.hpp"

#include <gtest/gtest.h>

#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "tests/support/image_bytes.hpp"
#include "tests/support/paths.hpp"

namespace cupel {
namespace {

/// Two rows of three, and what a viewer shows of each orientation.
const std::vector<int> kStored{1, 2, 3, 4, 5, 6};
const std::vector<std::vector<std::uint8_t>> kShown{
    {1, 2, 3, 4, 5, 6}, {3, 2, 1, 6, 5, 4}, {6, 5, 4, 3, 2, 1}, {4, 5, 6, 1, 2, 3},
    {1, 4, 2, 5, 3, 6}, {4, 1, 5, 2, 6, 3}, {6, 3, 5, 2, 4, 1}, {3, 6, 2, 5, 1, 4}};

TEST(Exif, TurnsPngPicturesOfEveryOrientation) {
  for (int orientation = 1; orientation <= 8; ++orientation)
    for (const bool is_big_endian : {true, false}) {
      const std::string bytes =
          test::png(3, 8, kStored, test::png_chunk("eXIf", test::exif(orientation, is_big_endian)));
      const RawImage image = decode_image(bytes, "picture.png");
      EXPECT_EQ(image.pixels, kShown[static_cast<std::size_t>(orientation - 1)]) << orientation;
      EXPECT_EQ(image.width, orientation < 5 ? 3 : 2);
      EXPECT_EQ(image.height, orientation < 5 ? 2 : 3);
      EXPECT_EQ(image.note.find("upright") != std::string::npos, orientation > 1);
      EXPECT_EQ(decode_image(bytes, "picture.png", false).pixels, kShown[0]);
    }
}

TEST(Exif, TurnsJpegPicturesOfEveryOrientation) {
  const std::string plain = read_whole_file(test::source_path("tests/data/images/color.jpg"));
  const RawImage stored = decode_image(plain, "picture.jpg");
  for (int orientation = 1; orientation <= 8; ++orientation)
    for (const bool is_big_endian : {true, false}) {
      const std::string bytes = test::with_exif(plain, test::exif(orientation, is_big_endian));
      EXPECT_EQ(exif_orientation(bytes), orientation);
      EXPECT_EQ(decode_image(bytes, "picture.jpg").pixels, turned(stored, orientation).pixels);
    }
}

TEST(Exif, TurningTwiceGivesThePictureBack) {
  const RawImage stored = decode_image(test::png(3, 16, kStored), "deep.png");
  ASSERT_EQ(stored.deep.size(), 6u);
  const int back[] = {1, 2, 3, 4, 5, 8, 7, 6};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const RawImage again = turned(turned(stored, orientation), back[orientation - 1]);
    EXPECT_EQ(again.deep, stored.deep) << orientation;
    EXPECT_EQ(again.pixels, stored.pixels) << orientation;
  }
}

TEST(Exif, IgnoresWhatIsDamaged) {
  const std::string good = test::exif(6, true);
  std::vector<std::string> damaged{"", "MM", good.substr(0, 12), good.substr(0, good.size() - 14)};
  for (const int value : {0, 9, 255, 65535}) damaged.push_back(test::exif(value, false));
  std::string far = good;
  far.replace(4, 4, "\xFF\xFF\xFF\xF0");  // the directory beyond the end
  damaged.push_back(far);
  std::string text = good;
  text.replace(24, 2, std::string("\0\x02", 2));  // an orientation in letters
  damaged.push_back(text);
  std::string many = good;
  many.replace(8, 2, "\xFF\xFF").replace(22, 2, "\x01\x13");
  damaged.push_back(many);
  for (const std::string& exif : damaged) {
    const std::string bytes = test::png(3, 8, kStored, test::png_chunk("eXIf", exif));
    EXPECT_EQ(decode_image(bytes, "picture.png").pixels, kShown[0]);
  }
  const std::string jpeg = test::with_exif("\xFF\xD8\xFF", good);
  for (std::size_t size = 0; size <= jpeg.size(); ++size)  // cut anywhere: no more than not found
    EXPECT_LE(exif_orientation(std::string_view(jpeg).substr(0, size)), 6);
}

TEST(Exif, ShowsAVerticalLineAsEveryViewerDoes) {
  const std::string folder = test::source_path("../shared/cases/exif-orientation/");
  if (test::shared_data("../cases/exif-orientation/plain_vertical.jpg").empty()) GTEST_SKIP();
  const RawImage plain = read_image(folder + "plain_vertical.jpg"),
                 turned = read_image(folder + "exif6_vertical.jpg");
  ASSERT_EQ(plain.pixels.size(), turned.pixels.size());
  double off = 0;
  for (std::size_t k = 0; k < plain.pixels.size(); ++k)
    off += std::abs(plain.pixels[k] - turned.pixels[k]);
  EXPECT_LT(off / static_cast<double>(plain.pixels.size()), 8);
}

}  // namespace
}  // namespace cupel
