#include "cupel/data/csv_time.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <string>
#include <utility>

#include "cupel/data/month_names.hpp"

namespace cupel {
namespace {

constexpr double kMinute = 60, kHour = 3600, kDay = 86400;
constexpr std::size_t kLongestStamp = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

/// Reads from the front of a text in small letters, piece by piece.
struct Scanner {
  std::string_view rest;
  bool ok = true;

  bool done() const { return rest.empty(); }
  char front() const { return rest.empty() ? '\0' : rest[0]; }
  bool take(char c) {
    if (front() != c || rest.empty()) return false;
    rest.remove_prefix(1);
    return true;
  }
  bool take(std::string_view text) {
    if (!rest.starts_with(text)) return false;
    rest.remove_prefix(text.size());
    return true;
  }
  void blanks() {
    while (take(' ')) {
    }
  }
  std::size_t digits() const {
    std::size_t count = 0;
    while (count < rest.size() && is_digit(rest[count])) ++count;
    return count;
  }
  /// One to `most` digits.
  int number(std::size_t most) {
    const std::size_t count = std::min(most, digits());
    int value = 0;
    for (const char c : rest.substr(0, count)) value = 10 * value + (c - '0');
    ok = ok && count > 0;
    rest.remove_prefix(count);
    return value;
  }
  double fraction() {
    double value = 0, place = 0.1;
    for (; is_digit(front()); rest.remove_prefix(1), place /= 10) value += place * (front() - '0');
    return value;
  }
  std::string_view letters() const {
    std::size_t count = 0;
    while (count < rest.size() && is_letter(rest[count])) ++count;
    return rest.substr(0, count);
  }
  /// 1 … 12 when a month's name stands here, with a point or without.
  int month() {
    const std::string_view name = letters();
    const int found = month_of(name);
    if (found == 0) return 0;
    rest.remove_prefix(name.size());
    if (front() == '.' && rest.size() > 1) take('.');
    return found;
  }
};

int full_year(int year, std::size_t digits) {
  return digits > 2 ? year : year + (year < 70 ? 2000 : 1900);
}

void take_year(Scanner& scan, TimeStamp& stamp) {
  const std::size_t digits = scan.digits();
  scan.ok = scan.ok && (digits == 2 || digits == 4);
  stamp.third = full_year(scan.number(4), digits);
}

/// "march 1, 2024", "mar 1 2024", "mar-24" (the first of the month).
TimeStamp month_name_first(Scanner& scan, int month) {
  TimeStamp stamp{.second = month, .order = TimeStamp::Order::day_first};
  const char mark = scan.front();
  scan.ok = mark == ' ' || mark == '-' || mark == '/';
  if (!scan.ok) return stamp;
  while (scan.take(mark)) {
  }
  const std::size_t digits = scan.digits();
  if (digits == 4 || (mark == '-' && digits == 2 && scan.rest.size() == 2)) {
    stamp.first = 1;
    take_year(scan, stamp);
    return stamp;
  }
  stamp.first = scan.number(2);
  scan.take(',');
  if (!scan.take(mark) && !scan.take(' ')) scan.ok = false;
  scan.blanks();
  take_year(scan, stamp);
  return stamp;
}

/// Digits alone: 20240301, 202403011345, 20240301134500, with the clock behind a T or none.
TimeStamp compact_date(Scanner& scan) {
  TimeStamp stamp{.order = TimeStamp::Order::year_first, .compact = true};
  const std::size_t digits = scan.digits();
  stamp.first = scan.number(4);
  stamp.second = scan.number(2);
  stamp.third = scan.number(2);
  if (digits == 8) return stamp;
  const int hour = scan.number(2), minute = scan.number(2);
  const int second = digits == 14 ? scan.number(2) : 0;
  double part = 0;
  if (digits == 14 && (scan.take('.') || scan.take(','))) part = scan.fraction();
  scan.ok = scan.ok && hour < 24 && minute < 60 && second < 61;
  stamp.seconds = hour * kHour + minute * kMinute + second + part;
  return stamp;
}

/// Behind the first number of a date: its mark and the other two parts.
void rest_of_date(Scanner& scan, TimeStamp& stamp, bool year_first) {
  const char mark = scan.front();
  scan.ok = mark == '-' || mark == '/' || mark == '.' || mark == ' ';
  if (!scan.ok) return;
  scan.take(mark);
  if (mark == '.') scan.blanks();
  const int month = scan.month();
  scan.ok = month != 0 || mark != ' ';
  if (!scan.ok) return;
  if (month == 0 && !year_first && scan.digits() == 4 && scan.rest.size() == 4) {  // 03/2024
    stamp = {.first = 1, .second = stamp.first, .order = TimeStamp::Order::day_first, .weak = true};
    stamp.third = scan.number(4);
    return;
  }
  stamp.second = month != 0 ? month : scan.number(2);
  if (year_first && scan.done()) {  // 2024-03
    stamp.third = 1;
    stamp.order = TimeStamp::Order::year_first;
    stamp.weak = true;
    return;
  }
  if (!scan.take(mark) && !(month != 0 && (scan.take(' ') || scan.take('.')))) {
    scan.ok = false;
    return;
  }
  scan.blanks();
  if (year_first) {
    stamp.third = scan.number(2);
    stamp.order = TimeStamp::Order::year_first;
    return;
  }
  const std::size_t digits = scan.digits();
  take_year(scan, stamp);
  stamp.weak = month == 0 && digits == 2;
  if (month != 0 || mark == '.') stamp.order = TimeStamp::Order::day_first;
}

/// The date at the front; `ok` turns false when there is none.
TimeStamp parse_date(Scanner& scan) {
  if (const int month = scan.month(); month != 0) return month_name_first(scan, month);
  const std::size_t digits = scan.digits();
  if (digits == 8 || digits == 12 || digits == 14) return compact_date(scan);
  TimeStamp stamp;
  scan.ok = digits == 4 || digits == 1 || digits == 2;
  if (!scan.ok) return stamp;
  stamp.first = scan.number(4);
  rest_of_date(scan, stamp, digits == 4);
  return stamp;
}

struct Zone {
  std::string_view name;
  double hours;
};
constexpr std::array<Zone, 25> kZones = {
    {{"utc", 0},  {"gmt", 0},   {"ut", 0},    {"cet", 1},  {"cest", 2}, {"mez", 1},  {"mesz", 2},
     {"wet", 0},  {"west", 1},  {"eet", 2},   {"eest", 3}, {"msk", 3},  {"bst", 1},  {"est", -5},
     {"edt", -4}, {"cdt", -5},  {"mst", -7},  {"mdt", -6}, {"pst", -8}, {"pdt", -7}, {"jst", 9},
     {"kst", 9},  {"aest", 10}, {"aedt", 11}, {"akst", -9}}};

/// +01:00, -0530, +1.
std::optional<double> numeric_offset(Scanner& scan) {
  const char sign = scan.front();
  if (sign != '+' && sign != '-') return std::nullopt;
  scan.take(sign);
  const int hours = scan.number(2);
  scan.take(':');
  const int minutes = scan.digits() > 0 ? scan.number(2) : 0;
  scan.ok = scan.ok && hours <= 15 && minutes < 60;
  return (sign == '-' ? -1 : 1) * (hours * kHour + minutes * kMinute);
}

/// What stands behind a clock time: an offset, a zone, a place in brackets.
std::optional<double> parse_zone(Scanner& scan) {
  scan.blanks();
  std::optional<double> offset;
  const bool in_parentheses = scan.take('(');
  const std::string_view name = scan.letters();
  if (name == "z") {
    scan.take('z');
    offset = 0;
  } else if (!name.empty() && name.size() <= 5) {
    const auto zone = std::find_if(kZones.begin(), kZones.end(),
                                   [&](const Zone& known) { return known.name == name; });
    if (zone == kZones.end() && name != "cst" && name != "ist" && name != "local") {
      scan.ok = false;
      return offset;
    }
    scan.rest.remove_prefix(name.size());
    if (zone != kZones.end()) offset = zone->hours * kHour;
    if (const auto beyond = numeric_offset(scan)) offset = offset.value_or(0) + *beyond;
  } else {
    offset = numeric_offset(scan);
  }
  if (in_parentheses) scan.ok = scan.ok && scan.take(')');
  scan.blanks();
  if (scan.take('['))
    scan.rest.remove_prefix(std::min(scan.rest.find(']'), scan.rest.size() - 1) + 1);
  return offset;
}

/// "pm", "p.m.", "p. m.": adds the half day.
bool take_half_day(Scanner& scan, int& hour) {
  Scanner look = scan;
  look.blanks();
  const char half = look.front();
  if (half != 'a' && half != 'p') return false;
  look.take(half);
  look.take('.');
  look.blanks();
  if (!look.take('m') || is_letter(look.front())) return false;
  look.take('.');
  scan.ok = scan.ok && hour >= 1 && hour <= 12;
  hour = hour % 12 + (half == 'p' ? 12 : 0);
  scan.rest = look.rest;
  return true;
}

/// 13:45, 13:45:30.5, 18.00.00, 1:45 p.m., 13h45, any number of hours; no zone.
ClockTime scan_clock(Scanner& scan) {
  ClockTime clock;
  int hour = scan.number(5), minute = 0;
  double second = 0;
  char mark = scan.front();
  if (take_half_day(scan, hour)) {  // "3 pm"
    clock.half_day = true;
    clock.seconds = hour * kHour;
    return clock;
  }
  scan.ok = scan.ok && (mark == ':' || mark == '.' || (mark == 'h' && scan.rest.size() >= 3));
  if (!scan.ok) return clock;
  scan.take(mark);
  if (mark == 'h') mark = ':';
  scan.ok = scan.digits() == 2 || (mark == ':' && scan.digits() == 1);
  minute = scan.number(2);
  if (scan.take(mark)) {
    clock.parts = 3;
    second = scan.number(2);
    if (scan.take('.') || scan.take(',') || scan.take(':')) second += scan.fraction();
  }
  clock.half_day = take_half_day(scan, hour);
  scan.ok =
      scan.ok && minute < 60 && second < 61 && (mark == ':' || clock.parts == 3 || clock.half_day);
  clock.seconds = hour * kHour + minute * kMinute + second;
  return clock;
}

/// "1 d ", "2 days, ", "1." before the hours: how many days.
int take_days(Scanner& scan) {
  Scanner look = scan;
  const int days = look.digits() > 0 ? look.number(4) : 0;
  if (!look.ok || look.done()) return 0;
  if (look.take('.')) {  // 1.02:00:00, but not 18.00.00
    if (look.digits() != 2 || look.rest.substr(2, 1) != ":") return 0;
  } else {
    look.blanks();
    if (!look.take("days") && !look.take("day") && !look.take("d")) return 0;
    look.take(',');
    look.blanks();
    if (look.digits() == 0) return 0;
  }
  scan.rest = look.rest;
  return days;
}

void pass_weekday(Scanner& scan) {
  Scanner look = scan;
  const std::string_view name = look.letters();
  if (!is_weekday(name)) return;
  look.rest.remove_prefix(name.size());
  look.take('.');
  look.take(',');
  if (!look.take(' ')) return;
  look.blanks();
  if (is_digit(look.front()) || month_of(look.letters()) != 0) scan.rest = look.rest;
}

bool may_be_stamp(std::string_view text) {
  return text.size() >= 6 && text.size() <= kLongestStamp &&
         text.find_first_of("0123456789") != std::string_view::npos;
}

bool needs_plain_letters(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c & 0x80) != 0; });
}

std::optional<TimeStamp> parse_plain_stamp(std::string_view text) {
  Scanner scan{.rest = text};
  pass_weekday(scan);
  const bool with_clock = scan.digits() > 8;
  TimeStamp stamp = parse_date(scan);
  if (!scan.ok) return std::nullopt;
  if (scan.done()) return stamp;
  if (with_clock) {
    stamp.offset_s = parse_zone(scan);
    return scan.ok && scan.done() ? std::optional(stamp) : std::nullopt;
  }
  scan.take(',');
  if (scan.done() || (!scan.take('t') && !scan.take(' ') && !scan.take('_') && !scan.take('-')))
    return std::nullopt;
  scan.blanks();
  if (stamp.compact && scan.digits() == 6) {  // 20240301T134500
    const int hour = scan.number(2), minute = scan.number(2), second = scan.number(2);
    scan.ok = hour < 24 && minute < 60 && second < 61;
    stamp.seconds = hour * kHour + minute * kMinute + second;
  } else {
    stamp.seconds = scan_clock(scan).seconds;
  }
  stamp.offset_s = parse_zone(scan);
  if (!scan.ok || !scan.done() || stamp.seconds > kDay + 1) return std::nullopt;
  stamp.weak = false;
  return stamp;
}

}  // namespace

std::optional<TimeStamp> parse_time_stamp(std::string_view text) {
  if (!may_be_stamp(text)) return std::nullopt;
  if (!needs_plain_letters(text)) return parse_plain_stamp(text);
  return parse_plain_stamp(plain_letters(text));
}

std::optional<ClockTime> parse_clock(std::string_view text) {
  if (text.size() < 3 || text.size() > kLongestStamp) return std::nullopt;
  const std::string plain = plain_letters(text);
  Scanner scan{.rest = plain};
  const int days = take_days(scan);
  if (!is_digit(scan.front())) return std::nullopt;
  ClockTime clock = scan_clock(scan);
  if (!scan.ok || !scan.done()) return std::nullopt;
  clock.seconds += days * kDay;
  return clock;
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
  return sys_days(date).time_since_epoch().count() * kDay + stamp.seconds -
         stamp.offset_s.value_or(0);
}

}  // namespace cupel
