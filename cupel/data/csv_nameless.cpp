#include "cupel/data/csv_nameless.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "cupel/base/error.hpp"
#include "cupel/data/csv_time.hpp"

namespace cupel {
namespace {

/// Records below the first that it is compared with.
constexpr int kSample = 200;

/// What the first record says of one column.
enum class Sign { none, name, like_below, stamp, elsewhere };

struct Below {
  int numbers = 0, stamps = 0, words = 0;
  double low = std::numeric_limits<double>::infinity(), up = -low;
};

Below look_below(const Grid& grid, const CellReader& reader, int column) {
  Below below;
  for (int record = 1; record < std::min(grid.records(), kSample + 1); ++record) {
    const std::string_view text = grid.raw(record, column);
    const CellValue cell = reader.read(text);
    if (cell.kind == CellKind::number) {
      ++below.numbers;
      below.low = std::min(below.low, cell.number);
      below.up = std::max(below.up, cell.number);
    } else if (cell.kind == CellKind::word) {
      ++(parse_time_stamp(text) || parse_clock(text) ? below.stamps : below.words);
    }
  }
  return below;
}

/// A first value that rises or falls on, as of an index, lies beside those below.
bool lies_near(double value, const Below& below) {
  constexpr double kBeside = 0.25, kSteps = 1.5;
  const double span = below.up - below.low;
  const double share = std::max(kBeside, kSteps / std::max(1, below.numbers - 1));
  const double beside = span > 0 ? share * span : 1e-9 * std::abs(below.up);
  return value >= below.low - beside && value <= below.up + beside;
}

Sign sign_of(const Grid& grid, const CellReader& reader, int column) {
  const Below below = look_below(grid, reader, column);
  if (below.numbers + below.stamps <= below.words) return Sign::none;
  const std::string_view text = grid.raw(0, column);
  const CellValue cell = reader.read(text);
  if (cell.kind == CellKind::missing || cell.kind == CellKind::bad_status)
    return text.empty() ? Sign::none : Sign::like_below;
  if (cell.kind == CellKind::number) {
    if (below.numbers == 0) return Sign::elsewhere;
    return lies_near(cell.number, below) ? Sign::like_below : Sign::elsewhere;
  }
  const bool stamp = parse_time_stamp(text) || parse_clock(text);
  return stamp && below.stamps > 0 ? Sign::stamp : Sign::name;
}

/// A line of names for simulators: "# T, p" above numbers.
bool has_names_in_comment(const Grid& grid) {
  return grid.separator != '\0' && !grid.comment.empty() &&
         std::count(grid.comment.begin(), grid.comment.end(), grid.separator) + 1 == grid.width;
}

bool all_numbers(const Grid& grid, const CellReader& reader) {
  for (int column = 0; column < grid.width; ++column)
    if (reader.read(grid.raw(0, column)).kind == CellKind::word) return false;
  return true;
}

}  // namespace

bool lacks_header(const Grid& grid, const CellReader& reader, HeaderLine stated,
                  const std::string& name) {
  if (stated != HeaderLine::detect) return stated == HeaderLine::no;
  if (grid.records() < 3 || (all_numbers(grid, reader) && has_names_in_comment(grid))) return false;
  int like = 0, elsewhere = 0;
  bool stamps = false;
  for (int column = 0; column < grid.width; ++column) {
    const Sign sign = sign_of(grid, reader, column);
    if (sign == Sign::name) return false;
    like += sign == Sign::like_below;
    stamps = stamps || sign == Sign::stamp;  // nobody calls a column of stamps a stamp
    elsewhere += sign == Sign::elsewhere;
  }
  if (stamps || (like > 0 && 4 * elsewhere <= like)) return true;
  if (elsewhere > 0 && all_numbers(grid, reader))
    throw Error(ErrorKind::bad_data,
                fmt::format("{}: the first line holds numbers ('{}', …), and not such as the lines "
                            "below: they may be the names of the columns or data",
                            name, grid.word(0, 0)),
                "say which: --header yes or --header no");
  return false;
}

Header numbered_header(const Grid& grid) {
  Header header;
  header.records = 0;
  header.units.resize(static_cast<std::size_t>(grid.width));
  for (int column = 0; column < grid.width; ++column)
    header.names.push_back(fmt::format("column_{}", column + 1));
  header.notes.push_back(
      {.column = {},
       .row = -1,
       .count = 0,
       .what = fmt::format("the first line ('{}', …) was taken for data: the columns have no names "
                           "and are called column_1 to column_{}",
                           shortened(grid.word(0, 0), 30), grid.width),
       .unreadable = false,
       .advice = "if it names the columns: --header yes"});
  return header;
}

}  // namespace cupel
