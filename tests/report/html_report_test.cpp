#include <gtest/gtest.h>

#include <cmath>

#include "tests/report/page_checker.hpp"
#include "tests/report/report_fixture.hpp"

namespace cupel {
namespace {

using test::count_of;
using test::FixtureOptions;
using test::has_word;
using test::read_page;
using test::sample_report;

FixtureOptions large() {
  return {.targets = 5,
          .inputs = 80,
          .used = 60,
          .hidden = 30,
          .held_out_rows = 30000,
          .test_rows = 6000,
          .trials = 4000,
          .front = 300};
}

ReportData without_test() {
  ReportData data = sample_report({.test_rows = 0, .ordered = false});
  data.findings.clear();
  return data;
}

/// Every number that may be missing is missing.
ReportData broken_numbers() {
  ReportData data = sample_report();
  const double nan = std::nan("");
  for (FrontRow& row : data.front) row.objectives[0] = nan;
  for (FrontRow& row : data.front) row.test[0] = {nan, INFINITY, nan, -INFINITY};
  for (BaselineRow& row : data.baselines) row.validation[0] = row.test[0] = {nan, nan, nan, nan};
  for (TrialPoint& trial : data.trials) trial.error = trial.number % 2 ? nan : INFINITY;
  for (InputEffect& effect : data.effects) effect.importance = nan;
  data.columns[0].low = nan;
  data.columns[0].high = INFINITY;
  data.scatters[0].half_width = INFINITY;
  data.scatters[0].predicted_test[3] = nan;
  data.scatters[0].measured_held_out[5] = -INFINITY;
  data.pick.parameters[2] = nan;
  data.elapsed_s = nan;
  data.options["ridge"] = nan;
  return data;
}

void expect_sound(const ReportData& data) {
  const std::string page = html_report(data);
  const test::PageParts parts = read_page(page);
  EXPECT_EQ(parts.problem, "");
  for (const char* word : {"nan", "inf", "null"}) {
    EXPECT_FALSE(has_word(parts.text, word)) << word;
    EXPECT_FALSE(has_word(parts.attributes, word)) << word;
  }
  EXPECT_EQ(count_of(page, "http"), 0);
  EXPECT_EQ(count_of(page, "<link"), 0);
  EXPECT_EQ(count_of(page, "src="), 0);
  EXPECT_EQ(count_of(page, "<h2>"), 10 + (parts.text.find("Before you rely") != std::string::npos));
}

TEST(HtmlReport, IsWellFormedAndSelfContainedForEveryKindOfStudy) {
  expect_sound(sample_report());
  expect_sound(without_test());
  expect_sound(broken_numbers());
  expect_sound(ReportData{});
}

TEST(HtmlReport, StaysSmallAndSaysSoWhereItThinsLargeStudies) {
  const ReportData data = sample_report(large());
  expect_sound(data);
  const std::string page = html_report(data);
  EXPECT_LT(page.size(), 2u << 20);
  EXPECT_EQ(count_of(page, "1,500 of 36,000 rows are drawn"), 10);  // two plots a target
  EXPECT_EQ(count_of(page, "networks are listed, evenly spaced"), 1);
  EXPECT_EQ(count_of(page, "Only the strongest"), 1);
}

/// Puts a hostile name into every text of the data.
ReportData hostile(const std::string& name) {
  ReportData data = sample_report();
  for (std::string* text :
       {&data.title, &data.data_file, &data.recipe, &data.recipe_summary, &data.program_version,
        &data.command, &data.created, &data.fingerprint, &data.split, &data.why, &data.stop_reason})
    *text = name;
  for (ColumnSummary& c : data.columns) c.name = c.unit = c.role = c.kind = name;
  for (Finding& f : data.findings) f.column = f.what = f.advice = name;
  for (FrontRow& row : data.front) row.structure = name;
  for (BaselineRow& row : data.baselines) row.name = row.explanation = name;
  for (InputEffect& effect : data.effects) effect.name = effect.unit = name;
  for (IntervalRow& row : data.trust.intervals) row.name = row.explanation = name;
  for (PartialDependence& curve : data.trust.dependences)
    curve.input = curve.input_unit = curve.target = curve.target_unit = name;
  for (LocalSlope& slope : data.trust.slopes) slope.input = slope.unit = name;
  data.trust.problem = name;
  data.trust.drift = {name};
  for (auto* names :
       {&data.objective_names, &data.feature_names, &data.target_names, &data.dropped_features})
    for (std::string& text : *names) text = name;
  data.scatters[0].target = data.scatters[0].unit = name;
  for (BarRows& rows : data.trust.bars) rows.target = rows.unit = name;
  for (PublishedRow& row : data.published) row.method = row.design = row.test = name;
  data.published_source = name;
  data.options = Json{};
  data.options[name][name] = name;
  data.options["list"] = std::vector<std::string>{name};
  return data;
}

TEST(HtmlReport, EscapesEveryTextOfTheData) {
  const std::string page = html_report(hostile("\"><b x='1'>&<script>"));
  EXPECT_EQ(read_page(page).problem, "");
  EXPECT_EQ(count_of(page, "<b x"), 0);
  EXPECT_EQ(count_of(page, "<script"), 1);
  EXPECT_EQ(count_of(page, "'1'"), 0);
  EXPECT_EQ(count_of(page, "&<"), 0);
  EXPECT_GT(count_of(page, "&quot;&gt;&lt;b x=&#39;1&#39;&gt;&amp;"), 60);
}

TEST(HtmlReport, SaysHowFarToBelieveTheModel) {
  ReportData data = sample_report();
  std::string page = html_report(data);
  EXPECT_EQ(count_of(page, "No drift was found"), 1);
  EXPECT_EQ(count_of(page, "◆ normalized"), 1);
  EXPECT_GE(count_of(page, "91 %"), 1);
  EXPECT_EQ(count_of(page, "Of the test rows, 2.1 % are marked"), 1);
  data.trust.drift = {"T has moved"};
  page = html_report(data);
  EXPECT_EQ(count_of(page, "the plant has drifted"), 1);
  EXPECT_EQ(count_of(page, "T has moved"), 1);
  EXPECT_EQ(count_of(page, "No drift was found"), 0);
}

TEST(HtmlReport, MarksThePickOnceInChartAndTable) {
  const std::string page = html_report(sample_report());
  EXPECT_EQ(count_of(page, "◆&nbsp;pick"), 1);
  EXPECT_EQ(count_of(page, "<path class=\"c-pick\""), 2);  // the chart and its key
  EXPECT_EQ(count_of(page, "one standard error"), 1);
}

TEST(HtmlReport, MarksThePickInTheTableEvenWhereTheTableIsThinned) {
  ReportData data = sample_report(large());
  for (FrontRow& row : data.front) row.picked = false;
  data.front[151].picked = true;
  EXPECT_EQ(count_of(html_report(data), "◆&nbsp;pick"), 1);
}

TEST(HtmlReport, QuotesErrorsWithTheUnitOfTheTarget) {
  const std::string page = html_report(sample_report());
  EXPECT_NE(page.find("measured NOX [mg/m3]"), std::string::npos);
  EXPECT_NE(page.find("predicted NOX [mg/m3]"), std::string::npos);
  EXPECT_NE(page.find("± 6.9 mg/m3"), std::string::npos);
}

TEST(HtmlReport, TellsTheShareOfTestRowsInsideTheirIntervals) {
  ReportData data = sample_report();
  data.scatters[0].coverage = 0.75;
  EXPECT_NE(html_report(data).find("of the test rows they hold 75 %"), std::string::npos);
}

TEST(HtmlReport, SaysWhenALinearFormulaIsAsGood) {
  ReportData data = sample_report();
  EXPECT_EQ(count_of(html_report(data), "do not need a network"), 0);
  data.baselines[1].test[0].rmse = data.front[7].test[0].rmse * 1.02;
  EXPECT_EQ(count_of(html_report(data), "You do not need a network here"), 1);
  data.baselines[0].test[0].rmse = data.front[7].test[0].rmse * 0.9;
  EXPECT_EQ(count_of(html_report(data), "hardly explain NOX"), 1);
}

TEST(HtmlReport, WritesTheLinearFormulaOutAndNamesWhatIsBetter) {
  ReportData data = sample_report();
  data.linear_formulas = {"NOX = 1 + 2 T"};
  data.baselines[1].test[0].rmse = data.front[7].test[0].rmse * 1.02;
  EXPECT_EQ(count_of(html_report(data), "NOX = 1 + 2 T"), 1);
  data = sample_report();
  data.baselines[2].test[0].rmse = data.front[7].test[0].rmse * 0.5;
  EXPECT_EQ(count_of(html_report(data), "has an error 50 % smaller"), 1);
  data.front[7].test[0].r2 = 0.99999;
  EXPECT_EQ(count_of(html_report(data), "follows almost exactly from the inputs"), 1);
}

TEST(HtmlReport, NamesTheTargetsForWhichALinearFormulaIsAsGood) {
  ReportData data = sample_report({.targets = 2});
  data.baselines[1].test[1].rmse = 0.1;
  EXPECT_EQ(count_of(html_report(data), "target_1: a linear formula is"), 1);
  EXPECT_EQ(count_of(html_report(data), "You do not need a network here"), 0);
}

TEST(HtmlReport, WarnsFirstWhenTheTestRowsTookPartInTheSearch) {
  ReportData data = sample_report();
  data.as_published = true;
  const std::string page = html_report(data);
  EXPECT_LT(page.find("optimistic"), page.find("id=\"found\""));
  EXPECT_EQ(count_of(page, "made without looking at the test rows"), 0);
}

TEST(HtmlReport, AdmitsThatThereIsNoTestPart) {
  const std::string page = html_report(without_test());
  EXPECT_NE(page.find("No rows were kept aside as a test"), std::string::npos);
  EXPECT_EQ(count_of(page, "test rows"), 0);
}

TEST(HtmlReport, CountsRowsOfFindingsAsASpreadsheetDoes) {
  ReportData data = sample_report();
  data.header_lines = 2;
  EXPECT_NE(html_report(data).find("filter_dp, row 121"), std::string::npos);  // 118 + 2 + 1
}

TEST(HtmlReport, DrawsATrendOnlyWhereRowsAreInOrder) {
  EXPECT_EQ(count_of(html_report(sample_report()), "in time order</text>"), 1);
  EXPECT_EQ(count_of(html_report(sample_report({.ordered = false})), "in time order</text>"), 0);
}

TEST(HtmlReport, DrawsErrorBarsOfTrainingAndTestRows) {
  ReportData data = sample_report();
  std::string page = html_report(data);
  EXPECT_EQ(count_of(page, "row, by measured value</text>"), 2);
  EXPECT_EQ(count_of(page, "3 of 300, evenly spaced"), 2);
  EXPECT_EQ(count_of(page, "<path class=\"c-interval\" d=\"M"), 4);  // two charts, two keys
  for (BarRows& rows : data.trust.bars) rows.low = rows.high = rows.sd = {};
  page = html_report(data);
  EXPECT_EQ(count_of(page, "row, by measured value</text>"), 0);
  data = sample_report();
  for (BarRows& rows : data.trust.bars) rows.high.assign(3, INFINITY);  // too few residuals
  page = html_report(data);
  EXPECT_EQ(count_of(page, "<path class=\"c-interval\" d=\"M"), 0);
  EXPECT_EQ(count_of(page, "<path class=\"c-spread\" d=\"M"), 4);
}

TEST(HtmlReport, ShowsPublishedFiguresOnlyWhereThereAreSome) {
  ReportData data = sample_report();
  EXPECT_EQ(count_of(html_report(data), "Published figures for these data"), 1);
  data.published.clear();
  EXPECT_EQ(count_of(html_report(data), "Published figures for these data"), 0);
}

TEST(HtmlReport, GivesTheCommandSeedAndOptionsToRepeatTheStudy) {
  const std::string page = html_report(sample_report());
  for (const char* text : {"--split ordered --seed 7</pre>", "9f2c1ab08d77e310",
                           "search.population", "1 min 13 s", "600, 7 failed"})
    EXPECT_NE(page.find(text), std::string::npos) << text;
}

TEST(HtmlReport, IsTheSameTextForTheSameData) {
  EXPECT_EQ(html_report(sample_report()), html_report(sample_report()));
}

}  // namespace
}  // namespace cupel
