// Time stamps as files write them: ISO-8601, 31.12.2024 13:45, 12/31/2024 1:45 p. m.,
// 31-Dez-24 13.45.00, March 1, 2024, 20240301001500, with a zone behind them. And clock times and
// durations: 13:45, 18.00.00, 1:45:30 PM, 26:10:00.
#pragma once

#include <optional>
#include <string_view>

namespace cupel {

enum class DayOrder { day_first, month_first };

struct TimeStamp {
  int first = 0, second = 0, third = 0;  ///< as written; a month's name is already a number
  enum class Order { year_first, day_first, open } order = Order::open;
  double seconds = 0;                   ///< of the day
  std::optional<double> offset_s = {};  ///< of its clock, east of UTC, where it states one
  bool weak = false;                    ///< short numbers only, 15-10-12: may be something else
  bool compact = false;                 ///< digits only, 20240301
};

/// Empty when `text` is not a time stamp. Only the form is checked, not the calendar.
std::optional<TimeStamp> parse_time_stamp(std::string_view text);

/// Seconds since 1970-01-01 00:00 UTC; empty when the calendar has no such day. `order` decides
/// stamps that are open.
std::optional<double> to_seconds(const TimeStamp& stamp, DayOrder order);

struct ClockTime {
  double seconds = 0;     ///< of the day, or that it lasted
  bool half_day = false;  ///< says a.m. or p.m.: it is a time of day
  int parts = 2;          ///< 2: 13:45, 3: 13:45:00
};

/// A time without a date: 13:45, 18.00.00, 1:45:30 PM; or a duration, with any number of hours and
/// days before it: 26:10:00, 1 d 02:00, 1.02:00:00. Empty when it is neither.
std::optional<ClockTime> parse_clock(std::string_view text);

}  // namespace cupel
