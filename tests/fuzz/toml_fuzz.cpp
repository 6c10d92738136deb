// Any text either becomes a value that writes itself and reads back as the same text, or an
// Error: as TOML (first byte even) or as JSON.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cupel/base/error.hpp"
#include "cupel/base/json.hpp"

namespace {

void require(bool claim) {
  if (!claim) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const bool toml = bytes[0] % 2 == 0;
  cupel::Json value;
  try {
    value = toml ? cupel::parse_toml(text, "fuzz") : cupel::parse_json(text, "fuzz");
  } catch (const cupel::Error& error) {
    require(error.kind() == (toml ? cupel::ErrorKind::usage : cupel::ErrorKind::runtime));
    return 0;
  }
  const std::string once = cupel::dump_json(value);
  require(cupel::dump_json(cupel::parse_json(once, "once")) == once);
  require(cupel::dump_json(cupel::parse_json(cupel::dump_json(value, 2), "wide")) == once);
  return 0;
}
