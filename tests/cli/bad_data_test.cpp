// Files as they should not be: the exit code, the place and the advice, and nothing written.
#include <gtest/gtest.h>

#include <random>

#include "tests/cli/cupel_folder.hpp"

namespace cupel {
namespace {

std::string with_column(const std::string& name, const std::string& first,
                        const std::string& rest) {
  std::string text = "T,p,flow," + name + "\n";
  for (int row = 0; row < 40; ++row)
    text += std::to_string(row * 37 % 41) + "," + std::to_string(row * 11 % 23) + "," +
            std::to_string(row * 7 % 31) + "," + (row == 0 ? first : rest) + "\n";
  return text;
}

void expect_bad(const std::string& content, const std::vector<std::string>& words,
                const std::string& target = "y") {
  CupelFolder folder;
  folder.write("plant.csv", content);
  Arguments arguments = quick_design();
  arguments[3] = target;
  expect_refused(folder, arguments, 3, words);
}

TEST(BadData, EmptyFileIsNamed) { expect_bad("", {"plant.csv", "empty"}); }

TEST(BadData, HeaderAloneIsRefused) { expect_bad("T,p,y\n", {"plant.csv", "no rows"}); }

TEST(BadData, BlankLinesAloneAreRefused) { expect_bad("\n\n\r\n", {"plant.csv", "empty"}); }

TEST(BadData, RaggedRowIsNamedByLine) {
  expect_bad("T,p,y\n1,2,3\n4,5,6,7\n", {"plant.csv, line 3", "4 fields", "3"});
}

TEST(BadData, BinaryJunkIsRefused) {
  std::mt19937 random(5);
  std::string junk;
  for (int k = 0; k < 20000; ++k) junk += static_cast<char>(random() & 0xFF);
  expect_bad(junk, {"plant.csv", "binary"});
  expect_bad(std::string("PK\x03\x04", 4) + junk, {"plant.csv", "zip"});
}

TEST(BadData, LineOfAGigabyteIsRefusedQuicklyAndInLittleMemory) {
  CupelFolder folder;
  folder.write("plant.csv", "");
  std::filesystem::resize_file(folder / "plant.csv", std::uintmax_t{1} << 30);
  expect_refused(folder, quick_design(), 3, {"plant.csv, line 1", "longer than"});
  const ProgramResult result = folder.run(quick_design());
  EXPECT_LT(result.elapsed_s, 5);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(result.peak_kb, 200 * 1024);
#endif
}

TEST(BadData, ColumnsOfOneNameAreNamed) {
  expect_bad("T,T,y\n1,2,3\n4,5,6\n", {"plant.csv", "'T'", "1 and 2"});
}

TEST(BadData, TargetOfWordsIsNamed) {
  expect_bad(with_column("y", "good", "bad"), {"plant.csv", "column 'y'", "words"});
}

TEST(BadData, ConstantTargetIsNamed) {
  expect_bad(with_column("y", "5", "5"), {"plant.csv", "column 'y'", "constant"});
}

TEST(BadData, TargetWithoutValuesIsNamed) {
  expect_bad(with_column("y", "", "NaN"), {"plant.csv", "column 'y'", "no values"});
}

TEST(BadData, TargetThatIsNoColumnGetsTheNearestName) {
  CupelFolder folder;
  folder.write("plant.csv", "temperature,pressure,yield\n1,2,3\n");
  Arguments arguments = quick_design();
  arguments[3] = "yeild";
  expect_refused(folder, arguments, 2, {"plant.csv", "'yeild'", "did you mean 'yield'"});
  arguments[3] = "Q";
  expect_refused(folder, arguments, 2, {"'Q'", "temperature, pressure, yield"});
}

TEST(BadData, FewerRowsThanColumnsAreRefused) {
  std::string text = "y";
  for (int column = 0; column < 20; ++column) text += ",c" + std::to_string(column);
  text += "\n";
  for (int row = 0; row < 14; ++row) {
    text += std::to_string(row * 7 % 13);
    for (int column = 0; column < 20; ++column)
      text += "," +
              std::to_string((row * row * (column + 5) + row * column * column + 3 * column) % 31);
    text += "\n";
  }
  expect_bad(text, {"plant.csv", "14 rows", "inputs"});
  expect_bad("T,y\n1,2\n2,4\n3,5\n", {"plant.csv", "3 rows", "at least"});
}

TEST(BadData, NoInputLeftIsRefused) { expect_bad("y\n1\n2\n3\n", {"plant.csv", "input"}); }

TEST(BadData, OtherFilesAreNotTakenForTables) {
  CupelFolder folder;
  folder.write("plant.csv", plant_csv(60));
  folder.result_of(quick_design());
  expect_refused(folder, {"design", "y.model", "--target", "y"}, 3, {"y.model", "JSON"});
  expect_refused(folder, {"design", "y.study", "--target", "y"}, 3, {"y.study", "SQLite"});
  expect_refused(folder, {"design", ".", "--target", "y"}, 2, {"folder"});
  expect_refused(folder, {"design", "nowhere.csv", "--target", "y"}, 3, {"nowhere.csv"});
}

/// A design that must succeed; what it said.
std::string said_of(const CupelFolder& folder, const Arguments& more = {}) {
  Arguments arguments = quick_design() + more;
  arguments.erase(std::find(arguments.begin(), arguments.end(), "--quiet"));
  const ProgramResult result = folder.run(arguments);
  EXPECT_EQ(result.code, 0) << result.err;
  return result.err;
}

TEST(OddData, InfinitiesAndMissingTargetsAreSaidAndLeftOut) {
  CupelFolder folder;
  folder.write("plant.csv", plant_csv(60) + "50,1.5,3,inf\n50,1.5,4,NaN\n50,1.5,4,-1e999\n");
  const std::string said = said_of(folder, {"--json"});
  EXPECT_NE(said.find("column 'y'"), std::string::npos) << said;
  EXPECT_NE(said.find("row 62"), std::string::npos) << said;
  const Json result = parse_json(folder.result_of({"report", "y.study", "--json"}), "report");
  EXPECT_EQ(result.at("rows").as_integer(), 60);
}

/// The same figures as from the plain file: the cells were read as the same numbers.
void expect_read_alike(const std::string& odd) {
  CupelFolder folder;
  folder.write("plain.csv", plant_csv(60));
  folder.write("odd.csv", odd);
  const Json plain = folder.json_of(quick_design("plain.csv"));
  const Json same = folder.json_of(quick_design("odd.csv"));
  EXPECT_EQ(plain.at("pick"), same.at("pick"));
}

TEST(OddData, DecimalCommasAreRead) {
  std::string odd = plant_csv(60);
  for (char& c : odd) c = c == ',' ? ';' : c == '.' ? ',' : c;
  expect_read_alike(odd);
}

TEST(OddData, WindowsLineEndsAndByteOrderMarkAreRead) {
  std::string odd = "\xEF\xBB\xBF";
  for (const char c : plant_csv(60)) odd += c == '\n' ? "\r\n" : std::string(1, c);
  expect_read_alike(odd);
}

TEST(OddData, Latin1NamesAreTypedInUtf8) {
  CupelFolder folder;
  std::string text = plant_csv(60);
  text.replace(0, text.find('\n'), "T,p,flow,Ausg\xE4nge");
  folder.write("plant.csv", text);
  Arguments arguments = quick_design();
  arguments[3] = "Ausgänge";
  const Json result = folder.json_of(arguments);
  EXPECT_NE(result.at("pick").at("validation").at("rmse").find("Ausgänge"), nullptr);
}

std::string leaking_csv() {
  std::istringstream lines(plant_csv(60));
  std::string text, line;
  while (std::getline(lines, line)) {
    const std::string y = line.substr(line.rfind(',') + 1);
    text += line + "," + (text.empty() ? "lab" : std::to_string(2 * std::stod(y) + 1)) + "\n";
  }
  return text;
}

TEST(OddData, LeakStopsTheRunUntilTheUserDecides) {
  CupelFolder folder;
  folder.write("plant.csv", leaking_csv());
  expect_refused(folder, quick_design(), 3,
                 {"column 'lab'", "target 'y'", "--ignore lab", "--keep lab"});
  EXPECT_NE(said_of(folder, {"--keep", "lab"}).find("warning: column 'lab'"), std::string::npos);
  const std::string ignored = said_of(folder, {"--ignore", "lab"});
  EXPECT_EQ(ignored.find("lab"), std::string::npos) << ignored;
}

}  // namespace
}  // namespace cupel
