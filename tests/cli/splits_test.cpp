// Test rows given by the user are exactly the rows that the test figures are about.
#include <gtest/gtest.h>

#include <sstream>

#include "tests/cli/cupel_folder.hpp"

namespace cupel {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// RMSE of the model's predictions for these data lines, by hand.
double rmse_by_hand(const CupelFolder& folder, const std::vector<std::string>& lines) {
  std::string text = "T,p,flow,y\n";
  for (const std::string& line : lines) text += line + "\n";
  folder.write("by_hand.csv", text);
  const Json rows = folder.json_of({"predict", "y.model", "by_hand.csv"});
  EXPECT_EQ(rows.as_array().size(), lines.size());
  double sum = 0;
  for (std::size_t k = 0; k < lines.size(); ++k) {
    const double measured = std::stod(lines[k].substr(lines[k].rfind(',') + 1));
    const double off = rows.as_array()[k].at("y").as_number() - measured;
    sum += off * off;
  }
  return std::sqrt(sum / static_cast<double>(lines.size()));
}

double test_rmse(const Json& design) {
  return design.at("pick").at("test").at("rmse").at("y").as_number();
}

TEST(FixedSplit, TestFileIsTheTest) {
  CupelFolder folder;
  auto lines = lines_of(plant_csv(80));
  std::string design = lines[0] + "\n", test = lines[0] + "\n";
  for (std::size_t k = 1; k < lines.size(); ++k) (k <= 60 ? design : test) += lines[k] + "\n";
  folder.write("plant.csv", design);
  folder.write("test.csv", test);
  const Json json = folder.json_of(quick_design() + Arguments{"--test", "test.csv"});
  EXPECT_EQ(json.at("rows").as_integer(), 80);
  const double by_hand = rmse_by_hand(folder, {lines.begin() + 61, lines.end()});
  EXPECT_NEAR(test_rmse(json), by_hand, 1e-9);
}

TEST(FixedSplit, TestRowsAreTheTest) {
  CupelFolder folder;
  folder.write("plant.csv", plant_csv(60));
  const auto lines = lines_of(plant_csv(60));
  std::vector<std::string> test;
  std::string rows;
  for (std::size_t k = 0; k < 60; k += 4) {
    rows += std::to_string(k) + "\n";
    test.push_back(lines[k + 1]);
  }
  folder.write("rows.txt", rows);
  const Json json = folder.json_of(quick_design() + Arguments{"--test-rows", "rows.txt"});
  EXPECT_EQ(json.at("rows").as_integer(), 60);
  EXPECT_NEAR(test_rmse(json), rmse_by_hand(folder, test), 1e-9);
}

TEST(FixedSplit, RowsOutsideTrainAndTestAreNotSeen) {
  CupelFolder folder;
  auto lines = lines_of(plant_csv(60));
  const auto write_plant = [&] {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    folder.write("plant.csv", text);
  };
  std::string train, test;
  std::vector<std::string> test_lines;
  for (int row = 0; row < 40; ++row) train += std::to_string(row) + "\n";
  for (int row = 45; row < 60; ++row) {
    test += std::to_string(row) + "\n";
    test_lines.push_back(lines[row + 1]);
  }
  folder.write("train.txt", train);
  folder.write("test.txt", test);
  write_plant();
  const Arguments design =
      quick_design() + Arguments{"--train-rows", "train.txt", "--test-rows", "test.txt"};
  const Json json = folder.json_of(design);
  EXPECT_EQ(json.at("rows").as_integer(), 55);
  EXPECT_NEAR(test_rmse(json), rmse_by_hand(folder, test_lines), 1e-9);
  lines[43] = "21,1.9,9,0.5";  // row 42, in neither part
  write_plant();
  EXPECT_EQ(folder.json_of(design).at("pick"), json.at("pick"));
}

TEST(FixedSplit, TestRowsDoNotSteerTheDesign) {
  CupelFolder folder;
  auto lines = lines_of(plant_csv(60));
  const auto design_with_last = [&](const std::string& last, const std::string& name) {
    lines.back() = last;
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    folder.write(name + ".csv", text);
    return folder.json_of(quick_design(name + ".csv") + Arguments{"--test-rows", "rows.txt"});
  };
  folder.write("rows.txt", "57\n58\n59\n");
  const Json a = design_with_last("50,1.5,5,2.5", "a"), b = design_with_last("50,1.5,5,3.5", "b");
  EXPECT_EQ(a.at("pick").at("validation"), b.at("pick").at("validation"));
  EXPECT_EQ(a.at("pick").at("trial"), b.at("pick").at("trial"));
  EXPECT_NE(a.at("pick").at("test"), b.at("pick").at("test"));
}

}  // namespace
}  // namespace cupel
