// What the program prints as CSV: all digits, names that read back, nothing that runs.
#include <gtest/gtest.h>

#include <sstream>

#include "tests/cli/cupel_folder.hpp"

namespace cupel {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::stringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

/// A meter that counts up from `base`, by y of plant_csv().
std::string meter_csv(double base) {
  const std::vector<std::string> lines = split(plant_csv(60), '\n');
  std::string text = "T,p,flow,y\n";
  for (std::size_t k = 1; k < lines.size(); ++k) {
    const std::size_t comma = lines[k].rfind(',');
    text += lines[k].substr(0, comma + 1) +
            std::to_string(base + 100 * std::stod(lines[k].substr(comma + 1))) + "\n";
  }
  return text;
}

TEST(CsvOutput, OfPredictHasTheDigitsOfJson) {
  for (const double base : {1234567000.0, 1e12}) {
    const CupelFolder folder;
    folder.write("plant.csv", meter_csv(base));
    folder.result_of(quick_design());
    const Json json = folder.json_of({"predict", "y.model", "plant.csv"});
    const std::vector<std::string> lines =
        split(folder.result_of({"predict", "y.model", "plant.csv"}), '\n');
    ASSERT_EQ(lines.size(), json.as_array().size() + 1);
    std::vector<std::string> different;
    for (std::size_t k = 1; k < lines.size(); ++k) {
      const std::vector<std::string> cells = split(lines[k], ',');
      const Json& row = json.as_array()[k - 1];
      EXPECT_EQ(std::stod(cells[1]), row.at("y").as_number());
      EXPECT_EQ(std::stod(cells[2]), row.at("y_lower").as_number());
      EXPECT_EQ(std::stod(cells[3]), row.at("y_upper").as_number());
      different.push_back(cells[1]);
    }
    std::sort(different.begin(), different.end());
    EXPECT_GT(std::unique(different.begin(), different.end()) - different.begin(), 30);
  }
}

TEST(CsvOutput, RunsNowhereAndReadsBackAsTheSameNames) {
  for (const std::string name : {"=2+5", "@meter", "-y", "+y", "a;=y", "y \"=z\"", "=1+1|'x'"}) {
    const CupelFolder folder;
    std::string quoted;
    for (const char c : name) quoted += c == '"' ? "\"\"" : std::string(1, c);
    std::string text = plant_csv(60);
    text.replace(text.find(",y\n"), 3, ",\"" + quoted + "\"\n");
    folder.write("plant.csv", text);
    folder.result_of({"design", "plant.csv", "--target=" + name, "--trials", "6", "--confirm", "1",
                      "--folds", "3", "--iterations", "30", "--quiet", "--jobs", "1", "--output",
                      "study"});
    const std::string printed = folder.result_of({"predict", "study.model", "plant.csv"});
    const std::string header = printed.substr(0, printed.find('\n'));
    for (const char* start : {",=", ",+", ",-", ",@", ",\"=", ",\"+", ",\"-", ",\"@", ";=", "\"="})
      EXPECT_EQ(header.find(start), std::string::npos) << header;
    folder.write("predicted.csv", printed);
    const Json json = folder.json_of({"check", "predicted.csv"});
    const auto& columns = json.at("columns").as_array();
    ASSERT_GE(columns.size(), 4u);
    EXPECT_EQ(columns[1].at("name").as_string(), name);
    EXPECT_EQ(columns[2].at("name").as_string(), name + "_lower");
  }
}

TEST(CsvOutput, OfSimulateHasAllDigits) {
  const CupelFolder folder;
  const std::string text = folder.result_of({"simulate", "styrene", "--rows", "3"});
  EXPECT_EQ(text, folder.result_of({"simulate", "styrene", "--rows", "3"}));
  int long_cells = 0;
  for (const std::string& line : split(text, '\n'))
    for (const std::string& cell : split(line, ',')) long_cells += cell.size() > 14 ? 1 : 0;
  EXPECT_GT(long_cells, 10);
}

}  // namespace
}  // namespace cupel
