// A model file is as it was written, or refused: a thousand changes of one byte.
#include <gtest/gtest.h>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/model/image_model.hpp"
#include "cupel/model/model.hpp"
#include "tests/cli/cupel_folder.hpp"

namespace cupel {
namespace {

constexpr int kChanges = 200;  ///< of each of five kinds

/// What the program prints of a model; empty when it refuses it.
std::string text_of(const std::string& bytes) {
  try {
    if (is_image_model(bytes)) return image_model_text(parse_image_model(bytes, "x.model"));
    return model_text(parse_model(bytes, "x.model"));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::runtime) << error.what();
    EXPECT_FALSE(error.hint().empty()) << error.what();
    return {};
  }
}

/// Every change is noticed, or the model is the same to the last digit.
void expect_changes_refused(const CupelFolder& folder, const std::string& data) {
  const std::string whole = folder.read("m.model"), expected = text_of(whole);
  ASSERT_FALSE(whole.empty());
  const std::string predicted = folder.result_of({"predict", "m.model", data});
  ASSERT_EQ(expected, whole);
  Rng rng(19);
  int refused = 0;
  for (int k = 0; k < kChanges; ++k) {
    std::string changed = whole;
    const auto place = static_cast<std::size_t>(rng.below(static_cast<int>(whole.size())));
    // Half of them to what looks like a model still: another digit, another blank.
    const char* alike = k % 2 == 0 ? "0123456789" : " \n\t\r";
    char& byte = changed[place];
    const char before = byte;
    if (std::string(alike).find(byte) != std::string::npos)
      byte = alike[rng.below(4)];
    else
      byte = static_cast<char>(rng.below(256));
    if (byte == before) byte = static_cast<char>(before ^ 1);
    const std::string found = text_of(changed);
    refused += found.empty();
    EXPECT_TRUE(found.empty() || found == expected) << "byte " << place;
    if (k % 40 != 0) continue;
    folder.write("changed.model", changed);
    const ProgramResult result = folder.run({"predict", "changed.model", data});
    EXPECT_TRUE(result.code == 1 || result.out == predicted) << "byte " << place << result.err;
  }
  EXPECT_EQ(refused, kChanges);
}

std::string clocked_csv(int rows) {
  std::string text = "time,a,b,y\n";
  Rng rng(4);
  double before = 0;
  for (int k = 0; k < rows; ++k) {
    const double a = rng.uniform(0, 1), b = rng.uniform(0, 1);
    text += "2024-01-" + std::to_string(10 + k / 24) + " " + (k % 24 < 10 ? "0" : "") +
            std::to_string(k % 24) + ":00," + std::to_string(a) + "," + std::to_string(b) + "," +
            std::to_string(before + b * b + 0.01 * rng.uniform(0, 1)) + "\n";
    before = 2 * a;
  }
  return text;
}

struct Plant : CupelFolder {
  Plant() { write("plant.csv", plant_csv(80)); }
  void design(const Arguments& more) const {
    result_of(Arguments{"design", "plant.csv", "--target", "y", "--quiet", "--output", "m"} + more);
  }
};

TEST(ChangedModel, OfOneNetworkIsRefused) {
  const Plant folder;
  folder.design({"--trials", "6", "--confirm", "1", "--iterations", "30"});
  expect_changes_refused(folder, "plant.csv");
}

TEST(ChangedModel, OfWindowsIsRefused) {
  const CupelFolder folder;
  folder.write("clocked.csv", clocked_csv(150));
  folder.result_of({"design", "clocked.csv", "--target", "y", "--quiet", "--output", "m",
                    "--recipe", "namdm", "--window", "3", "--trials", "4", "--confirm", "1",
                    "--families", "gru", "--max-neurons", "3"});
  expect_changes_refused(folder, "clocked.csv");
}

TEST(ChangedModel, OfFewConnectionsIsRefused) {
  const Plant folder;
  folder.design({"--recipe", "oa-ann"});
  expect_changes_refused(folder, "plant.csv");
}

TEST(ChangedModel, OfAStackOfNetworksIsRefused) {
  const Plant folder;
  folder.design({"--recipe", "qnsnn", "--trials", "6", "--confirm", "1", "--iterations", "30"});
  expect_changes_refused(folder, "plant.csv");
}

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
  for (int k = 0; k < 64; ++k) {
    const int along = upright ? k % 8 : k / 8;
    number(0x10101u * static_cast<unsigned>(60 + 90 * (along / 2 % 2) + rng.below(60)), 3);
  }
  return bytes;
}

TEST(ChangedModel, OfImagesIsRefused) {
  const CupelFolder folder;
  Rng rng(3);
  for (const bool upright : {false, true}) {
    const std::string name = upright ? "pictures/upright/" : "pictures/across/";
    std::filesystem::create_directories(folder / name);
    for (int k = 0; k < 20; ++k)
      folder.write(name + std::to_string(k) + ".bmp", stripes(upright, rng));
  }
  folder.result_of({"design", "pictures", "--budget", "quick", "--work", "2e8", "--trials", "2",
                    "--epochs", "2", "--max-width", "32", "--quiet", "--output", "m"});
  expect_changes_refused(folder, "pictures");
}

}  // namespace
}  // namespace cupel
