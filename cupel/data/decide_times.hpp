// Whether a column holds times, and in which order they write day and month.
#pragma once

#include <optional>
#include <vector>

#include "cupel/data/decide_column.hpp"

namespace cupel {

/// Nearly all cells must be stamps that the calendar has; short ones (15-10-12), which may be
/// something else, must also be nearly distinct, in order, or below a name that says time. Empty:
/// no times.
std::optional<ColumnReading> decide_times(const ColumnQuestion& question,
                                          std::vector<ReadNote>& notes);

/// A column of clock times or durations, to be read as minutes; ratios such as 1:10 are few and
/// short. Empty: none.
std::optional<ColumnReading> decide_clocks(const ColumnQuestion& question);

/// Whether a name says that its column holds times of the day and not durations.
bool names_a_clock(const std::string& name);
/// date, time, timestamp, Datum, fecha, …
bool names_a_time(const std::string& name);

}  // namespace cupel
