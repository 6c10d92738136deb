#include "cupel/report/operating_report.hpp"

#include <gtest/gtest.h>

#include "tests/report/page_checker.hpp"
#include "tests/report/small_plant.hpp"

namespace cupel::test {
namespace {

std::string page_of(const Problem& problem, const OptimizeResult& result, bool with_truth) {
  OperatingReport context{.title = "Operating points <1>",
                          .command = "cupel optimize a.model --limit 'yield<=15'",
                          .created = "2026-01-01",
                          .models = "a.model"};
  if (with_truth)
    context.truth = check_against(small_plant(a_little_more), problem, result, {.jobs = 1});
  return operating_report(problem, result, context);
}

void expect_sound(const std::string& page) {
  const PageParts parts = read_page(page);
  EXPECT_EQ(parts.problem, "");
  for (const char* word : {"nan", "inf", "null"}) {
    EXPECT_FALSE(has_word(parts.text, word)) << word;
    EXPECT_FALSE(has_word(parts.attributes, word)) << word;
  }
  EXPECT_EQ(page.find("<1>"), std::string::npos) << "a title is text";
}

TEST(OperatingReport, ShowsFrontSettingsConditionsAndTheRecommendedPoint) {
  const Problem problem = small_problem(0.9);
  const OptimizeResult result = small_front(problem);
  const std::string page = page_of(problem, result, false);
  expect_sound(page);
  for (const char* title : {"Where to run", "The front", "Settings", "What each condition does",
                            "All points", "The question"})
    EXPECT_NE(page.find(std::string("<h2>") + title + "</h2>"), std::string::npos) << title;
  EXPECT_EQ(page.find("Against the truth"), std::string::npos);
  EXPECT_NE(page.find(result.why), std::string::npos);
  EXPECT_NE(page.find("yield&lt;=15"), std::string::npos);
  EXPECT_NE(page.find("interval of one reading"), std::string::npos);
  EXPECT_EQ(page.find("src="), std::string::npos) << "the page needs no other file";
}

TEST(OperatingReport, ShowsWhatTheTruthSays) {
  const Problem problem = small_problem(0.9);
  const std::string page = page_of(problem, small_front(problem), true);
  expect_sound(page);
  EXPECT_NE(page.find("<h2>Against the truth</h2>"), std::string::npos);
  EXPECT_NE(page.find("the same points, simulated"), std::string::npos);
  EXPECT_NE(page.find("ordinary operation"), std::string::npos);
}

TEST(OperatingReport, OneGoalIsOnePoint) {
  const Problem problem = parse_problem({.maximize = {"yield"}}, one(linear_model()));
  const std::string page = page_of(problem, optimize(problem, {}), true);
  expect_sound(page);
  EXPECT_NE(page.find("There is one goal"), std::string::npos);
}

TEST(OperatingReport, NamesTheClashWhenNothingIsFeasible) {
  const Problem problem = parse_problem({.maximize = {"yield"}, .limits = {"yield>=16", "cost<=8"}},
                                        one(linear_model()));
  const OptimizeResult result =
      optimize(problem, {.search = {.population = 20, .generations = 10}});
  const std::string page = page_of(problem, result, false);
  expect_sound(page);
  EXPECT_NE(page.find("Nothing meets all limits"), std::string::npos);
  EXPECT_NE(page.find("yield&gt;=16"), std::string::npos);
  EXPECT_NE(page.find("cost&lt;=8"), std::string::npos);
  EXPECT_EQ(page.find("<h2>The front</h2>"), std::string::npos);
}

}  // namespace
}  // namespace cupel::test
