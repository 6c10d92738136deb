#include "cupel/data/table_bytes.hpp"

#include <fmt/format.h>

#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "cupel/data/csv_text.hpp"
#include "cupel/data/file_kinds.hpp"

namespace cupel {

std::string shown_name(const std::string& path) {
  return path == kStandardInput ? "standard input" : path;
}

void refuse_size(std::size_t bytes, const std::string& name) {
  if (bytes > kTableFile.most_bytes)
    throw Error(ErrorKind::bad_data, fmt::format("{}: larger than 4 GB", name),
                std::string(kTableFile.cure));
}

std::string read_table_bytes(const std::string& path, std::size_t longest_line) {
  FileReader file = path == kStandardInput ? FileReader::standard_input(kTableFile)
                                           : FileReader(path, kTableFile);
  std::string bytes;
  std::size_t line_begin = 0;
  for (std::size_t before = 0; file.read_more(bytes); before = bytes.size()) {
    if (has_no_lines(bytes)) continue;
    const std::size_t last_end = std::string_view(bytes).substr(before).find_last_of("\r\n");
    if (last_end != std::string_view::npos) line_begin = before + last_end + 1;
    if (bytes.size() - line_begin > longest_line)
      refuse_long_lines(bytes, file.name(), longest_line);
  }
  return bytes;
}

}  // namespace cupel
