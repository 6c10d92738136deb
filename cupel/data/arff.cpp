#include "cupel/data/arff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "cupel/base/error.hpp"
#include "cupel/data/csv_cells.hpp"
#include "cupel/data/csv_grid.hpp"
#include "cupel/data/csv_text.hpp"
#include "cupel/data/table_bytes.hpp"

namespace cupel {
namespace {

enum class ArffKind { number, nominal, word, date };

struct Attribute {
  std::string name;
  ArffKind kind = ArffKind::number;
  std::string first;  ///< nominal: what a sparse row leaves out
};

struct Line {
  std::string_view text;
  int number = 0;  ///< from 1
};

/// Line by line, whatever ends them.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  bool next(Line& line) {
    if (rest_.empty()) return false;
    const std::size_t end = std::min(rest_.find_first_of("\r\n"), rest_.size());
    line = {trimmed(rest_.substr(0, end)), ++number_};
    const bool pair = rest_.substr(end).starts_with("\r\n");
    rest_.remove_prefix(std::min(end + (pair ? 2 : 1), rest_.size()));
    return true;
  }

 private:
  std::string_view rest_;
  int number_ = 0;
};

[[noreturn]] void refuse(const std::string& name, const Line& line, const std::string& what,
                         const std::string& hint) {
  throw Error(ErrorKind::bad_data, fmt::format("{}, line {}: {}", name, line.number, what), hint);
}

/// A word at the front, in quotes or up to one of `ends`; what is behind stays in `rest`.
struct Word {
  std::string text;
  bool quoted = false;
};

Word take_word(std::string_view& rest, std::string_view ends) {
  rest = trimmed(rest);
  Word word;
  if (!rest.empty() && (rest[0] == '\'' || rest[0] == '"')) {
    const char quote = rest[0];
    std::size_t at = 1;
    for (; at < rest.size() && rest[at] != quote; ++at) {
      if (rest[at] == '\\' && at + 1 < rest.size()) ++at;
      word.text += rest[at];
    }
    word.quoted = true;
    rest.remove_prefix(std::min(at + 1, rest.size()));
    return word;
  }
  const std::size_t end = std::min(rest.find_first_of(ends), rest.size());
  word.text = std::string(trimmed(rest.substr(0, end)));
  rest.remove_prefix(end);
  return word;
}

Attribute read_attribute(std::string_view rest, const Line& line, const std::string& name) {
  Attribute attribute;
  attribute.name = take_word(rest, " \t{").text;
  rest = trimmed(rest);
  if (rest.starts_with('{')) {
    attribute.kind = ArffKind::nominal;
    rest.remove_prefix(1);
    attribute.first = take_word(rest, ",}").text;
    return attribute;
  }
  const std::string kind = lower_case(take_word(rest, " \t").text);
  if (kind == "numeric" || kind == "real" || kind == "integer")
    attribute.kind = ArffKind::number;
  else if (kind == "string")
    attribute.kind = ArffKind::word;
  else if (kind == "date")
    attribute.kind = ArffKind::date;
  else
    refuse(name, line, fmt::format("attribute '{}' is of kind '{}'", attribute.name, kind),
           "known are numeric, real, integer, string, date and {value, value}");
  return attribute;
}

void append_field(std::string& text, const Word& word) {
  if (word.text == "?" && !word.quoted) return;
  text += '"';
  for (const char c : word.text) {
    if (c == '"') text += '"';
    text += c;
  }
  text += '"';
}

class ArffText {
 public:
  ArffText(std::string_view text, const std::string& name) : lines_(text), name_(name) {
    read_attributes();
    read_rows();
  }

  const std::vector<Attribute>& attributes() const { return attributes_; }
  const std::string& text() const { return text_; }

 private:
  void read_attributes() {
    for (Line line; lines_.next(line); text_ += '\n') {
      if (line.text.empty() || line.text[0] == '%') continue;
      std::string_view rest = line.text;
      const std::string keyword = lower_case(take_word(rest, " \t{").text);
      if (keyword == "@attribute") {
        attributes_.push_back(read_attribute(rest, line, name_));
      } else if (keyword == "@data") {
        write_names();
        return;
      } else if (keyword != "@relation") {
        refuse(name_, line, fmt::format("'{}' is no part of an .arff file", shortened(keyword, 30)),
               "@relation, @attribute and @data stand above the rows");
      }
    }
    throw Error(ErrorKind::bad_data, fmt::format("{}: there is no @data", name_),
                "the rows follow a line @data");
  }

  /// In the line of @data, so that rows keep the numbers of their lines.
  void write_names() {
    if (attributes_.empty())
      throw Error(ErrorKind::bad_data, fmt::format("{}: there is no @attribute", name_),
                  "each column needs a line such as: @attribute NAME numeric");
    for (std::size_t k = 0; k < attributes_.size(); ++k) {
      if (k > 0) text_ += '\t';
      append_field(text_, {attributes_[k].name, true});
    }
    text_ += '\n';
  }

  void read_rows() {
    for (Line line; lines_.next(line); text_ += '\n') {
      if (line.text.empty() || line.text[0] == '%') continue;
      const std::vector<Word> words = line.text[0] == '{' ? sparse_row(line) : dense_row(line);
      for (std::size_t k = 0; k < words.size(); ++k) {
        if (k > 0) text_ += '\t';
        append_field(text_, words[k]);
      }
    }
  }

  std::vector<Word> dense_row(const Line& line) const {
    std::vector<Word> words;
    std::string_view rest = line.text;
    for (;;) {
      rest = trimmed(rest);
      if (words.size() == attributes_.size() && rest.starts_with('{')) break;  // the row's weight
      words.push_back(take_word(rest, ",\t"));
      rest = trimmed(rest);
      if (rest.empty()) break;
      if (rest[0] == ',') rest.remove_prefix(1);
    }
    if (words.size() != attributes_.size())
      refuse(name_, line,
             fmt::format("{} values for {} attributes", words.size(), attributes_.size()),
             "write one value for each attribute, ? where it is missing, and words with a comma in "
             "quotes");
    return words;
  }

  /// {3 12.5, 7 'a b'}: places from 0; what is left out is 0 or the first of the named values.
  std::vector<Word> sparse_row(const Line& line) const {
    std::vector<Word> words;
    for (const Attribute& attribute : attributes_)
      words.push_back(attribute.kind == ArffKind::nominal  ? Word{attribute.first, true}
                      : attribute.kind == ArffKind::number ? Word{"0", false}
                                                           : Word{"?", false});
    std::string_view rest = line.text.substr(1);
    while (!(rest = trimmed(rest)).empty() && rest[0] != '}') {
      const std::string place = take_word(rest, " \t,}").text;
      std::size_t at = 0;
      const char* end = place.data() + place.size();
      if (std::from_chars(place.data(), end, at).ptr != end || place.empty() || at >= words.size())
        refuse(name_, line, fmt::format("there is no attribute {}", shortened(place, 30)),
               "a sparse row names attributes by their place, from 0");
      words[at] = take_word(rest, ",}");
      rest = trimmed(rest);
      if (rest.starts_with(',')) rest.remove_prefix(1);
    }
    return words;
  }

  Lines lines_;
  const std::string& name_;
  std::vector<Attribute> attributes_;
  std::string text_;
};

}  // namespace

bool is_arff(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  Lines lines(bytes);
  for (Line line; lines.next(line);) {
    if (line.text.empty() || line.text[0] == '%') continue;
    const std::string begin = lower_case(line.text.substr(0, 11));
    return begin.starts_with("@relation") || begin.starts_with("@attribute");
  }
  return false;
}

Table parse_arff(std::string_view bytes, const std::string& name, const ReadOptions& options) {
  refuse_long_lines(bytes, name, options.longest_line);
  const DecodedText decoded = decode_text(bytes, name);
  const ArffText arff(decoded.view(), name);
  refuse_size(arff.text().size(), name);
  ReadOptions known = options;
  known.header = HeaderLine::yes;
  for (const Attribute& attribute : arff.attributes()) {
    if (attribute.kind != ArffKind::nominal && attribute.kind != ArffKind::word) continue;
    known.word_columns.push_back(attribute.name);
    // Without a unit, in case that it has one: "state (code)".
    const std::size_t unit = attribute.name.find_last_of("([");
    if (unit != std::string::npos && unit > 0)
      known.word_columns.emplace_back(trimmed(attribute.name.substr(0, unit)));
  }
  Table table = parse_csv(arff.text(), name, known,
                          {.separator = '\t', .decimal_mark = '.', .names_only = true});
  if (!decoded.note.empty())
    table.notes.push_back({.column = {}, .row = -1, .count = 0, .what = decoded.note});
  return table;
}

}  // namespace cupel
