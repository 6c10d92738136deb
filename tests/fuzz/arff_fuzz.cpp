// Any bytes below the head of an .arff file become a table or an Error; nothing else.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cupel/base/error.hpp"
#include "cupel/data/arff.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  try {
    const cupel::Table table = cupel::parse_arff(text, "fuzz.arff", {.longest_line = 1u << 16});
    for (const cupel::Column& column : table.columns)
      if (static_cast<int>(column.values.size()) != table.rows) std::abort();
  } catch (const cupel::Error& error) {
    if (error.message().empty()) std::abort();
  }
  return 0;
}
