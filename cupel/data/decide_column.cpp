#include "cupel/data/decide_column.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "cupel/base/error.hpp"
#include "cupel/data/decide_times.hpp"
#include "cupel/data/decide_units.hpp"
#include "cupel/data/yes_no.hpp"

namespace cupel {
namespace {

/// Fewer different numbers beside words are rather names than measurements.
int different_numbers(const ColumnSurvey& survey, int most) {
  std::set<double> different;
  for (const double value : survey.values)
    if (!std::isnan(value) && static_cast<int>(different.size()) < most) different.insert(value);
  return static_cast<int>(different.size());
}

bool mostly(double share, int strange, int good) {
  return strange == 0 || strange < share * (strange + good);
}

/// 10X beside 10: the words are made of the numbers, so both are names.
bool words_extend_numbers(const ColumnSurvey& survey) {
  constexpr int kFewNumbers = 30;
  std::set<double> numbers;
  for (const double value : survey.values) {
    if (std::isnan(value)) continue;
    if (value != std::floor(value)) return false;
    numbers.insert(value);
    if (static_cast<int>(numbers.size()) > kFewNumbers) return false;
  }
  int words = 0;
  for (const auto& [unit, cells] : survey.units) {
    if (survey.measured) return false;
    words += cells.count.cells;
    for (const double number : cells.numbers)
      if (!numbers.contains(number)) return false;
  }
  return words >= 2 && survey.others.cells == 0;
}

/// A few texts that come again and again among many different numbers: "No Good Data".
bool are_status_texts(const ColumnSurvey& survey, int good) {
  constexpr std::size_t kFewTexts = 5;
  constexpr int kManyNumbers = 12;
  if (survey.many_words || survey.words.size() > kFewTexts || good < kManyNumbers) return false;
  return different_numbers(survey, 8 * kManyNumbers) >=
         std::max<int>(kManyNumbers, 4 * static_cast<int>(survey.words.size()));
}

bool all_yes_or_no(const ColumnSurvey& survey) {
  if (survey.many_words || survey.words.empty()) return false;
  for (const double value : survey.values)
    if (!std::isnan(value) && value != 0 && value != 1) return false;
  return std::all_of(survey.words.begin(), survey.words.end(),
                     [](const auto& word) { return yes_or_no(word.first).has_value(); });
}

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_small(char c) { return c >= 'a' && c <= 'z'; }

/// Na, Null: a capital and small letters.
bool is_title_case(std::string_view word) {
  return word.size() > 1 && is_capital(word[0]) &&
         std::all_of(word.begin() + 1, word.end(), is_small);
}

/// Short, of letters only and in the same capitals as `word`: DE, FR, US beside NA.
bool is_of_its_kind(std::string_view other, std::string_view word) {
  const bool capitals = is_capital(word[0]);
  return !other.empty() && other.size() <= word.size() + 2 &&
         std::all_of(other.begin(), other.end(),
                     [&](char c) { return capitals ? is_capital(c) : is_small(c); });
}

/// Is a word that is spelled like a mark of missing values a word here? Na is among K and Li; NA is
/// among DE and FR where other cells are empty when they are missing.
bool is_word_here(const std::string& mark, const ColumnSurvey& survey) {
  if (is_title_case(mark) && mark != "NaN") return true;
  if (mark != "NA" && mark != "na") return false;
  if (survey.empty > 0 || survey.words.size() < 2) return false;
  return std::all_of(survey.words.begin(), survey.words.end(),
                     [&](const auto& word) { return is_of_its_kind(word.first, mark); });
}

class Decider {
 public:
  Decider(const ColumnQuestion& question, std::vector<ReadNote>& notes)
      : question_(question), survey_(question.survey), notes_(notes) {}

  ColumnReading decide() {
    if (auto times = decide_times(question_, notes_)) return *times;
    if (auto clocks = decide_clocks(question_)) return *clocks;
    const int clocks_and_stamps = survey_.clocks.cells + survey_.stamps.cells;
    const int strange = survey_.others.cells + clocks_and_stamps;
    ColumnReading reading = plain(ColumnKind::number);
    const auto unitless = survey_.all_numbers() + survey_.limits.cells;
    if (unitless + survey_.with_unit() == 0) return words_or_empty(strange);
    if (words_extend_numbers(survey_)) return words();
    if (all_yes_or_no(survey_) && survey_.units.empty()) {
      if (survey_.all_numbers() > 0) return reading;
      return words();
    }
    const auto units = decide_units(question_);
    const int units_read = units ? survey_.with_unit() : 0;
    const int unread = strange + (units ? 0 : survey_.with_unit());
    const int good = survey_.all_numbers() + units_read;
    const bool numbers =
        good > 0 && (mostly(question_.unreadable_share, unread, good + survey_.limits.cells) ||
                     (clocks_and_stamps == 0 && unread == survey_.others.cells &&
                      are_status_texts(survey_, good)));
    if (!numbers) return words();
    if (units) take_units(*units, reading);
    return reading;
  }

 private:
  ColumnReading plain(ColumnKind kind) const {
    return {.name = question_.name, .kind = kind, .unit = question_.unit};
  }

  /// Nothing but marks of missing values: numbers, all missing.
  ColumnReading words_or_empty(int strange) {
    return strange == 0 ? plain(ColumnKind::number) : words();
  }

  void take_units(const UnitDecision& units, ColumnReading& reading) {
    reading.unit = units.unit;
    reading.cell_units = units.cells;
    notes_.push_back(
        {.column = question_.name, .row = -1, .count = survey_.with_unit(), .what = units.note});
  }

  ColumnReading words() {
    ColumnReading reading = plain(ColumnKind::text);
    if (all_yes_or_no(survey_)) merge_yes_and_no(reading);
    for (const auto& [mark, count] : survey_.missing) {
      const CellReader reader(question_.file.decimal_mark, question_.file.missing_marks);
      if (!reader.missing_word(mark) || is_word_here(mark, survey_)) continue;
      reading.missing.push_back(mark);
      notes_.push_back({.column = question_.name,
                        .row = count.first,
                        .count = count.cells,
                        .what = fmt::format("{} cell{} '{}'; read as missing", count.cells,
                                            count.cells == 1 ? " says" : "s say", mark),
                        .advice = "if it is one of the words of this column, write it otherwise"});
    }
    return reading;
  }

  /// Yes, yes and Y are one word where all words are a yes or a no.
  void merge_yes_and_no(ColumnReading& reading) {
    std::vector<std::pair<int, std::string>> first;
    for (const auto& [word, count] : survey_.words) first.emplace_back(count.first, word);
    std::sort(first.begin(), first.end());
    std::string merged;
    for (const auto& [row, word] : first) {
      const auto alike = std::find_if(reading.words.begin(), reading.words.end(),
                                      [&, &word = word](const std::string& known) {
                                        return yes_or_no(known) == yes_or_no(word);
                                      });
      if (alike == reading.words.end())
        reading.words.push_back(word);
      else
        merged = fmt::format("'{}' is read as '{}'", word, *alike);
    }
    reading.yes_no = true;
    if (!merged.empty())
      notes_.push_back({.column = question_.name, .row = -1, .count = 0, .what = merged});
  }

  const ColumnQuestion& question_;
  const ColumnSurvey& survey_;
  std::vector<ReadNote>& notes_;
};

}  // namespace

ColumnReading decide_column(const ColumnQuestion& question, std::vector<ReadNote>& notes) {
  return Decider(question, notes).decide();
}

}  // namespace cupel
