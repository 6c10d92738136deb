#include "cupel/data/image_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/data/image_split.hpp"
#include "tests/support/image_bytes.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;

/// A grey bitmap of noise around a level, 12 x 12.
std::string bitmap(int level, Rng& rng) {
  std::string bytes("BM", 2);
  const auto number = [&](std::uint32_t value, int width) {
    for (int k = 0; k < width; ++k) bytes += static_cast<char>(value >> 8 * k);
  };
  for (const std::uint32_t value : {54u + 12 * 36, 0u, 54u, 40u, 12u, 12u}) number(value, 4);
  number(1, 2);
  number(24, 2);
  for (int k = 0; k < 6; ++k) number(0, 4);
  for (int k = 0; k < 144; ++k) number(0x10101u * static_cast<unsigned>(level + rng.below(60)), 3);
  return bytes;
}

class ImageFolderTest : public testing::Test {
 protected:
  void put(const std::string& name, const std::string& bytes) {
    fs::create_directories(fs::path(folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
  void put_class(const std::string& folder, int count, int level) {
    for (int k = 0; k < count; ++k)
      put(folder + "/" + std::to_string(100 + k) + ".bmp", bitmap(level, rng_));
  }
  ImageFolder read(const ImageFolderOptions& options = {}) {
    return read_image_folder(folder_ / "", options);
  }
  std::string message() {
    try {
      split_images(read(), {});
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::bad_data);
      EXPECT_FALSE(error.hint().empty());
      return error.message();
    }
    return "nothing wrong";
  }
  TemporaryFolder folder_;
  Rng rng_{1};
};

bool has(const std::vector<Finding>& findings, const std::string& code) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const Finding& finding) { return finding.code == code; });
}

TEST_F(ImageFolderTest, TakesClassesFromSubFolders) {
  put_class("coal", 5, 0);
  put_class("gangue", 7, 100);
  const ImageFolder folder = read();
  EXPECT_EQ(folder.images.classes, (std::vector<std::string>{"coal", "gangue"}));
  EXPECT_EQ(folder.images.count(), 12);
  EXPECT_EQ(folder.images.channels, 1);  // all grey
  EXPECT_EQ(folder.images.size, 12);     // their own, up to 32
  EXPECT_EQ(folder.images.files.front(), "coal/100.bmp");
  EXPECT_FALSE(folder.has_parts());
}

TEST_F(ImageFolderTest, NamesTheFirstImageInColorAmongGreyOnes) {
  put_class("coal", 5, 0);
  put_class("gangue", 7, 100);
  std::string red = bitmap(0, rng_);
  red.back() = static_cast<char>(255);
  put("gangue/red.bmp", red);
  const ImageFolder mixed = read();
  EXPECT_EQ(mixed.images.channels, 3);
  ASSERT_TRUE(has(mixed.findings, "mixed-colors"));
  EXPECT_NE(mixed.findings.back().what.find("red.bmp"), std::string::npos);
  const ImageFolder grey = read({.colors = ImageColors::grey});
  EXPECT_EQ(grey.images.channels, 1);
  EXPECT_FALSE(has(grey.findings, "mixed-colors"));
}

TEST_F(ImageFolderTest, TakesPartsFromFoldersAboveTheClasses) {
  for (const char* part : {"train", "val", "test"}) {
    put_class(std::string(part) + "/a", 3, 0);
    put_class(std::string(part) + "/b", 3, 100);
  }
  const ImageFolder folder = read();
  EXPECT_EQ(folder.images.classes, (std::vector<std::string>{"a", "b"}));
  const ImageSplit split = split_images(folder, {});
  EXPECT_EQ(split.train.size(), 6u);
  EXPECT_EQ(split.validation.size(), 6u);
  EXPECT_EQ(split.test.size(), 6u);
  for (const int k : split.test)
    EXPECT_TRUE(folder.images.files[static_cast<std::size_t>(k)].starts_with("test/"));
}

TEST_F(ImageFolderTest, NamesEveryFileThatItCannotRead) {
  put_class("a", 5, 0);
  put_class("b", 5, 100);
  put("a/empty.png", "");
  put("a/notes.txt", "hello");
  put("b/cut.bmp", bitmap(0, rng_).substr(0, 200));
  put("b/huge.png", read_whole_file(test::source_path("tests/data/images/huge.png")));
  put("b/Thumbs.db", "not worth a word");
  const ImageFolder folder = read();
  EXPECT_EQ(folder.images.count(), 10);
  std::string all;
  for (const Finding& finding : folder.findings) all += finding.what + "\n";
  for (const char* name : {"empty.png", "notes.txt", "cut.bmp", "huge.png"})
    EXPECT_NE(all.find(name), std::string::npos) << name;
  EXPECT_EQ(folder.findings.size(), 4u);
}

TEST_F(ImageFolderTest, RefusesFoldersThatNothingCanBeLearnedFrom) {
  EXPECT_NE(message().find("no sub-folders"), std::string::npos);
  put_class("a", 5, 0);
  EXPECT_NE(message().find("one class only"), std::string::npos);
  fs::create_directories(folder_ / "b");
  EXPECT_NE(message().find("'b' has no image"), std::string::npos);
  put_class("b", 1, 0);
  EXPECT_NE(message().find("'b' has 1 image"), std::string::npos);
  put_class("b", 2, 0);
  EXPECT_NE(message().find("too few"), std::string::npos);
  put_class("b", 3, 0);
  EXPECT_EQ(message(), "nothing wrong");
  EXPECT_THROW(read_image_folder(folder_ / "nowhere", {}), Error);
}

TEST_F(ImageFolderTest, SplitsKeepEveryImageOnceAndEveryClassInEveryPart) {
  put_class("a", 40, 0);
  put_class("b", 12, 100);
  const ImageFolder folder = read();
  const ImageSplit split = split_images(folder, {.seed = 3});
  std::set<int> seen;
  for (const auto* part : {&split.train, &split.validation, &split.test}) {
    std::set<int> labels;
    for (const int k : *part) {
      EXPECT_TRUE(seen.insert(k).second);
      labels.insert(folder.images.labels[static_cast<std::size_t>(k)]);
    }
    EXPECT_EQ(labels.size(), 2u);
  }
  EXPECT_EQ(seen.size(), 52u);
  EXPECT_EQ(split.test.size(), 13u);
  EXPECT_EQ(split_images(folder, {.seed = 3}).train, split.train);
  EXPECT_NE(split_images(folder, {.seed = 4}).train, split.train);
}

TEST_F(ImageFolderTest, KeepsObjectsOfTheGroupingFileTogether) {
  put_class("a", 20, 0);
  put_class("b", 20, 100);
  std::string table = "file,rock\n";
  for (const char* name : {"a", "b"})
    for (int k = 0; k < 20; ++k)
      table += std::string(name) + "/" + std::to_string(100 + k) + ".bmp,rock" + name +
               std::to_string(k / 4) + "\n";
  TemporaryFolder beside;
  std::ofstream(beside / "groups.csv") << table;
  const ImageFolder folder = read({.groups = beside / "groups.csv", .group_column = "rock"});
  const ImageSplit split = split_images(folder, {});
  std::set<int> train, test;
  for (const int k : split.train) train.insert(folder.groups[static_cast<std::size_t>(k)]);
  for (const int k : split.test) test.insert(folder.groups[static_cast<std::size_t>(k)]);
  for (const int group : test) EXPECT_FALSE(train.contains(group));
  EXPECT_THROW(read({.groups = beside / "groups.csv"}), Error);  // no column 'group'
}

TEST_F(ImageFolderTest, FindsCopiesInOtherPartsAndClasses) {
  put_class("train/a", 8, 0);
  put_class("train/b", 8, 100);
  put_class("test/a", 8, 0);
  put_class("test/b", 8, 100);
  const ImageFolder clean = read();
  EXPECT_FALSE(has(check_images(clean, split_images(clean, {})), "copies-across-parts"));
  fs::copy_file(folder_ / "train/a/100.bmp", folder_ / "test/b/copy.bmp");
  const ImageFolder folder = read();
  const auto findings = check_images(folder, split_images(folder, {}));
  EXPECT_TRUE(has(findings, "copies-across-parts"));
  EXPECT_TRUE(has(findings, "copies-across-classes"));
  EXPECT_TRUE(has(findings, "few-images"));
}

TEST(ImageScaler, BringsTheTrainingImagesToMeanZeroAndDeviationOne) {
  ImageSet images{.channels = 2,
                  .size = 2,
                  .pixels = {0, 10, 0, 10, 7, 7, 7, 7, 200, 200, 200, 200, 9, 9, 9, 9},
                  .labels = {0, 1}};
  const int rows[] = {0};
  const ImageScaler scaler = fit_image_scaler(images, rows);
  EXPECT_EQ(scaler.mean, (std::vector<double>{5, 7}));
  EXPECT_EQ(scaler.deviation, (std::vector<double>{5, 1}));  // a constant channel is left alone
}

/// 12 x 12 pixels of a camera that uses `bits` of 16.
std::string deep_png(int bits, int brightest, Rng& rng, const std::string& chunks = {}) {
  std::vector<int> levels;
  for (int k = 0; k < 144; ++k) levels.push_back(rng.below((1 << bits) / 2));
  levels[5] = brightest;
  return test::png(12, 16, levels, chunks);
}

TEST_F(ImageFolderTest, ScalesLevelsByTheBitsThatTheWholeSetUses) {
  for (const int bits : {10, 12, 14}) {
    const int white = (1 << bits) - 1;
    for (const char* name : {"a", "b"})
      for (int k = 0; k < 3; ++k)
        put(std::string(name) + "/" + std::to_string(k) + ".png",
            deep_png(bits, k == 0 && name[0] == 'b' ? white : white / 2, rng_));
    const ImageFolder folder = read();
    EXPECT_EQ(folder.reading.white_level, white);
    EXPECT_EQ(folder.images.image(3)[5], 255) << "white";
    EXPECT_NEAR(folder.images.image(0)[5], 127, 1) << "half as bright";
    const auto said = std::find_if(folder.findings.begin(), folder.findings.end(),
                                   [](const Finding& one) { return one.code == "image-levels"; });
    ASSERT_NE(said, folder.findings.end());
    EXPECT_NE(said->what.find(std::to_string(white)), std::string::npos) << said->what;
  }
}

TEST_F(ImageFolderTest, ReadsANewPictureWithTheScaleOfTheModelWhateverLiesBesideIt) {
  put("one.png", deep_png(10, 700, rng_));
  const ImageReading reading{.white_level = 4095};
  const ImageFolder alone = read_unlabeled_images(folder_ / "one.png", 12, 1, reading);
  EXPECT_EQ(alone.images.image(0)[5], std::lround(700 * 255 / 4095.0));
  EXPECT_EQ(alone.doubts, std::vector<std::string>{""});
  put("two.png", deep_png(14, 9000, rng_));
  const ImageFolder both = read_unlabeled_images(folder_ / "", 12, 1, reading);
  ASSERT_EQ(both.images.count(), 2);
  EXPECT_TRUE(std::equal(alone.images.pixels.begin(), alone.images.pixels.end(),
                         both.images.pixels.begin()));
  EXPECT_EQ(both.doubts[0], "");
  EXPECT_NE(both.doubts[1].find("9000"), std::string::npos);
  const auto named =
      std::find_if(both.findings.begin(), both.findings.end(), [](const Finding& one) {
        return one.severity == Severity::warning && one.what.find("two.png") != std::string::npos;
      });
  EXPECT_NE(named, both.findings.end());
  EXPECT_EQ(both.images.image(1)[5], 255);
}

TEST_F(ImageFolderTest, TakesNoWordOnColorsIntoLevels) {
  Rng one(4), other(4);
  put("a.png", deep_png(12, 4095, one));
  put("b.png", deep_png(12, 4095, other,
                        test::png_chunk("gAMA", test::big_endian(45455, 4)) +
                            test::png_chunk("sBIT", "\x0c")));
  const ImageFolder folder = read_unlabeled_images(folder_ / "", 12, 1, {.white_level = 4095});
  ASSERT_EQ(folder.images.count(), 2);
  EXPECT_TRUE(std::equal(folder.images.image(0).begin(), folder.images.image(0).end(),
                         folder.images.image(1).begin()));
}

TEST_F(ImageFolderTest, FindsRepeatsAfterScalingAndTurning) {
  Rng rng(8);
  std::vector<int> levels, deep, turned(144);
  for (int k = 0; k < 144; ++k) levels.push_back(rng.below(256));
  levels[0] = 255;
  for (int k = 0; k < 144; ++k) {
    deep.push_back(levels[static_cast<std::size_t>(k)] * 4095 / 255);
    turned[static_cast<std::size_t>(143 - k)] = levels[static_cast<std::size_t>(k)];
  }
  for (const char* part : {"train", "test"}) {
    put_class(std::string(part) + "/a", 20, 40);
    put_class(std::string(part) + "/b", 20, 120);
  }
  put("train/a/plain.png", test::png(12, 8, levels));
  put("test/a/deep.png", test::png(12, 16, deep));
  put("train/b/again.png", test::png(12, 8, turned, test::png_chunk("eXIf", test::exif(3, true))));
  const ImageFolder folder = read();
  const auto findings = check_images(folder, split_images(folder, {}));
  int found = 0;
  for (const Finding& one : findings)
    found += one.code == "copies-across-parts" || one.code == "copies-across-classes" ? 1 : 0;
  EXPECT_EQ(found, 2);
}

TEST_F(ImageFolderTest, LeavesOddFoldersAndFilesOutByName) {
  put_class("a", 4, 40);
  put_class("b", 4, 120);
  fs::create_directory_symlink(folder_ / "", folder_ / "a/loop");
  fs::create_directory_symlink(folder_ / "a/self", folder_ / "a/self");
  fs::create_symlink(folder_ / "nowhere", folder_ / "a/broken.png");
  ASSERT_EQ(mkfifo((folder_ / "a/pipe.png").c_str(), 0600), 0);
  std::string deep = "b";
  for (int k = 0; k < 300; ++k) deep += "/d";
  put(deep + "/deep.bmp", bitmap(100, rng_));
  const ImageFolder folder = read();
  std::string said;
  for (const Finding& one : folder.findings) said += one.what + "\n";
  EXPECT_EQ(folder.images.count(), 8) << said;
  for (const char* name : {"a/self", "a/broken.png", "a/pipe.png", "b/d/d/d"})
    EXPECT_NE(said.find(name), std::string::npos) << name << " in\n" << said;
  EXPECT_NE(said.find("a/loop"), std::string::npos) << said;
  for (const std::string& file : folder.images.files)
    EXPECT_EQ(file.find(".."), std::string::npos) << file;
  const ImageFolder unlabeled = read_unlabeled_images(folder_ / "", 12, 1, {});
  EXPECT_EQ(unlabeled.images.count(), 8);
}

TEST_F(ImageFolderTest, LeavesAFolderWithoutPermissionOutByName) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  put_class("a", 4, 40);
  put_class("b", 4, 120);
  put_class("b/shut", 2, 120);
  fs::permissions(folder_ / "b/shut", fs::perms::none);
  const ImageFolder folder = read();
  fs::permissions(folder_ / "b/shut", fs::perms::all);
  EXPECT_EQ(folder.images.count(), 8);
  ASSERT_FALSE(folder.findings.empty());
  EXPECT_NE(folder.findings[0].what.find("b/shut"), std::string::npos);
}

}  // namespace
}  // namespace cupel
