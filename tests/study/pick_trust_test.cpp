#include "cupel/study/pick_trust.hpp"

#include <gtest/gtest.h>

#include "cupel/data/read_table.hpp"
#include "cupel/model/evaluate.hpp"
#include "cupel/model/input_values.hpp"
#include "tests/study/support.hpp"
#include "tests/support/paths.hpp"

namespace cupel {
namespace {

TEST(PickTrust, GivesTheModelNormalizedIntervalsAndACloud) {
  const test::DesignRun run(test::quick_options({"zeta", "alpha"}), test::plant(200));
  const Model& model = run.result.model;
  EXPECT_EQ(run.result.trust.problem, "");
  EXPECT_EQ(model.interval_method, IntervalMethod::normalized);
  EXPECT_TRUE(model.region.cloud.known());
  EXPECT_EQ(model.intervals.residuals.size(), 2u);
  for (const Member& member : model.members) EXPECT_EQ(member.uncertainty.noise.size(), 2);
  EXPECT_EQ(run.result.trust.kinds.size(), 5u) << "all kinds, for the report";
}

TEST(PickTrust, CoversFreshRowsOfTheSamePlant) {
  for (const char* kind : {"auto", "cv+", "split", "jackknife"}) {
    DesignOptions options = test::quick_options();
    options.intervals = kind;
    const test::DesignRun run(options, test::plant(300));
    const Table fresh = test::plant(3000, 99);
    const Model& model = run.result.model;
    const Prediction found = predict(model, fresh);
    const Vector measured = Eigen::Map<const Vector>(
        fresh.columns[static_cast<std::size_t>(fresh.find("zeta"))].values.data(), 3000);
    const double covered = (measured.array() >= found.lower.col(0).array() &&
                            measured.array() <= found.upper.col(0).array())
                               .cast<double>()
                               .mean();
    EXPECT_GT(covered, 0.84) << kind;
    // Networks of few iterations differ from fold to fold, which cv+ takes into account.
    EXPECT_LT(covered, std::string_view(kind) == "cv+" ? 0.99 : 0.96) << kind;
    const auto outside = std::count_if(found.invalid.begin(), found.invalid.end(),
                                       [](const std::string& reason) { return !reason.empty(); });
    EXPECT_LT(outside, 0.05 * 3000) << kind;
  }
}

/// x3 = x1 + x2: with a ridge no obstacle; without one a message, and no number.
Table dependent_plant() {
  Table table = test::plant(150);
  for (int row = 0; row < table.rows; ++row)
    table.columns[2].values[row] = table.columns[0].values[row] + table.columns[1].values[row];
  return table;
}

TEST(PickTrust, OfARankDeficientDesignIsAMessage) {
  DesignOptions options = test::quick_options();
  options.roles.keep = {"x3"};
  options.protocol = "as-published";
  options.trials = 4;
  options.folds = 0;
  options.confirm = -1;
  options.intervals = "jackknife";
  const test::DesignRun bare(options, dependent_plant());
  EXPECT_NE(bare.result.trust.problem.find("the data determine only"), std::string::npos);
  EXPECT_NE(bare.result.trust.problem.find("x1, x2, x3"), std::string::npos)
      << bare.result.trust.problem;
  EXPECT_TRUE(bare.result.model.intervals.residuals.empty());
  for (const Member& member : bare.result.model.members) EXPECT_FALSE(member.uncertainty.known());

  DesignOptions honest = test::quick_options();
  honest.roles.keep = {"x3"};
  const test::DesignRun ridged(honest, dependent_plant());
  EXPECT_EQ(ridged.result.trust.problem, "");
  EXPECT_EQ(ridged.result.model.interval_method, IntervalMethod::normalized);
}

TEST(PickTrust, IsTheSameForAnyNumberOfThreads) {
  DesignOptions options = test::quick_options();
  const test::DesignRun one(options);
  options.jobs = 3;
  const test::DesignRun three(options);
  Json a = parse_json(model_text(one.result.model), "a");
  Json b = parse_json(model_text(three.result.model), "b");
  a["provenance"] = b["provenance"] = Json();
  a["checksum"] = b["checksum"] = Json();  // of the provenance, too
  EXPECT_EQ(dump_json(a), dump_json(b));
}

/// A plant whose x1 rises with time: later rows lie outside what earlier ones showed, while those
/// between earlier and later ones do not.
Table moving_plant(int rows, std::uint64_t seed) {
  Table table = test::plant(rows, seed);
  const auto values = [&](const char* name) -> std::vector<double>& {
    return table.columns[static_cast<std::size_t>(table.find(name))].values;
  };
  for (int row = 0; row < rows; ++row) {
    const auto k = static_cast<std::size_t>(row);
    const double before = values("x1")[k], now = 0.9 * row / rows + 0.1 * before;
    values("x1")[k] = now;
    values("zeta")[k] += 3 * now * now - std::sin(3 * before);
  }
  return table;
}

TEST(LaterRows, ArePredictedByNetworksOfEarlierOnes) {
  DesignOptions options = test::quick_options();
  options.split = "ordered";
  const test::DesignRun run(options, test::plant(200));
  ASSERT_EQ(run.result.later.size(), 3u);
  for (const FoldNetworks& one : run.result.later) {
    ASSERT_FALSE(one.networks.empty());
    EXPECT_EQ(one.fold->validation_rows.front(), one.fold->train_inputs.rows());
  }
  options.split = "random";
  EXPECT_TRUE(test::DesignRun(options, test::plant(200)).result.later.empty());
}

TEST(LaterRows, MakeWiderIntervalsWhereAPlantMoves) {
  for (const char* recipe : {"qnn", "qnsnn", "six-step", "auto"}) {
    DesignOptions options = test::quick_options();
    options.recipe = recipe;
    options.split = "ordered";
    options.folds = 10;
    const test::DesignRun run(options, moving_plant(400, 6));
    ASSERT_FALSE(run.result.later.empty()) << recipe;
    const auto& kinds = run.result.trust.kinds;
    const auto same_width = std::find_if(
        kinds.begin(), kinds.end(),
        [](const PickTrust::Kind& kind) { return kind.method == IntervalMethod::held_out; });
    ASSERT_NE(same_width, kinds.end());
    const ResidualIntervals blocked =
        fit_intervals(run.result.held_out_measured, run.result.held_out_predicted);
    EXPECT_GT(half_width(same_width->intervals, 0, 0.9), 1.2 * half_width(blocked, 0, 0.9))
        << recipe;
  }
}

TEST(LaterRows, TakeNothingAwayWhereTheirNetworksKnowNoCovariance) {
  // Networks without a penalty, and an input that the first half of the rows does not move.
  Table table = test::plant(160);
  std::vector<double>& x3 = table.columns[static_cast<std::size_t>(table.find("x3"))].values;
  std::fill(x3.begin(), x3.begin() + 80, 0.5);
  DesignOptions options = test::quick_options();
  options.recipe = "namdm";
  options.split = "ordered";
  options.folds = 5;
  options.pick = "weights";
  options.error_weight = 1;
  const test::DesignRun run(options, table);
  ASSERT_EQ(run.result.later.size(), 3u);
  EXPECT_FALSE(run.result.trust.later_spreads);
  EXPECT_EQ(run.result.trust.problem, "");
  EXPECT_EQ(run.result.model.interval_method, IntervalMethod::normalized);
  EXPECT_EQ(run.result.trust.kinds[1].method, IntervalMethod::held_out);
}

TEST(LaterRows, AreTheSameForAnyNumberOfThreadsAndAfterAStop) {
  for (const char* recipe : {"qnn", "auto"}) {
    DesignOptions options = test::quick_options();
    options.recipe = recipe;
    options.split = "ordered";
    const test::DesignRun one(options, moving_plant(160, 4));
    ASSERT_FALSE(one.result.later.empty()) << recipe;
    const std::string text = canonical_export(one.study);
    EXPECT_NE(text.find("later rows"), std::string::npos) << recipe;
    options.jobs = 3;
    EXPECT_EQ(canonical_export(test::DesignRun(options, moving_plant(160, 4)).study), text)
        << recipe;
    // Stopped before the last of its trials: the rest is trained when it goes on.
    std::vector<Trial> stored = one.study.trials(true);
    stored.resize(stored.size() - 1);
    EXPECT_EQ(canonical_export(test::DesignRun(options, moving_plant(160, 4), stored).study), text)
        << recipe;
  }
}

TEST(LaterRows, AreStoredForWhicheverNetworkIsPickedLater) {
  DesignOptions options = test::quick_options();
  options.split = "ordered";
  const test::DesignRun first(options, moving_plant(200, 3));
  const int stored = first.study.trial_count();
  for (const char* rule : {"knee", "reference-point", "weights"}) {
    options.pick = rule;
    const test::DesignRun again(options, moving_plant(200, 3), first.study.trials(true));
    EXPECT_EQ(again.study.trial_count(), stored) << rule;
    EXPECT_EQ(again.result.later.size(), 3u) << rule;
  }
}

TEST(TestTrust, FindsNoDriftInARandomSplit) {
  const test::DesignRun run(test::quick_options(), test::plant(400));
  EXPECT_TRUE(run.result.test_trust.drift.empty());
  ASSERT_FALSE(run.result.test_trust.kinds.empty());
  EXPECT_GT(run.result.test_trust.kinds[0].coverage[0], 0.8);
  EXPECT_LT(run.result.test_trust.outside, 0.08);
}

TEST(TestTrust, FindsNoDriftInAStationarySeries) {
  DesignOptions options = test::quick_options();
  options.split = "ordered";
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const test::DesignRun run(options, test::plant(600, seed));
    EXPECT_TRUE(run.result.test_trust.drift.empty()) << seed;
  }
}

TEST(TestTrustOnRealData, FindsDriftOverTheYearsOfAGasTurbine) {
  const std::string path = test::shared_data("gas_turbine_emission.csv");
  if (path.empty()) GTEST_SKIP() << "no shared data beside the checkout";
  DesignOptions options = test::quick_options({"NOX_mg_m3"});
  options.roles.ignore = {"CO_mg_m3", "year"};
  options.split = "ordered";  // 2011 … 2014 | the end of 2014 and 2015
  options.trials = 4;
  options.population = 4;
  options.confirm = 1;
  Table table = read_table(path);
  for (Column& column : table.columns)  // every fourth hour, for time
    for (int row = 0; row < table.rows / 4; ++row) column.values[row] = column.values[4 * row];
  table.rows /= 4;
  for (Column& column : table.columns) column.values.resize(table.rows);
  const test::DesignRun run(options, table);
  EXPECT_FALSE(run.result.test_trust.drift.empty());
  EXPECT_LT(run.result.test_trust.kinds[0].coverage[0], 0.88);
}

}  // namespace
}  // namespace cupel
