#include "cupel/model/evaluate.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cupel/model/fold_intervals.hpp"
#include "cupel/model/input_values.hpp"
#include "tests/model/trusted_model.hpp"

namespace cupel {
namespace {

TEST(Evaluate, GivesWhatPredictGives) {
  for (const Model& model : {normalized_model(), fold_model(5), sample_model()}) {
    const Table table = parse_csv("T,catalyst,p\n80.5,B,2\n,C,1.5\n50,,\n111,A,2.9\n", "some rows");
    const Prediction prediction = predict(model, table);
    const Evaluation evaluation = evaluate(model, input_values(model.encoder, table.columns));
    EXPECT_EQ(evaluation.outputs, prediction.outputs);
    EXPECT_EQ(evaluation.lower, prediction.lower);
    EXPECT_EQ(evaluation.upper, prediction.upper);
    ASSERT_EQ(evaluation.distance.size(), 4);
    for (const int row : {0, 3})  // predict names what is missing in the others
      EXPECT_EQ(evaluation.distance[row] > 1, !prediction.invalid[row].empty()) << row;
    EXPECT_NE(prediction.invalid[2].find("missing: catalyst"), std::string::npos);
  }
}

TEST(Evaluate, TakesAWordThatTrainingNeverHadAsMissing) {
  const Model model = sample_model();
  const Table table = parse_csv("T,catalyst,p\n80,D,2\n80,,2\n80,C,2\n", "words");
  const Matrix values = input_values(model.encoder, table.columns);
  EXPECT_TRUE(std::isnan(values(0, 1)) && std::isnan(values(1, 1)));
  EXPECT_EQ(values(2, 1), 2);
  const Matrix outputs = evaluate(model, values).outputs;
  EXPECT_EQ(outputs.row(0), outputs.row(1));
  EXPECT_NE(outputs.row(0), outputs.row(2));
}

void expect_gradients(const Model& model, const Vector& place) {
  const EvaluationGradient found = evaluate_gradient(model, place);
  for (const int column : {0, 2}) {
    const double step = 1e-5 * (column == 0 ? 60 : 2);
    Matrix rows = place.transpose().replicate(2, 1);
    rows(0, column) -= step;
    rows(1, column) += step;
    const Evaluation at = evaluate(model, rows);
    const auto near = [&](const Matrix& values, const Matrix& slopes, const char* what) {
      for (int t = 0; t < 2; ++t) {
        const double slope = (values(1, t) - values(0, t)) / (2 * step);
        EXPECT_NEAR(slopes(t, column), slope, 2e-5 * (1 + std::abs(slope)))
            << what << " of target " << t << " by column " << column;
      }
    };
    near(at.outputs, found.outputs, "output");
    near(at.lower, found.lower, "lower end");
    near(at.upper, found.upper, "upper end");
    const double slope = (at.distance[1] - at.distance[0]) / (2 * step);
    EXPECT_NEAR(found.distance[column], slope, 1e-5 * (1 + std::abs(slope))) << column;
  }
  EXPECT_EQ(found.outputs.col(1).norm() + found.upper.col(1).norm(), 0) << "words have no slope";
}

/// The model with the second target, which is near 0, taken as the logarithm of one near 1.
Model with_log(Model model) {
  model.encoder.targets[1].log = true;
  for (FoldModel& fold : model.folds) fold.encoder.targets[1].log = true;
  return model;
}

TEST(Evaluate, OfALogarithmIsSpreadInSharesOfTheValue) {
  const Model model = normalized_model(), log = with_log(model);
  Matrix rows(2, 3);
  rows << 80, 0, 2, 100, 1, 2.5;
  const Evaluation plain = evaluate(model, rows), found = evaluate(log, rows);
  for (int row = 0; row < 2; ++row) {
    EXPECT_NEAR(found.outputs(row, 1), std::exp(plain.outputs(row, 1)), 1e-12);
    EXPECT_NEAR((found.upper(row, 1) - found.outputs(row, 1)) / found.outputs(row, 1),
                plain.upper(row, 1) - plain.outputs(row, 1), 1e-12);
    EXPECT_EQ(found.upper(row, 0), plain.upper(row, 0));
  }
}

TEST(Evaluate, GradientsMeetFiniteDifferences) {
  for (const Model& model :
       {normalized_model(), fold_model(5), with_log(normalized_model()), with_log(fold_model(5))}) {
    expect_gradients(model, Vector{{71.3, 1, 1.7}});
    expect_gradients(model, Vector{{108.2, 0, 2.95}});
    expect_gradients(model, Vector{{140, 2, 1.2}});  // outside the ranges
  }
}

/// The definition, over all rows without thinning.
double plain_upper(const std::vector<FoldModel>& folds, const std::vector<double>& predicted,
                   double confidence, double sign) {
  std::vector<double> all;
  for (std::size_t k = 0; k < folds.size(); ++k)
    for (const double residual : folds[k].residuals[0])
      all.push_back(sign * predicted[k] + residual);
  std::sort(all.begin(), all.end());
  const auto rank = static_cast<std::size_t>(std::ceil((all.size() + 1) * confidence - 1e-9));
  return rank > all.size() ? sign * std::numeric_limits<double>::infinity() : sign * all[rank - 1];
}

TEST(FoldIntervals, AreWhatTheDefinitionSays) {
  Rng rng(5);
  std::vector<FoldModel> folds(4);
  std::vector<double> predicted;
  for (FoldModel& fold : folds) {
    fold.rows = 25;
    fold.residuals.resize(1);
    for (int k = 0; k < 25; ++k) fold.residuals[0].push_back(std::abs(rng.normal()));
    std::sort(fold.residuals[0].begin(), fold.residuals[0].end());
    predicted.push_back(0.3 * rng.normal());
  }
  for (const double confidence : {0.5, 0.9, 0.99, 0.995})
    for (const double sign : {-1.0, 1.0})
      EXPECT_EQ(interval_end(folds, predicted, 0, confidence, sign).value,
                plain_upper(folds, predicted, confidence, sign));
  EXPECT_EQ(interval_end(folds, predicted, 0, 0.999, 1).value,
            std::numeric_limits<double>::infinity())
      << "100 rows are too few";
  EXPECT_EQ(interval_end(folds, predicted, 0, 0.999, -1).value,
            -std::numeric_limits<double>::infinity());
}

TEST(Evaluate, WidensNormalizedIntervalsWhereTheDataSayLess) {
  const Model model = normalized_model();
  Matrix rows(2, 3);
  rows << 80, 0, 2, 200, 0, 2;
  const Evaluation found = evaluate(model, rows);
  const Matrix width = found.upper - found.lower;
  EXPECT_GT(width(1, 0), 1.5 * width(0, 0));
  const Matrix sd = parameter_uncertainty(model, rows);
  EXPECT_GT(sd(1, 0), 2 * sd(0, 0));
}

TEST(Evaluate, LeavesOutWhatWasNotAskedFor) {
  const Model model = normalized_model();
  const Matrix row = Vector{{80, 0, 2}}.transpose();
  const Evaluation bare = evaluate(model, row, {.intervals = false, .distance = false});
  EXPECT_EQ(bare.lower.size() + bare.upper.size() + bare.distance.size(), 0);
  EXPECT_EQ(bare.outputs, evaluate(model, row).outputs);
  Model none = sample_model();
  none.intervals = {};
  EXPECT_EQ(evaluate(none, row).lower.size(), 0);
}

/// Data drawn from the model itself: the intervals cover what they promise, with a network fitted
/// to the draw, its own covariance, and residuals of networks that did not see the rows.
TEST(Evaluate, CoversDataDrawnFromTheModelItself) {
  for (const bool normalized : {true, false}) {
    double covered = 0, rows = 0;
    for (std::uint64_t draw = 0; draw < 12; ++draw) {
      const DrawnData data = drawn_data(draw);
      const Model model = normalized ? fitted_normalized(data) : fitted_folds(data);
      const Evaluation found = evaluate(model, data.new_values);
      covered += (data.new_targets.array() >= found.lower.array() &&
                  data.new_targets.array() <= found.upper.array())
                     .count();
      rows += static_cast<double>(data.new_targets.size());
    }
    EXPECT_NEAR(covered / rows, 0.9, 0.025) << (normalized ? "normalized" : "cv+");
  }
}

TEST(ModelFile, KeepsUncertaintyFoldsAndCloudWithTheSameBits) {
  for (const Model& model : {normalized_model(), fold_model(3)}) {
    const Model back = parse_model(model_text(model), "copy");
    EXPECT_EQ(model_text(back), model_text(model));
    Matrix rows(3, 3);
    rows << 80, 0, 2, 55, 2, 1.1, 130, 1, 2.9;
    const Evaluation one = evaluate(model, rows), other = evaluate(back, rows);
    EXPECT_EQ(one.upper, other.upper);
    EXPECT_EQ(one.distance, other.distance);
  }
}

}  // namespace
}  // namespace cupel
