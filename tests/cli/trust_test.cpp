// What the program says of how far its models may be believed.
#include <gtest/gtest.h>

#include "cupel/base/rng.hpp"
#include "tests/cli/cupel_folder.hpp"

namespace cupel {
namespace {

/// Slow, stationary series of three inputs and y; from row `moved` on T is 25 higher, p 0.4, and
/// the plant gives 0.3 less.
std::string series_csv(int rows, int moved, std::uint64_t seed) {
  std::string text = "T,p,flow,y\n";
  Rng rng(seed);
  double a = 0, b = 0, c = 0;
  for (int row = 0; row < rows; ++row) {
    for (double* x : {&a, &b, &c}) *x = 0.8 * *x + 0.6 * rng.normal();
    const bool after = row >= moved;
    const double t = 60 + 10 * a + (after ? 25 : 0), p = 2 + 0.2 * b + (after ? 0.4 : 0);
    const double y = std::sin(t / 20) + p * p / 4 + 0.05 * rng.normal() - (after ? 0.3 : 0);
    text += std::to_string(t) + "," + std::to_string(p) + "," + std::to_string(10 + 2 * c) + "," +
            std::to_string(y) + "\n";
  }
  return text;
}

ProgramResult ordered_design(const CupelFolder& folder) {
  return folder.run(quick_design() + Arguments{"--split", "ordered", "--json"});
}

std::size_t drift_count(const ProgramResult& result) {
  return parse_json(result.out, "stdout").at("trust").at("drift").as_array().size();
}

TEST(Trust, WarnsOfDrift) {
  CupelFolder folder;
  folder.write("plant.csv", series_csv(1200, 900, 1));
  const ProgramResult result = ordered_design(folder);
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_GE(drift_count(result), 3u) << result.out;
  for (const char* words :
       {"warning: drift: the test rows differ from the design rows", "T has moved: its mean is",
        "p has moved", "the intervals hold", "lie outside the data that the model was made from"})
    EXPECT_NE(result.err.find(words), std::string::npos) << words << "\n" << result.err;
  EXPECT_NE(folder.read("y.html").find("the plant has drifted"), std::string::npos);
}

TEST(Trust, DoesNotWarnOnAStationarySeries) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    CupelFolder folder;
    folder.write("plant.csv", series_csv(1200, 1200, seed));
    const ProgramResult result = ordered_design(folder);
    ASSERT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(drift_count(result), 0u) << result.err;
    EXPECT_EQ(result.err.find("drift"), std::string::npos) << result.err;
    EXPECT_NE(folder.read("y.html").find("No drift was found"), std::string::npos);
  }
}

TEST(Trust, FlagsRowsOutsideTheTrainingDataAndSaysWhy) {
  CupelFolder folder;
  folder.write("plant.csv", series_csv(600, 600, 3));
  folder.result_of(quick_design());
  folder.write("new.csv", "T,p,flow\n60,2,10\n150,2,10\n60,60,10\n");
  const Json rows = folder.json_of({"predict", "y.model", "new.csv"});
  EXPECT_EQ(rows.as_array()[0].at("valid").as_integer(), 1);
  EXPECT_EQ(rows.as_array()[0].at("reason").as_string(), "");
  for (const int row : {1, 2}) {
    EXPECT_EQ(rows.as_array()[row].at("valid").as_integer(), 0);
    EXPECT_NE(rows.as_array()[row].at("reason").as_string().find("is outside"), std::string::npos);
  }
}

TEST(Trust, EachKindOfIntervalGoesIntoTheModelAndTheReport) {
  for (const std::string kind : {"normalized", "cv+", "split", "jackknife"}) {
    CupelFolder folder;
    folder.write("plant.csv", plant_csv(160));
    const Json design = folder.json_of(quick_design() + Arguments{"--intervals", kind});
    const Json& interval = design.at("trust").at("intervals").at("y");
    EXPECT_EQ(interval.at("method").as_string(), kind);
    EXPECT_GT(interval.at("test_coverage").as_number(), 0.7);
    const Json model = parse_json(folder.read("y.model"), "y.model");
    EXPECT_EQ(model.at("intervals").at("method").as_string(), kind);
    const Json rows = folder.json_of({"predict", "y.model", "plant.csv", "--confidence", "0.8"});
    for (const Json& row : rows.as_array())
      ASSERT_LT(row.at("y_lower").as_number(), row.at("y_upper").as_number());
    EXPECT_NE(folder.read("y.html").find("◆ " + kind), std::string::npos);
  }
}

TEST(Trust, RefusesIntervalsThatNeedHeldOutRowsWhereThereAreNone) {
  CupelFolder folder;
  folder.write("plant.csv", plant_csv(80));
  expect_refused(folder,
                 quick_design() + Arguments{"--protocol", "as-published", "--intervals", "cv+"}, 2,
                 {"--intervals cv+ needs held-out rows", "use --intervals jackknife"});
  expect_refused(folder, quick_design() + Arguments{"--intervals", "bayes"}, 2,
                 {"'intervals' is 'bayes'", "normalized, cv+, split, jackknife"});
}

}  // namespace
}  // namespace cupel
