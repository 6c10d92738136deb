#include "cupel/data/read_table.hpp"

#include <fmt/format.h>

#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "cupel/data/arff.hpp"
#include "cupel/data/file_kinds.hpp"
#include "cupel/data/gzip.hpp"
#include "cupel/data/table_bytes.hpp"
#include "cupel/data/xlsx.hpp"

namespace cupel {

Table read_table(const std::string& path, const ReadOptions& options) {
  const std::string bytes = read_table_bytes(path, options.longest_line);
  const std::string name = shown_name(path);
  return within_memory(name, [&] { return parse_table(bytes, name, options); });
}

Table parse_table(std::string_view bytes, const std::string& name, const ReadOptions& options) {
  if (is_gzip(bytes)) {
    const std::string unpacked = unpack_gzip(bytes, name, options.longest_line);
    if (is_gzip(unpacked))
      throw Error(ErrorKind::bad_data, fmt::format("{}: packed twice with gzip", name),
                  "unpack it once (gunzip)");
    return parse_table(unpacked, name, options);
  }
  if (is_zip(bytes)) return parse_xlsx(bytes, name, options);
  refuse_other_kinds(bytes, name);
  if (!options.sheet.empty())
    throw Error(ErrorKind::usage,
                fmt::format("{}: this is a text, it has no sheet '{}'", name, options.sheet),
                "leave out --sheet: it is for workbooks (.xlsx)");
  return is_arff(bytes) ? parse_arff(bytes, name, options) : parse_csv(bytes, name, options);
}

HeaderLine header_line(std::string_view text) {
  if (text == "auto") return HeaderLine::detect;
  if (text == "yes") return HeaderLine::yes;
  if (text == "no") return HeaderLine::no;
  throw Error(ErrorKind::usage, fmt::format("--header is '{}'", text),
              "it must be yes, no or auto");
}

char decimal_mark(std::string_view text) {
  if (text == "." || text == "point") return '.';
  if (text == "," || text == "comma") return ',';
  throw Error(ErrorKind::usage, fmt::format("a decimal mark of '{}'", text),
              "write --decimal-mark . or --decimal-mark ,");
}

}  // namespace cupel
