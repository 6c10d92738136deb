#include "cupel/data/csv_grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "cupel/base/csv_cell.hpp"
#include "cupel/base/error.hpp"
#include "cupel/data/csv_blanks.hpp"
#include "cupel/data/csv_frame.hpp"
#include "cupel/data/csv_text.hpp"

namespace cupel {
namespace {

constexpr std::uint32_t kLongestCell = (1u << 30) - 1;

struct Opening {
  std::size_t begin = 0;     ///< of the header line
  int line = 1;              ///< its number
  char separator = '\0';     ///< stated by a line `sep=;`
  std::string_view comment;  ///< the line of comment just above, without '#'
  int comment_line = 0;
  std::string titles;  ///< what to say of lines that were passed over; empty without
};

void take_comment(Opening& opening, std::string_view line) {
  opening.comment = trimmed(line.substr(1));
  opening.comment_line = opening.line;
}

/// A line of names behind a '#', as simulators and spreadsheets with a column '#' write it.
void take_names_in_comment(std::string_view text, Opening& opening) {
  if (opening.comment.empty()) return;
  const std::string_view below = text.substr(opening.begin);
  const char separator = opening.separator != '\0' ? opening.separator : detect_separator(below);
  if (separator == '\0') return;
  if (!names_columns(opening.comment, below, separator)) return;
  const auto at = static_cast<std::size_t>(opening.comment.data() - text.data());
  // "#,T,p": the mark itself is the first name.
  opening.begin = text[at] == separator ? text.rfind('#', at) : at;
  opening.line = opening.comment_line;
}

/// Passes over empty lines, comments and Excel's `sep=;` line.
Opening find_header(std::string_view text) {
  Opening opening;
  while (opening.begin < text.size()) {
    const std::size_t end = std::min(text.find_first_of("\r\n", opening.begin), text.size());
    const std::string_view line = trimmed(text.substr(opening.begin, end - opening.begin));
    if (line.size() == 5 && line.substr(0, 4) == "sep=")
      opening.separator = line[4];
    else if (!line.empty() && line[0] == '#')
      take_comment(opening, line);
    else if (!line.empty())
      return opening;
    opening.begin = std::min(end + 1, text.size());
    if (end + 1 < text.size() && text[end] == '\r' && text[end + 1] == '\n') ++opening.begin;
    ++opening.line;
  }
  return opening;
}

std::string quoted(std::string_view text) { return fmt::format("'{}'", shortened(text, 60)); }

void pass_titles(std::string_view text, Opening& opening) {
  if (opening.separator != '\0') return;
  const Titles titles = find_titles(text.substr(opening.begin));
  if (titles.lines == 0) return;
  opening.begin += titles.end;
  opening.line += titles.lines;
  opening.titles = fmt::format("the table begins in line {}: what stands above is left out ({})",
                               opening.line, quoted(titles.first));
}

/// Takes the records below the table away.
void pass_footer(Grid& grid) {
  const int footers = footer_records(grid);
  if (footers == 0) return;
  const int first = grid.records() - footers;
  std::string_view says;
  for (int column = 0; column < grid.width && says.empty(); ++column)
    says = grid.raw(first, column);
  grid.footer =
      footers == 1
          ? fmt::format("the last line is no row of the table and is left out ({})", quoted(says))
          : fmt::format("the last {} lines are no rows of the table and are left out ({}, …)",
                        footers, quoted(says));
  grid.sheet_rows.resize(static_cast<std::size_t>(first));
  grid.cells.resize(static_cast<std::size_t>(first) * static_cast<std::size_t>(grid.width));
}

/// Walks over the text once, record by record.
class Splitter {
 public:
  Splitter(std::string_view text, const std::string& name, const Opening& opening, char separator)
      : text_(text),
        name_(name),
        at_(opening.begin),
        line_(opening.line),
        sheet_row_(opening.line),
        separator_(separator) {}

  /// Reads one record into `fields`; false at the end of the text.
  bool next(std::vector<Cell>& fields) {
    fields.clear();
    if (at_ >= text_.size()) return false;
    first_line_ = line_;
    record_row_ = sheet_row_++;
    for (;;) {
      fields.push_back(field());
      if (at_ < text_.size() && text_[at_] == separator_) {
        ++at_;
        continue;
      }
      end_line();
      return true;
    }
  }
  /// From the first field to the last.
  std::string_view text_of(const std::vector<Cell>& fields) const {
    const Cell& last = fields.back();
    return text_.substr(fields[0].begin, last.begin + last.size - fields[0].begin);
  }
  int line() const { return first_line_; }       ///< where the record began
  int sheet_row() const { return record_row_; }  ///< its row in a spreadsheet

 private:
  bool ends_field(char c) const { return c == separator_ || c == '\n' || c == '\r'; }

  Cell field() {
    while (at_ < text_.size() && text_[at_] == ' ' && separator_ != ' ') ++at_;
    if (at_ < text_.size() && text_[at_] == '"') return quoted_field();
    const std::size_t begin = at_;
    while (at_ < text_.size() && !ends_field(text_[at_])) ++at_;
    return cell(begin, at_, false, false);
  }

  Cell quoted_field() {
    const std::size_t begin = ++at_;
    bool escaped = false;
    for (;;) {
      const std::size_t quote = text_.find('"', at_);
      if (quote == std::string_view::npos)
        throw Error(
            ErrorKind::bad_data,
            fmt::format("{}, line {}: a quote (\") is opened and never closed", name_, first_line_),
            "close the quote, or remove it");
      count_lines(at_, quote);
      at_ = quote + 1;
      if (at_ >= text_.size() || text_[at_] != '"') break;
      escaped = true;
      ++at_;
    }
    const std::size_t end = at_ - 1;
    const std::size_t rest = at_;
    while (at_ < text_.size() && !ends_field(text_[at_])) ++at_;
    // `"a" b`: not a quoted field after all, but words that begin with a quote.
    if (!trimmed(text_.substr(rest, at_ - rest)).empty()) return cell(begin - 1, at_, false, false);
    return cell(begin, end, true, escaped);
  }

  Cell cell(std::size_t begin, std::size_t end, bool quoted, bool escaped) const {
    const std::string_view inner = trimmed(text_.substr(begin, end - begin));
    if (inner.size() > kLongestCell)
      throw Error(ErrorKind::bad_data,
                  fmt::format("{}, line {}: a cell of more than 1 GB", name_, first_line_));
    Cell result;
    result.begin = static_cast<std::uint32_t>(inner.data() - text_.data());
    result.size = static_cast<std::uint32_t>(inner.size()) & kLongestCell;
    result.quoted = quoted;
    result.escaped = escaped;
    return result;
  }

  void count_lines(std::size_t begin, std::size_t end) {
    line_ += static_cast<int>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(begin),
                                         text_.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
  }

  void end_line() {
    if (at_ >= text_.size()) return;
    if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
    ++at_;
    ++line_;
  }

  std::string_view text_;
  const std::string& name_;
  std::size_t at_;
  int line_, sheet_row_;
  char separator_;
  int first_line_ = 0, record_row_ = 0;
};

bool all_empty(const std::vector<Cell>& fields, std::size_t from) {
  for (std::size_t i = from; i < fields.size(); ++i)
    if (fields[i].size != 0) return false;
  return true;
}

std::size_t without_trailing_empty(const std::vector<Cell>& fields) {
  std::size_t size = fields.size();
  while (size > 0 && fields[size - 1].size == 0) --size;
  return size;
}

std::string separator_name(char separator) {
  if (separator == kBlanks) return "blanks";
  return separator == '\t' ? "a tab" : fmt::format("'{}'", separator);
}

/// A record with another number of fields than the header.
struct Ragged {
  int line = 0, record = 0;
  std::size_t fields = 0;
};

[[noreturn]] void refuse_ragged(const Ragged& ragged, const std::string& name, std::size_t wanted,
                                char separator) {
  throw Error(ErrorKind::bad_data,
              fmt::format("{}, line {}: {} field{} where the header has {} (separated by {})", name,
                          ragged.line, ragged.fields, ragged.fields == 1 ? "" : "s", wanted,
                          separator_name(separator)),
              "every line needs the same number of fields: look for a missing or additional "
              "separator, or put quotes around words that contain it");
}

/// Removes the columns from `width` on, which are empty throughout.
void narrow(Grid& grid, int width) {
  if (width == grid.width) return;
  std::size_t to = 0;
  for (int record = 0; record < grid.records(); ++record)
    for (int column = 0; column < width; ++column) grid.cells[to++] = grid.at(record, column);
  grid.cells.resize(to);
  grid.width = width;
}

}  // namespace

std::string shortened(std::string_view text, std::size_t longest) {
  if (text.size() <= longest) return std::string(text);
  while (longest > 0 && (text[longest] & 0xC0) == 0x80) --longest;  // never inside a character
  return std::string(text.substr(0, longest)) + "…";
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kHardBlank = "\xC2\xA0";
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\f' || c == '\v'; };
  for (;;) {
    if (!text.empty() && blank(text.front()))
      text.remove_prefix(1);
    else if (!text.empty() && blank(text.back()))
      text.remove_suffix(1);
    else if (text.substr(0, 2) == kHardBlank)
      text.remove_prefix(2);
    else if (text.size() >= 2 && text.substr(text.size() - 2) == kHardBlank)
      text.remove_suffix(2);
    else
      return text;
  }
}

std::string Grid::word(int record, int column) const {
  const std::string_view inner = raw(record, column);
  if (!at(record, column).escaped) return without_guards(std::string(inner));
  std::string result;
  for (std::size_t i = 0; i < inner.size(); ++i) {
    result += inner[i];
    if (inner[i] == '"' && i + 1 < inner.size() && inner[i + 1] == '"') ++i;
  }
  return without_guards(std::move(result));
}

Grid split_cells(std::string_view text, const std::string& name, char separator) {
  Opening opening = find_header(text);
  if (opening.begin >= text.size())
    throw Error(ErrorKind::bad_data, fmt::format("{}: the file is empty", name),
                "the first line must name the columns, the lines below hold the values");
  if (separator != kBlanks) pass_titles(text, opening);
  if (separator != '\0') opening.separator = separator;
  take_names_in_comment(text, opening);
  Grid grid{.text = text, .cells = {}, .sheet_rows = {}, .comment = opening.comment};
  grid.titles = opening.titles;
  grid.separator =
      opening.separator != '\0' ? opening.separator : detect_separator(text.substr(opening.begin));
  Splitter splitter(text, name, opening, grid.separator);
  std::vector<Cell> fields;
  std::size_t named = 0, width = 0, used = 0;
  std::optional<Ragged> ragged;  // the first one; below the table it may be a remark
  while (splitter.next(fields)) {
    if (all_empty(fields, 0)) continue;
    if (grid.records() == 1 && is_ruler(splitter.text_of(fields))) continue;
    if (width == 0) {
      width = fields.size();
      named = used = std::max<std::size_t>(without_trailing_empty(fields), 1);
    }
    if (fields.size() < named || !all_empty(fields, width)) {
      const Ragged here{splitter.line(), grid.records(), fields.size()};
      if (!ragged) ragged = here;
      if (!may_be_remark(text, fields, named)) refuse_ragged(*ragged, name, named, grid.separator);
    }
    fields.resize(width);
    used = std::max(used, without_trailing_empty(fields));
    grid.cells.insert(grid.cells.end(), fields.begin(), fields.end());
    grid.sheet_rows.push_back(splitter.sheet_row());
  }
  grid.width = static_cast<int>(width);
  narrow(grid, static_cast<int>(used));
  pass_footer(grid);
  if (ragged && ragged->record < grid.records())
    refuse_ragged(*ragged, name, named, grid.separator);
  return grid;
}

}  // namespace cupel
