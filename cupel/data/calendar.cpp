#include "cupel/data/calendar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

constexpr double kDay = 86400;
constexpr int kFewestRows = 4;  ///< in one period

struct Period {
  std::string_view name;
  double seconds;
  double covered;  ///< periods that the times must cover
};
constexpr std::array<Period, 3> kPeriods = {
    {{"day", kDay, 2}, {"week", 7 * kDay, 2}, {"year", 365.2425 * kDay, 1}}};

/// 1970-01-01 was a Thursday; weeks are counted from Monday.
constexpr double kMonday = 3 * kDay;

const Period& period_named(const std::string& name) {
  const auto found = std::find_if(kPeriods.begin(), kPeriods.end(),
                                  [&](const Period& period) { return period.name == name; });
  if (found == kPeriods.end())
    throw Error(ErrorKind::runtime, fmt::format("there is no calendar period '{}'", name));
  return *found;
}

/// 0 up to 1: at the beginning of the day, of the week (Monday), of the year.
double place_in(const Period& period, double time) {
  const double turns = (time + (period.name == "week" ? kMonday : 0)) / period.seconds;
  return turns - std::floor(turns);
}

/// Seconds as the clock of the stamp shows them: people and the weather follow it, not UTC.
double local(const Column& time, std::size_t row) {
  const double offset = time.offsets_s.empty() ? 0 : time.offsets_s[row];
  return time.values[row] + (std::isnan(offset) ? 0 : offset);
}

template <class Value>
void add_column(Table& table, const Column& time, std::string name, Value value) {
  if (table.find(name) >= 0) return;
  Column column{.name = std::move(name)};
  for (std::size_t row = 0; row < time.values.size(); ++row)
    column.values.push_back(std::isnan(time.values[row]) ? kMissing : value(local(time, row)));
  table.columns.push_back(std::move(column));
}

}  // namespace

std::vector<std::string> calendar_periods(const Column& time) {
  std::vector<double> times = time.values;
  std::erase_if(times, [](double value) { return std::isnan(value); });
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  if (time.kind != ColumnKind::time || times.size() < 2) return {};
  std::vector<double> steps(times.size() - 1);
  for (std::size_t k = 0; k < steps.size(); ++k) steps[k] = times[k + 1] - times[k];
  std::nth_element(steps.begin(), steps.begin() + std::ssize(steps) / 2, steps.end());
  const double step = steps[steps.size() / 2], span = times.back() - times.front() + step;
  std::vector<std::string> periods;
  for (const Period& period : kPeriods)
    if (span >= period.covered * period.seconds && kFewestRows * step <= period.seconds)
      periods.emplace_back(period.name);
  return periods;
}

Calendar calendar_of(const Column& time) {
  if (time.kind != ColumnKind::time)
    throw Error(ErrorKind::usage,
                fmt::format("the column '{}' holds no dates, so there is no calendar", time.name),
                "write times as 2026-03-31 14:05, or leave out --calendar");
  Calendar calendar{time.name, calendar_periods(time)};
  if (!calendar.any())
    throw Error(ErrorKind::bad_data,
                fmt::format("the times in '{}' do not cover two days, so the calendar says nothing",
                            time.name),
                "leave out --calendar");
  return calendar;
}

std::vector<std::string> calendar_names(const Calendar& calendar) {
  std::vector<std::string> names;
  for (const std::string& period : calendar.periods) {
    for (const char* part : {"sin", "cos"})
      names.push_back(fmt::format("{}_{}_{}", calendar.time, period, part));
    if (period == "week") names.push_back(calendar.time + "_weekend");
  }
  return names;
}

void add_calendar(const Calendar& calendar, Table& table) {
  const std::vector<std::string> names = calendar_names(calendar);
  if (std::all_of(names.begin(), names.end(),
                  [&](const std::string& name) { return table.find(name) >= 0; }))
    return;
  const int place = table.find(calendar.time);
  if (place < 0 || table.columns[static_cast<std::size_t>(place)].kind != ColumnKind::time)
    throw Error(ErrorKind::bad_data,
                fmt::format("{}: the column '{}' {}", table.source, calendar.time,
                            place < 0 ? "is missing" : "holds no dates"),
                "the model reads the time of the day or of the week from it");
  const Column time = table.columns[static_cast<std::size_t>(place)];
  const double turn = 2 * std::numbers::pi;
  for (const std::string& name : calendar.periods) {
    const Period& period = period_named(name);
    const std::string stem = fmt::format("{}_{}", calendar.time, name);
    add_column(table, time, stem + "_sin",
               [&](double t) { return std::sin(turn * place_in(period, t)); });
    add_column(table, time, stem + "_cos",
               [&](double t) { return std::cos(turn * place_in(period, t)); });
    if (name == "week")
      add_column(table, time, calendar.time + "_weekend",
                 [&](double t) { return place_in(period, t) >= 5.0 / 7 ? 1.0 : 0.0; });
  }
}

Json to_json(const Calendar& calendar) {
  Json json;
  json["time"] = calendar.time;
  json["periods"] = calendar.periods;
  return json;
}

Calendar calendar_from_json(const Json& json) {
  Calendar calendar{.time = json.at("time").as_string()};
  for (const Json& period : json.at("periods").as_array()) {
    calendar.periods.push_back(period.as_string());
    period_named(calendar.periods.back());
  }
  return calendar;
}

}  // namespace cupel
