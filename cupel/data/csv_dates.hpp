// Dates and clock times in columns of their own, as recorders write them, made one time.
#pragma once

#include "cupel/data/table.hpp"

namespace cupel {

/// Where the table has one column of days and clock times (13:45, 1:45:30 PM; not durations), both
/// come to hold the time of the row, and a note says so. With clock times of a beginning and an end
/// the days get the time of the beginning, both stay inputs (minutes of the day), and the minutes
/// between them become one. `taught` (where it knows columns) has decided which columns these are;
/// otherwise the decision is kept in the table's reading. Otherwise nothing changes.
void join_times(Table& table, const Reading& taught);

}  // namespace cupel
