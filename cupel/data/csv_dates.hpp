// Dates and clock times in columns of their own, as recorders write them, made one time.
#pragma once

#include "cupel/data/table.hpp"

namespace cupel {

/// Where the table has one column of days and one of clock times (13:45, 1:45:30 PM), both come to
/// hold the time of the row, and a note says so. Otherwise nothing changes.
void join_dates_and_clocks(Table& table);

}  // namespace cupel
