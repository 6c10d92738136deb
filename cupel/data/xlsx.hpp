// Workbooks (.xlsx, .xlsm). A sheet is made a text with tabs and read as such, so that titles,
// units, totals, categories and all else are found as in a CSV file.
#pragma once

#include <string>
#include <string_view>

#include "cupel/data/csv.hpp"
#include "cupel/data/zip_archive.hpp"

namespace cupel {

bool is_zip(std::string_view bytes);

/// The table in a workbook: in its first visible sheet with one, or in options.sheet. Throws
/// Error{bad_data} for what else may be in a zip archive, named as what it is, damage, too many
/// cells, and what parse_csv() states; Error{usage} for a sheet that is not there.
Table parse_xlsx(std::string_view bytes, const std::string& name, const ReadOptions& options = {});

/// The same from the parts of the archive.
Table parse_workbook(const OpenPart& open, const std::string& name,
                     const ReadOptions& options = {});

}  // namespace cupel
