// Wrong options, typed or in a TOML file: exit code 2, the option's name, and advice.
#include <gtest/gtest.h>

#include "tests/cli/cupel_folder.hpp"

namespace cupel {
namespace {

struct WithPlant : CupelFolder {
  WithPlant() { write("plant.csv", plant_csv(60)); }
  void refuses(const Arguments& more, const std::vector<std::string>& words) const {
    expect_refused(*this, Arguments{"design", "plant.csv", "--target", "y"} + more, 2, words);
  }
  void refuses_toml(const std::string& text, const std::vector<std::string>& words) const {
    write("run.toml", text);
    expect_refused(*this, {"design", "run.toml"}, 2, words);
  }
};

TEST(BadOptions, UnknownNamesGetTheNearestOne) {
  const WithPlant folder;
  folder.refuses({"--trails", "3"}, {"--trails", "did you mean --trials"});
  folder.refuses({"--zzzzzz=3"}, {"--zzzzzz", "cupel design --help"});
  expect_refused(folder, {"desing", "plant.csv"}, 2, {"'desing'", "did you mean 'design'"});
  expect_refused(folder, {"frobnicate"}, 2, {"'frobnicate'", "check, design, "});
  expect_refused(folder, {}, 2, {"no command"});
  expect_refused(folder, {"design"}, 2, {"FILE"});
  folder.refuses({"other.csv"}, {"other.csv"});
}

TEST(BadOptions, WrongValuesAreNamedWithWhatIsAllowed) {
  const WithPlant folder;
  folder.refuses({"--recipe", "nonsense"}, {"'nonsense'", "qnn"});
  folder.refuses({"--search", "nsga"}, {"'nsga'", "nsga2"});
  folder.refuses({"--seed", "abc"}, {"--seed", "whole number"});
  folder.refuses({"--seed", "-1"}, {"seed", "between 0"});
  folder.refuses({"--trials", "1.5"}, {"--trials", "whole number"});
  folder.refuses({"--population", "99999999999999"}, {"population"});
  folder.refuses({"--test-fraction", "1.5"}, {"test_fraction", "0.9"});
  folder.refuses({"--test-fraction", "nan"}, {"test_fraction"});
  folder.refuses({"--time-limit", "10x"}, {"'10x'", "10m"});
  folder.refuses({"--log-skewed", "maybe"}, {"--log-skewed", "yes or no"});
  folder.refuses({"--kernels", "v9"}, {"'v9'", "portable"});
  folder.refuses({"--split", "sideways"}, {"'sideways'", "ordered"});
  folder.refuses({"--units", "T"}, {"'T'", "COLUMN=UNIT"});
  folder.refuses({"--folds", "40", "--test-fraction", "0.9"}, {"40 folds"});
}

TEST(BadOptions, RolesThatContradictAreNamed) {
  const WithPlant folder;
  folder.refuses({"--ignore", "y"}, {"'y'", "target", "ignored"});
  folder.refuses({"--inputs", "T,y"}, {"'y'", "target"});
  folder.refuses({"--inputs", "T,pressure"}, {"'pressure'", "T, p, flow, y"});
  folder.refuses({"--units", "Q=bar"}, {"'Q'"});
  expect_refused(folder, {"design", "plant.csv"}, 2, {"--target", "cupel check plant.csv"});
}

TEST(BadOptions, TargetGivenTwiceMeansBoth) {
  const WithPlant folder;
  const Json result = folder.json_of(quick_design() + Arguments{"--target", "p"});
  EXPECT_EQ(result.at("pick").at("validation").at("rmse").as_object().size(), 2u);
}

TEST(BadOptions, TestRowsThatCannotBeAreNamed) {
  const WithPlant folder;
  folder.refuses({"--test-rows", "nowhere"}, {"nowhere"});
  folder.refuses({"--test-rows", "plant.csv"}, {"plant.csv, line 1"});
  const auto refuses_rows = [&](const std::string& rows, const std::string& word) {
    folder.write("rows", rows);
    folder.refuses({"--test-rows", "rows"}, {word});
  };
  refuses_rows("999\n", "row 999");
  refuses_rows("", "no row numbers");
  refuses_rows("3\n3\n", "row 3");
  folder.refuses({"--test-rows", "rows", "--test", "plant.csv"}, {"test"});
}

TEST(BadOptions, BrokenTomlIsNamedByLine) {
  const WithPlant folder;
  folder.refuses_toml("data = \"plant.csv\"\ntarget = \n", {"run.toml, line 2"});
  folder.refuses_toml("data = \"a\"\ndata = \"b\"\n", {"run.toml, line 2", "data"});
  folder.refuses_toml("\xFF\xFE", {"run.toml, line 1"});
  expect_refused(folder, {"design", "nowhere.toml"}, 2, {"nowhere.toml"});
}

TEST(BadOptions, UnknownTomlKeyGetsTheNearestOne) {
  const WithPlant folder;
  const std::string begin = "data = \"plant.csv\"\ntarget = \"y\"\n";
  folder.refuses_toml(begin + "trails = 5\n", {"'trails'", "'trials'"});
  folder.refuses_toml("data = \"plant.csv\"\n[columns]\ntargts = [\"y\"]\n",
                      {"'targts'", "'targets'"});
}

TEST(BadOptions, TomlValuesOfTheWrongKindAreNamed) {
  const WithPlant folder;
  const std::string begin = "data = \"plant.csv\"\ntarget = \"y\"\n";
  folder.refuses_toml(begin + "seed = \"x\"\n", {"seed", "whole number"});
  folder.refuses_toml(begin + "alpha = 7\n", {"alpha", "between 0 and 1"});
  folder.refuses_toml(begin + "time_limit = \"10q\"\n", {"'10q'"});
  folder.refuses_toml("data = 5\ntarget = \"y\"\n", {"run.toml", "'data'"});
  folder.refuses_toml("target = \"y\"\n", {"no data file"});
  folder.refuses_toml("data = \"plant.csv\"\ntarget = 3\n", {"'target'"});
  folder.refuses_toml(begin + "[columns]\ntarget = \"p\"\n", {"'target'", "[columns]"});
  folder.refuses_toml("data = \"plant.csv\"\ncolumns = 3\n", {"'columns'"});
}

}  // namespace
}  // namespace cupel
