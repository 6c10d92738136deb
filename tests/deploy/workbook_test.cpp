#include "cupel/deploy/workbook.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

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

  /// The first sheets of all workbooks as CSV, numbers with all their digits.
  void convert(int count) const {
    std::vector<std::string> command = {
        "/usr/bin/env", "soffice",      "-env:UserInstallation=file://" + (folder_ / "profile"),
        "--headless",   "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false",
        "--outdir",     folder_ / ""};
    for (int k = 0; k < count; ++k) command.push_back(path(k));
    const ProgramResult result = run_program(command, {.folder = folder_ / ""});
    ASSERT_EQ(result.code, 0) << result.err;
  }

  /// The fields of the line that begins with `name`.
  std::vector<std::string> line(int number, const std::string& name) const {
    std::istringstream text(file_text(folder_ / fmt::format("{}.csv", number)));
    std::string line;
    while (std::getline(text, line)) {
      if (!line.starts_with(name + ",")) continue;
      std::vector<std::string> fields;
      std::istringstream rest(line);
      for (std::string field; std::getline(rest, field, ',');) fields.push_back(field);
      return fields;
    }
    ADD_FAILURE() << "no line '" << name << "' in\n" << text.str();
    return std::vector<std::string>(6);
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
  EXPECT_EQ(program.line(0, "sum")[1], "2") << "not the 7 that is stored";
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
    const auto same = [](const std::string& field, double expected) {
      char* end = nullptr;
      const double value = std::strtod(field.c_str(), &end);
      return end != field.c_str() &&
             std::abs(value - expected) <= 1e-9 * std::max(1.0, std::abs(expected));
    };
    for (std::size_t t = 0; t < model->encoder.targets.size(); ++t) {
      const auto fields = program.line(k, model->encoder.targets[t].name);
      const auto column = static_cast<Eigen::Index>(t);
      ASSERT_GE(fields.size(), 5u);
      EXPECT_PRED2(same, fields[2], found.outputs(0, column)) << k;
      EXPECT_PRED2(same, fields[3], found.lower(0, column)) << k;
      EXPECT_PRED2(same, fields[4], found.upper(0, column)) << k;
    }
    const auto fields = program.line(k, "distance from the training data");
    ASSERT_GE(fields.size(), 4u);
    EXPECT_PRED2(same, fields[2], found.distance[0]) << k;
    EXPECT_THAT(fields[3], HasSubstr(found.distance[0] <= 1 ? "inside" : "extrapolation")) << k;
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
