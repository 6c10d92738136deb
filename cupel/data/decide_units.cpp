#include "cupel/data/decide_units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/data/unit_text.hpp"

namespace cupel {
namespace {

constexpr double kFew = 0.05;

struct Sizes {
  double low = INFINITY, middle = 0, high = 0;
  bool any = false;
};

Sizes sizes_of(std::vector<double> values, double factor) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  Sizes sizes;
  if (values.empty()) return sizes;
  for (double& value : values) value = std::abs(value * factor);
  std::sort(values.begin(), values.end());
  sizes.any = true;
  sizes.low = values.front();
  sizes.middle = values[values.size() / 2];
  sizes.high = values.back();
  return sizes;
}

/// Of the same size: the ranges meet, or the middles lie within a factor of three.
bool alike(const Sizes& a, const Sizes& b) {
  const bool near = a.middle <= 3 * b.middle && b.middle <= 3 * a.middle;
  const bool meet = a.low <= b.high && b.low <= a.high;
  const bool far = a.middle > 20 * b.middle || b.middle > 20 * a.middle;
  return near || (meet && !far);
}

class Decision {
 public:
  explicit Decision(const ColumnQuestion& question)
      : question_(question), survey_(question.survey), plain_(survey_.values) {
    for (const int row : survey_.odd)
      if (const auto number = parse_written(question.cells.raw(row), question.file.decimal_mark))
        plain_.push_back(number->value);
    std::erase_if(plain_, [](double value) { return std::isnan(value); });
  }

  std::optional<UnitDecision> decide() {
    if (survey_.units.empty()) return std::nullopt;
    if (!survey_.measured && !all_scales()) return std::nullopt;
    if (auto scaled = as_scales()) return scaled;
    auto converted = as_units();
    if (converted) return converted;
    const int with = survey_.with_unit();
    const int main = survey_.units.at(main_unit()).count.cells;
    if (with < kFew * (with + survey_.all_numbers()) || !mostly_units() || 2 * main <= with)
      return std::nullopt;
    refuse();
  }

 private:
  /// Numbers are what the column holds; words that follow a number may be anything.
  bool mostly_units() const {
    const int good = survey_.with_unit() + survey_.all_numbers();
    return survey_.others.cells <= question_.unreadable_share * (good + survey_.others.cells);
  }
  bool all_scales() const {
    return std::all_of(survey_.units.begin(), survey_.units.end(),
                       [](const auto& unit) { return scale_word(unit.first).has_value(); });
  }
  double factor_of(const std::string& unit) const { return scale_word(unit).value_or(1); }

  /// 775 beside 2.08 K: a letter in place of three zeros, and none below them.
  std::optional<UnitDecision> as_scales() const {
    if (!all_scales() || (plain_.empty() && survey_.units.size() < 2)) return std::nullopt;
    const Sizes plain = sizes_of(plain_, 1);
    UnitDecision decision{question_.unit, {{"", 1}}, {}};
    double low = INFINITY;
    for (const auto& [unit, cells] : survey_.units) {
      const Sizes own = sizes_of(cells.numbers, factor_of(unit));
      low = std::min(low, own.low);
      decision.cells.push_back({unit, factor_of(unit)});
    }
    if (plain.any && (plain.high > 1000.5 || low < 0.9 * plain.high)) return std::nullopt;
    decision.note = fmt::format("'{}' behind some numbers is read as × {:g}",
                                decision.cells[1].text, decision.cells[1].factor);
    return decision;
  }

  std::string main_unit() const {
    return std::max_element(survey_.units.begin(), survey_.units.end(),
                            [](const auto& a, const auto& b) {
                              return a.second.count.cells < b.second.count.cells;
                            })
        ->first;
  }

  std::optional<UnitDecision> as_units() const {
    const std::string main = main_unit();
    const std::string& header = question_.unit;
    const bool to_header = !header.empty() && unit_ratio(main, header).has_value();
    UnitDecision decision{to_header ? header : header.empty() ? main : header, {}, {}};
    const std::string base = to_header ? header : main;
    std::vector<double> all;
    for (const auto& [unit, cells] : survey_.units) {
      const auto ratio = unit_ratio(unit, base);
      if (!ratio) return std::nullopt;
      decision.cells.push_back({unit, *ratio});
      for (const double number : cells.numbers) all.push_back(number * *ratio);
    }
    decision.note = fmt::format("the cells hold their unit, '{}': read as numbers", main);
    if (plain_.empty()) return decision;
    const Sizes with = sizes_of(all, 1), plain = sizes_of(plain_, 1);
    if (to_header || alike(plain, with)) {
      decision.cells.push_back({"", 1});
      decision.note = fmt::format(
          "some cells hold their unit, '{}', the others are taken in it, "
          "too",
          main);
      if (to_header && !alike(plain, with)) return std::nullopt;
      return decision;
    }
    return same_unit(main, "%") ? as_shares(all) : std::nullopt;
  }

  /// 12.5 % beside 0.125.
  std::optional<UnitDecision> as_shares(const std::vector<double>& percent) const {
    if (!alike(sizes_of(plain_, 1), sizes_of(percent, 0.01))) return std::nullopt;
    UnitDecision decision{"", {{"", 1}}, "per cent beside shares: 12.5 % is read as 0.125"};
    for (const auto& [unit, cells] : survey_.units) decision.cells.push_back({unit, 0.01});
    return decision;
  }

  [[noreturn]] void refuse() const {
    const std::string main = main_unit();
    const CellCount& first = survey_.units.at(main).count;
    const auto row = [&](int data_row) { return question_.cells.sheet_row(data_row); };
    std::string others;
    if (survey_.all_numbers() > 0) {
      const int plain = survey_.numbers.cells > 0 ? survey_.numbers.first : survey_.written.first;
      others = fmt::format("others none (row {}: '{}') and are of another size", row(plain),
                           question_.cells.raw(plain));
    } else {
      const auto other =
          std::find_if(survey_.units.begin(), survey_.units.end(),
                       [&](const auto& unit) { return !unit_ratio(unit.first, main).has_value(); });
      others =
          fmt::format("others '{}' (row {}: '{}')", other->first, row(other->second.count.first),
                      question_.cells.raw(other->second.count.first));
    }
    throw Error(ErrorKind::bad_data,
                fmt::format("{}, column '{}': {} cell{} the unit '{}' (first: row {}, '{}'), {}",
                            question_.source, question_.name, first.cells,
                            first.cells == 1 ? " holds" : "s hold", main, row(first.first),
                            question_.cells.raw(first.first), others),
                "write all cells of the column in one unit");
  }

  const ColumnQuestion& question_;
  const ColumnSurvey& survey_;
  std::vector<double> plain_;
};

}  // namespace

std::optional<UnitDecision> decide_units(const ColumnQuestion& question) {
  if (question.survey.units.empty()) return std::nullopt;
  return Decision(question).decide();
}

}  // namespace cupel
