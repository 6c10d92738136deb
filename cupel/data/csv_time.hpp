// Time stamps as files write them: ISO-8601, 31.12.2024 13:45, 12/31/2024 1:45 PM,
// 31-Dec-24 13:45:00.
#pragma once

#include <optional>
#include <string_view>

namespace cupel {

struct TimeStamp {
  int first = 0, second = 0, third = 0;  ///< as written; a month's name is already a number
  enum class Order { year_first, day_first, open } order = Order::open;
  double seconds = 0;  ///< of the day, minus the offset when one is stated
};

enum class DayOrder { day_first, month_first };

/// Empty when `text` is not a time stamp. Only the form is checked, not the calendar.
std::optional<TimeStamp> parse_time_stamp(std::string_view text);

/// Seconds of the day for a time without a date: 13:45, 1:45:30 PM. Empty when it is none.
std::optional<double> parse_clock(std::string_view text);

/// Seconds since 1970-01-01; empty when the calendar has no such day. `order` decides
/// stamps that are open.
std::optional<double> to_seconds(const TimeStamp& stamp, DayOrder order);

}  // namespace cupel
