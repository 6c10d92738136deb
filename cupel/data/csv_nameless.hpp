// Tables without a line of names: the first line is data like the lines below it.
#pragma once

#include <string>

#include "cupel/data/csv_columns.hpp"

namespace cupel {

/// Whether the first record is data. As stated, or found: where each column that holds numbers or
/// times below holds one there, too, and nearly all of these lie among those below. Throws
/// Error{bad_data} where numbers lie elsewhere, and may be names (wavelengths, years) or data.
bool lacks_header(const Grid& grid, const CellReader& reader, HeaderLine stated,
                  const std::string& name);

/// Names by place, column_1 and so on, with a note that says so.
Header numbered_header(const Grid& grid);

}  // namespace cupel
