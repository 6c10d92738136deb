#include "cupel/data/decide_times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string_view>

#include "cupel/data/month_names.hpp"

namespace cupel {
namespace {

constexpr double kNearlyAll = 0.9, kNearlyDistinct = 0.5;
constexpr int kFewestCells = 1;
constexpr std::size_t kMostSteps = 100;

/// The words of a name: "StartTime_local" is start, time, local.
std::vector<std::string> words_of(const std::string& name) {
  std::vector<std::string> words;
  std::string word;
  char last = ' ';
  const auto end = [&] {
    if (!word.empty()) words.push_back(word);
    word.clear();
  };
  const std::string plain = plain_letters(name);
  for (std::size_t k = 0; k < plain.size(); ++k) {
    const bool capital = plain.size() == name.size() && name[k] >= 'A' && name[k] <= 'Z';
    if (plain[k] < 'a' || plain[k] > 'z' || (capital && last >= 'a' && last <= 'z')) end();
    if (plain[k] >= 'a' && plain[k] <= 'z') word += plain[k];
    last = name.size() == plain.size() ? name[k] : plain[k];
  }
  end();
  return words;
}

template <class Words>
bool any_of_words(const std::vector<std::string>& words, const Words& known) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(known.begin(), known.end(), word) != known.end();
  });
}

constexpr std::array<std::string_view, 22> kTimeWords = {
    "date",        "time",  "datetime", "timestamp", "stamp",      "datum", "zeit", "uhrzeit",
    "zeitstempel", "fecha", "hora",     "heure",     "horodatage", "data",  "ora",  "tijd",
    "tijdstip",    "day",   "tag",      "dag",       "dt",         "clock"};

struct Stamps {
  std::vector<TimeStamp> stamps;
  int open = 0, weak = 0, compact = 0, first_beyond_12 = 0, second_beyond_12 = 0, zoned = 0,
      shifted = 0;
};

/// Of the survey; in a column of digits (20240301) of all cells.
std::vector<TimeStamp> all_stamps(const ColumnQuestion& question) {
  if (question.survey.numbers.cells == 0) return question.survey.found;
  std::vector<TimeStamp> stamps;
  for (int row = 0; row < question.cells.rows(); ++row)
    if (const auto stamp = parse_time_stamp(question.cells.raw(row))) stamps.push_back(*stamp);
  return stamps;
}

Stamps stamps_of(const ColumnQuestion& question) {
  Stamps found;
  found.stamps = all_stamps(question);
  for (const TimeStamp& stamp : found.stamps) {
    found.weak += stamp.weak;
    found.compact += stamp.compact;
    found.zoned += stamp.offset_s.has_value();
    found.shifted += stamp.offset_s.value_or(0) != 0;
    if (stamp.order != TimeStamp::Order::open) continue;
    ++found.open;
    found.first_beyond_12 += stamp.first > 12;
    found.second_beyond_12 += stamp.second > 12;
  }
  return found;
}

struct Sequence {
  int valid = 0, distinct = 0, back = 0, ahead = 0;
  int steps = 0;  ///< different steps ahead
};

Sequence sequence_of(const std::vector<TimeStamp>& stamps, DayOrder order) {
  Sequence sequence;
  std::set<double> steps;
  std::vector<double> times;
  for (const TimeStamp& stamp : stamps)
    if (const auto seconds = to_seconds(stamp, order)) times.push_back(*seconds);
  sequence.valid = static_cast<int>(times.size());
  for (std::size_t k = 1; k < times.size(); ++k) {
    const double step = times[k] - times[k - 1];
    sequence.back += step < 0;
    sequence.ahead += step > 0;
    if (step > 0 && steps.size() < kMostSteps) steps.insert(step);
  }
  sequence.steps = static_cast<int>(steps.size());
  std::sort(times.begin(), times.end());
  sequence.distinct = static_cast<int>(std::unique(times.begin(), times.end()) - times.begin());
  return sequence;
}

/// Where no day is beyond the 12th: the order in which the stamps follow each other better.
std::optional<DayOrder> order_of_sequence(const std::vector<TimeStamp>& stamps) {
  const Sequence day = sequence_of(stamps, DayOrder::day_first);
  const Sequence month = sequence_of(stamps, DayOrder::month_first);
  if (day.back == 0 && month.back > 0) return DayOrder::day_first;
  if (month.back == 0 && day.back > 0) return DayOrder::month_first;
  if (day.ahead == 0 && month.back > 0 && day.back > 0 && month.ahead > 0)
    return DayOrder::day_first;  // newest first
  if (day.back == 0 && month.back == 0 && day.steps != month.steps)
    return day.steps < month.steps ? DayOrder::day_first : DayOrder::month_first;
  return std::nullopt;
}

void note_order(const ColumnQuestion& question, const Stamps& found, DayOrder order,
                std::vector<ReadNote>& notes) {
  if (found.open == 0 || found.first_beyond_12 > 0 || found.second_beyond_12 > 0) return;
  const char* first = order == DayOrder::day_first ? "day" : "month";
  notes.push_back(
      {.column = question.name,
       .row = -1,
       .count = found.open,
       .what = order_of_sequence(found.stamps)
                   ? fmt::format("day and month are told apart by the order of the rows only: read "
                                 "as {} first",
                                 first)
                   : fmt::format("day and month cannot be told apart: read as {} first", first)});
}

/// Nearly distinct, or in order: what times are and categories are not.
bool runs_on(const Sequence& sequence) {
  const int pairs = sequence.valid - 1;
  return sequence.distinct >= kNearlyDistinct * sequence.valid ||
         (pairs >= 4 && sequence.distinct > 3 && (sequence.back == 0 || sequence.ahead == 0));
}

bool is_time(const ColumnQuestion& question, const Stamps& found, const Sequence& sequence) {
  const ColumnSurvey& survey = question.survey;
  const auto stamps = static_cast<int>(found.stamps.size());
  const int said = survey.all_numbers() + survey.limits.cells + survey.others.cells +
                   survey.with_unit() + survey.stamps.cells +
                   std::max(0, survey.clocks.cells - survey.stamps.cells);
  if (stamps < kFewestCells || stamps < kNearlyAll * said) return false;
  const bool named = names_a_time(question.name);
  const double valid = static_cast<double>(sequence.valid) / stamps;
  if (found.compact > stamps / 2)
    return valid > 0.99 && (named || runs_on(sequence)) && sequence.distinct > 1;
  if (2 * found.weak < stamps) return valid >= kNearlyAll || (named && valid >= 0.5);
  return valid >= kNearlyAll && (named || runs_on(sequence));
}

/// The first cell of digits alone, 8, 12 or 14 of them; numbers are looked at only then.
bool may_be_compact(const ColumnQuestion& question) {
  const ColumnSurvey& survey = question.survey;
  if (survey.numbers.cells == 0) return false;
  const std::string_view text = question.cells.raw(survey.numbers.first);
  return (text.size() == 8 || text.size() == 12 || text.size() == 14) &&
         (text.starts_with("19") || text.starts_with("20")) &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

bool names_a_time(const std::string& name) { return any_of_words(words_of(name), kTimeWords); }

bool names_a_clock(const std::string& name) {
  constexpr std::array<std::string_view, 12> kClock = {"time", "clock", "uhrzeit", "zeit",
                                                       "hora", "heure", "ora",     "tijd",
                                                       "tid",  "start", "end",     "stop"};
  constexpr std::array<std::string_view, 24> kBeside = {
      "of",  "day", "start",  "begin",    "end",  "stop",   "finish",   "local",
      "utc", "gmt", "sample", "sampling", "log",  "record", "recorded", "measurement",
      "hh",  "mm",  "ss",     "beginn",   "ende", "von",    "bis",      "h"};
  const std::vector<std::string> words = words_of(name);
  return any_of_words(words, kClock) &&
         std::all_of(words.begin(), words.end(), [&](const std::string& word) {
           return std::find(kClock.begin(), kClock.end(), word) != kClock.end() ||
                  std::find(kBeside.begin(), kBeside.end(), word) != kBeside.end();
         });
}

std::optional<ColumnReading> decide_times(const ColumnQuestion& question,
                                          std::vector<ReadNote>& notes) {
  if (question.survey.stamps.cells == 0 && !may_be_compact(question)) return std::nullopt;
  const Stamps found = stamps_of(question);
  DayOrder order =
      found.second_beyond_12 > found.first_beyond_12 ? DayOrder::month_first : DayOrder::day_first;
  if (found.open > 0 && found.first_beyond_12 == 0 && found.second_beyond_12 == 0)
    order = order_of_sequence(found.stamps).value_or(DayOrder::day_first);
  if (!is_time(question, found, sequence_of(found.stamps, order))) return std::nullopt;
  ColumnReading reading{.name = question.name, .kind = ColumnKind::time, .unit = question.unit};
  if (found.open > 0) reading.day_order = order;
  if (found.zoned > 0)
    reading.stamp_clock = found.shifted > 0 ? StampClock::local : StampClock::utc;
  note_order(question, found, order, notes);
  return reading;
}

std::optional<ColumnReading> decide_clocks(const ColumnQuestion& question) {
  constexpr int kFewLevels = 12;
  const ColumnSurvey& survey = question.survey;
  const int said = survey.all_numbers() + survey.limits.cells + survey.others.cells +
                   survey.with_unit() + survey.clocks.cells;
  if (survey.clocks.cells == 0 || survey.clocks.cells < kNearlyAll * said) return std::nullopt;
  std::set<double> different;
  bool seconds = survey.half_day;
  for (const int row : survey.odd) {
    const auto clock = parse_clock(question.cells.raw(row));
    if (!clock) continue;
    seconds = seconds || clock->parts == 3;
    if (different.size() <= 2 * kFewLevels) different.insert(clock->seconds);
  }
  const bool named = names_a_clock(question.name) || names_a_time(question.name);
  if (!seconds && !named && static_cast<int>(different.size()) <= kFewLevels) return std::nullopt;
  ColumnReading reading{.name = question.name, .unit = question.unit, .clock = true};
  if (reading.unit.empty()) reading.unit = "min";
  return reading;
}

}  // namespace cupel
