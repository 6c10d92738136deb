// Comparisons as a user runs them.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "tests/cli/cupel_folder.hpp"

namespace cupel {
namespace {

/// A comparison that takes a second.
Arguments quick_compare(const std::string& output, const std::string& jobs = "1") {
  return {"compare", "plant.csv", "--target", "y",         "--recipes", "qnn",          "--repeats",
          "3",       "--trials",  "6",        "--confirm", "1",         "--folds",      "3",
          "--quiet", "--jobs",    jobs,       "--output",  output,      "--iterations", "30"};
}

TEST(Compare, PrintsEveryMethodTheTestsAndAVerdict) {
  const CupelFolder folder;
  folder.write("plant.csv", plant_csv(80));
  const Json json = folder.json_of(quick_compare("one"));
  EXPECT_EQ(json.at("recipes").as_array()[0].at("name").as_string(), "qnn");
  EXPECT_EQ(json.at("recipes").as_array()[0].at("rmse").as_numbers().size(), 3u);
  EXPECT_GE(json.at("baselines").as_array().size(), 3u);
  EXPECT_EQ(json.at("tests").at("baselines").as_array().size(),
            json.at("baselines").as_array().size());
  EXPECT_FALSE(json.at("verdict").as_strings().empty());
  const std::string page = folder.read("one.html");
  EXPECT_NE(page.find("Which differences are more than chance"), std::string::npos);
  EXPECT_EQ(page.find("http"), std::string::npos) << "the page must need nothing from outside";
}

TEST(Compare, GivesTheSameBytesForAnyThreadsAndAfterAKill) {
  const CupelFolder folder;
  folder.write("plant.csv", plant_csv(80));
  const double elapsed_s = [&] {
    const ProgramResult run = folder.run(quick_compare("one"));
    EXPECT_EQ(run.code, 0) << run.err;
    return run.elapsed_s;
  }();
  const std::string whole = folder.canonical("one.compare");
  EXPECT_NE(whole.find("\"verdict\""), std::string::npos);
  folder.result_of(quick_compare("two", "2"));
  EXPECT_EQ(folder.canonical("two.compare"), whole);
  for (const double share : {0.3, 0.6}) {
    const std::string name = "killed" + std::to_string(static_cast<int>(10 * share));
    Program program(folder.command(quick_compare(name)), {.folder = folder / ""});
    for (int k = 0; k < 2000 && !folder.has(name + ".compare"); ++k)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::this_thread::sleep_for(std::chrono::duration<double>(share * elapsed_s));
    program.send(SIGKILL);
    program.finish();
    folder.result_of({"resume", name + ".compare", "--quiet"});
    EXPECT_EQ(folder.canonical(name + ".compare"), whole);
  }
}

TEST(Compare, RanksSavedComparisonsTogether) {
  const CupelFolder folder;
  folder.write("plant.csv", plant_csv(80));
  folder.result_of(quick_compare("one"));
  folder.result_of(quick_compare("two") + Arguments{"--seed", "2"});
  const Json json = folder.json_of({"compare", "one.compare", "two.compare"});
  EXPECT_EQ(json.at("across").at("data").as_array().size(), 2u);
  EXPECT_TRUE(folder.has("comparison.html"));
}

TEST(Compare, RefusesWhatWouldNotBeAFairComparison) {
  const CupelFolder folder;
  folder.write("plant.csv", plant_csv(40));
  const Arguments start = {"compare", "plant.csv", "--target", "y"};
  expect_refused(folder, start + Arguments{"--recipes", "qnm"}, 2, {"no recipe 'qnm'"});
  expect_refused(folder, start + Arguments{"--time-limit", "5s"}, 2, {"--trials or --budget"});
  expect_refused(folder, start + Arguments{"--protocol", "as-published"}, 2, {"honest"});
  expect_refused(folder, start + Arguments{"--repeats", "0"}, 2, {"--repeats"});
}

}  // namespace
}  // namespace cupel
