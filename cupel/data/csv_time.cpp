#include "cupel/data/csv_time.hpp"

#include <array>
#include <chrono>
#include <cstdlib>

#include "cupel/data/csv_grid.hpp"

namespace cupel {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Reads from the front of a text, piece by piece.
struct Scanner {
  std::string_view rest;
  bool ok = true;

  bool done() const { return rest.empty(); }
  bool take(char c) {
    if (rest.empty() || rest[0] != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  /// One to `most` digits.
  int number(std::size_t most, std::size_t* digits = nullptr) {
    int value = 0;
    std::size_t count = 0;
    while (count < most && count < rest.size() && is_digit(rest[count]))
      value = 10 * value + (rest[count++] - '0');
    ok = ok && count > 0;
    rest.remove_prefix(count);
    if (digits != nullptr) *digits = count;
    return value;
  }
  double fraction() {
    double value = 0, place = 0.1;
    for (; !rest.empty() && is_digit(rest[0]); rest.remove_prefix(1), place /= 10)
      value += place * (rest[0] - '0');
    return value;
  }
  /// 1 … 12 when a month's name starts here.
  int month() {
    static constexpr std::array<std::string_view, 12> kNames = {
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
    for (std::size_t m = 0; m < kNames.size() && rest.size() >= 3; ++m)
      if (lower(rest[0]) == kNames[m][0] && lower(rest[1]) == kNames[m][1] &&
          lower(rest[2]) == kNames[m][2]) {
        rest.remove_prefix(3);
        return static_cast<int>(m) + 1;
      }
    return 0;
  }
};

int full_year(int year, std::size_t digits) {
  return digits > 2 ? year : year + (year < 70 ? 2000 : 1900);
}

/// The date at the front; `ok` turns false when there is none.
TimeStamp parse_date(Scanner& scan) {
  TimeStamp stamp;
  std::size_t digits = 0;
  stamp.first = scan.number(4, &digits);
  if (!scan.ok || scan.done()) return scan.ok = false, stamp;
  const bool year_first = digits == 4;
  const char mark = scan.rest[0];
  if ((mark != '-' && mark != '/' && mark != '.' && mark != ' ') || !scan.take(mark))
    return scan.ok = false, stamp;
  const int month = scan.month();
  if (month == 0 && mark == ' ') return scan.ok = false, stamp;
  stamp.second = month != 0 ? month : scan.number(2);
  if (!scan.take(mark)) return scan.ok = false, stamp;
  stamp.third = scan.number(year_first ? 2 : 4, &digits);
  if (year_first) {
    stamp.order = TimeStamp::Order::year_first;
    return stamp;
  }
  scan.ok = scan.ok && (digits == 2 || digits == 4);
  stamp.third = full_year(stamp.third, digits);
  if (month != 0 || mark == '.') stamp.order = TimeStamp::Order::day_first;
  return stamp;
}

double parse_offset(Scanner& scan) {
  if (scan.take('Z') || scan.take('z')) return 0;
  const bool minus = !scan.done() && scan.rest[0] == '-';
  if (!scan.take('+') && !scan.take('-')) return 0;
  const int hours = scan.number(2);
  scan.take(':');
  const int minutes = scan.done() ? 0 : scan.number(2);
  return (minus ? -1 : 1) * (hours * 3600.0 + minutes * 60.0);
}

int parse_half_day(Scanner& scan, int hour) {
  while (scan.take(' ')) {
  }
  if (scan.rest.size() < 2 || lower(scan.rest[1]) != 'm') return hour;
  const char half = lower(scan.rest[0]);
  if (half != 'a' && half != 'p') return hour;
  scan.rest.remove_prefix(2);
  scan.ok = scan.ok && hour >= 1 && hour <= 12;
  return hour % 12 + (half == 'p' ? 12 : 0);
}

double scan_clock(Scanner& scan) {
  int hour = scan.number(2), minute = 0;
  double second = 0;
  if (!scan.take(':')) return scan.ok = false, 0;
  minute = scan.number(2);
  if (scan.take(':')) {
    second = scan.number(2);
    if (scan.take('.') || scan.take(',')) second += scan.fraction();
  }
  hour = parse_half_day(scan, hour);
  scan.ok = scan.ok && hour <= 24 && minute < 60 && second < 61;
  return hour * 3600.0 + minute * 60.0 + second - parse_offset(scan);
}

}  // namespace

std::optional<TimeStamp> parse_time_stamp(std::string_view text) {
  if (text.size() < 6 || !is_digit(text[0])) return std::nullopt;
  Scanner scan{.rest = text};
  TimeStamp stamp = parse_date(scan);
  if (!scan.ok) return std::nullopt;
  if (scan.done()) return stamp;
  if (!scan.take('T') && !scan.take('t') && !scan.take(' ')) return std::nullopt;
  while (scan.take(' ')) {
  }
  stamp.seconds = scan_clock(scan);
  if (!scan.ok || !scan.done()) return std::nullopt;
  return stamp;
}

std::optional<double> parse_clock(std::string_view text) {
  if (text.size() < 4 || !is_digit(text[0])) return std::nullopt;
  Scanner scan{.rest = text};
  const double seconds = scan_clock(scan);
  if (!scan.ok || !scan.done()) return std::nullopt;
  return seconds;
}

std::optional<double> to_seconds(const TimeStamp& stamp, DayOrder order) {
  int year = stamp.third, month = stamp.second, day = stamp.first;
  if (stamp.order == TimeStamp::Order::year_first) {
    year = stamp.first;
    day = stamp.third;
  } else if (stamp.order == TimeStamp::Order::open && order == DayOrder::month_first) {
    month = stamp.first;
    day = stamp.second;
  }
  using namespace std::chrono;
  const year_month_day date(std::chrono::year(year),
                            std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  return sys_days(date).time_since_epoch().count() * 86400.0 + stamp.seconds;
}

}  // namespace cupel
