// Learning an encoder: levels, fill values, logarithms and scales from training rows.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "cupel/base/error.hpp"
#include "cupel/data/encoder.hpp"

namespace cupel {
namespace {

/// Values of the rows, without the missing ones.
std::vector<double> present_values(const Column& column, std::span<const int> rows) {
  std::vector<double> values;
  values.reserve(rows.size());
  for (const int row : rows) {
    const double value = column.values[static_cast<std::size_t>(row)];
    if (!std::isnan(value)) values.push_back(value);
  }
  return values;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  const double below = *std::max_element(values.begin(), middle);
  return below + (*middle - below) / 2;
}

struct Moments {
  double mean = 0, deviation = 0, skewness = 0;
};

Moments moments_of(const std::vector<double>& values) {
  Moments moments;
  if (values.empty()) return moments;
  const auto n = static_cast<double>(values.size());
  moments.mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double second = 0, third = 0;
  for (const double value : values) {
    const double d = value - moments.mean;
    second += d * d;
    third += d * d * d;
  }
  moments.deviation = std::sqrt(second / n);
  if (moments.deviation > 0) moments.skewness = third / n / std::pow(moments.deviation, 3);
  return moments;
}

std::vector<double> logarithms(const std::vector<double>& values, double scale) {
  std::vector<double> result;
  result.reserve(values.size());
  for (const double value : values)
    result.push_back(std::copysign(std::log1p(std::abs(value) / scale), value));
  return result;
}

/// Median magnitude of what is not zero; 0 when all is.
double typical_magnitude(const std::vector<double>& values) {
  std::vector<double> magnitudes;
  for (const double value : values)
    if (value != 0) magnitudes.push_back(std::abs(value));
  return median(std::move(magnitudes));
}

/// The scale of the logarithm that takes the skew out; 0 when none is needed or none helps.
double choose_log_scale(const std::vector<double>& values) {
  constexpr double kSkewed = 1;
  constexpr double kWorthwhile = 0.95;  // a column of two values keeps its skewness
  const double before = std::abs(moments_of(values).skewness);
  if (!(before > kSkewed)) return 0;
  const double scale = typical_magnitude(values);
  if (!(scale > 0)) return 0;
  const double after = std::abs(moments_of(logarithms(values, scale)).skewness);
  return after < kWorthwhile * before ? scale : 0;
}

struct Scale {
  double offset = 0, factor = 0;
};

struct ScaleRule {
  Scaling scaling;
  double low, up;
};

/// Factor 0 when the values do not vary (or by too little to divide by).
Scale fit_scale(const std::vector<double>& values, const ScaleRule& rule) {
  if (values.empty()) return {};
  const auto [low, up] = std::minmax_element(values.begin(), values.end());
  if (*low == *up) return {};
  Scale scale;
  if (rule.scaling == Scaling::min_max) {
    scale.factor = (rule.up - rule.low) / (*up - *low);
    scale.offset = rule.low - scale.factor * *low;
  } else {
    const Moments moments = moments_of(values);
    scale.factor = 1 / moments.deviation;
    scale.offset = -moments.mean * scale.factor;
  }
  if (!std::isfinite(scale.factor) || !std::isfinite(scale.offset)) return {};
  return scale;
}

/// Words of the training rows by frequency; ties by first appearance.
std::vector<std::string> levels_by_frequency(const Column& column, std::span<const int> rows) {
  std::vector<int> count(column.words.size(), 0), first;
  for (const int row : rows) {
    const double value = column.values[static_cast<std::size_t>(row)];
    if (std::isnan(value)) continue;
    const auto word = static_cast<std::size_t>(value);
    if (count[word]++ == 0) first.push_back(static_cast<int>(word));
  }
  std::stable_sort(first.begin(), first.end(), [&](int a, int b) {
    return count[static_cast<std::size_t>(a)] > count[static_cast<std::size_t>(b)];
  });
  std::vector<std::string> levels;
  for (const int word : first) levels.push_back(column.words[static_cast<std::size_t>(word)]);
  return levels;
}

EncodedColumn plan_column(const Column& column, std::span<const int> rows, bool log_skewed) {
  EncodedColumn encoded;
  encoded.name = column.name;
  encoded.unit = column.unit;
  encoded.text = column.kind == ColumnKind::text;
  if (encoded.text)
    encoded.levels = levels_by_frequency(column, rows);
  else if (log_skewed)
    encoded.log_scale = choose_log_scale(present_values(column, rows));
  return encoded;
}

std::vector<Feature> features_of(const std::vector<EncodedColumn>& columns) {
  std::vector<Feature> features;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const EncodedColumn& column = columns[c];
    if (!column.text) features.push_back({.name = column.name, .column = static_cast<int>(c)});
    for (std::size_t level = 1; level < column.levels.size(); ++level)
      features.push_back({.name = column.name + "=" + column.levels[level],
                          .column = static_cast<int>(c),
                          .level = static_cast<int>(level)});
  }
  return features;
}

/// Fill value, range and the scale of the logarithm from the rows; the plan's where the rows
/// say nothing.
void learn_column(EncodedColumn& encoded, const std::vector<double>& values) {
  if (values.empty()) return;
  const auto [low, up] = std::minmax_element(values.begin(), values.end());
  encoded.low = *low;
  encoded.up = *up;
  encoded.fill = median(values);
  if (encoded.log_scale <= 0) return;
  const double scale = typical_magnitude(values);
  if (scale > 0) encoded.log_scale = scale;
}

/// 0 or 1 a row: does it hold this level (missing words hold the first)?
std::vector<double> indicator(const Column& column, std::span<const int> rows,
                              const std::string& level) {
  const auto found = std::find(column.words.begin(), column.words.end(), level);
  const auto code = static_cast<double>(found - column.words.begin());
  std::vector<double> values;
  values.reserve(rows.size());
  for (const int row : rows)
    values.push_back(column.values[static_cast<std::size_t>(row)] == code ? 1.0 : 0.0);
  return values;
}

/// A window's steps are encoded alike: as the last one.
void share_last_step(Encoder& encoder, int steps) {
  const std::size_t columns = encoder.columns.size() / static_cast<std::size_t>(steps);
  const std::size_t features = encoder.features.size() / static_cast<std::size_t>(steps);
  for (std::size_t c = 0; c + columns < encoder.columns.size(); ++c) {
    const std::string name = encoder.columns[c].name;
    encoder.columns[c] = encoder.columns[encoder.columns.size() - columns + c % columns];
    encoder.columns[c].name = name;
  }
  for (std::size_t f = 0; f + features < encoder.features.size(); ++f) {
    const Feature& last = encoder.features[encoder.features.size() - features + f % features];
    encoder.features[f].offset = last.offset;
    encoder.features[f].factor = last.factor;
  }
}

void learn_features(Encoder& encoder, const Dataset& data, std::span<const int> rows,
                    const EncodingOptions& options) {
  const ScaleRule rule{options.input_scaling, options.input_low, options.input_up};
  for (std::size_t c = 0; c < encoder.columns.size(); ++c)
    if (!encoder.columns[c].text)
      learn_column(encoder.columns[c], present_values(data.inputs[c], rows));
  for (Feature& feature : encoder.features) {
    const EncodedColumn& encoded = encoder.columns[static_cast<std::size_t>(feature.column)];
    const Column& column = data.inputs[static_cast<std::size_t>(feature.column)];
    std::vector<double> values;
    if (feature.level >= 0)
      values = indicator(column, rows, encoded.levels[static_cast<std::size_t>(feature.level)]);
    else
      values = present_values(column, rows);
    if (encoded.log_scale > 0) values = logarithms(values, encoded.log_scale);
    const Scale scale = fit_scale(values, rule);
    feature.offset = scale.offset;
    feature.factor = scale.factor;
  }
}

TargetScale learn_target(const Column& target, bool log, std::span<const int> rows,
                         const EncodingOptions& options) {
  std::vector<double> values = present_values(target, rows);
  const ScaleRule rule{options.target_scaling, options.target_low, options.target_up};
  TargetScale result{.name = target.name, .unit = target.unit, .log = log};
  if (values.empty()) throw Error(ErrorKind::bad_data, "no training rows to learn scales from");
  const auto [low, up] = std::minmax_element(values.begin(), values.end());
  result.low = *low;
  result.up = *up;
  if (log)
    for (double& value : values) value = std::log(value);
  const Scale scale = fit_scale(values, rule);
  // A target that is constant here must still come back from its scaled form.
  result.factor = scale.factor == 0 ? 1 : scale.factor;
  result.offset = scale.factor == 0 ? -values.front() : scale.offset;
  return result;
}

}  // namespace

Encoder fit_encoder(const Dataset& data, const TrainRows& rows, const EncodingOptions& options) {
  Encoder plan;
  for (const Column& column : data.inputs)
    plan.columns.push_back(plan_column(column, rows.rows(), options.log_skewed));
  share_last_step(plan, data.steps);
  plan.features = features_of(plan.columns);
  return refit_encoder(plan, data, rows, options);
}

Encoder refit_encoder(const Encoder& plan, const Dataset& data, const TrainRows& rows,
                      const EncodingOptions& options) {
  Encoder encoder = plan;
  learn_features(encoder, data, rows.rows(), options);
  share_last_step(encoder, data.steps);
  encoder.targets.clear();
  for (std::size_t t = 0; t < data.targets.size(); ++t) {
    const bool log = t < data.log_targets.size() && data.log_targets[t];
    encoder.targets.push_back(learn_target(data.targets[t], log, rows.rows(), options));
  }
  return encoder;
}

}  // namespace cupel
