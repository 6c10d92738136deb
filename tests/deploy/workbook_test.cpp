#include "cupel/deploy/workbook.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "cupel/base/error.hpp"
#include "cupel/deploy/sheets.hpp"
#include "tests/deploy/deploy_models.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cupel {
namespace {

using testing::HasSubstr;
using namespace test;

/// A spreadsheet program that reckons every formula anew, whatever value is stored beside it.
class SpreadsheetProgram {
 public:
  static bool is_here() {
    return run_program({"/usr/bin/env", "sh", "-c", "command -v soffice"}, {}).code == 0;
  }

  SpreadsheetProgram() {
    std::filesystem::create_directories(folder_ / "profile/user");
    std::ofstream(folder_ / "profile/user/registrymodifications.xcu")
        << R"(<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>)";
  }

  std::string path(int number) const { return folder_ / fmt::format("{}.xlsx", number); }

  /// All workbooks as flat XML, where numbers have all their digits.
  void convert(int count) const {
    std::vector<std::string> command = {
        "/usr/bin/env", "soffice",      "-env:UserInstallation=file://" + (folder_ / "profile"),
        "--headless",   "--convert-to", "fods",
        "--outdir",     folder_ / ""};
    for (int k = 0; k < count; ++k) command.push_back(path(k));
    const ProgramResult result = run_program(command, {.folder = folder_ / ""});
    ASSERT_EQ(result.code, 0) << result.err;
  }

  /// The first sheet's row that begins with `name`, as XML.
  std::string row(int number, const std::string& name) const {
    const std::string text = file_text(folder_ / fmt::format("{}.fods", number));
    std::size_t at = text.find("<table:table table:name=\"Model\"");
    const std::size_t end = text.find("</table:table>", at);
    while ((at = text.find("<table:table-row", at)) < end) {
      const std::string row = text.substr(at, text.find("</table:table-row>", at) - at);
      const std::string first = "<text:p>" + name + "</text:p>";
      if (row.find("<text:p>") == row.find(first) && row.find(first) != std::string::npos)
        return row;
      ++at;
    }
    ADD_FAILURE() << "no row '" << name << "'";
    return {};
  }

  /// The numbers in it.
  std::vector<double> numbers(int number, const std::string& name) const {
    const std::string text = row(number, name), mark = "office:value=\"";
    std::vector<double> all;
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1))
      all.push_back(std::strtod(text.c_str() + at + mark.size(), nullptr));
    return all;
  }

 private:
  TemporaryFolder folder_;
};

TEST(Workbook, IsReckonedAnewInTheseTests) {
  if (!SpreadsheetProgram::is_here()) GTEST_SKIP() << "no LibreOffice on this machine";
  const SpreadsheetProgram program;
  Sheets sheets(program.path(0));
  const int sheet = sheets.add("Model", {});
  sheets.text({sheet, 0, 0}, "sum");
  sheets.formula({sheet, 0, 1}, "1+1", 7);
  sheets.close();
  program.convert(1);
  EXPECT_THAT(program.numbers(0, "sum"), testing::ElementsAre(2)) << "not the 7 that is stored";
}

TEST(Workbook, FormulasGiveWhatTheModelDoes) {
  if (!SpreadsheetProgram::is_here()) GTEST_SKIP() << "no LibreOffice on this machine";
  const SpreadsheetProgram program;
  const std::vector<Model> models = {sample_model(), normalized_model(), masked_model(),
                                     log_model(), fitted_normalized(drawn_data(3))};
  struct Expected {
    const Model* model;
    Evaluation found;
  };
  std::vector<Expected> all;
  for (const Model& model : models) {
    const Matrix rows = drawn_rows(model);
    for (const int row : {0, 7, 19, 33}) {
      const Vector values = rows.row(row).transpose();
      EXPECT_TRUE(
          write_workbook(model, {.values = values}, program.path(static_cast<int>(all.size())))
              .empty());
      all.push_back({&model, evaluate(model, rows.row(row))});
    }
  }
  program.convert(static_cast<int>(all.size()));
  for (int k = 0; k < static_cast<int>(all.size()); ++k) {
    const auto& [model, found] = all[static_cast<std::size_t>(k)];
    const auto same = [](double value, double expected) {
      return std::abs(value - expected) <= 1e-9 * std::max(1.0, std::abs(expected));
    };
    for (std::size_t t = 0; t < model->encoder.targets.size(); ++t) {
      const auto numbers = program.numbers(k, model->encoder.targets[t].name);
      const auto column = static_cast<Eigen::Index>(t);
      ASSERT_EQ(numbers.size(), 3u);
      EXPECT_PRED2(same, numbers[0], found.outputs(0, column)) << k;
      EXPECT_PRED2(same, numbers[1], found.lower(0, column)) << k;
      EXPECT_PRED2(same, numbers[2], found.upper(0, column)) << k;
    }
    const auto numbers = program.numbers(k, "distance from the training data");
    ASSERT_EQ(numbers.size(), 1u);
    EXPECT_PRED2(same, numbers[0], found.distance[0]) << k;
    EXPECT_THAT(program.row(k, "distance from the training data"),
                HasSubstr(found.distance[0] <= 1 ? "inside the data" : "an extrapolation"))
        << k;
  }
}

/// Words that a search without care takes for one another, and many inputs.
Model words_model() {
  Model model;
  model.encoder.columns.push_back(
      {.name = "mode", .text = true, .levels = {"~x", "Off1", "ON", "on", "Off*"}});
  for (int level = 1; level < 5; ++level)
    model.encoder.features.push_back({"mode", 0, level, 0, 1});
  Member member{.weights = Vector::Ones(1), .features = {0, 1, 2, 3}};
  for (int c = 1; c <= 300; ++c) {
    model.encoder.columns.push_back({.name = fmt::format("x{}", c), .low = -1, .up = 1});
    model.encoder.features.push_back({fmt::format("x{}", c), c, -1, 0, 1});
    member.features.push_back(3 + c);
  }
  model.encoder.targets = {{"y", "", 0, 1, -3, 3}};
  member.network.topology = {304, {{1, Activation::logistic}, {1, Activation::linear}}};
  member.network.parameters = Vector::Constant(parameter_count(member.network.topology), 0.01);
  for (int level = 0; level < 4; ++level) member.network.parameters[level] = level + 1;
  model.members = {member};
  return model;
}

TEST(Workbook, TellsWordsApartAndTakesManyInputs) {
  if (!SpreadsheetProgram::is_here()) GTEST_SKIP() << "no LibreOffice on this machine";
  const SpreadsheetProgram program;
  const Model model = words_model();
  std::vector<Evaluation> wanted;
  for (int k = 0; k < 7; ++k) {
    Vector values = Vector::Constant(301, 0.1);
    values[0] = std::min(k, 4);
    if (k == 5) values[7] = 1e6;  // far out: nothing may overflow
    if (k == 6) values[7] = -1e6;
    write_workbook(model, {.values = values}, program.path(k));
    wanted.push_back(evaluate(model, values.transpose()));
  }
  program.convert(7);
  for (int k = 0; k < 7; ++k) {
    const auto y = program.numbers(k, "y");
    ASSERT_EQ(y.size(), 1u) << k;
    EXPECT_NEAR(y[0], wanted[static_cast<std::size_t>(k)].outputs(0, 0), 1e-9) << k;
    const auto distance = program.numbers(k, "distance from the training data");
    ASSERT_EQ(distance.size(), 1u) << k;
    EXPECT_NEAR(distance[0], wanted[static_cast<std::size_t>(k)].distance[0], 1e-9 * distance[0]);
  }
}

TEST(Workbook, SaysWhatItLeavesOut) {
  TemporaryFolder folder;
  const auto left_out = write_workbook(fold_model(5), {}, folder / "a.xlsx");
  ASSERT_EQ(left_out.size(), 1u);
  EXPECT_THAT(left_out[0], HasSubstr("--intervals normalized"));
  EXPECT_TRUE(write_workbook(fold_model(5), {.intervals = false}, folder / "b.xlsx").empty());
}

TEST(Workbook, RefusesWhatHasNoForm) {
  TemporaryFolder folder;
  EXPECT_THROW(write_workbook(window_model(WindowKind::gru), {}, folder / "a.xlsx"), Error);
  EXPECT_THROW(write_workbook(sample_model(), {.confidence = 0}, folder / "a.xlsx"), Error);
  EXPECT_THROW(write_workbook(sample_model(), {}, folder / "no/such/folder/a.xlsx"), Error);
  EXPECT_FALSE(std::filesystem::exists(folder / "a.xlsx"));
}

}  // namespace
}  // namespace cupel
