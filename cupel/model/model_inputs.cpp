#include "cupel/model/model_inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "cupel/base/error.hpp"
#include "cupel/data/csv_cells.hpp"
#include "cupel/data/nearest_name.hpp"
#include "cupel/data/unit_text.hpp"
#include "cupel/data/windows.hpp"

namespace cupel {
namespace {

[[noreturn]] void refuse(const Table& table, const std::string& what, const std::string& hint) {
  throw Error(ErrorKind::bad_data, fmt::format("{}: {}", table.source, what), hint);
}

[[noreturn]] void refuse_missing(const Model& model, const Table& table, const std::string& name) {
  std::vector<std::string> needed;
  for (const EncodedColumn& column : model.encoder.columns) needed.push_back(column.name);
  refuse(table, fmt::format("there is no column '{}', an input of the model", name),
         missing_column_hint(table, name, needed));
}

const char* kind_words(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::number:
      return "numbers";
    case ColumnKind::text:
      return "words";
    case ColumnKind::time:
      return "time stamps";
  }
  return "";
}

bool reads_as_number(const std::string& word) {
  return parse_number(word, '.').has_value() || parse_number(word, ',').has_value();
}

/// The first cell that is the reason for a column being text.
std::string first_word(const Table& table, const Column& column) {
  if (column.kind != ColumnKind::text) return {};
  for (std::size_t row = 0; row < column.values.size(); ++row)
    if (!std::isnan(column.values[row]) &&
        !reads_as_number(column.words[static_cast<std::size_t>(column.values[row])]))
      return fmt::format(" (row {}: '{}')", sheet_row(table, static_cast<int>(row)),
                         column.words[static_cast<std::size_t>(column.values[row])]);
  return {};
}

/// Made from others and in no file: a part of the calendar.
bool is_made(const Model& model, const std::string& name) {
  const std::vector<std::string> made = calendar_names(model.calendar);
  return std::find(made.begin(), made.end(), name) != made.end();
}

void check_unit(const Table& table, const EncodedColumn& wanted, const Column& column) {
  if (wanted.unit.empty() || column.unit.empty() || same_unit(wanted.unit, column.unit)) return;
  refuse(table,
         fmt::format("column '{}' is in '{}', the model takes it in '{}'", column.name, column.unit,
                     wanted.unit),
         fmt::format("convert the column to '{0}'; if it is in '{0}' already, say so with "
                     "--units '{1}={0}'",
                     wanted.unit, column.name));
}

Column suitable(const Table& table, const EncodedColumn& wanted, Column column) {
  const ColumnKind kind = wanted.text ? ColumnKind::text : ColumnKind::number;
  const bool empty = std::all_of(column.values.begin(), column.values.end(),
                                 [](double value) { return std::isnan(value); });
  if (column.kind != kind && !empty)
    refuse(table,
           fmt::format("column '{}' holds {}, the model takes {}{}", column.name,
                       kind_words(column.kind), kind_words(kind), first_word(table, column)),
           "compare the file with the one that the model was made from");
  column.kind = kind;
  check_unit(table, wanted, column);
  return column;
}

bool is_suitable(const EncodedColumn& wanted, const Column& column) {
  const bool known = !wanted.unit.empty() && !column.unit.empty();
  return column.kind == (wanted.text ? ColumnKind::text : ColumnKind::number) &&
         (!known || same_unit(wanted.unit, column.unit));
}

/// What a training row without this cell would have had.
Column constant(const EncodedColumn& wanted, int rows) {
  Column column;
  column.name = wanted.name;
  column.kind = wanted.text ? ColumnKind::text : ColumnKind::number;
  column.values.assign(static_cast<std::size_t>(rows), wanted.text ? 0 : wanted.fill);
  if (wanted.text) column.words = {wanted.levels.at(0)};
  return column;
}

}  // namespace

std::vector<bool> used_columns(const Model& model) {
  std::vector<bool> used(model.encoder.columns.size(), false);
  for (const Member& member : model.members)
    for (const int feature : member.features)
      used[static_cast<std::size_t>(
          model.encoder.features[static_cast<std::size_t>(feature)].column)] = true;
  return used;
}

bool reads(const Model& model, const std::string& name) {
  const std::vector<bool> used = used_columns(model);
  for (std::size_t c = 0; c < used.size(); ++c)
    if (used[c] && plain_name(model.windows, model.encoder.columns[c].name) == name) return true;
  return false;
}

namespace {

/// What an older model, which kept no reading, still says of one: kinds, words and ranges.
Reading reading_of_encoder(const Model& model) {
  Reading reading;
  for (const EncodedColumn& column : model.encoder.columns) {
    const std::string name = plain_name(model.windows, column.name);
    if (reading.find(name) != nullptr || is_made(model, name)) continue;
    ColumnReading one{.name = name, .kind = ColumnKind::number, .unit = column.unit};
    if (column.text) {
      one.kind = ColumnKind::text;
      one.words = column.levels;
    } else if (column.low <= column.up) {
      one.low = column.low;
      one.high = column.up;
    }
    reading.columns.push_back(std::move(one));
  }
  for (const TargetScale& target : model.encoder.targets)
    if (reading.find(target.name) == nullptr)
      reading.columns.push_back({.name = target.name,
                                 .kind = ColumnKind::number,
                                 .unit = target.unit,
                                 .low = target.low,
                                 .high = target.up});
  return reading;
}

}  // namespace

Reading kept_reading(const Model& model, const Reading& file, const std::string& time) {
  std::set<std::string> needed = {time, model.calendar.time, model.windows.time,
                                  model.windows.group};
  for (const EncodedColumn& column : model.encoder.columns)
    needed.insert(plain_name(model.windows, column.name));
  for (const TargetScale& target : model.encoder.targets) needed.insert(target.name);
  for (const WatchedInput& input : model.region.watched) needed.insert(input.name);
  for (const std::string& name : {file.joined.date, file.joined.clock, file.joined.end})
    needed.insert(name);
  Reading kept = file;
  std::erase_if(kept.columns,
                [&](const ColumnReading& column) { return !needed.contains(column.name); });
  return kept;
}

ReadOptions reading_options(const Model& model, ReadFor purpose) {
  ReadOptions options;
  options.taught = model.reading.any() ? model.reading : reading_of_encoder(model);
  if (purpose == ReadFor::analysis) return options;
  // What no prediction needs may be as it likes.
  std::set<std::string> needed = {model.calendar.time, model.windows.time, model.windows.group};
  for (const EncodedColumn& column : model.encoder.columns)
    needed.insert(plain_name(model.windows, column.name));
  for (const WatchedInput& input : model.region.watched) needed.insert(input.name);
  const JoinedTimes& joined = options.taught.joined;
  if (needed.contains(joined.date) || needed.contains(joined.clock) || !joined.end.empty())
    needed.insert({joined.date, joined.clock, joined.end});
  else
    options.taught.joined = {};
  std::erase_if(options.taught.columns,
                [&](const ColumnReading& column) { return !needed.contains(column.name); });
  return options;
}

std::vector<Column> model_inputs(const Model& model, const std::vector<bool>& used,
                                 const Table& table) {
  std::vector<Column> inputs;
  for (std::size_t c = 0; c < model.encoder.columns.size(); ++c) {
    const EncodedColumn& wanted = model.encoder.columns[c];
    const int found = table.find(wanted.name);
    if (found >= 0 &&
        (used[c] || is_suitable(wanted, table.columns[static_cast<std::size_t>(found)])))
      inputs.push_back(suitable(table, wanted, table.columns[static_cast<std::size_t>(found)]));
    else if (!used[c])
      inputs.push_back(constant(wanted, table.rows));
    else
      refuse_missing(model, table, wanted.name);
  }
  return inputs;
}

}  // namespace cupel
