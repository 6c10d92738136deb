#include "cupel/study/held_out.hpp"

#include <algorithm>
#include <cmath>

namespace cupel {

HeldOut::HeldOut(const StudyData& data) : data_(&data) {}

void HeldOut::add(const FoldData& fold, const Matrix& scaled_predictions) {
  rows_.insert(rows_.end(), fold.validation_rows.begin(), fold.validation_rows.end());
  predicted_.push_back(decode_targets(fold.encoder, scaled_predictions));
}

void HeldOut::add(const FoldData& fold, const std::vector<int>& some,
                  const Matrix& scaled_predictions) {
  for (const int k : some) rows_.push_back(fold.validation_rows[static_cast<std::size_t>(k)]);
  predicted_.push_back(decode_targets(fold.encoder, scaled_predictions));
}

Matrix HeldOut::measured() const { return data_->design_values(rows_, Eigen::all); }

Matrix HeldOut::predicted() const {
  Matrix all(static_cast<Eigen::Index>(rows_.size()), data_->design_values.cols());
  Eigen::Index at = 0;
  for (const Matrix& part : predicted_) {
    all.middleRows(at, part.rows()) = part;
    at += part.rows();
  }
  return all;
}

/// Mean over targets of squared error / variance, one a row.
Vector HeldOut::row_errors() const {
  const Matrix error = comparable_values(data_->encoder, predicted()) -
                       comparable_values(data_->encoder, measured());
  const Matrix design = comparable_values(data_->encoder, data_->design_values);
  Vector row_error = Vector::Zero(error.rows());
  for (Eigen::Index t = 0; t < error.cols(); ++t) {
    const auto& values = design.col(t);
    const double variance = (values.array() - values.mean()).square().mean();
    row_error += error.col(t).array().square().matrix() /
                 (std::max(variance, 1e-300) * static_cast<double>(error.cols()));
  }
  return row_error;
}

std::vector<double> HeldOut::fold_errors(int groups) const {
  const Vector row_error = row_errors();
  std::vector<double> means;
  Eigen::Index begin = 0;
  for (const Matrix& part : predicted_) {
    const Eigen::Index rows = part.rows();
    for (Eigen::Index group = 0; group < groups; ++group) {
      // With fewer rows than groups, neighbors share a row.
      const Eigen::Index from = std::min(group * rows / groups, rows - 1);
      const Eigen::Index to = std::max((group + 1) * rows / groups, from + 1);
      means.push_back(row_error.segment(begin + from, to - from).mean());
    }
    begin += rows;
  }
  return means;
}

std::vector<double> HeldOut::block_errors() const {
  const Vector row_error = row_errors();
  // Every candidate's rows fall into the same blocks: by position in the design part.
  const std::vector<int> place = places();
  const int places = count_numbers(place);
  const int blocks = std::min(kErrorBlocks, places);
  std::vector<double> sum(static_cast<std::size_t>(blocks)), count(sum.size());
  for (std::size_t k = 0; k < rows_.size(); ++k) {
    const int at = place[static_cast<std::size_t>(rows_[k])];
    const auto block =
        data_->ordered() ? static_cast<std::int64_t>(at) * blocks / places : at % blocks;
    sum[block] += row_error[static_cast<Eigen::Index>(k)];
    count[block] += 1;
  }
  for (std::size_t b = 0; b < sum.size(); ++b)
    sum[b] = count[b] > 0 ? sum[b] / count[b] : std::numeric_limits<double>::quiet_NaN();
  return sum;
}

std::vector<int> HeldOut::places() const {
  std::vector<int> place(static_cast<std::size_t>(data_->design_values.rows()));
  const std::vector<int>& unit = data_->data.together.unit;
  const bool kept_together = !data_->ordered() && !unit.empty();
  std::vector<int> place_of(unit.size(), -1);
  int next = 0;
  for (std::size_t k = 0; k < place.size(); ++k) {
    if (!kept_together) {
      place[k] = next++;
      continue;
    }
    int& of_unit =
        place_of[static_cast<std::size_t>(unit[static_cast<std::size_t>(data_->split.design[k])])];
    if (of_unit < 0) of_unit = next++;
    place[k] = of_unit;
  }
  return place;
}

double performance_index(const Encoder& encoder, const Matrix& measured, const Matrix& predicted,
                         std::optional<double> training_mse) {
  const Matrix of = comparable_values(encoder, measured),
               by = comparable_values(encoder, predicted);
  double total = 0;
  for (Eigen::Index t = 0; t < measured.cols(); ++t) {
    const ErrorFigures figures = error_figures(of.col(t), by.col(t));
    const double factor = encoder.targets[static_cast<std::size_t>(t)].factor;
    const double mse = training_mse.value_or(std::pow(figures.rmse * factor, 2));
    const double nmse = std::isnan(figures.r2) ? 1 : 1 - figures.r2;
    total += perf_index(figures.correlation, mse, nmse);
  }
  return total / static_cast<double>(measured.cols());
}

void record_errors(const StudyData& data, const Matrix& measured, const Matrix& predicted,
                   Trial& trial) {
  const Matrix of = comparable_values(data.encoder, measured),
               by = comparable_values(data.encoder, predicted);
  double nmse = 0;
  for (Eigen::Index t = 0; t < measured.cols(); ++t) {
    trial.measures["validation"][data.data.targets[static_cast<std::size_t>(t)].name] =
        to_json(error_figures(measured.col(t), predicted.col(t)));
    nmse += (1 - error_figures(of.col(t), by.col(t)).r2) / static_cast<double>(measured.cols());
  }
  trial.measures["nmse"] = nmse;
}

Matrix pick_columns(const Matrix& matrix, const std::vector<int>& columns) {
  return matrix(Eigen::all, columns);
}

Matrix predict_values(const Encoder& encoder, std::span<const Member> networks,
                      const Matrix& inputs) {
  return decode_targets(encoder,
                        predict_scaled(networks, static_cast<int>(encoder.targets.size()), inputs));
}

std::vector<std::string> input_names(const Encoder& encoder, const std::vector<int>& features) {
  std::vector<std::string> names;
  for (int f : features) {
    const std::string& name = encoder.columns[encoder.features[f].column].name;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

Loss loss_named(std::string_view name, double alpha) {
  if (name == "alpha-mix") return {.kind = LossKind::alpha_mix, .alpha = alpha};
  if (name == "log-cosh") return {.kind = LossKind::alpha_mix, .alpha = 0};
  if (name == "huber") return {.kind = LossKind::huber};
  return {};
}

Loss loss_of(const DesignOptions& options) { return loss_named(options.loss, options.alpha); }

}  // namespace cupel
