// From a plant to operating points, as a user types it: simulate, design, optimize, analyze.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "tests/cli/cupel_folder.hpp"

namespace cupel {
namespace {

/// A folder with plant.csv and y.model; one design for all tests.
const CupelFolder& with_model() {
  static const CupelFolder* const folder = [] {
    auto* made = new CupelFolder;
    made->write("plant.csv", plant_csv(120));
    made->result_of(quick_design());
    return made;
  }();
  return *folder;
}

Arguments optimize_on_y(const Arguments& more) {
  return Arguments{"optimize", "y.model", "--population", "20", "--generations", "10"} + more;
}

void refuses(const Arguments& more, const std::vector<std::string>& words) {
  expect_refused(with_model(), optimize_on_y(more), 2, words);
}

TEST(Optimize, GivesAFrontWithIntervalsInsideTheData) {
  const Json result = with_model().json_of(
      optimize_on_y({"--maximize", "y", "--minimize", "p * flow", "--limit", "T<=80"}));
  const auto& front = result.at("front").as_array();
  ASSERT_GE(front.size(), 3u);
  for (const Json& point : front) {
    EXPECT_LE(point.at("settings").at("T").as_number(), 80);
    EXPECT_LT(point.at("lower").at("y").as_number(), point.at("outputs").at("y").as_number());
    EXPECT_LE(point.at("distance").as_number(), 1);
  }
  EXPECT_FALSE(result.at("why").as_string().empty());
  EXPECT_GE(result.at("energy").as_object().size(), 3u);
}

TEST(Optimize, WritesTheReportThatItNames) {
  CupelFolder folder;
  folder.write("y.model", with_model().read("y.model"));
  const std::string out =
      folder.result_of(optimize_on_y({"--maximize", "y", "--minimize", "flow", "--output", "run"}));
  EXPECT_NE(out.find("Recommended"), std::string::npos) << out;
  EXPECT_NE(out.find("report  run.html"), std::string::npos) << out;
  EXPECT_NE(folder.read("run.html").find("What each condition does"), std::string::npos);
  EXPECT_NE(folder.read("run.emissions.csv").find("energy_consumed"), std::string::npos);
  folder.write("mine.html", "my notes");
  const auto refused =
      folder.run(optimize_on_y({"--maximize", "y", "--minimize", "flow", "--output", "mine"}));
  EXPECT_EQ(refused.code, 2) << refused.err;
  EXPECT_EQ(folder.read("mine.html"), "my notes");
}

TEST(Optimize, AFileSaysTheSameAsTheCommandLine) {
  CupelFolder folder;
  folder.write("y.model", with_model().read("y.model"));
  folder.write("p.toml",
               "models = [\"y.model\"]\nmaximize = [\"y\"]\nlimits = [\"cost <= 15\"]\n"
               "[fix]\nflow = 5\n[formulas]\n\"cost [EUR]\" = \"p * flow\"\n"
               "[search]\npopulation = 20\ngenerations = 10\n");
  const Json from_file = folder.json_of({"optimize", "p.toml"});
  const Json typed =
      folder.json_of(optimize_on_y({"--maximize", "y", "--limit", "cost <= 15", "--fix", "flow=5",
                                    "--formula", "cost [EUR] = p * flow"}));
  EXPECT_EQ(dump_json(from_file.at("front")), dump_json(typed.at("front")));
}

TEST(Optimize, AdjustsARowByTheSmallestChange) {
  const CupelFolder& folder = with_model();
  const Json result =
      folder.json_of(optimize_on_y({"--from", "plant.csv", "--row", "2", "--minimize", "change",
                                    "--limit", "y>=1", "--confidence", "0"}));
  EXPECT_GE(result.at("recommended").at("outputs").at("y").as_number(), 1 - 1e-9);
  expect_refused(folder,
                 optimize_on_y({"--from", "plant.csv", "--row", "999", "--minimize", "change"}), 2,
                 {"plant.csv", "row 999"});
}

TEST(Optimize, InfeasibleNamesTheClashWithExitCode4) {
  const ProgramResult result = with_model().run(
      optimize_on_y({"--maximize", "y", "--limit", "y>=50", "--limit", "flow<=9"}));
  EXPECT_EQ(result.code, 4);
  EXPECT_NE(result.err.find("y>=50: would have to give way by"), std::string::npos) << result.err;
  EXPECT_EQ(result.err.find("flow<=9"), std::string::npos) << "it takes no part";
}

TEST(Optimize, ProblemsThatMakeNoSenseNameTheCulprit) {
  refuses({"--maximize", "yy"}, {"there is no 'yy'", "did you mean 'y'"});
  refuses({"--vary", "Tt=1:2", "--maximize", "y"}, {"'Tt'"});
  refuses({"--maximize", "y", "--limit", "p<=1", "--limit", "p>=2"}, {"p<=1", "p>=2"});
  refuses({"--maximize", "y", "--minimize", "y"}, {"contradict"});
  refuses({"--maximize", "y", "--vary", "T=0:inf"}, {"'T=0:inf'", "unbounded"});
  refuses({"--maximize", "y", "--limit", "p<=2 bar"}, {"'p<=2 bar'", "no unit"});
  refuses({"--maximize", "y +"}, {"y +"});
  refuses({"--maximize", "y", "--limit", "p"}, {"'p'", "<="});
  refuses({}, {"no objective", "--maximize"});
  refuses({"--maximize", "y", "--confidence", "0.3"}, {"0.3", "above 0.5"});
  refuses({"--maximize", "y", "--method", "simplex"}, {"'simplex'", "nsga2"});
  refuses({"--maximize", "y", "--check", "refinery"}, {"'refinery'", "styrene"});
}

TEST(Optimize, FormulasReachNothingOutsideTheProblem) {
  for (const char* formula : {"y = 3", "p = 1, y", "system(1)", "getenv(p)", "\"a\"", "y; p",
                              "y(1)", "__file__", "p := 2", "T[0]"})
    refuses({"--maximize", formula}, {formula});
  refuses({"--maximize", "y", "--formula", "p = 3"}, {"'p'"});
}

TEST(Optimize, ABrokenProblemFileIsNamedWithItsPlace) {
  CupelFolder folder;
  folder.write("p.toml", "models = [\"y.model\"]\nmaximise = [\"y\"]\n");
  expect_refused(folder, {"optimize", "p.toml"}, 2, {"p.toml", "maximise"});
  folder.write("p.toml", "models = [\n");
  expect_refused(folder, {"optimize", "p.toml"}, 2, {"p.toml"});
  folder.write("p.toml", "maximize = [\"y\"]\n");
  expect_refused(folder, {"optimize", "p.toml"}, 2, {"p.toml", "'models' is missing"});
}

TEST(Analyze, FindsThePeriodThatWasSpoiled) {
  const CupelFolder& folder = with_model();
  // Few periods: 90 held-out rows give no p below 0.005, which many periods would not leave small.
  std::string text = plant_csv(5);
  const std::size_t comma = text.find(',', text.find("\n") + 1);
  const std::size_t last = text.find('\n', comma);
  text.replace(text.rfind(',', last) + 1, last - text.rfind(',', last) - 1, "9");
  CupelFolder spoiled;
  spoiled.write("y.model", folder.read("y.model"));
  spoiled.write("plant.csv", text);
  const Json periods = spoiled.json_of({"analyze", "y.model", "plant.csv"});
  ASSERT_EQ(periods.as_array().size(), 5u);
  EXPECT_EQ(periods.as_array()[0].at("row").as_integer(), 2);
  EXPECT_TRUE(periods.as_array()[0].at("falls_short").as_bool());
  const Json other_way = spoiled.json_of({"analyze", "y.model", "plant.csv", "--more-is-better"});
  for (const Json& period : other_way.as_array())
    if (period.at("row").as_integer() == 2) {
      EXPECT_FALSE(period.at("falls_short").as_bool());
    }
  expect_refused(spoiled, {"analyze", "y.model", "plant.csv", "--target", "z"}, 2, {"'z'"});
}

TEST(Analyze, ListsTheLargestShortfallsWhereFewRowsTellNothing) {
  const CupelFolder& folder = with_model();
  CupelFolder many;
  many.write("y.model", folder.read("y.model"));
  std::istringstream plain(plant_csv(100));
  std::string text, line;
  for (int row = 0; std::getline(plain, line); ++row)
    text += (row == 0 ? "when"
                      : "2025-03-01 10:" + std::string(row % 60 < 10 ? "0" : "") +
                            std::to_string(row % 60)) +
            "," + line + "\n";
  many.write("plant.csv", text);
  const std::string found = many.result_of({"analyze", "y.model", "plant.csv"});
  EXPECT_NE(found.find("too few held-out rows"), std::string::npos) << found;
  EXPECT_EQ(found.find("0 of 100"), std::string::npos) << "no all-clear";
  EXPECT_EQ(std::count(found.begin(), found.end(), '\n'), 12) << found;
  EXPECT_NE(found.find("2025-03-01 10:"), std::string::npos) << found;
}

TEST(Simulate, WritesWhatItIsAskedAndTheSameEachTime) {
  CupelFolder folder;
  const Arguments asked = {"simulate", "styrene", "--rows", "8", "--noise", "0.01", "--seed", "3"};
  const std::string text = folder.result_of(asked);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 9);
  EXPECT_EQ(text.substr(0, text.find('\n')),
            "I0_mol_m3 [mol/m3],T_C [degC],t_min [min],x,Mn_g_mol [g/mol],Mw_g_mol [g/mol]");
  EXPECT_EQ(folder.result_of(asked + Arguments{"--jobs", "1"}), text);
  EXPECT_NE(folder.result_of({"simulate"}).find("ethane-cracker"), std::string::npos);
  const Json point = folder.json_of(
      {"simulate", "styrene", "--at", "I0_mol_m3=10", "--at", "T_C=60", "--at", "t_min=600"});
  EXPECT_NEAR(point.at("results").at("x").as_number(), 0.300549, 0.00003);
}

TEST(Simulate, WrongSettingsAreNamed) {
  const CupelFolder folder;
  expect_refused(folder, {"simulate", "boiler"}, 2, {"'boiler'", "styrene"});
  expect_refused(folder, {"simulate", "styrene", "--range", "T=3:4"}, 2, {"T=3:4", "T_C"});
  expect_refused(folder, {"simulate", "styrene", "--range", "T_C=90:60"}, 2, {"T_C=90:60"});
  expect_refused(folder, {"simulate", "styrene", "--at", "T_C=60"}, 2, {"I0_mol_m3"});
  expect_refused(folder, {"simulate", "styrene", "--rows", "0"}, 2, {"--rows"});
  expect_refused(folder, {"simulate", "styrene", "--noise", "-1"}, 2, {"--noise"});
}

}  // namespace
}  // namespace cupel
