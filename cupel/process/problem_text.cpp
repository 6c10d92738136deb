#include "cupel/process/problem_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "cupel/base/shell_word.hpp"
#include "cupel/base/error.hpp"
#include "cupel/data/nearest_name.hpp"
#include "cupel/model/model_inputs.hpp"
#include "cupel/process/point_evaluator.hpp"
#include "cupel/process/search_allowance.hpp"

namespace cupel {
namespace {

constexpr double kOpen = std::numeric_limits<double>::infinity();

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

[[noreturn]] void refuse(const std::string& what, const std::string& hint = {}) {
  throw Error(ErrorKind::usage, what, hint);
}

std::optional<double> number(const std::string& text) {
  const std::string plain = trimmed(text);
  double value = 0;
  const auto [end, problem] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (problem != std::errc() || end != plain.data() + plain.size() || plain.empty())
    return std::nullopt;
  return value;
}

double finite_number(const std::string& text, const std::string& where) {
  const auto value = number(text);
  if (!value) refuse(fmt::format("{}: '{}' is not a number", where, trimmed(text)));
  if (!std::isfinite(*value))
    refuse(fmt::format("{}: without an end on that side the search is unbounded", where),
           "give a finite range, such as T=50:110");
  return *value;
}

struct Named {
  std::string name, rest;
};

Named split_name(const std::string& text, const std::string& option, const char* example) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || trimmed(text.substr(0, equals)).empty())
    refuse(fmt::format("{} '{}' is not of the form NAME=VALUE", option, text),
           fmt::format("write it like {} {}", option, example));
  return {trimmed(text.substr(0, equals)), trimmed(text.substr(equals + 1))};
}

std::pair<double, double> split_range(const std::string& text, const std::string& where) {
  const auto colon = text.find(':');
  if (colon == std::string::npos)
    refuse(fmt::format("{}: '{}' is not a range", where, text), "write LOW:UP, such as 50:110");
  const double low = finite_number(text.substr(0, colon), where);
  const double up = finite_number(text.substr(colon + 1), where);
  if (low > up)
    refuse(fmt::format("{}: the lower end {} is above the upper end {}", where, low, up));
  return {low, up};
}

struct Builder {
  const ProblemTexts& texts;
  Problem problem;
  std::vector<std::string> formula_names = {};

  Variable& variable(const std::string& name, const std::string& option) {
    for (Variable& known : problem.variables)
      if (known.name == name) return known;
    std::vector<std::string> names;
    for (const Variable& known : problem.variables) names.push_back(known.name);
    std::string all;
    for (const std::string& known : names) all += (all.empty() ? "" : ", ") + known;
    const std::string near = nearest_name(name, names);
    refuse(fmt::format("{}: no model has an input '{}'", option, name),
           near.empty() ? fmt::format("the inputs are: {}", all)
                        : fmt::format("did you mean '{}'? the inputs are: {}", near, all));
  }

  /// The inputs of all models; each starts out varied over the range of its training data.
  void add_inputs() {
    for (const Model& model : problem.models)
      for (const EncodedColumn& column : model.encoder.columns) {
        // An operating point holds for the whole window.
        const std::string name = plain_name(model.windows, column.name);
        const auto known = std::find_if(problem.variables.begin(), problem.variables.end(),
                                        [&](const Variable& other) { return other.name == name; });
        if (known != problem.variables.end()) {
          if (known->unit != column.unit)
            refuse(fmt::format("two models give '{}' different units: '{}' and '{}'", column.name,
                               known->unit, column.unit));
          known->gene.low = std::max(known->gene.low, column.low);
          known->gene.up = std::min(known->gene.up, column.up);
          continue;
        }
        Variable made{.name = name, .unit = column.unit};
        made.gene = {.name = name, .low = column.low, .up = column.up};
        if (column.text) {
          made.gene.kind = GeneKind::category;
          made.gene.labels = column.levels;
        } else if (column.low >= column.up) {
          made.kind = VariableKind::fixed;
          made.value = column.low;
        }
        problem.variables.push_back(std::move(made));
      }
  }

  void vary(const std::string& text) {
    const auto equals = text.find('=');
    const std::string name = trimmed(text.substr(0, equals));
    const std::string where = fmt::format("--vary '{}'", text);
    Variable& known = variable(name, where);
    varied.push_back(name);
    known.kind = VariableKind::varied;
    if (equals == std::string::npos) return;
    if (known.gene.kind == GeneKind::category)
      refuse(fmt::format("{}: '{}' holds words", where, name),
             "vary it without a range, or --fix it");
    std::string rest = trimmed(text.substr(equals + 1));
    if (!rest.empty() && rest.front() == '{') {
      known.gene.kind = GeneKind::set;
      rest = rest.substr(1, rest.find('}') - 1);
      for (std::size_t k = 0; k <= rest.size();) {
        const std::size_t comma = std::min(rest.find(',', k), rest.size());
        known.gene.values.push_back(finite_number(rest.substr(k, comma - k), where));
        k = comma + 1;
      }
      std::sort(known.gene.values.begin(), known.gene.values.end());
      return;
    }
    for (const char* ending : {":integer", ":int"})
      if (rest.size() > std::string(ending).size() && rest.ends_with(ending)) {
        known.gene.kind = GeneKind::integer;
        rest.resize(rest.size() - std::string(ending).size());
        break;
      }
    std::tie(known.gene.low, known.gene.up) = split_range(rest, where);
    if (known.gene.kind == GeneKind::integer) {
      known.gene.low = std::ceil(known.gene.low);
      known.gene.up = std::floor(known.gene.up);
      if (known.gene.low > known.gene.up)
        refuse(fmt::format("{}: there is no whole number in that range", where));
    }
  }

  double value_of(const Variable& known, const std::string& text, const std::string& where) {
    if (known.gene.kind != GeneKind::category) return finite_number(text, where);
    const auto& labels = known.gene.labels;
    const auto found = std::find(labels.begin(), labels.end(), text);
    if (found == labels.end())
      refuse(fmt::format("{}: '{}' never has the value '{}'", where, known.name, text));
    return static_cast<double>(found - labels.begin());
  }

  void fix(const std::string& text) {
    const auto [name, rest] = split_name(text, "--fix", "p=3");
    Variable& known = variable(name, "--fix");
    if (std::find(varied.begin(), varied.end(), name) != varied.end())
      refuse(fmt::format("'{}' is both varied and fixed", name), "leave one of the two out");
    known.kind = VariableKind::fixed;
    known.value = value_of(known, rest, fmt::format("--fix '{}'", text));
    varied.push_back(name);
  }

  void disturb(const std::string& text) {
    const auto [name, rest] = split_name(text, "--disturb", "moisture=0.1:0.3");
    Variable& known = variable(name, "--disturb");
    if (std::find(varied.begin(), varied.end(), name) != varied.end())
      refuse(fmt::format("'{}' is a disturbance and also set", name), "leave one of the two out");
    known.kind = VariableKind::disturbance;
    std::tie(known.low, known.up) = split_range(rest, fmt::format("--disturb '{}'", text));
    varied.push_back(name);
  }

  void moves() {
    for (const std::string& text : texts.current) {
      const auto [name, rest] = split_name(text, "--current", "T=80");
      Variable& known = variable(name, "--current");
      known.current = value_of(known, rest, fmt::format("--current '{}'", text));
    }
    for (const std::string& text : texts.move) {
      const auto [name, rest] = split_name(text, "--move", "T=5");
      Variable& known = variable(name, "--move");
      const double most = finite_number(rest, fmt::format("--move '{}'", text));
      if (!known.current)
        refuse(fmt::format("--move '{}': the current value of '{}' is not known", text, name),
               fmt::format("add {}", shell_option("--current", name + "=VALUE")));
      if (most < 0) refuse(fmt::format("--move '{}' is negative", text));
      known.largest_move = most;
      Gene& gene = known.gene;
      std::erase_if(gene.values, [&](double v) { return std::abs(v - *known.current) > most; });
      gene.low = std::max(gene.low, *known.current - most);
      gene.up = std::min(gene.up, *known.current + most);
      if (gene.low > gene.up || (gene.kind == GeneKind::set && gene.values.empty()))
        refuse(fmt::format("'{}' cannot come from {} into its bounds by a move of {}", name,
                           *known.current, most),
               "widen --vary or --move");
    }
  }

  void formula(const std::string& text) {
    auto [name, rest] = split_name(text, "--formula", "'cost [EUR/t] = 3 * feed / yield'");
    NamedFormula made{.expression = rest};
    if (const auto bracket = name.find('['); bracket != std::string::npos) {
      made.unit = trimmed(name.substr(bracket + 1, name.find(']') - bracket - 1));
      name = trimmed(name.substr(0, bracket));
    } else {
      problem.notes.push_back(
          fmt::format("formula '{}' has no unit; write '{} [UNIT] = ...'", name, name));
    }
    made.name = name;
    for (const std::string& other : output_names(problem))
      if (other == name) refuse(fmt::format("formula '{}' has the name of an output", name));
    for (const Variable& other : problem.variables)
      if (other.name == name) refuse(fmt::format("formula '{}' has the name of an input", name));
    problem.formulas.push_back(std::move(made));
  }

  std::string unit_of(const std::string& name) const {
    for (const Variable& known : problem.variables)
      if (known.name == name) return known.unit;
    for (const NamedFormula& known : problem.formulas)
      if (known.name == name) return known.unit;
    for (const Model& model : problem.models)
      for (const TargetScale& target : model.encoder.targets)
        if (target.name == name) return target.unit;
    return {};
  }

  /// "3 bar" → 3, after the unit was compared with that of the name it bounds.
  std::optional<double> bound(const std::string& text, const std::string& expression,
                              const std::string& limit) const {
    if (const auto plain = number(text)) return plain;
    const std::string all = trimmed(text);
    if (const auto comma = all.find(','); comma != std::string::npos) {
      std::string point = all;
      point[comma] = '.';
      if (number(point))
        refuse(fmt::format("limit '{}': '{}' has a decimal comma", limit, all),
               fmt::format("write {}", point));
    }
    // The number, and what stands behind it.
    double value = 0;
    const auto [end, wrong] = std::from_chars(all.data(), all.data() + all.size(), value);
    const std::string unit = trimmed(std::string(end, all.data() + all.size()));
    const bool is_unit = wrong == std::errc() && !unit.empty() &&
                         unit.find_first_of("+-*()<>") == std::string::npos && unit[0] != '/' &&
                         unit[0] != '^';
    if (!is_unit) return std::nullopt;
    const std::string known = unit_of(trimmed(expression));
    if (known.empty())
      refuse(fmt::format("limit '{}' is in {}, but '{}' has no unit", limit, unit,
                         trimmed(expression)),
             "state the unit in the data ('cupel design --units'), or leave it out here");
    if (known != unit)
      refuse(fmt::format("limit '{}' is in {}, but '{}' is in {}", limit, unit, trimmed(expression),
                         known),
             fmt::format("convert the number to {}", known));
    return value;
  }

  void limit(const std::string& text) {
    std::vector<std::string> parts;
    std::vector<bool> less;
    std::size_t start = 0;
    for (std::size_t k = 0; k < text.size(); ++k) {
      if (text[k] != '<' && text[k] != '>') continue;
      parts.push_back(text.substr(start, k - start));
      less.push_back(text[k] == '<');
      if (k + 1 < text.size() && text[k + 1] == '=') ++k;
      start = k + 1;
    }
    parts.push_back(text.substr(start));
    const bool same_way = less.size() < 2 || less[0] == less[1];
    if (less.empty() || less.size() > 2 || !same_way)
      refuse(fmt::format("limit '{}' is not of the form A<=B or A<=B<=C", text),
             less.empty()
                 ? "use <= or >=, and put the limit in quotes ('T<=80'), or the shell takes "
                   "< and > for itself; for a fixed value use --target or --fix"
                 : "write such as 0.2<=x<=0.4");
    if (!less[0]) std::reverse(parts.begin(), parts.end());
    Limit made{.text = text, .low = -kOpen, .up = kOpen};
    const std::string& middle = parts.size() == 3 ? parts[1] : "";
    const auto left = bound(parts[0], parts.size() == 3 ? middle : parts[1], text);
    const auto right = bound(parts.back(), parts.size() == 3 ? middle : parts[0], text);
    if (parts.size() == 3) {
      if (!left || !right) refuse(fmt::format("limit '{}': its ends must be numbers", text));
      made.expression = middle;
      made.low = *left;
      made.up = *right;
    } else if (right && !left) {
      made.expression = parts[0];
      made.up = *right;
    } else if (left && !right) {
      made.expression = parts[1];
      made.low = *left;
    } else if (left && right) {
      refuse(fmt::format("limit '{}' limits nothing: both sides are numbers", text));
    } else {
      made.expression = fmt::format("({})-({})", parts[0], parts[1]);
      made.up = 0;
    }
    made.expression = trimmed(made.expression);
    if (made.expression.empty()) refuse(fmt::format("limit '{}' limits nothing", text));
    if (made.low > made.up)
      refuse(fmt::format("limit '{}' contradicts itself: {} is above {}", text, made.low, made.up));
    for (const Limit& other : problem.limits)
      if (other.expression == made.expression && (other.low > made.up || made.low > other.up))
        refuse(fmt::format("limits '{}' and '{}' contradict each other", other.text, text),
               "no value can meet both: loosen or remove one");
    problem.limits.push_back(std::move(made));
  }

  /// What an input's own range already answers.
  void check_ranges() const {
    for (const Variable& known : problem.variables) {
      if (known.gene.kind == GeneKind::category) continue;
      const bool fixed = known.kind == VariableKind::fixed;
      const bool set = known.gene.kind == GeneKind::set && !known.gene.values.empty();
      const double low = fixed ? known.value : set ? known.gene.values.front() : known.gene.low;
      const double up = fixed ? known.value : set ? known.gene.values.back() : known.gene.up;
      if (known.kind == VariableKind::disturbance) continue;
      const std::string unit = known.unit.empty() ? "" : " " + known.unit;
      for (const Limit& limit : problem.limits)
        if (limit.expression == known.name && (limit.low > up || limit.up < low))
          refuse(
              fmt::format("limit '{}' leaves no value of '{}', which is {}", limit.text, known.name,
                          fixed ? fmt::format("fixed at {:.6g}{}", known.value, unit)
                                : fmt::format("varied over {:.6g} ... {:.6g}{}", low, up, unit)),
              fixed
                  ? "change --fix or the limit"
                  : fmt::format("widen it with {}, or change the limit",
                                shell_option("--vary", known.name + "=LOW:UP")));
      if (fixed) check_fixed(known);
    }
  }

  /// A value outside the data cannot be inside the region where the model holds.
  void check_fixed(const Variable& known) const {
    if (!problem.inside_data) return;
    for (const Model& model : problem.models) {
      const std::vector<bool> used = used_columns(model);
      for (std::size_t c = 0; c < used.size(); ++c) {
        const EncodedColumn& column = model.encoder.columns[c];
        if (plain_name(model.windows, column.name) != known.name || column.text) continue;
        const double ratio = used[c] ? range_ratio(model.region, column, known.value)
                                     : far_ratio(column.low, column.up, known.value);
        if (ratio <= 1) continue;
        refuse(fmt::format("'{}' is fixed at {:.6g}, and the model knows {:.6g} ... {:.6g}{}{}",
                           known.name, known.value, column.low, column.up,
                           known.unit.empty() ? "" : " ", known.unit),
               "fix it inside its data, or let the model guess with --extrapolate");
      }
    }
  }

  void objectives() {
    for (const std::string& text : texts.maximize)
      problem.objectives.push_back({Sense::maximize, trimmed(text)});
    for (const std::string& text : texts.minimize)
      problem.objectives.push_back({Sense::minimize, trimmed(text)});
    for (const std::string& text : texts.target) {
      const auto [name, rest] = split_name(text, "--target", "Mv=80000");
      const double value = finite_number(rest, fmt::format("--target '{}'", text));
      problem.objectives.push_back({Sense::target, name, value, value});
    }
    for (const std::string& text : texts.range) {
      const auto [name, rest] = split_name(text, "--range", "x=0.6:0.7");
      const auto [low, up] = split_range(rest, fmt::format("--range '{}'", text));
      problem.objectives.push_back({Sense::range, name, low, up});
    }
    if (problem.objectives.empty())
      refuse("nothing is wanted: the problem has no objective",
             "add --maximize, --minimize, --target or --range");
    for (std::size_t a = 0; a < problem.objectives.size(); ++a)
      for (std::size_t b = 0; b < a; ++b) {
        const Objective &one = problem.objectives[a], &other = problem.objectives[b];
        if (one.expression != other.expression) continue;
        refuse(fmt::format("'{}' and '{}' contradict each other", objective_text(other),
                           objective_text(one)),
               "keep one of the two");
      }
  }

  /// 'change': how far all settings together move from the current point, in ranges.
  void add_change() {
    std::string sum;
    for (const Variable& known : problem.variables) {
      const bool number =
          known.kind == VariableKind::varied && known.gene.kind != GeneKind::category;
      if (!number || !known.current) continue;
      const double low =
          known.gene.kind == GeneKind::set ? known.gene.values.front() : known.gene.low;
      const double up = known.gene.kind == GeneKind::set ? known.gene.values.back() : known.gene.up;
      sum += fmt::format("{}abs(`{}`-({}))/{}", sum.empty() ? "" : "+", known.name, *known.current,
                         up > low ? up - low : 1.0);
    }
    if (sum.empty() || !unit_of("change").empty()) return;
    for (const std::string& output : output_names(problem))
      if (output == "change") return;
    for (const Variable& known : problem.variables)
      if (known.name == "change") return;
    problem.formulas.push_back({.name = "change", .unit = "ranges", .expression = sum});
  }

  /// Outputs that their model hardly predicts, by its own test rows or else held-out ones.
  void weak_models() {
    constexpr double kWeak = 0.2;  // R²
    for (const Model& model : problem.models)
      for (const TargetScale& target : model.encoder.targets)
        for (const char* part : {"test", "validation"}) {
          const Json* figures = model.provenance.find(part);
          const Json* of_target = figures != nullptr ? figures->find(target.name) : nullptr;
          const Json* r2 = of_target != nullptr ? of_target->find("r2") : nullptr;
          if (r2 == nullptr || !r2->is_number()) continue;
          if (r2->as_number() < kWeak)
            problem.notes.push_back(
                fmt::format("the model hardly predicts '{}' (R2 {:.2f} on {} rows): nothing found "
                            "for it can be relied on",
                            target.name, r2->as_number(),
                            part == std::string_view("test") ? "test" : "held-out"));
          break;
        }
  }

  /// What the user did not say.
  void notes() {
    for (const Variable& known : problem.variables) {
      if (std::find(varied.begin(), varied.end(), known.name) == varied.end() &&
          known.kind == VariableKind::varied)
        problem.notes.push_back(
            known.gene.kind == GeneKind::category
                ? fmt::format("'{}' is varied over all its words", known.name)
                : fmt::format("'{}' is varied over its data, {:.6g} ... {:.6g}{}{}", known.name,
                              known.gene.low, known.gene.up, known.unit.empty() ? "" : " ",
                              known.unit));
    }
  }

  std::vector<std::string> varied = {};  // named by the user
};

}  // namespace

Problem parse_problem(const ProblemTexts& texts, std::vector<Model> models) {
  if (texts.confidence != 0 && !(texts.confidence > 0.5 && texts.confidence < 1))
    refuse(fmt::format("a confidence of {} is impossible", texts.confidence),
           "give a number above 0.5 and below 1, such as 0.9, or 0 to take predictions as true");
  Builder build{.texts = texts};
  build.problem.models = std::move(models);
  build.problem.confidence = texts.confidence;
  build.problem.inside_data = texts.inside_data;
  if (texts.interval != "reading" && texts.interval != "plant")
    refuse(fmt::format("an interval of '{}' is not known", texts.interval),
           "choose reading (one measurement) or plant (its true value)");
  build.problem.interval = texts.interval == "plant" ? IntervalOf::plant : IntervalOf::reading;
  build.add_inputs();
  std::vector<std::string> outputs = output_names(build.problem);
  std::sort(outputs.begin(), outputs.end());
  if (const auto twice = std::adjacent_find(outputs.begin(), outputs.end()); twice != outputs.end())
    refuse(fmt::format("two models predict '{}'", *twice), "give one of them");
  for (const std::string& text : texts.vary) build.vary(text);
  for (const std::string& text : texts.fix) build.fix(text);
  for (const std::string& text : texts.disturb) build.disturb(text);
  build.moves();
  for (const std::string& text : texts.formulas) build.formula(text);
  for (const std::string& text : texts.limits) build.limit(text);
  build.check_ranges();
  build.add_change();
  build.objectives();
  build.notes();
  build.weak_models();
  if (search_space(build.problem).size() == 0)
    refuse("nothing may be set: every input is fixed or a disturbance", "add --vary NAME=LOW:UP");
  build.problem.allowance = search_allowance(build.problem);
  PointEvaluator{build.problem};  // finds what is wrong with the formulas
  return std::move(build.problem);
}

}  // namespace cupel
