#include "cupel/data/column_survey.hpp"

#include <cctype>

namespace cupel {
namespace {

constexpr std::size_t kMostWords = 1000;

bool shows_measurement(std::string_view text, const std::string& unit) {
  return std::isalpha(static_cast<unsigned char>(unit[0])) == 0 ||
         text.find_first_of(" .,") != std::string_view::npos;
}

void count_word(ColumnSurvey& survey, const ColumnCells& cells, int row) {
  survey.others.add(row);
  if (survey.words.size() >= kMostWords) {
    survey.many_words = true;
    return;
  }
  survey.words[cells.word(row)].add(row);
}

void count_odd(ColumnSurvey& survey, const ColumnCells& cells, int row, char decimal_mark) {
  const std::string_view text = cells.raw(row);
  const auto stamp = parse_time_stamp(text);
  if (stamp) {
    survey.stamps.add(row);
    survey.found.push_back(*stamp);
  }
  if (!stamp || text.find(':') == std::string_view::npos)
    if (const auto clock = parse_clock(text)) {
      survey.clocks.add(row);
      survey.half_day = survey.half_day || clock->half_day;
      return;
    }
  if (stamp) return;
  if (const auto number = parse_written(text, decimal_mark)) {
    survey.written.add(row);
  } else if (is_limit(text, decimal_mark)) {
    survey.limits.add(row);
  } else if (auto both = parse_with_unit(text, decimal_mark)) {
    UnitCells& unit = survey.units[both->unit];
    unit.count.add(row);
    unit.numbers.push_back(both->number);
    survey.measured = survey.measured || shows_measurement(text, both->unit);
  } else {
    count_word(survey, cells, row);
  }
}

}  // namespace

int ColumnSurvey::with_unit() const {
  int count = 0;
  for (const auto& [unit, cells] : units) count += cells.count.cells;
  return count;
}

ColumnSurvey survey_column(const ColumnCells& cells, const CellReader& reader, char decimal_mark) {
  ColumnSurvey survey;
  survey.values.assign(static_cast<std::size_t>(cells.rows()), kMissing);
  for (int row = 0; row < cells.rows(); ++row) {
    const std::string_view text = cells.raw(row);
    const CellValue cell = reader.read(text);
    switch (cell.kind) {
      case CellKind::number:
        survey.values[static_cast<std::size_t>(row)] = cell.number;
        survey.numbers.add(row);
        break;
      case CellKind::missing:
        if (text.empty())
          ++survey.empty;
        else
          survey.marks.add(row), survey.missing[std::string(text)].add(row);
        break;
      case CellKind::bad_status:
        survey.bad_status.add(row);
        break;
      case CellKind::infinite:
        survey.infinite.add(row);
        break;
      case CellKind::word:
        survey.odd.push_back(row);
        count_odd(survey, cells, row, decimal_mark);
        break;
    }
  }
  return survey;
}

}  // namespace cupel
