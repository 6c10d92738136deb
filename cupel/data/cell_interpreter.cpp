#include "cupel/data/cell_interpreter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "cupel/data/csv_grid.hpp"
#include "cupel/data/unit_text.hpp"
#include "cupel/data/yes_no.hpp"

namespace cupel {
namespace {

CellReading value_of(double value, char grouping = '\0') {
  if (std::isinf(value)) return {.outcome = CellOutcome::infinite};
  return {.outcome = CellOutcome::value, .value = value, .grouping = grouping};
}

CellReading contradiction(std::string says, std::string cure) {
  return {.outcome = CellOutcome::contradiction, .says = std::move(says), .cure = std::move(cure)};
}

std::string date_text(double seconds) {
  const auto days = static_cast<std::int64_t>(std::floor(seconds / 86400));
  // Days to a date of the Gregorian calendar.
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

/// "...Z", "... UTC": not the local clock of a place that has no offset in winter.
bool names_utc(std::string_view text) {
  return !text.empty() && (text.back() == 'Z' || text.ends_with("UTC") || text.ends_with("GMT"));
}

const char* order_words(DayOrder order) {
  return order == DayOrder::day_first ? "the day comes first" : "the month comes first";
}

DayOrder other_order(DayOrder order) {
  return order == DayOrder::day_first ? DayOrder::month_first : DayOrder::day_first;
}

}  // namespace

CellInterpreter::CellInterpreter(const Reading& file, const ColumnReading& column, bool taught)
    : file_(file),
      column_(column),
      taught_(taught),
      reader_(file.decimal_mark, file.missing_marks) {}

bool CellInterpreter::in_range(double value) const {
  if (!std::isfinite(column_.low)) return true;
  const double margin = 0.5 * (column_.high - column_.low);
  return value >= column_.low - margin && value <= column_.high + margin;
}

bool CellInterpreter::is_fill(double value) const {
  return std::find(column_.fills.begin(), column_.fills.end(), value) != column_.fills.end();
}

CellReading CellInterpreter::number(std::string_view text) const {
  CellReading cell = column_.clock ? clock_time(text) : plain_number(text);
  if (cell.outcome == CellOutcome::value && is_fill(cell.value)) {
    cell.outcome = CellOutcome::fill;
    cell.value = kMissing;
  }
  return cell;
}

CellReading CellInterpreter::plain_number(std::string_view text) const {
  const CellValue plain = reader_.read(text);
  switch (plain.kind) {
    case CellKind::missing:
      return {};
    case CellKind::bad_status:
      return {.outcome = CellOutcome::bad_status};
    case CellKind::infinite:
      return {.outcome = CellOutcome::infinite};
    case CellKind::number:
    case CellKind::word:
      break;
  }
  if (auto written = written_number(text); written.outcome != CellOutcome::unreadable)
    return written;
  if (is_limit(text, file_.decimal_mark)) return {.outcome = CellOutcome::limit};
  if (auto with_unit = number_with_unit(text); with_unit.outcome != CellOutcome::unreadable)
    return with_unit;
  const auto yes = yes_or_no(text);
  if (yes && column_.low >= 0 && column_.high <= 1) return value_of(*yes ? 1 : 0);
  return {.outcome = CellOutcome::unreadable};
}

/// A number in the marks of the file; where a later file may have others, in these, if only one
/// reading can be meant.
CellReading CellInterpreter::written_number(std::string_view text) const {
  const char mark = file_.decimal_mark, other = mark == '.' ? ',' : '.';
  const auto as_taught = parse_written(text, mark);
  const bool has_marks = taught_ && text.find_first_of(".,") != std::string_view::npos;
  const auto as_other = has_marks ? parse_written(text, other) : std::nullopt;
  if (!as_taught && !as_other) return {.outcome = CellOutcome::unreadable};
  const WrittenNumber first = as_taught ? *as_taught : *as_other;
  CellReading cell = value_of(first.value, first.grouping);
  if (!column_.cell_units.empty() && cell.outcome == CellOutcome::value) {
    const auto plain = std::find_if(column_.cell_units.begin(), column_.cell_units.end(),
                                    [](const CellUnit& unit) { return unit.text.empty(); });
    if (plain != column_.cell_units.end()) {
      cell.value *= plain->factor;
    } else if (taught_ && column_.unit == "%") {
      return contradiction("it is a number without '%', the model takes per cent signs",
                           "write the cells as the model's file has them: 12.5 %");
    }
  }
  if (!as_taught || !as_other || as_taught->value == as_other->value) return cell;
  const bool known =
      first.grouping == '\0' || file_.grouping.find(first.grouping) != std::string::npos;
  const bool first_fits = in_range(as_taught->value), second_fits = in_range(as_other->value);
  if (first_fits && (known || !second_fits)) return cell;
  if (!known && second_fits && !first_fits) return value_of(as_other->value, as_other->grouping);
  if (known && !second_fits) return cell;
  return contradiction(
      fmt::format("it may be {} or {}: the model's file has a decimal {}", as_taught->value,
                  as_other->value, mark == '.' ? "point" : "comma"),
      "write numbers without thousands marks");
}

CellReading CellInterpreter::number_with_unit(std::string_view text) const {
  const auto both = parse_with_unit(text, file_.decimal_mark);
  if (!both) return {.outcome = CellOutcome::unreadable};
  for (const CellUnit& unit : column_.cell_units)
    if (!unit.text.empty() && (unit.text == both->unit || same_unit(unit.text, both->unit)))
      return value_of(both->number * unit.factor);
  if (!taught_) return {.outcome = CellOutcome::unreadable};
  if (!column_.unit.empty())
    if (const auto ratio = unit_ratio(both->unit, column_.unit))
      return value_of(both->number * *ratio);
  return contradiction(
      column_.unit.empty()
          ? fmt::format("it is in '{}', the model takes numbers without a unit", both->unit)
          : fmt::format("it is in '{}', the model takes '{}'", both->unit, column_.unit),
      "convert the cells to the unit of the model's file");
}

/// Minutes of the day, or that it lasted.
CellReading CellInterpreter::clock_time(std::string_view text) const {
  if (const auto clock = parse_clock(text)) return value_of(clock->seconds / 60);
  const CellValue plain = reader_.read(text);
  if (plain.kind == CellKind::missing) return {};
  if (plain.kind == CellKind::bad_status) return {.outcome = CellOutcome::bad_status};
  if (const auto stamp = parse_time_stamp(text)) return value_of(stamp->seconds / 60);
  if (taught_ && plain.kind == CellKind::number)
    return contradiction("it is a plain number, the model takes h:mm or h:mm:ss",
                         "write the cells as the model's file has them");
  return {.outcome = CellOutcome::unreadable};
}

CellReading CellInterpreter::time(std::string_view text) const {
  const auto stamp = parse_time_stamp(text);
  if (!stamp)
    return {.outcome = reader_.missing_word(text) || reader_.read(text).kind == CellKind::missing
                           ? CellOutcome::missing
                           : CellOutcome::unreadable};
  const bool open = stamp->order == TimeStamp::Order::open;
  const DayOrder order = column_.day_order.value_or(DayOrder::day_first);
  const auto seconds = to_seconds(*stamp, order);
  const auto turned = open ? to_seconds(*stamp, other_order(order)) : std::nullopt;
  if (taught_ && open && !column_.day_order && seconds && turned && *seconds != *turned)
    return contradiction(fmt::format("it may be {} or {}: the model's file writes the year first "
                                     "or names the month",
                                     date_text(*seconds), date_text(*turned)),
                         "write times as 2024-12-31 13:45:00");
  if (!seconds && turned && taught_) {
    if (column_.day_order)
      return contradiction(fmt::format("it can only be {}, but in the model's file {}",
                                       date_text(*turned), order_words(order)),
                           "write times as 2024-12-31 13:45:00, or in the order of the model's "
                           "file");
    return {.outcome = CellOutcome::value, .value = *turned, .offset_s = stamp->offset_s};
  }
  if (!seconds) return {.outcome = CellOutcome::unreadable};
  if (taught_ && column_.stamp_clock == StampClock::local && names_utc(text))
    return contradiction("it is in UTC, the stamps of the model's file follow the local clock",
                         "write times with the local offset: 2024-12-31T13:45:00+01:00");
  // What the calendar says in UTC is to be said in UTC again.
  const bool in_utc = taught_ && column_.stamp_clock == StampClock::utc;
  return {.outcome = CellOutcome::value,
          .value = *seconds,
          .offset_s = in_utc ? std::optional<double>(0) : stamp->offset_s};
}

CellInterpreter::Word CellInterpreter::word(const std::string& text) const {
  const auto& words = column_.words;
  const auto known = [&](const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  if (text.empty()) return {};
  if (known(text)) return {CellOutcome::value, text};
  if (column_.yes_no)
    if (const auto meaning = yes_or_no(text))
      for (const std::string& word : words)
        if (yes_or_no(word) == meaning) return {CellOutcome::value, word};
  const auto& missing = column_.missing;
  if (std::find(missing.begin(), missing.end(), text) != missing.end()) return {};
  if (!taught_) return {CellOutcome::value, text};
  if (reader_.missing_word(text)) return {};
  // A spreadsheet writes the word 10 as the number 10.0.
  if (const auto number = parse_written(text, file_.decimal_mark)) {
    const auto alike = [&](const std::string& word) {
      const auto value = parse_written(word, file_.decimal_mark);
      return value && value->value == number->value;
    };
    if (std::count_if(words.begin(), words.end(), alike) == 1)
      return {CellOutcome::value, *std::find_if(words.begin(), words.end(), alike)};
  }
  return {CellOutcome::value, text};
}

}  // namespace cupel
