#include "cupel/process/point_evaluator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/process/model_outputs.hpp"

namespace cupel {
namespace {

constexpr int kMostCorners = 10, kMostDisturbances = 4;

std::vector<std::string> all_names(const Problem& problem) {
  std::vector<std::string> names;
  for (const Variable& variable : problem.variables) names.push_back(variable.name);
  for (std::string& name : output_names(problem)) names.push_back(std::move(name));
  for (const NamedFormula& formula : problem.formulas) names.push_back(formula.name);
  return names;
}

/// What a broken bound is measured in.
double scale_of(const Limit& limit) {
  const bool both = std::isfinite(limit.low) && std::isfinite(limit.up);
  const double bound = std::isfinite(limit.up) ? limit.up : limit.low;
  const double width = both ? limit.up - limit.low : std::abs(bound);
  return width > 0 ? width : std::max(1.0, std::abs(bound));
}

double as_minimised(const Objective& objective, const Band& band) {
  const double scale = std::max({std::abs(objective.low), std::abs(objective.up), 1e-300});
  switch (objective.sense) {
    case Sense::maximize:
      return -band.low;
    case Sense::minimize:
      return band.up;
    case Sense::target:  // relative to the target, except to a target of 0
      return std::max(std::abs(band.low - objective.low), std::abs(band.up - objective.low)) /
             (objective.low == 0 ? 1 : scale);
    case Sense::range:
      return std::max({0.0, objective.low - band.low, band.up - objective.up}) / scale;
  }
  return 0;
}

}  // namespace

PointEvaluator::PointEvaluator(const Problem& problem, OutputSource source)
    : problem_(&problem), source_(std::move(source)), formulas_(all_names(problem)) {
  inputs_ = static_cast<int>(problem.variables.size());
  outputs_ = static_cast<int>(output_names(problem).size());
  for (const NamedFormula& formula : problem.formulas) {
    const Expression made = compile(formula.expression, fmt::format("formula '{}'", formula.name));
    named_.push_back(made.formula);
    named_outputs_.push_back(made.outputs);
  }
  for (const Objective& objective : problem.objectives)
    objectives_.push_back(compile(objective.expression, "objective"));
  for (const Limit& limit : problem.limits)
    limits_.push_back(compile(limit.expression, fmt::format("limit '{}'", limit.text)));
  limit_weights.assign(problem.limits.size() + 1, 1.0);
  for (const Model& model : problem.models) {
    std::vector<int>& columns = columns_.emplace_back();
    for (const EncodedColumn& column : model.encoder.columns)
      columns.push_back(formulas_.find(plain_name(model.windows, column.name)));
  }
  scenarios_ = {{}};
  for (const Variable& variable : problem.variables) {
    if (variable.kind != VariableKind::disturbance) continue;
    std::vector<std::vector<double>> more;
    for (const auto& scenario : scenarios_)
      for (const double value : {(variable.low + variable.up) / 2, variable.low, variable.up}) {
        more.push_back(scenario);
        more.back().push_back(value);
      }
    scenarios_ = std::move(more);
    if (scenarios_[0].size() > kMostDisturbances)
      throw Error(ErrorKind::usage, fmt::format("more than {} disturbances", kMostDisturbances),
                  "fix those that matter least with --fix");
  }
}

PointEvaluator::Expression PointEvaluator::compile(const std::string& text,
                                                   const std::string& label) {
  Expression made{.formula = formulas_.add(text, label)};
  for (const int name : formulas_.reads(made.formula)) {
    if (name < inputs_) continue;
    const int named = name - inputs_ - outputs_;
    if (named < 0)
      made.outputs.push_back(name - inputs_);
    else if (named >= static_cast<int>(named_.size()))
      throw Error(ErrorKind::usage,
                  fmt::format("{}: '{}' is defined later or by itself", label,
                              problem_->formulas[named].name),
                  "put formulas in the order in which they build on each other");
    else
      made.outputs.insert(made.outputs.end(), named_outputs_[named].begin(),
                          named_outputs_[named].end());
  }
  std::sort(made.outputs.begin(), made.outputs.end());
  made.outputs.erase(std::unique(made.outputs.begin(), made.outputs.end()), made.outputs.end());
  if (made.outputs.size() > kMostCorners)
    throw Error(ErrorKind::usage,
                fmt::format("{}: it reads more than {} outputs", label, kMostCorners),
                "split it into several");
  return made;
}

void PointEvaluator::set_named() {
  for (std::size_t k = 0; k < named_.size(); ++k)
    formulas_.values()[inputs_ + outputs_ + k] = formulas_.value(named_[k]);
}

/// Inputs are set; outputs are tried at the corners of their intervals.
Band PointEvaluator::band(const Expression& expression, std::span<const Band> outputs) {
  const auto values = formulas_.values();
  const auto at = [&](auto end_of) {
    for (std::size_t k = 0; k < expression.outputs.size(); ++k)
      values[inputs_ + expression.outputs[k]] = end_of(k, outputs[expression.outputs[k]]);
    set_named();
    return formulas_.value(expression.formula);
  };
  const double middle = at([](std::size_t, const Band& output) { return output.middle; });
  Band band{middle, middle, middle};
  if (expression.outputs.empty() || problem_->confidence <= 0) return band;
  for (unsigned corner = 0; corner < 1u << expression.outputs.size(); ++corner) {
    const double value = at([&](std::size_t k, const Band& output) {
      return (corner >> k & 1u) != 0 ? output.up : output.low;
    });
    band.low = std::isnan(value) ? value : std::min(band.low, value);
    band.up = std::isnan(value) ? value : std::max(band.up, value);
  }
  return band;
}

/// All variables, [candidates x scenarios, candidate by candidate].
Matrix PointEvaluator::scenario_rows(std::span<const Candidate> candidates) const {
  Matrix rows(std::ssize(candidates) * std::ssize(scenarios_), inputs_);
  Eigen::Index row = 0;
  for (const Candidate& candidate : candidates)
    for (const auto& scenario : scenarios_) {
      std::size_t gene = 0, disturbance = 0;
      for (int v = 0; v < inputs_; ++v) {
        const Variable& variable = problem_->variables[v];
        rows(row, v) = variable.kind == VariableKind::varied  ? candidate[gene++]
                       : variable.kind == VariableKind::fixed ? variable.value
                                                              : scenario[disturbance++];
      }
      ++row;
    }
  return rows;
}

void PointEvaluator::judge(PointState& state) const {
  for (std::size_t k = 0; k < problem_->limits.size(); ++k) {
    const Limit& limit = problem_->limits[k];
    LimitState& at = state.limits[k];
    at.slack = std::min(limit.up - at.value.up, at.value.low - limit.low) / scale_of(limit);
    state.violation += limit_weights[k] * std::max(0.0, -at.slack);
    state.failed = state.failed || std::isnan(at.slack);
  }
  if (problem_->inside_data)
    state.violation += limit_weights.back() * std::max(0.0, state.distance - 1);
  for (std::size_t k = 0; k < problem_->objectives.size(); ++k) {
    const double value = as_minimised(problem_->objectives[k], state.objectives[k]);
    state.worst_objectives.push_back(value);
    state.failed = state.failed || !std::isfinite(value);
  }
}

void PointEvaluator::compute_outputs(const Matrix& rows, OutputBands& bands) const {
  auto& [outputs, for_limits, distance] = bands;
  outputs.resize(static_cast<std::size_t>(rows.rows()) * outputs_);
  distance = Vector::Zero(rows.rows());
  if (source_) {
    const Matrix exact = source_(rows);
    for (Eigen::Index r = 0; r < rows.rows(); ++r)
      for (int t = 0; t < outputs_; ++t)
        outputs[r * outputs_ + t] = {exact(r, t), exact(r, t), exact(r, t)};
    for_limits = outputs;
    return;
  }
  for_limits.resize(outputs.size());
  int first = 0;
  for (std::size_t m = 0; m < problem_->models.size(); ++m) {
    Matrix values(rows.rows(), std::ssize(columns_[m]));
    for (Eigen::Index c = 0; c < values.cols(); ++c) values.col(c) = rows.col(columns_[m][c]);
    const ModelOutputs made =
        model_outputs(problem_->models[m], values, problem_->confidence, problem_->interval);
    for (Eigen::Index r = 0; r < rows.rows(); ++r)
      for (Eigen::Index t = 0; t < made.outputs.cols(); ++t) {
        const Band band{made.lower(r, t), made.outputs(r, t), made.upper(r, t)};
        const double reach = made.deviation.size() > 0 && !problem_->allowance.empty()
                                 ? problem_->allowance[first + t] * made.deviation(r, t)
                                 : 0;
        outputs[r * outputs_ + first + t] = band;
        for_limits[r * outputs_ + first + t] = {std::min(band.low, band.middle - reach),
                                                band.middle,
                                                std::max(band.up, band.middle + reach)};
      }
    distance = distance.cwiseMax(made.distance);
    first += static_cast<int>(made.outputs.cols());
  }
}

std::vector<PointState> PointEvaluator::states(std::span<const Candidate> candidates) {
  const Matrix rows = scenario_rows(candidates);
  OutputBands bands;
  compute_outputs(rows, bands);
  const auto widen = [](Band& all, const Band& more, bool is_first) {
    if (is_first) {
      all = more;
      return;
    }
    all.low = std::min(all.low, more.low);
    all.up = std::max(all.up, more.up);
  };
  std::vector<PointState> states(candidates.size());
  const auto scenarios = static_cast<Eigen::Index>(scenarios_.size());
  for (Eigen::Index r = 0; r < rows.rows(); ++r) {
    PointState& state = states[r / scenarios];
    const bool is_first = r % scenarios == 0;
    if (is_first) {
      state.settings.resize(inputs_);
      for (int v = 0; v < inputs_; ++v) state.settings[v] = rows(r, v);
      state.outputs.resize(outputs_);
      state.objectives.resize(objectives_.size());
      state.limits.resize(limits_.size());
    }
    for (int v = 0; v < inputs_; ++v) formulas_.values()[v] = rows(r, v);
    const std::span<const Band> here(&bands.outputs[r * outputs_], outputs_);
    const std::span<const Band> wide(&bands.for_limits[r * outputs_], outputs_);
    for (int t = 0; t < outputs_; ++t) widen(state.outputs[t], here[t], is_first);
    for (std::size_t k = 0; k < objectives_.size(); ++k)
      widen(state.objectives[k], band(objectives_[k], here), is_first);
    for (std::size_t k = 0; k < limits_.size(); ++k)
      widen(state.limits[k].value, band(limits_[k], wide), is_first);
    state.distance = std::max(state.distance, bands.distance[r]);
    if (r % scenarios == scenarios - 1) judge(state);
  }
  return states;
}

Score score_of(const PointState& state) {
  return {
      .objectives = state.worst_objectives, .violation = state.violation, .failed = state.failed};
}

std::vector<Score> PointEvaluator::scores(std::span<const Candidate> candidates) {
  std::vector<Score> scores;
  for (const PointState& state : states(candidates)) scores.push_back(score_of(state));
  return scores;
}

}  // namespace cupel
