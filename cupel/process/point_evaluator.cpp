#include "cupel/process/point_evaluator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/process/model_outputs.hpp"

namespace cupel {
namespace {

constexpr int kMostDisturbances = 4;
/// What a limit without bound is broken by: infinity times a weight of 0 would be no number.
constexpr double kWhollyBroken = 1e15;

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

/// Distance to the nearer bound, share of its scale; a value without end is within no bound.
double slack_of(const Limit& limit, const Band& value) {
  const double above = std::isinf(limit.low) ? INFINITY : value.low - limit.low;
  const double below = std::isinf(limit.up) ? INFINITY : limit.up - value.up;
  return std::isnan(above) || std::isnan(below) ? NAN : std::min(above, below) / scale_of(limit);
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
  for (const NamedFormula& formula : problem.formulas)
    named_.push_back(compile(formula.expression, fmt::format("formula '{}'", formula.name)));
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
  Expression made{.query = {.formula = formulas_.add(text, label)}};
  std::vector<int> named;
  for (const int name : formulas_.reads(made.query.formula)) {
    if (name < inputs_) continue;
    const int before = name - inputs_ - outputs_;
    if (before < 0) {
      made.outputs.push_back(name - inputs_);
      continue;
    }
    if (before >= static_cast<int>(named_.size()))
      throw Error(ErrorKind::usage,
                  fmt::format("{}: '{}' is defined later or by itself", label,
                              problem_->formulas[before].name),
                  "put formulas in the order in which they build on each other");
    named.push_back(name);
    for (const RangeQuery::Named& deeper : named_[before].query.named) named.push_back(deeper.name);
    made.outputs.insert(made.outputs.end(), named_[before].outputs.begin(),
                        named_[before].outputs.end());
  }
  for (std::vector<int>* list : {&named, &made.outputs}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  for (const int name : named)
    made.query.named.push_back({name, named_[name - inputs_ - outputs_].query.formula});
  if (made.outputs.size() > kMostFreeNames)
    throw Error(ErrorKind::usage,
                fmt::format("{}: it reads more than {} outputs", label, kMostFreeNames),
                "split it into several");
  return made;
}

/// Inputs are set; outputs lie anywhere in their intervals.
Band PointEvaluator::band(const Expression& expression, std::span<const Band> outputs) {
  const auto values = formulas_.values();
  for (const int output : expression.outputs) values[inputs_ + output] = outputs[output].middle;
  for (const auto& [name, formula] : expression.query.named)
    values[name] = formulas_.value(formula);
  const double middle = formulas_.value(expression.query.formula);
  if (expression.outputs.empty() || problem_->confidence <= 0) return {middle, middle, middle};
  RangeQuery query = expression.query;
  bool is_known = !std::isnan(middle);
  for (const int output : expression.outputs) {
    query.free.push_back({inputs_ + output, outputs[output].low, outputs[output].up});
    is_known = is_known && !std::isnan(outputs[output].low) && !std::isnan(outputs[output].up);
  }
  if (!is_known) return {NAN, middle, NAN};
  const Interval range = range_of(formulas_, query);
  return {std::min(range.low, middle), middle, std::max(range.up, middle)};
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
    at.slack = slack_of(limit, at.value);
    state.violation += limit_weights[k] * std::min(kWhollyBroken, std::max(0.0, -at.slack));
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
