// Any bytes, packed or not, become a table or an Error: what tells kinds of file apart, gzip and
// zip.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cupel/base/error.hpp"
#include "cupel/data/read_table.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  try {
    const cupel::Table table = cupel::parse_table(text, "fuzz", {.longest_line = 1u << 16});
    if (table.rows <= 0 || table.columns.empty()) std::abort();
  } catch (const cupel::Error& error) {
    if (error.message().empty()) std::abort();
  }
  return 0;
}
