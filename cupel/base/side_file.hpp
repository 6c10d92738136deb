// Lists that lie beside a result and grow by a line with every run, such as that of emissions.
// They are worth a warning, never the end of a run.
#pragma once

#include <string>
#include <string_view>

namespace cupel {

/// Appends `line` to the list at `path`; a new or empty file gets the `header` line first. Both
/// end with a line end. Several processes may append at once: each line is whole. A file with
/// another header is left as it is. Returns why it could not be done; empty: it was.
std::string append_to_side_file(const std::string& path, std::string_view header,
                                std::string_view line);

}  // namespace cupel
