// What the calendar says of a row's time, as inputs: its place in the day, in the week and in the
// year, each on a circle (sine and cosine), so that 23:59 lies next to 0:00; and whether it is a
// weekend. Plants that people run, and that the weather reaches, follow it.
#pragma once

#include <string>
#include <vector>

#include "cupel/base/json.hpp"
#include "cupel/data/table.hpp"

namespace cupel {

struct Calendar {
  std::string time = {};                  ///< column with the times
  std::vector<std::string> periods = {};  ///< of "day", "week", "year"; empty: no calendar
  bool any() const { return !periods.empty(); }
  bool operator==(const Calendar&) const = default;
};

/// The periods that the times of a column cover twice (a year: once) with four rows or more in
/// each. None where the column holds no times.
std::vector<std::string> calendar_periods(const Column& time);

/// Throws Error{usage} when the column does not hold times, Error{bad_data} when they cover none.
Calendar calendar_of(const Column& time);

/// Of a time column "t": "t_day_sin", "t_day_cos", "t_week_sin", "t_week_cos", "t_weekend" (with
/// the week; 0 or 1), "t_year_sin", "t_year_cos".
std::vector<std::string> calendar_names(const Calendar& calendar);

/// Adds these columns where the table does not have them. Times are taken as they are written.
/// Throws Error{bad_data} when one is to be added and the time column is not there or holds no
/// times.
void add_calendar(const Calendar& calendar, Table& table);

Json to_json(const Calendar& calendar);
/// Throws Error{runtime} for a period that there is not.
Calendar calendar_from_json(const Json& json);

}  // namespace cupel
