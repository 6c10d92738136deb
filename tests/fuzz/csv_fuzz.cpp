// Any bytes either become a table whose columns fit together, or an Error; nothing else.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cupel/base/error.hpp"
#include "cupel/data/check.hpp"
#include "cupel/data/csv.hpp"
#include "cupel/data/encoder.hpp"

namespace {

void require(bool claim) {
  if (!claim) std::abort();
}

void require_sound(const cupel::Table& table) {
  require(table.rows > 0 && !table.columns.empty());
  for (const cupel::Column& column : table.columns) {
    require(static_cast<int>(column.values.size()) == table.rows);
    for (const double value : column.values) {
      require(!std::isinf(value));
      if (column.kind == cupel::ColumnKind::text && !std::isnan(value))
        require(value >= 0 && value < static_cast<double>(column.words.size()));
    }
  }
  for (const cupel::ReadNote& note : table.notes) require(note.row >= -1 && note.row < table.rows);
  require(cupel::sheet_row(table, 0) >= 1);
  require(cupel::sheet_row(table, table.rows - 1) >= table.rows);
}

void use(const cupel::Table& table) {
  cupel::Roles roles;
  roles.targets = {table.columns[0].name};
  const auto findings = cupel::check_table(table, roles);
  const auto data = cupel::make_dataset(table, cupel::without_dropped(roles, findings));
  const auto split = cupel::make_split(data, {});
  const auto encoder = cupel::fit_encoder(data, split.design_rows(), {});
  cupel::encode_inputs(encoder, data.inputs, split.test);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  try {
    const cupel::Table table = cupel::parse_csv(text, "fuzz.csv", {.longest_line = 1u << 16});
    require_sound(table);
    use(table);
  } catch (const cupel::Error& error) {
    require(!error.message().empty());
  }
  return 0;
}
