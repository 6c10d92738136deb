#include <gmock/gmock.h>

#include <sstream>

#include "tests/cli/cupel_folder.hpp"

namespace cupel {
namespace {

using testing::HasSubstr;

class Export : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<CupelFolder>();
    folder_->write("plant.csv", plant_csv(120));
    folder_->result_of({"design", "plant.csv", "--target", "y", "--trials", "12", "--confirm", "1",
                        "--quiet", "--output", "2 y"});
  }
  static void TearDownTestSuite() { folder_.reset(); }
  static const CupelFolder& folder() { return *folder_; }

 private:
  static std::unique_ptr<CupelFolder> folder_;
};
std::unique_ptr<CupelFolder> Export::folder_;

/// The numbers of a line with commas between them.
std::vector<double> numbers_of(const std::string& line) {
  std::vector<double> numbers;
  std::istringstream text(line);
  for (std::string cell; std::getline(text, cell, ',') && !cell.empty() && cell[0] != '\n';)
    numbers.push_back(std::stod(cell));
  return numbers;
}

TEST_F(Export, WritesSourceThatPredictsTheSame) {
  EXPECT_EQ(folder().result_of({"export", "2 y.model", "--to", "c"}), "m_2_y.h\nm_2_y.c\n");
  folder().write(
      "driver.c",
      "#include <stdio.h>\n#include \"m_2_y.h\"\n"
      "int main(void) {\n"
      "  double x[] = {60, 1.5, 5}, y[1], low[1], up[1];\n"
      "  m_2_y_interval(x, y, low, up);\n"
      "  printf(\"%.17g,%.17g,%.17g,%d\", y[0], low[0], up[0], m_2_y_distance(x) <= 1);\n"
      "  return m_2_y_self_test();\n}\n");
  const ProgramResult built =
      run_program({"/usr/bin/env", "cc", "-o", "driver", "driver.c", "m_2_y.c", "-lm"},
                  {.folder = folder() / ""});
  ASSERT_EQ(built.code, 0) << built.err;
  const ProgramResult ran = run_program({folder() / "driver"}, {.folder = folder() / ""});
  EXPECT_EQ(ran.code, 0) << "the self test";
  folder().write("new.csv", "T,p,flow\n60,1.5,5\n");
  const std::string row = folder().result_of({"predict", "2 y.model", "new.csv"});
  const std::vector<double> here = numbers_of(row.substr(row.find('\n') + 3));
  const std::vector<double> there = numbers_of(ran.out);
  ASSERT_EQ(there.size(), 4u) << ran.out;
  for (std::size_t k = 0; k < there.size(); ++k) EXPECT_NEAR(here.at(k), there[k], 1e-9) << row;
}

TEST_F(Export, WritesOverNothingButItsOwnFiles) {
  folder().result_of({"export", "2 y.model", "--to", "c", "--output", "own"});
  folder().result_of({"export", "2 y.model", "--to", "c", "--output", "own", "--no-intervals"});
  EXPECT_EQ(folder().read("own.h").find("own_interval"), std::string::npos);
  folder().write("own.c", "int mine;\n");
  const std::string header = folder().read("own.h");
  const ProgramResult refused =
      folder().run({"export", "2 y.model", "--to", "c", "--output", "own"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("own.c: the file exists already"));
  EXPECT_EQ(folder().read("own.c"), "int mine;\n");
  EXPECT_EQ(folder().read("own.h"), header);
}

TEST_F(Export, WritesAWorkbookOnce) {
  EXPECT_EQ(folder().result_of({"export", "2 y.model", "--to", "xlsx"}), "2 y.xlsx\n");
  const std::string bytes = folder().read("2 y.xlsx");
  EXPECT_TRUE(bytes.starts_with("PK"));
  const ProgramResult again = folder().run({"export", "2 y.model", "--to", "xlsx"});
  EXPECT_EQ(again.code, 2);
  EXPECT_THAT(again.err, HasSubstr("may hold what you typed"));
  EXPECT_EQ(folder().read("2 y.xlsx"), bytes);
  EXPECT_EQ(
      folder().run({"export", "2 y.model", "--to", "xlsx", "--output", "no/such/folder"}).code, 1);
}

TEST_F(Export, RefusesWhatItCannotWrite) {
  EXPECT_EQ(folder().run({"export", "2 y.model"}).code, 2);
  EXPECT_EQ(folder().run({"export", "2 y.model", "--to", "fortran"}).code, 2);
  EXPECT_EQ(folder().run({"export", "2 y.model", "--to", "c", "--confidence", "1.5"}).code, 2);
  EXPECT_EQ(folder().run({"export", "2 y.model", "--to", "c", "--output", "no/such/folder"}).code,
            1);
  EXPECT_EQ(folder().run({"export", "plant.csv", "--to", "c"}).code, 1);
}

}  // namespace
}  // namespace cupel
