#include "cupel/data/windows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "cupel/base/error.hpp"
#include "cupel/data/column_roles.hpp"
#include "cupel/data/nearest_name.hpp"
#include "cupel/data/time_line.hpp"

namespace cupel {
namespace {

const Column* column_of(const Table& table, const std::string& name) {
  const int found = name.empty() ? -1 : table.find(name);
  return found < 0 ? nullptr : &table.columns[static_cast<std::size_t>(found)];
}

/// A column that is known to be there.
const Column& needed_column(const Table& table, const std::string& name) {
  return table.columns.at(static_cast<std::size_t>(table.find(name)));
}

void check_columns(const Table& table, const Windows& windows) {
  std::vector<std::string> needed = windows.inputs;
  needed.insert(needed.end(), windows.targets.begin(), windows.targets.end());
  for (const std::string& name : {windows.time, windows.group})
    if (!name.empty()) needed.push_back(name);
  for (const std::string& name : needed)
    if (table.find(name) < 0)
      throw Error(
          ErrorKind::bad_data,
          fmt::format("{}: there is no column '{}', which windows need", table.source, name),
          missing_column_hint(table, name, needed));
}

/// Rows on their line of time; where rows are averaged to a longer step, those.
struct Series {
  Table averaged;           ///< empty columns: the file's own rows
  std::vector<int> origin;  ///< of each averaged row: its last row of the file
  std::vector<int> row_of;  ///< of each row of the file: where it went; -1: nowhere
  TimeLine line;
  const Table& table(const Table& file) const { return averaged.columns.empty() ? file : averaged; }
};

TimeLine line_of(const Table& table, const Windows& windows) {
  return make_time_line({.time = column_of(table, windows.time),
                         .group = column_of(table, windows.group),
                         .rows = table.rows});
}

/// The mean of the numbers of a cell's rows; the last word.
Column averaged_column(const Column& column, const std::vector<std::vector<int>>& cells) {
  Column result{.name = column.name,
                .unit = column.unit,
                .kind = column.kind,
                .values = {},
                .words = column.words};
  for (const std::vector<int>& rows : cells) {
    double sum = 0, count = 0, last = kMissing;
    for (const int row : rows) {
      const double value = column.values[static_cast<std::size_t>(row)];
      if (std::isnan(value)) continue;
      last = value;
      sum += value;
      ++count;
    }
    result.values.push_back(column.kind == ColumnKind::text ? last
                            : count > 0                     ? sum / count
                                                            : kMissing);
  }
  return result;
}

/// Averages rows over cells of `step_s`, named by their ends.
void average(const Table& file, const Windows& windows, Series& series) {
  const TimeLine fine = std::move(series.line);
  std::map<int, std::map<double, std::vector<int>>> cells_of_group;
  for (const Run& run : fine.runs)
    for (const int row : run.rows)
      cells_of_group[run.group_row]
                    [std::ceil(fine.time[static_cast<std::size_t>(row)] / windows.step_s)]
                        .push_back(row);
  std::vector<std::vector<int>> cells;
  std::vector<double> time;
  series.row_of.assign(static_cast<std::size_t>(file.rows), -1);
  for (const auto& [group, in_time] : cells_of_group)
    for (const auto& [cell, rows] : in_time) {
      for (const int row : rows)
        series.row_of[static_cast<std::size_t>(row)] = static_cast<int>(cells.size());
      series.origin.push_back(rows.back());
      cells.push_back(rows);
      time.push_back(cell * windows.step_s);
    }
  series.averaged.source = file.source;
  series.averaged.rows = static_cast<int>(cells.size());
  for (const Column& column : file.columns) {
    series.averaged.columns.push_back(averaged_column(column, cells));
    // Runs keep their own names, which an average of numbers would blur.
    Column& made = series.averaged.columns.back();
    if (column.name == windows.time) made.values = time;
    if (column.name == windows.group)
      for (std::size_t k = 0; k < cells.size(); ++k)
        made.values[k] = column.values[static_cast<std::size_t>(cells[k].front())];
  }
  series.line = line_of(series.averaged, windows);
  for (Finding& finding : series.line.findings)
    if (finding.row >= 0) finding.row = series.origin[static_cast<std::size_t>(finding.row)];
  for (const Finding& finding : fine.findings)
    if (finding.code != "window_gap" && finding.code != "window_uneven")
      series.line.findings.push_back(finding);
}

Series series_of(const Table& file, const Windows& windows) {
  Series series;
  series.line = line_of(file, windows);
  if (windows.step_s > 0) {
    if (windows.time.empty())
      throw Error(ErrorKind::usage, "--step needs a time column", "name it: --time COLUMN");
    average(file, windows, series);
    return series;
  }
  for (int row = 0; row < file.rows; ++row) {
    series.origin.push_back(row);
    series.row_of.push_back(row);
  }
  return series;
}

/// Where a window ends: run, and place in it.
struct End {
  const Run* run;
  int place;
};

int rows_before(const Windows& windows) {
  return windows.steps - 1 + (windows.horizon == 0 && !windows.targets.empty() ? 1 : 0);
}

std::vector<End> complete_windows(const Series& series, const Windows& windows) {
  std::vector<End> ends;
  for (const Run& run : series.line.runs)
    for (int k = rows_before(windows); k < std::ssize(run.rows); ++k) ends.push_back({&run, k});
  return ends;
}

/// Missing cells hold the value before them in their run.
std::vector<double> held(const Column& column, const TimeLine& line) {
  std::vector<double> values = column.values;
  for (const Run& run : line.runs) {
    double last = kMissing;
    for (const int row : run.rows) {
      double& value = values[static_cast<std::size_t>(row)];
      if (std::isnan(value)) value = last;
      last = value;
    }
  }
  return values;
}

/// A column seen from each window's end, `lag` steps before it (after it where negative).
std::vector<double> lagged(const std::vector<double>& values, const std::vector<End>& ends,
                           int lag) {
  std::vector<double> result;
  result.reserve(ends.size());
  for (const auto& [run, place] : ends) {
    const int at = place - lag;
    const bool there = at >= 0 && at < std::ssize(run->rows);
    result.push_back(there
                         ? values[static_cast<std::size_t>(run->rows[static_cast<std::size_t>(at)])]
                         : kMissing);
  }
  return result;
}

Column like(const Column& column, std::string name, std::vector<double> values) {
  return {.name = std::move(name),
          .unit = column.unit,
          .kind = column.kind,
          .values = std::move(values),
          .words = column.words};
}

/// Inputs of the windows, the oldest step first.
void add_inputs(const Table& table, const Windows& windows, const TimeLine& line,
                const std::vector<End>& ends, Table& wide) {
  std::map<std::string, std::vector<double>> values;
  for (const auto* names : {&windows.inputs, &windows.targets})
    for (const std::string& name : *names) values[name] = held(needed_column(table, name), line);
  const int late = windows.horizon == 0 ? 1 : 0;
  for (int lag = windows.steps - 1; lag >= 0; --lag) {
    for (const std::string& name : windows.inputs)
      wide.columns.push_back(like(needed_column(table, name), lagged_name(name, lag),
                                  lagged(values[name], ends, lag)));
    for (const std::string& name : windows.targets)
      wide.columns.push_back(like(needed_column(table, name), lagged_name(name, lag + late),
                                  lagged(values[name], ends, lag + late)));
  }
}

std::string group_text(const Table& table, const std::string& group, int row) {
  const Column* column = column_of(table, group);
  if (column == nullptr) return {};
  const double value = column->values[static_cast<std::size_t>(row)];
  if (std::isnan(value)) return {};
  return column->kind == ColumnKind::text ? column->words[static_cast<std::size_t>(value)]
                                          : fmt::format("{}", value);
}

void find_short_runs(const Table& table, const Series& series, WindowedTable& made) {
  int count = 0, first = -1, rows = 0;
  std::string name;
  for (const Run& run : series.line.runs) {
    if (std::ssize(run.rows) > rows_before(made.windows) || run.rows.empty()) continue;
    if (count++ > 0) continue;
    first = series.origin[static_cast<std::size_t>(run.rows.front())];
    rows = static_cast<int>(run.rows.size());
    name = group_text(table, made.windows.group, run.group_row);
  }
  if (count == 0) return;
  made.findings.push_back(
      {.severity = Severity::warning,
       .code = "window_run_short",
       .column = made.windows.group,
       .row = first,
       .what = fmt::format(
           "{} ({}{}{} rows) {} shorter than the window of {} rows",
           count == 1 ? "1 run" : fmt::format("{} runs", count),
           count == 1 ? "" : "the first: ", name.empty() ? "" : fmt::format("'{}', ", name), rows,
           count == 1 ? "is" : "are", rows_before(made.windows) + 1),
       .advice = "no window fits in; use a shorter --window to learn from them"});
}

void find_late_targets(const Table& table, const Series& series, const Roles& roles,
                       std::vector<Finding>& findings) {
  for (const std::string& target : roles.targets) {
    const Column& column = needed_column(table, target);
    int before = 0, first = -1;
    for (const Run& run : series.line.runs)
      for (const int row : run.rows) {
        if (first >= 0) break;
        if (std::isnan(column.values[static_cast<std::size_t>(row)]))
          ++before;
        else
          first = row;
      }
    if (before == 0 || first < 0) continue;
    findings.push_back({.severity = Severity::note,
                        .code = "window_target_later",
                        .column = target,
                        .row = series.origin[static_cast<std::size_t>(first)],
                        .what = fmt::format("the target begins {} rows after the inputs", before),
                        .advice = "those rows serve as the past of windows only"});
  }
}

[[noreturn]] void refuse_none(const Series& series, const Windows& windows) {
  std::size_t longest = 0;
  for (const Run& run : series.line.runs) longest = std::max(longest, run.rows.size());
  throw Error(ErrorKind::bad_data,
              fmt::format("no window of {} rows is complete: the longest run without a gap has {}",
                          rows_before(windows) + 1, longest),
              "use a shorter --window, or average to a longer --step");
}

Windows windows_for(const Table& table, const Roles& roles, const WindowOptions& options) {
  if (options.steps < 1 || options.horizon < 0 || options.step_s < 0)
    throw Error(ErrorKind::usage, "a window of no rows, or a negative horizon or step");
  const ColumnRoles resolved = resolve_roles(table, roles);
  const auto name = [&](int column) {
    return column < 0 ? std::string() : table.columns[static_cast<std::size_t>(column)].name;
  };
  Windows windows{.steps = options.steps,
                  .horizon = options.horizon,
                  .step_s = options.step_s,
                  .time = name(resolved.time),
                  .group = name(resolved.group)};
  for (const int input : resolved.inputs) windows.inputs.push_back(name(input));
  if (options.past_targets)
    for (const int target : resolved.targets) windows.targets.push_back(name(target));
  return windows;
}

void add_day_before(const Table& table, const TimeLine& line, const std::vector<End>& ends,
                    WindowedTable& made) {
  constexpr double kDay = 86400;
  if (!(line.step_s > 0)) return;
  const int day = static_cast<int>(std::lround(std::min(kDay / line.step_s, 1e6)));
  if (day < 2 || std::abs(day * line.step_s - kDay) > 1 || day < made.windows.horizon) return;
  for (const std::string& target : made.roles.targets)
    made.day_before.push_back(
        lagged(held(needed_column(table, target), line), ends, day - made.windows.horizon));
}

}  // namespace

std::string lagged_name(const std::string& name, int lag) {
  return lag == 0 ? name : fmt::format("{}[-{}]", name, lag);
}

std::string plain_name(const Windows& windows, const std::string& name) {
  const std::size_t lag = windows.any() ? name.rfind('[') : std::string::npos;
  if (lag == std::string::npos || !name.ends_with(']')) return name;
  const std::string plain = name.substr(0, lag);
  for (const auto* names : {&windows.inputs, &windows.targets})
    if (std::find(names->begin(), names->end(), plain) != names->end() &&
        std::find(names->begin(), names->end(), name) == names->end())
      return plain;
  return name;
}

WindowedTable make_windows(const Table& file, const Roles& roles, const WindowOptions& options) {
  WindowedTable made;
  made.windows = windows_for(file, roles, options);
  const Windows& windows = made.windows;
  const Series series = series_of(file, windows);
  const Table& table = series.table(file);
  const std::vector<End> ends = complete_windows(series, windows);
  if (ends.empty()) refuse_none(series, windows);
  Table& wide = made.table;
  wide.source = file.source;
  wide.rows = static_cast<int>(ends.size());
  if (const Column* time = column_of(table, windows.time))
    wide.columns.push_back(like(*time, time->name, lagged(series.line.time, ends, 0)));
  if (const Column* group = column_of(table, windows.group))
    wide.columns.push_back(like(*group, group->name, lagged(group->values, ends, 0)));
  const std::size_t first = wide.columns.size();
  add_inputs(table, windows, series.line, ends, wide);
  made.roles = {.targets = roles.targets,
                .log_targets = roles.log_targets,
                .time = windows.time,
                .group = windows.group,
                .units = roles.units};
  for (std::size_t c = first; c < wide.columns.size(); ++c) {
    // A past target that is known at once would have the target's own name.
    Column& column = wide.columns[c];
    if (std::find(roles.targets.begin(), roles.targets.end(), column.name) != roles.targets.end())
      column.name += "[0]";
    made.roles.inputs.push_back(column.name);
  }
  for (const std::string& target : roles.targets) {
    const Column& column = needed_column(table, target);
    wide.columns.push_back(like(column, target, lagged(column.values, ends, -windows.horizon)));
  }
  for (int lag = 0; lag < kPastTargets; ++lag) {
    made.past.emplace_back();
    for (const std::string& target : roles.targets)
      made.past.back().push_back(lagged(held(needed_column(table, target), series.line), ends,
                                        lag + (windows.horizon == 0 ? 1 : 0)));
  }
  add_day_before(table, series.line, ends, made);
  for (const auto& [run, place] : ends)
    made.source.push_back(
        series.origin[static_cast<std::size_t>(run->rows[static_cast<std::size_t>(place)])]);
  made.findings = series.line.findings;
  find_short_runs(table, series, made);
  find_late_targets(table, series, roles, made.findings);
  return made;
}

PredictionWindows prediction_windows(const Table& file, const Windows& windows) {
  check_columns(file, windows);
  const Series series = series_of(file, windows);
  const Table& table = series.table(file);
  const std::vector<End> complete = complete_windows(series, windows);
  const Run none;
  std::vector<End> end_of(static_cast<std::size_t>(table.rows), End{&none, -1});
  for (const End& end : complete)
    end_of[static_cast<std::size_t>(end.run->rows[static_cast<std::size_t>(end.place)])] = end;
  PredictionWindows made;
  std::vector<End> ends;
  for (const int row : series.row_of) {
    ends.push_back(row < 0 ? End{&none, -1} : end_of[static_cast<std::size_t>(row)]);
    made.incomplete.push_back(
        ends.back().place >= 0
            ? std::string()
            : fmt::format("fewer than {} rows in a row before it", rows_before(windows)));
  }
  made.table.source = file.source;
  made.table.header_lines = file.header_lines;
  made.table.sheet_rows = file.sheet_rows;
  made.table.rows = file.rows;
  add_inputs(table, windows, series.line, ends, made.table);
  for (Column& column : made.table.columns)
    if (std::find(windows.targets.begin(), windows.targets.end(), column.name) !=
        windows.targets.end())
      column.name += "[0]";
  return made;
}

Json to_json(const Windows& windows) {
  Json json;
  json["steps"] = windows.steps;
  json["horizon"] = windows.horizon;
  json["step_s"] = windows.step_s;
  json["time"] = windows.time;
  json["group"] = windows.group;
  json["inputs"] = windows.inputs;
  json["targets"] = windows.targets;
  return json;
}

Windows windows_from_json(const Json& json) {
  const auto count = [&](const char* key) {
    const std::int64_t value = json.at(key).as_integer();
    if (value < 0 || value > 100000)
      throw Error(ErrorKind::runtime, fmt::format("windows with {} = {}", key, value));
    return static_cast<int>(value);
  };
  Windows windows{.steps = count("steps"),
                  .horizon = count("horizon"),
                  .step_s = json.at("step_s").as_number(),
                  .time = json.at("time").as_string(),
                  .group = json.at("group").as_string(),
                  .inputs = json.at("inputs").as_strings(),
                  .targets = json.at("targets").as_strings()};
  if (windows.steps < 1 || !(windows.step_s >= 0) || !std::isfinite(windows.step_s))
    throw Error(ErrorKind::runtime, "windows of no rows, or with a step that is no number");
  return windows;
}

}  // namespace cupel
