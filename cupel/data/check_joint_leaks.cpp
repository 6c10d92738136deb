// Inputs that give the target away only together: events of several kinds that make up the target,
// parts that add up to it, factors that multiply to it. What is calculated holds to the last digit
// written, what is measured never does; a good fit alone is no leak.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "cupel/data/check_parts.hpp"
#include "cupel/data/exact_relation.hpp"

namespace cupel {
namespace {

double cell(const Examination& exam, int column, int row) {
  return exam.column(column).values[static_cast<std::size_t>(row)];
}

/// Rows that know the target, one of each setting of the inputs.
std::vector<int> rows_of(const Examination& exam, int target) {
  std::vector<int> rows;
  int next = 0;
  for (std::size_t k = 0; k < exam.complete_rows.size(); ++k) {
    const bool repeat = !exam.together.setting.empty() && exam.together.setting[k] != next;
    if (repeat) continue;
    ++next;
    if (!std::isnan(cell(exam, target, exam.complete_rows[k])))
      rows.push_back(exam.complete_rows[k]);
  }
  return rows;
}

std::vector<std::string> names_of(const Examination& exam, const std::vector<int>& columns) {
  std::vector<std::string> names;
  for (const int column : columns) names.push_back(exam.column(column).name);
  return names;
}

std::string listed(const std::vector<std::string>& names) {
  if (names.size() == 1) return fmt::format("'{}'", names.front());
  return fmt::format("'{}' and '{}'", fmt::join(names.begin(), names.end() - 1, "', '"),
                     names.back());
}

bool any_kept(const Examination& exam, const std::vector<int>& columns) {
  return std::any_of(columns.begin(), columns.end(), [&](int c) { return exam.kept(c); });
}

std::string advice(const Examination& exam, const std::vector<int>& columns, int target) {
  const std::string names = typed_names(names_of(exam, columns));
  return fmt::format(
      "if they are computed from '{0}', it from them, or they are known only after "
      "it, leave them out: --ignore {1}; if they are true inputs: --keep {1}",
      exam.column(target).name, names);
}

void report(Examination& exam, const std::vector<int>& columns, int target, Finding finding) {
  finding.code = "leak";
  if (finding.severity == Severity::error && any_kept(exam, columns))
    finding.severity = Severity::warning;
  finding.advice = advice(exam, columns, target);
  exam.add(std::move(finding));
}

/// A value of a column of two values that (nearly) always comes with the event.
struct Sign {
  int column = -1;
  double value = 0;
};

struct Counts {
  double rows = 0, events = 0;
};

/// The events of the target are the rarer of its two values.
struct Events {
  std::vector<int> rows;
  std::vector<bool> is_event;  ///< one a row
  double value = 0;            ///< of the target
  double count = 0;
};

std::string event_text(const Examination& exam, int target, double value) {
  const Column& column = exam.column(target);
  if (column.kind == ColumnKind::text)
    return fmt::format("'{}'", column.words[static_cast<std::size_t>(value)]);
  return fmt::format("{:.6g}", value);
}

Events events_of(const Examination& exam, int target) {
  Events events{.rows = rows_of(exam, target), .is_event = {}};
  const std::vector<double>& sorted = exam.facts_of(target).sorted;
  const auto highs = std::count(sorted.begin(), sorted.end(), sorted.back());
  events.value = 2 * highs <= std::ssize(sorted) ? sorted.back() : sorted.front();
  for (const int row : events.rows)
    events.is_event.push_back(cell(exam, target, row) == events.value);
  events.count =
      static_cast<double>(std::count(events.is_event.begin(), events.is_event.end(), true));
  return events;
}

/// Whether the value says the event so often that chance is no explanation.
bool is_sign(const Examination& exam, const Events& events, const Sign& sign) {
  constexpr double kSure = 0.95, kChance = 1e-4, kFewest = 3;
  Counts counts;
  for (std::size_t k = 0; k < events.rows.size(); ++k)
    if (cell(exam, sign.column, events.rows[k]) == sign.value) {
      ++counts.rows;
      counts.events += events.is_event[k];
    }
  const double share = events.count / static_cast<double>(events.rows.size());
  return counts.rows >= kFewest && counts.events >= kSure * counts.rows &&
         std::pow(share, counts.events) < kChance;
}

std::vector<Sign> signs_of(const Examination& exam, const Events& events, int target) {
  std::vector<Sign> signs;
  for (const int input : exam.remaining_inputs()) {
    const ColumnFacts& facts = exam.facts_of(input);
    if (facts.distinct != 2 || exam.leaks(input, target)) continue;
    for (const double value : {facts.sorted.back(), facts.sorted.front()})
      if (is_sign(exam, events, {input, value})) {
        signs.push_back({input, value});
        break;
      }
  }
  return signs;
}

/// Events of several kinds (failure modes, alarms) that make up a target of two values.
bool check_events(Examination& exam, int target) {
  constexpr double kAll = 0.9, kMost = 0.5;
  if (exam.facts_of(target).distinct != 2) return false;
  const Events events = events_of(exam, target);
  const std::vector<Sign> signs = signs_of(exam, events, target);
  double covered = 0;
  for (std::size_t k = 0; k < events.rows.size(); ++k)
    covered += events.is_event[k] && std::any_of(signs.begin(), signs.end(), [&](const Sign& sign) {
                 return cell(exam, sign.column, events.rows[k]) == sign.value;
               });
  if (signs.empty() || covered < kMost * events.count) return false;
  std::vector<int> columns;
  for (const Sign& sign : signs) columns.push_back(sign.column);
  report(exam, columns, target,
         {.severity = covered >= kAll * events.count ? Severity::error : Severity::warning,
          .what = fmt::format("{} {} the target '{}' away: it is {} whenever {} says so, which "
                              "covers {:.0f} of its {:.0f} rows",
                              listed(names_of(exam, columns)),
                              columns.size() > 1 ? "together give" : "gives",
                              exam.column(target).name, event_text(exam, target, events.value),
                              columns.size() > 1 ? "one of them" : "it", covered, events.count)});
  return true;
}

/// Numbers that may make up the target, and the rows that are looked at: near as many as suffice.
struct Candidates {
  std::vector<int> columns, rows;
  RoundedColumns of_inputs, of_target;
};

void fill(const Examination& exam, const std::vector<int>& columns, const std::vector<int>& rows,
          RoundedColumns& rounded) {
  rounded.values.resize(std::ssize(rows), std::ssize(columns));
  for (Eigen::Index c = 0; c < rounded.values.cols(); ++c)
    for (Eigen::Index k = 0; k < rounded.values.rows(); ++k)
      rounded.values(k, c) =
          cell(exam, columns[static_cast<std::size_t>(c)], rows[static_cast<std::size_t>(k)]);
  rounded.slack.resizeLike(rounded.values);
  for (Eigen::Index c = 0; c < rounded.values.cols(); ++c)
    rounded.slack.col(c).setConstant(half_digit(
        {rounded.values.col(c).data(), static_cast<std::size_t>(rounded.values.rows())}));
}

Candidates candidates_of(const Examination& exam, int target) {
  constexpr double kMissing = 0.2;
  constexpr std::size_t kMostColumns = 200, kMostRows = 20'000, kWork = 20'000'000;
  Candidates candidates;
  for (const int input : exam.numeric_inputs())
    if (exam.facts_of(input).distinct > 1 && !exam.leaks(input, target) &&
        exam.facts_of(input).missing <= kMissing * exam.table.rows)
      candidates.columns.push_back(input);
  const std::size_t count = candidates.columns.size();
  if (count < 2 || count > kMostColumns) return {};
  std::vector<int> rows = rows_of(exam, target);
  std::erase_if(rows, [&](int row) {
    return std::any_of(candidates.columns.begin(), candidates.columns.end(),
                       [&](int column) { return std::isnan(cell(exam, column, row)); });
  });
  const std::size_t wanted = std::clamp(kWork / (count * count), 4 * count + 50, kMostRows);
  const std::size_t taken = std::min(wanted, rows.size());
  for (std::size_t k = 0; k < taken; ++k) candidates.rows.push_back(rows[k * rows.size() / taken]);
  fill(exam, candidates.columns, candidates.rows, candidates.of_inputs);
  fill(exam, {target}, candidates.rows, candidates.of_target);
  return candidates;
}

std::vector<double> signs_alone(const std::vector<double>& weights) {
  std::vector<double> signs;
  for (const double weight : weights) signs.push_back(weight < 0 ? -1 : 1);
  return signs;
}

std::vector<int> columns_of(const Candidates& candidates, const ExactRelation& relation) {
  std::vector<int> columns;
  for (const int k : relation.columns)
    columns.push_back(candidates.columns[static_cast<std::size_t>(k)]);
  return columns;
}

bool others_remain(const Examination& exam, const std::vector<int>& columns) {
  return exam.remaining_inputs().size() > columns.size();
}

/// "a + b - c"
std::string sum_text(const Examination& exam, const std::vector<int>& columns,
                     const ExactRelation& relation) {
  std::string text;
  const double factor = std::abs(relation.weights.front());
  const bool equal = std::all_of(relation.weights.begin(), relation.weights.end(), [&](double w) {
    return std::abs(std::abs(w) - factor) <= 1e-9 * factor;
  });
  for (std::size_t k = 0; k < columns.size(); ++k) {
    const double weight = relation.weights[k];
    text += weight < 0 ? (k == 0 ? "-" : " - ") : (k == 0 ? "" : " + ");
    if (!equal) text += fmt::format("{:.4g} ", std::abs(weight));
    text += exam.column(columns[k]).name;
  }
  if (equal && std::abs(factor - 1) > 1e-9) text = fmt::format("{:.4g} ({})", factor, text);
  return text;
}

/// Parts of a total: none below 0, all counted in the total's unit or one of tens of it, and
/// nothing else.
bool are_parts(const Candidates& candidates, const ExactRelation& relation) {
  const double tens = std::log10(std::abs(relation.weights.front()));
  if (std::abs(tens - std::round(tens)) > 1e-3) return false;
  for (std::size_t k = 0; k < relation.columns.size(); ++k)
    if (relation.weights[k] < 0 ||
        candidates.of_inputs.values.col(relation.columns[k]).minCoeff() < 0)
      return false;
  return std::abs(relation.offset) <= relation.tolerance + 1e-6;
}

/// Equal weights where they hold as well as the fitted ones: plain ones first.
std::optional<ExactRelation> equal_weights(const Candidates& candidates,
                                           const ExactRelation& relation) {
  const std::vector<double> signs = signs_alone(relation.weights);
  for (const bool free_factor : {false, true})
    if (auto equal =
            with_weights(relation, candidates.of_inputs, candidates.of_target, signs, free_factor))
      return equal;
  return std::nullopt;
}

/// Weights of any size are no sign of a calculation, unless what was written down is what was
/// calculated with: only the rounding of the target is left.
bool is_calculated(const Candidates& candidates, const ExactRelation& relation) {
  constexpr double kClearer = 0.01;
  RoundedColumns as_written = candidates.of_inputs;
  as_written.slack.setZero();
  return candidates.of_target.slack.mean() <= kClearer * relation.target_deviation &&
         with_weights(relation, as_written, candidates.of_target, relation.weights, false);
}

bool check_sum(Examination& exam, const Candidates& candidates, int target) {
  const auto found = find_exact_relation(candidates.of_inputs, candidates.of_target);
  if (!found || found->columns.size() < 2) return false;
  const std::vector<int> columns = columns_of(candidates, *found);
  const auto equal = equal_weights(candidates, *found);
  const bool others = others_remain(exam, columns);
  // A formula of all inputs is a simulation without noise.
  if (!equal && (!others || !is_calculated(candidates, *found))) return false;
  const ExactRelation& relation = equal ? *equal : *found;
  const bool parts = equal && are_parts(candidates, relation);
  std::string sum = sum_text(exam, columns, relation);
  if (std::abs(relation.offset) > relation.tolerance)
    sum += fmt::format(" {} {:.4g}", relation.offset < 0 ? "-" : "+", std::abs(relation.offset));
  report(exam, columns, target,
         {.severity = parts && others ? Severity::error : Severity::warning,
          .what = fmt::format(
              "{} {} the target '{}' exactly, as far as digits are written: {} = {} "
              "in {} of the rows",
              listed(names_of(exam, columns)), parts ? "add up to" : "together give",
              exam.column(target).name, exam.column(target).name, sum, percent(relation.share))});
  return true;
}

/// Columns whose logarithms can be taken.
Candidates positive(const Candidates& candidates) {
  Candidates result{.columns = {}, .rows = candidates.rows, .of_inputs = {}, .of_target = {}};
  std::vector<int> kept;
  for (int c = 0; c < static_cast<int>(candidates.columns.size()); ++c) {
    if (!(candidates.of_inputs.values.col(c).minCoeff() > 0)) continue;
    kept.push_back(c);
    result.columns.push_back(candidates.columns[static_cast<std::size_t>(c)]);
  }
  result.of_inputs = logarithms_of({candidates.of_inputs.values(Eigen::all, kept),
                                    candidates.of_inputs.slack(Eigen::all, kept)});
  result.of_target = logarithms_of(candidates.of_target);
  return result;
}

std::string product_text(const Examination& exam, const std::vector<int>& columns,
                         const ExactRelation& relation) {
  std::string above, below;
  for (std::size_t k = 0; k < columns.size(); ++k) {
    std::string& side = relation.weights[k] > 0 ? above : below;
    side += (side.empty() ? "" : " · ") + exam.column(columns[k]).name;
  }
  const double factor = std::exp(relation.offset);
  std::string text = above.empty() ? fmt::format("{:.6g}", factor) : above;
  if (!above.empty() && std::abs(relation.offset) > relation.tolerance)
    text = fmt::format("{:.6g} · {}", factor, text);
  const bool several = std::count_if(relation.weights.begin(), relation.weights.end(),
                                     [](double weight) { return weight < 0; }) > 1;
  if (below.empty()) return text;
  return text + (several ? " / (" + below + ")" : " / " + below);
}

void check_product(Examination& exam, const Candidates& candidates, int target) {
  if (!(candidates.of_target.values.minCoeff() > 0)) return;
  const Candidates logs = positive(candidates);
  if (logs.columns.size() < 2) return;
  const auto found = find_exact_relation(logs.of_inputs, logs.of_target);
  if (!found || found->columns.size() < 2) return;
  const auto product =
      with_weights(*found, logs.of_inputs, logs.of_target, signs_alone(found->weights), false);
  const std::vector<int> columns = columns_of(logs, *found);
  constexpr double kClearer = 0.05;
  if (!product || product->tolerance > kClearer * product->target_deviation) return;
  if (!others_remain(exam, columns)) return;
  report(exam, columns, target,
         {.severity = Severity::warning,
          .what = fmt::format("{} together give the target '{}' exactly, as far as digits are "
                              "written: {} = {} in {} of the rows",
                              listed(names_of(exam, columns)), exam.column(target).name,
                              exam.column(target).name, product_text(exam, columns, *product),
                              percent(product->share))});
}

}  // namespace

void check_joint_leaks(Examination& exam) {
  for (const int target : exam.resolved.targets) {
    if (exam.column(target).kind == ColumnKind::time || exam.facts_of(target).distinct < 2)
      continue;
    if (check_events(exam, target) || exam.column(target).kind != ColumnKind::number) continue;
    const Candidates candidates = candidates_of(exam, target);
    if (candidates.columns.empty() || candidates.rows.empty()) continue;
    if (!check_sum(exam, candidates, target)) check_product(exam, candidates, target);
  }
}

}  // namespace cupel
