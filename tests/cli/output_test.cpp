// What goes where: results on stdout, all else on stderr; JSON keys; files that exist stay.
#include <gtest/gtest.h>

#include "tests/cli/cupel_folder.hpp"

namespace cupel {
namespace {

struct WithPlant : CupelFolder {
  WithPlant() { write("plant.csv", plant_csv(60)); }
};

void expect_keys(const Json& json, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) EXPECT_NE(json.find(key), nullptr) << key;
}

TEST(JsonOutput, OfDesignHasTheKeysPromised) {
  const WithPlant folder;
  const Json json = folder.json_of(quick_design());
  expect_keys(json, {"study", "model", "report", "recipe", "seed", "trials", "failed_trials",
                     "elapsed_s", "stop_reason", "pick", "front"});
  const Json& pick = json.at("pick");
  expect_keys(pick, {"trial", "parameters", "connections", "inputs", "why", "validation", "test"});
  for (const char* part : {"validation", "test"})
    for (const char* error : {"rmse", "mae", "mape", "r2"})
      EXPECT_TRUE(std::isfinite(pick.at(part).at(error).at("y").as_number()));
  ASSERT_FALSE(json.at("front").as_array().empty());
  bool picked = false;
  for (const Json& member : json.at("front").as_array()) {
    expect_keys(member, {"trial", "parameters", "objectives", "validation", "test"});
    EXPECT_FALSE(member.at("objectives").as_object().empty());
    picked = picked || member.at("trial") == pick.at("trial");
  }
  EXPECT_TRUE(picked);
  for (const char* file : {"study", "model", "report"})
    EXPECT_TRUE(folder.has(json.at(file).as_string())) << file;
}

TEST(JsonOutput, OfCheckHasTheKeysPromised) {
  const WithPlant folder;
  folder.write("odd.csv", plant_csv(60) + "oops,1,2,3\n");
  const Json json = folder.json_of({"check", "odd.csv", "--target", "y", "--units", "T=degC"});
  EXPECT_EQ(json.at("rows").as_integer(), 61);
  ASSERT_EQ(json.at("columns").as_array().size(), 4u);
  for (const Json& column : json.at("columns").as_array())
    expect_keys(column, {"name", "unit", "role"});
  EXPECT_EQ(json.at("columns").as_array()[3].at("role").as_string(), "target");
  ASSERT_FALSE(json.at("findings").as_array().empty());
  bool found = false;
  for (const Json& finding : json.at("findings").as_array()) {
    expect_keys(finding, {"severity", "column", "row", "what", "advice"});
    found = found || (!finding.at("row").is_null() && finding.at("row").as_integer() == 62 &&
                      finding.at("column").as_string() == "T");
  }
  EXPECT_TRUE(found);
}

TEST(Help, ShowsWhatMostUsersNeedAndSaysWhereTheRestIs) {
  const CupelFolder folder;
  const std::string brief = folder.run({"design", "--help"}).out;
  const std::string all = folder.run({"design", "--help-all"}).out;
  for (const char* option : {"--target", "--time-limit", "--window", "--pick"})
    for (const std::string& help : {brief, all})
      EXPECT_NE(help.find(option), std::string::npos) << option;
  for (const char* option : {"--kappa", "--alpha", "--ridge", "--beta"}) {
    EXPECT_EQ(brief.find(option), std::string::npos) << option;
    EXPECT_NE(all.find(option), std::string::npos) << option;
  }
  EXPECT_NE(brief.find("--help-all"), std::string::npos);
  EXPECT_EQ(brief.find("\n\n\n"), std::string::npos);
}

TEST(JsonOutput, OfRecipesNamesTheirSources) {
  const WithPlant folder;
  const Json json = folder.json_of({"recipes"});
  ASSERT_FALSE(json.as_array().empty());
  for (const Json& recipe : json.as_array()) expect_keys(recipe, {"name", "summary", "source"});
}

TEST(JsonOutput, OfReportIsTheResultOfTheDesign) {
  const WithPlant folder;
  const Json design = folder.json_of(quick_design());
  const Json report = folder.json_of({"report", "y.study"});
  for (const auto& [key, value] : report.as_object()) EXPECT_EQ(design.at(key), value) << key;
}

TEST(Predict, GivesTheColumnsPromisedAsCsvAndJson) {
  const WithPlant folder;
  folder.result_of(quick_design());
  const std::string csv = folder.result_of({"predict", "y.model", "plant.csv"});
  EXPECT_TRUE(csv.starts_with("row,y,y_lower,y_upper,valid,reason\n2,"));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 61);
  const Json json = folder.json_of({"predict", "y.model", "plant.csv"});
  ASSERT_EQ(json.as_array().size(), 60u);
  for (const Json& row : json.as_array()) {
    expect_keys(row, {"row", "y", "y_lower", "y_upper", "valid", "reason"});
    EXPECT_LT(row.at("y_lower").as_number(), row.at("y").as_number());
    EXPECT_GT(row.at("y_upper").as_number(), row.at("y").as_number());
  }
}

/// One prediction, from a file of this content.
ProgramResult predicted(const std::string& content) {
  const WithPlant folder;
  folder.result_of(quick_design());
  folder.write("new.csv", content);
  return folder.run({"predict", "y.model", "new.csv"});
}

TEST(Predict, TakesColumnsInAnyOrderAndWithoutTheTarget) {
  const ProgramResult plain = predicted("T,p,flow\n50,1.5,5\n60,1.2,3\n");
  ASSERT_EQ(plain.code, 0) << plain.err;
  EXPECT_EQ(predicted("more,flow,y,p,T\nx,5,7,1.5,50\ny,3,7,1.2,60\n").out, plain.out);
}

TEST(Predict, SaysWhichRowsLieOutsideAndWhichCellsWereFilled) {
  std::string rows = "T,p,flow\n50,1.5,5\n900,1.2,3\noops,1.2,3\n60,,3\n";
  for (int row = 4; row < 40; ++row) rows += "50,1.5,5\n";
  const ProgramResult result = predicted(rows);
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.out.find(",0,"), std::string::npos) << result.out;
  EXPECT_NE(result.err.find("3 of 40 rows"), std::string::npos) << result.err;
  EXPECT_NE(result.out.find("missing: T"), std::string::npos) << result.out;
  EXPECT_NE(result.err.find("column 'T', row 4"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("2 missing cells"), std::string::npos) << result.err;
}

TEST(Predict, RefusesFilesThatDoNotFit) {
  const WithPlant folder;
  folder.result_of(quick_design());
  const auto refuses = [&](const std::string& content, const std::vector<std::string>& words) {
    folder.write("new.csv", content);
    expect_refused(folder, {"predict", "y.model", "new.csv"}, 3, words);
  };
  refuses("", {"new.csv", "empty"});
  refuses("T,p,flow\n", {"new.csv", "no rows"});
  refuses("p,flow\n1.5,5\n", {"new.csv", "'T'"});
  refuses("T,p,flow\nwarm,1.5,5\nhot,1.5,5\n", {"new.csv", "column 'T'", "row 2", "'warm'"});
  expect_refused(folder, {"predict", "y.model", "plant.csv", "--confidence", "2"}, 2,
                 {"confidence"});
}

TEST(Predict, TrustsNoRowWhoseCellIsNoNumberAndNamesTheFirst) {
  const WithPlant folder;
  folder.result_of(quick_design());
  folder.write("new.csv", "T,p,flow\n50,1.5,5\nhot,1.5,5\ncold,1.5,5\n");
  const ProgramResult result = folder.run({"predict", "y.model", "new.csv"});
  EXPECT_EQ(result.code, 0);
  for (const char* words : {"column 'T', row 3", "2 cells", "'hot'", "2 of 3 rows"})
    EXPECT_NE(result.err.find(words), std::string::npos) << result.err;
  EXPECT_NE(result.out.find(",0,missing: T"), std::string::npos) << result.out;
}

TEST(Predict, TakesUnitsFromTheModelUntilToldOtherwise) {
  const WithPlant folder;
  folder.result_of(quick_design() + Arguments{"--units", "T=degC"});
  folder.write("new.csv", "T [K],p,flow\n50,1.5,5\n60,1.2,3\n");
  expect_refused(folder, {"predict", "y.model", "new.csv"}, 3, {"'K'", "'degC'", "--units"});
  EXPECT_EQ(folder.run({"predict", "y.model", "new.csv", "--units", "T=degC"}).code, 0);
}

TEST(Output, QuietSaysNothingButTheResult) {
  const WithPlant folder;
  const ProgramResult result = folder.run(quick_design());
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.err, "");
  EXPECT_NE(result.out.find("Pick: trial"), std::string::npos);
}

TEST(Output, ProgressGoesToStderr) {
  const WithPlant folder;
  Arguments arguments = quick_design() + Arguments{"--json"};
  arguments.erase(std::find(arguments.begin(), arguments.end(), "--quiet"));
  const ProgramResult result = folder.run(arguments);
  EXPECT_NE(result.err.find("trying networks: 6 of 6"), std::string::npos) << result.err;
  EXPECT_NO_THROW(parse_json(result.out, "stdout"));
}

TEST(Output, DefaultNamesGetANumber) {
  const WithPlant folder;
  folder.result_of(quick_design());
  const std::string first = folder.read("y.study"), model = folder.read("y.model");
  EXPECT_EQ(folder.json_of(quick_design()).at("study").as_string(), "y-2.study");
  EXPECT_EQ(folder.json_of(quick_design()).at("study").as_string(), "y-3.study");
  EXPECT_EQ(folder.read("y.study"), first);
  EXPECT_EQ(folder.read("y.model"), model);
}

TEST(Output, NameGivenIsRefusedWhenAnyOfTheFilesExists) {
  for (const char* ending : {".study", ".model", ".html"}) {
    const WithPlant folder;
    folder.write(std::string("mine") + ending, "precious");
    expect_refused(folder, quick_design() + Arguments{"--output", "mine"}, 2, {"mine", "--output"});
    EXPECT_EQ(folder.read(std::string("mine") + ending), "precious");
  }
}

TEST(Output, FolderAsOutputTakesTheDefaultName) {
  const WithPlant folder;
  std::filesystem::create_directory(folder / "results");
  folder.result_of(quick_design() + Arguments{"--output", "results/"});
  folder.result_of(quick_design() + Arguments{"--output", "results"});
  EXPECT_TRUE(folder.has("results/y.study"));
  EXPECT_TRUE(folder.has("results/y-2.study"));
}

TEST(Output, ReportIsWrittenAgainButOverNothingElse) {
  const WithPlant folder;
  folder.result_of(quick_design());
  const std::string page = folder.read("y.html");
  std::filesystem::remove(folder / "y.html");
  folder.result_of({"report", "y.study"});
  EXPECT_EQ(folder.read("y.html"), page);
  folder.result_of({"report", "y.study"});
  folder.write("mine.html", "precious");
  expect_refused(folder, {"report", "y.study", "--html", "mine.html"}, 2, {"mine.html"});
  expect_refused(folder, {"report", "y.study", "--html", "plant.csv"}, 2, {"plant.csv"});
  EXPECT_EQ(folder.read("mine.html"), "precious");
}

}  // namespace
}  // namespace cupel
