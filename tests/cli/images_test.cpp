// Folders of images, as a user meets them: design, predict, resume, refusals.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "cupel/base/rng.hpp"
#include "tests/cli/cupel_folder.hpp"

namespace cupel {
namespace {

/// A grey bitmap of stripes across or upright, 8 x 8.
std::string stripes(bool upright, Rng& rng) {
  std::string bytes("BM", 2);
  const auto number = [&](std::uint32_t value, int width) {
    for (int k = 0; k < width; ++k) bytes += static_cast<char>(value >> 8 * k);
  };
  for (const std::uint32_t value : {54u + 8 * 24, 0u, 54u, 40u, 8u, 8u}) number(value, 4);
  number(1, 2);
  number(24, 2);
  for (int k = 0; k < 6; ++k) number(0, 4);
  const int phase = rng.below(4);
  for (int k = 0; k < 64; ++k) {
    const int along = upright ? k % 8 : k / 8;
    number(0x10101u * static_cast<unsigned>(60 + 90 * ((along + phase) / 2 % 2) + rng.below(60)),
           3);
  }
  return bytes;
}

class Images : public testing::Test {
 protected:
  void put(const std::string& name, const std::string& bytes) {
    std::filesystem::create_directories(std::filesystem::path(folder_ / name).parent_path());
    folder_.write(name, bytes);
  }
  void put_classes(int count) {
    for (int k = 0; k < count; ++k) {
      put("pictures/across/" + std::to_string(k) + ".bmp", stripes(false, rng_));
      put("pictures/upright/" + std::to_string(k) + ".bmp", stripes(true, rng_));
    }
  }
  Arguments design(const std::string& output) {
    return {"design",   "pictures", "--budget",    "quick", "--work",  "2e9",      "--trials", "6",
            "--epochs", "9",        "--max-width", "32",    "--quiet", "--output", output};
  }
  CupelFolder folder_;
  Rng rng_{3};
};

TEST_F(Images, AreDesignedPredictedAndResumedToTheSameBytes) {
  put_classes(80);
  put("pictures/across/broken.png", "");
  const Json result = folder_.json_of(design("whole"));
  EXPECT_GT(result.at("pick").at("test").at("accuracy").as_number(), 0.9);
  EXPECT_EQ(result.at("stop_reason").as_string(), "complete");
  for (const char* ending : {".study", ".model", ".html"})
    EXPECT_TRUE(folder_.has(std::string("whole") + ending));
  put("new/a.bmp", stripes(true, rng_));
  put("new/b.bmp", stripes(false, rng_));
  put("new/c.txt", "no image");
  const ProgramResult predicted = folder_.run({"predict", "whole.model", "new"});
  EXPECT_EQ(predicted.code, 0);
  EXPECT_NE(predicted.out.find("a.bmp,upright"), std::string::npos) << predicted.out;
  EXPECT_NE(predicted.out.find("b.bmp,across"), std::string::npos) << predicted.out;
  EXPECT_NE(predicted.err.find("c.txt"), std::string::npos);
  // Cut by a time limit and resumed, on one thread: the same study.
  EXPECT_EQ(folder_.run(design("part") + Arguments{"--jobs", "1", "--time-limit", "0.05s"}).code,
            5);
  EXPECT_EQ(folder_.run({"resume", "part.study", "--time-limit", "0", "--quiet"}).code, 0);
  EXPECT_EQ(folder_.canonical("whole.study"), folder_.canonical("part.study"));
}

TEST_F(Images, OfFoldersThatCannotBeUsedAreRefused) {
  put("pictures/across/0.bmp", stripes(false, rng_));
  expect_refused(folder_, {"design", "pictures"}, 3, {"one class only", "across"});
  put("pictures/upright/0.bmp", stripes(true, rng_));
  expect_refused(folder_, {"design", "pictures"}, 3, {"has 1 image", "at least 3"});
  expect_refused(folder_, {"design", "pictures", "--target", "y"}, 2, {"--target", "classes"});
  expect_refused(folder_, {"design", "pictures", "--recipe", "qnn"}, 2, {"tables", "tcnas"});
  expect_refused(folder_, {"design", "pictures", "--loss", "huber"}, 2, {"--loss", "tcnas"});
  expect_refused(folder_, {"design", "pictures", "--recipe", "evolution", "--loss", "huber"}, 2,
                 {"--loss", "image-evolution"});
  folder_.write("plant.csv", plant_csv(30));
  expect_refused(folder_, {"design", "plant.csv", "--recipe", "tcnas"}, 2, {"folder"});
  expect_refused(folder_, {"design", "plant.csv", "--target", "y", "--beta", "0.7"}, 2, {"--beta"});
}

}  // namespace
}  // namespace cupel
