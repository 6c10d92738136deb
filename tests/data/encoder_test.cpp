#include "cupel/data/encoder.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "cupel/base/rng.hpp"
#include "support.hpp"

namespace cupel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr int kRows = 40;

/// x1 uniform, x2 log-normal, w words; the last ten rows are for testing.
Dataset plant() {
  Rng rng(11);
  Table table = table_of({generated("x1", kRows, [&](int) { return rng.uniform(3, 9); }),
                          generated("x2", kRows, [&](int) { return std::exp(2 * rng.normal()); }),
                          generated("y", kRows, [&](int) { return 100 + 5 * rng.normal(); })});
  std::vector<std::string> words;
  for (int row = 0; row < kRows; ++row)
    words.push_back(row % 10 < 2 ? "low" : row % 10 < 7 ? "mid" : "high");
  table.columns.push_back(text_column("w", words));
  return make_dataset(table, {.targets = {"y"}});
}
std::vector<int> range(int begin, int end) {
  std::vector<int> result;
  for (int i = begin; i < end; ++i) result.push_back(i);
  return result;
}
/// The first 30 rows.
Fold first_rows() { return {.train = range(0, 30), .validation = range(30, kRows)}; }
Encoder fitted(const Dataset& data, const EncodingOptions& options = {}) {
  return fit_encoder(data, first_rows().train_rows(), options);
}

TEST(Encoder, MapsTrainingRowsOntoTheRangeAskedFor) {
  const Dataset data = plant();
  const Encoder encoder = fitted(data, {.input_low = -0.8, .input_up = 0.6, .log_skewed = false});
  const Matrix x = encode_inputs(encoder, data.inputs, range(0, 30));
  for (int feature = 0; feature < 2; ++feature) {
    EXPECT_NEAR(x.col(feature).minCoeff(), -0.8, 1e-12);
    EXPECT_NEAR(x.col(feature).maxCoeff(), 0.6, 1e-12);
  }
}

TEST(Encoder, StandardizesTrainingRows) {
  const Dataset data = plant();
  const Encoder encoder = fitted(data, {.input_scaling = Scaling::standard});
  const Matrix x = encode_inputs(encoder, data.inputs, range(0, 30));
  const Matrix y = encode_targets(encoder, data, range(0, 30));
  for (const Vector& column : {Vector(x.col(0)), Vector(x.col(3)), Vector(y.col(0))}) {
    EXPECT_NEAR(column.mean(), 0, 1e-12);
    EXPECT_NEAR(column.squaredNorm() / 30, 1, 1e-12);
  }
}

TEST(Encoder, LearnsNothingFromRowsBeyondTheTrainingRows) {
  Dataset data = plant();
  const Json before = to_json(fitted(data));
  for (std::size_t row = 30; row < kRows; ++row) {
    data.inputs[0].values[row] = 1e6;
    data.inputs[1].values[row] = -1e6;
    data.targets[0].values[row] = 1e6;
    data.inputs[2].values[row] = kMissing;
  }
  EXPECT_EQ(to_json(fitted(data)), before);
}

TEST(Encoder, TakesLogarithmsOfSkewedColumnsOnly) {
  const Encoder encoder = fitted(plant());
  EXPECT_EQ(encoder.columns[0].log_scale, 0);
  EXPECT_GT(encoder.columns[1].log_scale, 0);
  EXPECT_EQ(fitted(plant(), {.log_skewed = false}).columns[1].log_scale, 0);
}

TEST(Encoder, LeavesColumnsOfTwoValuesAlone) {
  Dataset data = plant();
  for (int row = 0; row < kRows; ++row)
    data.inputs[0].values[static_cast<std::size_t>(row)] = row == 3;
  EXPECT_EQ(fitted(data).columns[0].log_scale, 0);
}

TEST(Encoder, KeepsTheOrderOfSkewedValuesOfBothSigns) {
  Dataset data = plant();
  for (int row = 0; row < kRows; ++row)
    data.inputs[0].values[static_cast<std::size_t>(row)] = std::pow(row - 8, 5);
  const Encoder encoder = fitted(data);
  ASSERT_GT(encoder.columns[0].log_scale, 0);
  const Matrix x = encode_inputs(encoder, data.inputs, range(0, kRows));
  for (int row = 1; row < kRows; ++row) EXPECT_GT(x(row, 0), x(row - 1, 0));
}

TEST(Encoder, DropsTheMostFrequentLevel) {
  const Dataset data = plant();
  const Encoder encoder = fitted(data);
  EXPECT_THAT(encoder.columns[2].levels, ElementsAre("mid", "high", "low"));
  ASSERT_EQ(encoder.inputs(), 4);
  EXPECT_EQ(encoder.features[2].name, "w=high");
  const Matrix x = encode_inputs(encoder, data.inputs, range(0, 10));
  EXPECT_THAT(std::vector<double>(x.col(3).begin(), x.col(3).end()),
              ElementsAre(1, 1, -1, -1, -1, -1, -1, -1, -1, -1));
}

TEST(Encoder, FillsMissingCellsAndCountsThem) {
  Dataset data = plant();
  data.inputs[0].values[0] = kMissing;
  data.inputs[2].values[0] = kMissing;
  const Encoder encoder = fitted(data);
  EncodingNotes notes;
  const Matrix x = encode_inputs(encoder, data.inputs, range(0, 1), &notes);
  EXPECT_EQ(notes.filled, 2);
  EXPECT_EQ(notes.unseen_levels, 0);
  std::vector<double> known(data.inputs[0].values.begin() + 1, data.inputs[0].values.begin() + 30);
  std::sort(known.begin(), known.end());
  EXPECT_EQ(encoder.columns[0].fill, known[14]);
  EXPECT_NEAR(x(0, 0), encoder.features[0].offset + encoder.features[0].factor * known[14], 1e-12);
  EXPECT_EQ(x(0, 2), -1);
  EXPECT_EQ(x(0, 3), -1);
}

TEST(Encoder, MatchesWordsOfAnotherTableAndCountsUnseenOnes) {
  const Dataset data = plant();
  const Encoder encoder = fitted(data);
  std::vector<Column> inputs = {number_column("x1", {5, 5}), number_column("x2", {1, 1}),
                                text_column("w", {"huge", "low"})};
  EncodingNotes notes;
  const Matrix x = encode_inputs(encoder, inputs, range(0, 2), &notes);
  EXPECT_EQ(notes.unseen_levels, 1);
  EXPECT_EQ(x(0, 2), -1);
  EXPECT_EQ(x(0, 3), -1);
  EXPECT_EQ(x(1, 3), 1);
}

TEST(Encoder, RefusesColumnsThatDoNotFit) {
  const Encoder encoder = fitted(plant());
  std::vector<Column> inputs = {text_column("x1", {"a"}), number_column("x2", {1}),
                                text_column("w", {"low"})};
  EXPECT_THAT(error_of(ErrorKind::bad_data, [&] { encode_inputs(encoder, inputs, range(0, 1)); }),
              HasSubstr("'x1'"));
  inputs.pop_back();
  error_of(ErrorKind::bad_data, [&] { encode_inputs(encoder, inputs, range(0, 1)); });
}

TEST(Encoder, GivesAConstantFeatureNoWeight) {
  Dataset data = plant();
  for (int row = 0; row < 30; ++row) data.inputs[0].values[static_cast<std::size_t>(row)] = 4;
  const Encoder encoder = fitted(data);
  EXPECT_EQ(encoder.features[0].factor, 0);
  EXPECT_TRUE(encode_inputs(encoder, data.inputs, range(0, kRows)).allFinite());
}

TEST(Encoder, BringsTargetsBack) {
  const Dataset data = plant();
  for (const Scaling scaling : {Scaling::min_max, Scaling::standard}) {
    const Encoder encoder = fitted(data, {.target_scaling = scaling});
    const Matrix y = target_values(data, range(0, kRows));
    const Matrix back = decode_targets(encoder, encode_targets(encoder, data, range(0, kRows)));
    EXPECT_LT((back - y).cwiseAbs().maxCoeff(), 1e-11);
  }
}

TEST(Encoder, TakesTheLogarithmOfATargetWhereAsked) {
  Dataset data = plant();
  data.log_targets = {true};
  const Encoder encoder = encoder_from_json(to_json(fitted(data)));
  ASSERT_TRUE(encoder.targets[0].log);
  const Matrix y = target_values(data, range(0, kRows));
  const Matrix scaled = encode_targets(encoder, data, range(0, kRows));
  EXPECT_NEAR(scaled.topRows(30).mean(), 0, 1e-10);
  EXPECT_LT((decode_targets(encoder, scaled) - y).cwiseAbs().maxCoeff(), 1e-10);
  // Equal shares are equal steps.
  const Matrix steps = encode_targets(encoder, data, range(0, 2));
  EXPECT_NEAR((steps(1, 0) - steps(0, 0)) / encoder.targets[0].factor, std::log(y(1, 0) / y(0, 0)),
              1e-10);
  const double step = 1e-6;
  const Matrix near = decode_targets(encoder, scaled.topRows(1).array() + step);
  EXPECT_NEAR(target_slope(encoder.targets[0], y(0, 0)), (near(0, 0) - y(0, 0)) / step, 1e-3);
  EXPECT_EQ(comparable_values(encoder, y)(3, 0), std::log(y(3, 0)));
}

TEST(Encoder, BringsATargetBackThatIsConstantInAFold) {
  Dataset data = plant();
  for (int row = 0; row < 30; ++row) data.targets[0].values[static_cast<std::size_t>(row)] = 4;
  const Encoder encoder = fitted(data);
  EXPECT_EQ(decode_targets(encoder, encode_targets(encoder, data, range(0, 1)))(0, 0), 4);
}

TEST(Encoder, KeepsFeaturesWhenFittedAnew) {
  const Dataset data = plant();
  const Encoder plan = fitted(data);
  const Fold few{.train = range(2, 7), .validation = range(30, kRows)};  // "mid" only
  const Encoder encoder = refit_encoder(plan, data, few.train_rows(), {});
  ASSERT_EQ(encoder.inputs(), plan.inputs());
  for (int f = 0; f < plan.inputs(); ++f)
    EXPECT_EQ(encoder.features[static_cast<std::size_t>(f)].name,
              plan.features[static_cast<std::size_t>(f)].name);
  EXPECT_EQ(encoder.columns[2].levels, plan.columns[2].levels);
  EXPECT_GT(encoder.columns[1].log_scale, 0);
  EXPECT_NE(encoder.features[0].factor, plan.features[0].factor);
  EXPECT_EQ(encoder.features[2].factor, 0);
}

TEST(Encoder, ComesBackFromJsonToTheSameBits) {
  const Dataset data = plant();
  const Encoder encoder = fitted(data);
  const Encoder back = encoder_from_json(parse_json(dump_json(to_json(encoder)), "model"));
  EXPECT_EQ(encode_inputs(back, data.inputs, range(0, kRows)),
            encode_inputs(encoder, data.inputs, range(0, kRows)));
  EXPECT_EQ(to_json(back), to_json(encoder));
}

TEST(Encoder, RefusesJsonThatPointsNowhere) {
  for (const char* key : {"column", "level"}) {
    Json json = to_json(fitted(plant()));
    Json::Array features = json["features"].as_array();
    features[3][key] = 7;
    json["features"] = features;
    error_of(ErrorKind::runtime, [&] { encoder_from_json(json); });
  }
}

}  // namespace
}  // namespace cupel
