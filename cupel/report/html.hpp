// Building blocks of the report page: escaped text, numbers as people read them, tables.
// Names ending in _text give plain text, which must pass escape() on its way into the page;
// everything else here gives HTML.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::report {

/// Safe inside elements and in double-quoted attributes; control characters become blanks.
std::string escape(std::string_view text);

/// `digits` significant digits without trailing zeros: "0.1235", "36,733", "1.2×10⁹".
/// NaN gives "–", infinities "∞" and "−∞". Whole digits are never rounded away below 10⁷.
std::string number_text(double value, int digits = 4);
/// Numbers of one column: the same number of decimals, the middle one with `digits` digits.
std::vector<std::string> aligned_texts(std::span<const double> values, int digits = 3);
/// Thousands are set apart: "36,733".
std::string count_text(std::int64_t count);
/// count_text and a noun: "1 row", "36,733 rows".
std::string count_text(std::int64_t count, std::string_view noun);
/// Rounded to whole percent, or to one decimal below 10: "42 %".
std::string percent_text(double percent);
/// R²: three decimals, as "0.894".
std::string r2_text(double r2);
/// "2 h 5 min", "3 min 20 s", "4.2 s".
std::string duration_text(double seconds);
/// "NOX [mg/m3]"; only the name when the unit is empty.
std::string label_text(std::string_view name, std::string_view unit);
/// "4.13 mg/m3".
std::string quantity_text(double value, std::string_view unit, int digits = 3);
/// At most `longest` characters (not bytes), the end replaced by "…".
std::string shortened_text(std::string_view text, int longest);
/// "a, b and c"; after `most` names "… and 12 more".
std::string list_text(std::span<const std::string> names, int most = 12);

/// <tag attributes>content</tag>; `content` is HTML.
std::string element(std::string_view tag, std::string_view attributes, std::string_view content);
/// A paragraph; `content` is HTML.
std::string paragraph(std::string_view content, std::string_view css = {});

struct Heading {
  std::string text;
  bool number = false;  ///< right-aligned
};

struct Cell {
  std::string html;
  double sort = std::numeric_limits<double>::quiet_NaN();  ///< NaN: sorts as text
};

Cell text_cell(std::string_view text);
Cell number_cell(double value, int digits = 4);
Cell count_cell(std::int64_t count);

/// A table that scrolls sideways on narrow screens and sorts by a click where scripts run.
class HtmlTable {
 public:
  explicit HtmlTable(std::vector<Heading> headings) : headings_(std::move(headings)) {}
  /// One cell a heading.
  void row(const std::vector<Cell>& cells, std::string_view css = {});
  std::string html() const;

 private:
  std::vector<Heading> headings_;
  std::string rows_;
};

/// A table cell's bar, `share` of the full width (0 … 1; held within).
std::string bar(double share, std::string_view css = "fill");

}  // namespace cupel::report
