// What was decided when a file was read: of each column whether it holds numbers, words or times,
// in which marks, units and order of day and month, and which of its values stand for none. A model
// keeps it, so that every later file is read in the same way, each row by itself.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cupel/base/json.hpp"
#include "cupel/data/column_kind.hpp"
#include "cupel/data/csv_time.hpp"

namespace cupel {

/// What stands behind the numbers of a column, and what it multiplies them by.
struct CellUnit {
  std::string text;  ///< empty: nothing stands there
  double factor = 1;
};

/// Whether the time stamps of a column say which clock they follow.
enum class StampClock { unstated, utc, local };

struct ColumnReading {
  std::string name;
  ColumnKind kind = ColumnKind::number;
  std::string unit = {};
  bool clock = false;                      ///< numbers are written h:mm or h:mm:ss; read as minutes
  std::vector<CellUnit> cell_units = {};   ///< empty: no cell holds a unit
  std::vector<double> fills = {};          ///< values that stand for none
  double low = kMissing, high = kMissing;  ///< of the values read
  std::vector<std::string> words = {};     ///< text: the categories
  bool yes_no = false;                     ///< text: two categories, yes and no in any spelling
  std::vector<std::string> missing = {};   ///< text: words that stand for none
  std::optional<DayOrder> day_order = {};  ///< time: where stamps left it open
  StampClock stamp_clock = StampClock::unstated;  ///< time
};

/// Columns that are made from others.
struct JoinedTimes {
  std::string date;      ///< holds the days; with `clock` the time of the row
  std::string clock;     ///< clock times
  std::string end = {};  ///< clock times of the end; both stay inputs, and "CLOCK_to_END" is one
  bool any() const { return !clock.empty(); }
};

struct Reading {
  char decimal_mark = '.';
  std::string grouping = {};                    ///< marks seen between groups of digits
  std::vector<std::string> missing_marks = {};  ///< the user's
  std::vector<ColumnReading> columns = {};
  JoinedTimes joined = {};

  /// The reading of a column; nullptr when it knows none of this name.
  const ColumnReading* find(const std::string& name) const;
  bool any() const { return !columns.empty(); }
};

Json to_json(const Reading& reading);
/// Throws Error{runtime} for what no reading can be.
Reading reading_from_json(const Json& json);

}  // namespace cupel
