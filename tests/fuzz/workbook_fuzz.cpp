// The parts of a workbook without the archive around them, so that damage reaches their reader:
// sheet, shared words, styles and index, with zero bytes between them.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cupel/base/error.hpp"
#include "cupel/data/xlsx.hpp"

namespace {

constexpr std::array<const char*, 4> kParts = {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml",
                                               "xl/styles.xml", "xl/workbook.xml"};
constexpr const char* kRelations =
    "<r><R Id=\"r1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
    "<R Id=\"r2\" Type=\"x/styles\" Target=\"styles.xml\"/>"
    "<R Id=\"r3\" Type=\"x/sharedStrings\" Target=\"sharedStrings.xml\"/></r>";
constexpr const char* kIndex =
    "<workbook><sheets><sheet name=\"a\" r:id=\"r1\"/></sheets></workbook>";

std::string part_of(std::string_view bytes, std::string_view wanted) {
  if (wanted == "xl/_rels/workbook.xml.rels") return kRelations;
  for (const std::string_view part : kParts) {
    const std::size_t end = std::min(bytes.find('\0'), bytes.size());
    if (part == wanted)
      return end == 0 && part == kParts.back() ? kIndex : std::string(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  return {};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const cupel::OpenPart open = [&](const std::string& name) -> cupel::PartPieces {
    return [part = part_of(text, name), done = false](std::string& to) mutable {
      if (done) return false;
      to += part;
      return done = true;
    };
  };
  try {
    const cupel::Table table = cupel::parse_workbook(open, "fuzz.xlsx");
    for (const cupel::Column& column : table.columns)
      if (static_cast<int>(column.values.size()) != table.rows) std::abort();
  } catch (const cupel::Error& error) {
    if (error.message().empty()) std::abort();
  }
  return 0;
}
