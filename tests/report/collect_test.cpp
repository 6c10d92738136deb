#include "cupel/report/collect.hpp"

#include <gtest/gtest.h>

#include "cupel/report/published_figures.hpp"
#include "cupel/store/study_file.hpp"
#include "cupel/study/held_out.hpp"
#include "tests/study/support.hpp"

namespace cupel {
namespace {

class Collect : public testing::Test {
 protected:
  static DesignOptions options() {
    DesignOptions options = test::quick_options({"zeta", "alpha"});
    options.confirm = 0;
    return options;
  }
  Json json() const { return design_json(run_.data, run_.options, run_.result, context_); }
  ReportData report() const {
    return collect_report(run_.data, run_.options, run_.result, context_);
  }

  test::DesignRun run_{options()};
  ReportContext context_{.command = "cupel design plant.csv",
                         .created = "today",
                         .study_path = "a.study",
                         .model_path = "a.model",
                         .report_path = "a.html",
                         .elapsed_s = 1.5};
};

void expect_keys(const Json& json, std::initializer_list<const char*> keys) {
  for (const char* key : keys) EXPECT_TRUE(json.find(key)) << key;
}

TEST_F(Collect, JsonHasEveryKeyThatIsPromised) {
  const Json json = this->json();
  expect_keys(json, {"study", "model", "report", "recipe", "seed", "trials", "failed_trials",
                     "elapsed_s", "stop_reason", "pick", "front"});
  expect_keys(json.at("pick"),
              {"trial", "parameters", "connections", "inputs", "why", "validation", "test"});
  for (const char* part : {"validation", "test"})
    for (const char* figure : {"rmse", "mae", "mape", "r2"})
      expect_keys(json.at("pick").at(part).at(figure), {"zeta", "alpha"});
  ASSERT_FALSE(json.at("front").as_array().empty());
  for (const Json& member : json.at("front").as_array())
    expect_keys(member, {"trial", "parameters", "objectives", "validation", "test"});
}

TEST_F(Collect, DoesNotSayThatTheFrontWasScoredAgainWhenItWasNot) {
  EXPECT_EQ(report().scored_again, "");
}

TEST_F(Collect, SaysThatRepeatsStayTogether) {
  EXPECT_EQ(split_sentence(run_.data, run_.options).find("equal inputs"), std::string::npos);
  Table twice = test::plant(60);
  append_rows(twice, test::plant(60));
  EXPECT_NE(split_sentence(test::study_data(run_.options, twice), run_.options)
                .find("Rows with equal inputs stay together (120 rows, 60 different settings)."),
            std::string::npos);
}

TEST_F(Collect, JsonSaysWhatWasRun) {
  const Json json = this->json();
  EXPECT_EQ(json.at("study").as_string(), "a.study");
  EXPECT_EQ(json.at("model").as_string(), "a.model");
  EXPECT_EQ(json.at("report").as_string(), "a.html");
  EXPECT_EQ(json.at("recipe").as_string(), "qnn");
  EXPECT_EQ(json.at("seed").as_integer(), 1);
  EXPECT_EQ(json.at("trials").as_integer(), 16);
  EXPECT_EQ(json.at("elapsed_s").as_number(), 1.5);
  EXPECT_EQ(json.at("stop_reason").as_string(), "complete");
}

TEST_F(Collect, TestFiguresAreThoseOfTheModelOnTheTestRows) {
  const StudyData& data = run_.data;
  Table rows = data.table;  // the test rows alone, as a user would predict them
  rows.rows = static_cast<int>(data.split.test.size());
  for (std::size_t c = 0; c < rows.columns.size(); ++c) {
    rows.columns[c].values.clear();
    for (int row : data.split.test)
      rows.columns[c].values.push_back(data.table.columns[c].values[data.data.table_rows[row]]);
  }
  const Prediction prediction = predict(run_.result.model, rows);
  const Json test = json().at("pick").at("test");
  for (int t = 0; t < 2; ++t) {
    const auto& measured = rows.columns[rows.find(t == 0 ? "zeta" : "alpha")].values;
    double squares = 0, absolute = 0, relative = 0, mean = 0, spread = 0;
    for (double y : measured) mean += y / rows.rows;
    for (int k = 0; k < rows.rows; ++k) {
      const double off = prediction.outputs(k, t) - measured[k];
      squares += off * off;
      absolute += std::abs(off);
      relative += std::abs(off / measured[k]);
      spread += (measured[k] - mean) * (measured[k] - mean);
    }
    const std::string name = t == 0 ? "zeta" : "alpha";
    EXPECT_NEAR(test.at("rmse").at(name).as_number(), std::sqrt(squares / rows.rows), 1e-9);
    EXPECT_NEAR(test.at("mae").at(name).as_number(), absolute / rows.rows, 1e-9);
    EXPECT_NEAR(test.at("mape").at(name).as_number() / (100 * relative / rows.rows), 1, 1e-9);
    EXPECT_NEAR(test.at("r2").at(name).as_number(), 1 - squares / spread, 1e-9);
  }
}

TEST_F(Collect, ValidationFiguresAreThoseOfTheFoldNetworks) {
  const Json pick = json().at("pick");
  const auto trial = run_.study.trial(static_cast<int>(pick.at("trial").as_integer()));
  const auto& features = picked_member(run_.result).networks.at(0).features;
  double squares = 0;
  for (std::size_t k = 0; k < trial->networks.size(); ++k) {
    const FoldData& fold = run_.data.repeats[0][k];
    const Matrix predicted = decode_targets(
        fold.encoder, predict(trial->networks[k], pick_columns(fold.validation_inputs, features)));
    for (std::size_t i = 0; i < fold.validation_rows.size(); ++i)
      squares += std::pow(
          predicted(static_cast<int>(i), 1) - run_.data.design_values(fold.validation_rows[i], 1),
          2);
  }
  EXPECT_NEAR(pick.at("validation").at("rmse").at("alpha").as_number(),
              std::sqrt(squares / static_cast<double>(run_.data.split.design.size())), 1e-12);
}

TEST_F(Collect, ThePickIsAMemberOfTheFront) {
  const Json json = this->json();
  int found = 0;
  for (const Json& member : json.at("front").as_array()) {
    if (member.at("trial").as_integer() != json.at("pick").at("trial").as_integer()) continue;
    ++found;
    EXPECT_EQ(dump_json(member.at("test")), dump_json(json.at("pick").at("test")));
    EXPECT_EQ(member.at("objectives").at("weights").as_integer(),
              json.at("pick").at("parameters").as_integer());
  }
  EXPECT_EQ(found, 1);
  const ReportData report = this->report();
  int picked = 0;
  for (const FrontRow& row : report.front) picked += row.picked;
  EXPECT_EQ(picked, 1);
  EXPECT_EQ(report.front.size(), json.at("front").as_array().size());
}

TEST_F(Collect, ACanonicalResultHasNoTimesAndNoPaths) {
  const Json json = canonical_result(run_.data, run_.options, run_.result);
  for (const char* key : {"study", "model", "report", "elapsed_s", "search_s"})
    EXPECT_FALSE(json.find(key)) << key;
  EXPECT_EQ(dump_json(json.at("pick")), dump_json(this->json().at("pick")));
}

TEST_F(Collect, TheReportCountsRowsAndColumns) {
  const ReportData report = this->report();
  EXPECT_EQ(report.rows, 90);
  EXPECT_EQ(report.design_rows + report.test_rows, 90);
  ASSERT_EQ(report.columns.size(), 5u);
  EXPECT_EQ(report.columns[0].role, "input");
  EXPECT_EQ(report.columns[3].role, "target");
  EXPECT_EQ(report.target_names, (std::vector<std::string>{"zeta", "alpha"}));
  EXPECT_EQ(report.trials.size(), 16u);
  EXPECT_EQ(report.feature_names.size() + report.dropped_features.size(), 3u);
  EXPECT_EQ(report.scatters.size(), 2u);
  EXPECT_EQ(report.scatters[1].measured_test.size(), static_cast<std::size_t>(report.test_rows));
  EXPECT_EQ(report.baselines.size(), run_.result.baselines.size());
  EXPECT_FALSE(report.as_published);
}

TEST_F(Collect, ErrorBarsAreWhatTheModelSaysOfTheRows) {
  const std::vector<BarRows> bars = report().trust.bars;
  ASSERT_EQ(bars.size(), 4u);  // two targets, training and test
  for (const BarRows& rows : bars) {
    const bool test = rows.part == "test";
    EXPECT_EQ(rows.rows, test ? report().test_rows : report().design_rows);
    ASSERT_EQ(rows.measured.size(), static_cast<std::size_t>(std::min(rows.rows, 80)));
    EXPECT_TRUE(std::is_sorted(rows.measured.begin(), rows.measured.end()));
    for (std::size_t i = 0; i < rows.measured.size(); ++i) {
      EXPECT_LT(rows.low[i], rows.predicted[i]);
      EXPECT_GT(rows.high[i], rows.predicted[i]);
      EXPECT_GT(rows.sd[i], 0);
    }
  }
  double squares = 0;
  for (std::size_t i = 0; i < bars[2].measured.size(); ++i)
    squares += std::pow(bars[2].measured[i] - bars[2].predicted[i], 2);
  EXPECT_EQ(bars[2].part, "test");
  EXPECT_NEAR(std::sqrt(squares / static_cast<double>(bars[2].measured.size())),
              json().at("pick").at("test").at("rmse").at("zeta").as_number(), 1e-9);
}

TEST_F(Collect, TheReportIsWrittenFromIt) {
  const std::string page = html_report(report());
  EXPECT_NE(page.find("zeta"), std::string::npos);
  EXPECT_NE(page.find("cupel design plant.csv"), std::string::npos);
}

TEST(CollectAsPublished, SaysThatTheTestPartWasUsed) {
  DesignOptions options = test::quick_options();
  options.protocol = "as-published";
  options.starts = 1;
  const test::DesignRun run(options);
  const ReportData report = collect_report(run.data, run.options, run.result, {});
  EXPECT_TRUE(report.as_published);
  EXPECT_NE(report.split.find("scored on them"), std::string::npos);
  EXPECT_TRUE(report.scatters.at(0).measured_held_out.empty());
}

/// A column with the rows, mean and deviation of the Boston target, and one input.
Table like_boston(double shift) {
  constexpr int kRows = 506;
  std::vector<double> x, y;
  for (int row = 0; row < kRows; ++row) {
    x.push_back(row / 2 % 50);
    y.push_back(22.532806 + shift + (row % 2 == 0 ? 9.188012 : -9.188012));
  }
  Table table;
  table.rows = kRows;
  table.columns = {test::number_column("x", x), test::number_column("zeta", y)};
  return table;
}

TEST(CollectPublished, KnowsAPublishedDataSetByItsTarget) {
  DesignOptions options = test::quick_options();
  options.roles.ignore.clear();
  for (const double shift : {0.0, 0.01}) {
    const StudyData data = test::study_data(options, like_boston(shift));
    ReportData report;
    add_published_figures(data, {}, report);
    EXPECT_EQ(report.published.size(), shift == 0 ? 2u : 0u);
    EXPECT_EQ(report.published_source.empty(), shift != 0);
  }
}

TEST(CollectPublished, SetsThePickOfThePublishedObjectiveBeforeThem) {
  DesignOptions options = test::quick_options();
  options.roles.ignore.clear();
  const StudyData data = test::study_data(options, like_boston(0));
  DesignResult result;
  result.trials.resize(2);
  result.trials[1].number = 7;
  result.trials[1].measures["train_rmse"] = 0.5 * data.encoder.targets.front().factor;
  result.trials[1].measures["cov_trace"] = 0.25;
  ReportData report;
  report.front = {{.trial = 7, .structure = "3 inputs, 2 tanh", .parameters = 9, .picked = true}};
  add_published_figures(data, result, report);
  EXPECT_EQ(report.published.size(), 2u);  // a pick by another objective
  result.trials[1].measures["mean_uncertainty"] = 0.0625;
  report.published.clear();
  add_published_figures(data, result, report);
  ASSERT_EQ(report.published.size(), 3u);
  EXPECT_EQ(report.published[0].design, "9 connections; 3 inputs, 2 tanh");
  EXPECT_EQ(report.published[0].training.substr(0, 8), "RMSE 0.5");
  EXPECT_EQ(report.published[0].test, "");
  EXPECT_EQ(report.published[0].uncertainty, "Σ diag 0.25, MU 0.062 on training rows");
}

TEST(CollectRoles, NamesTimeGroupAndIgnoredColumns) {
  DesignOptions options = test::quick_options();
  options.roles.group = "batch";
  Table table = test::plant(90);
  std::vector<double> batch;
  for (int row = 0; row < 90; ++row) batch.push_back(row / 6);
  table.columns.push_back(test::number_column("batch", batch));
  table.columns[2].values[7] = kMissing;
  const test::DesignRun run(options, table);
  const ReportData report = collect_report(run.data, run.options, run.result, {});
  EXPECT_EQ(report.columns[5].role, "group");
  EXPECT_EQ(report.columns[4].role, "ignored");  // alpha
  EXPECT_EQ(report.columns[2].missing, 1);
}

}  // namespace
}  // namespace cupel
