#include "cupel/data/workbook_xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <optional>
#include <pugixml.hpp>
#include <utility>

#include "cupel/base/error.hpp"
#include "cupel/data/csv_cells.hpp"
#include "cupel/data/number_format.hpp"

namespace cupel {
namespace {

/// Of one row, or of what stands above the rows.
constexpr std::size_t kLongestElement = std::size_t{64} << 20;
constexpr int kMostRows = 1'048'576, kMostColumns = 16'384;
constexpr unsigned kParse = pugi::parse_default | pugi::parse_ws_pcdata | pugi::parse_fragment;

/// Without a prefix: some programs write <x:row>.
std::string_view local(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}
bool is(const pugi::xml_node& node, std::string_view name) { return local(node.name()) == name; }

pugi::xml_node child(const pugi::xml_node& parent, std::string_view name) {
  for (const pugi::xml_node& node : parent.children())
    if (is(node, name)) return node;
  return {};
}

bool is_true(const pugi::xml_attribute& attribute) {
  const std::string_view text = attribute.value();
  return text == "1" || text == "true" || text == "on";
}

int whole_number(std::string_view text, int otherwise) {
  int value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc() && end == text.data() + text.size() ? value : otherwise;
}

/// _x000D_ and its like stand for characters that XML cannot hold.
std::string without_escapes(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned code = 0;
    const bool form = text.substr(at).starts_with("_x") && at + 7 <= text.size() &&
                      at + 6 < text.size() && text[at + 6] == '_';
    const char* digits = text.data() + at + 2;
    if (form && std::from_chars(digits, digits + 4, code, 16).ptr == digits + 4 && code < 0x80) {
      if (code >= ' ' || code == '\n' || code == '\t') result += static_cast<char>(code);
      at += 6;
    } else {
      result += text[at];
    }
  }
  return result;
}

/// The words of <si> or <is>: plain or in runs of their own look.
std::string words_of(const pugi::xml_node& item) {
  std::string text;
  for (const pugi::xml_node& node : item.children()) {
    if (is(node, "t")) text += node.text().get();
    if (is(node, "r")) text += child(node, "t").text().get();
  }
  return without_escapes(text);
}

/// The content of a part, taken off in pieces that end with a whole element.
class ElementPieces {
 public:
  ElementPieces(PartPieces more, std::string_view container, std::string_view element)
      : more_(std::move(more)), container_(container), element_(element) {}

  /// Up to and with the start tag of the container; false: there is none.
  bool head(std::string& text) {
    for (std::size_t from = 0;;) {
      if (const auto end = tag_end(container_, false, from)) {
        const bool empty = buffer_[*end - 2] == '/';
        text = buffer_.substr(0, *end);
        buffer_.erase(0, *end);
        return !empty;
      }
      from = buffer_.size() > 4096 ? buffer_.size() - 4096 : 0;
      if (buffer_.size() > kLongestElement || !more_(buffer_)) return false;
    }
  }

  /// Whole elements; false when only what follows the container is left, which is in `text` then.
  bool elements(std::string& text) {
    for (;;) {
      const auto end = last_element_end();
      if (end) {
        text = buffer_.substr(0, *end);
        buffer_.erase(0, *end);
        scanned_ = 0;
        return true;
      }
      scanned_ = buffer_.size() > 16 ? buffer_.size() - 16 : 0;
      if (buffer_.size() > kLongestElement || !more_(buffer_)) break;
    }
    text = std::move(buffer_);
    return false;
  }

 private:
  /// Behind a start tag <NAME …> or an end tag </NAME>, with any prefix.
  std::optional<std::size_t> tag_end(std::string_view name, bool closing, std::size_t from) const {
    for (std::size_t at = buffer_.find(name, from); at != std::string::npos;
         at = buffer_.find(name, at + 1)) {
      if (!begins_tag(at, closing)) continue;
      const std::size_t next = at + name.size();
      const std::size_t end = buffer_.find('>', next);
      if (end == std::string::npos) return std::nullopt;
      const char behind = buffer_[next];
      if (behind == '>' || behind == '/' || behind == ' ' || behind == '\n' || behind == '\r' ||
          behind == '\t')
        return end + 1;
    }
    return std::nullopt;
  }

  bool begins_tag(std::size_t at, bool closing) const {
    std::size_t open = at;
    if (open > 0 && buffer_[open - 1] == ':') {
      --open;
      while (open > 0 && (std::isalnum(static_cast<unsigned char>(buffer_[open - 1])) != 0)) --open;
    }
    if (open == 0) return false;
    if (!closing) return buffer_[open - 1] == '<';
    return open > 1 && buffer_[open - 1] == '/' && buffer_[open - 2] == '<';
  }

  std::optional<std::size_t> last_element_end() const {
    for (std::size_t at = buffer_.rfind(element_); at != std::string::npos && at > scanned_;
         at = buffer_.rfind(element_, at - 1)) {
      const std::size_t next = at + element_.size();
      if (next < buffer_.size() && buffer_[next] == '>' && begins_tag(at, true)) return next + 1;
    }
    return std::nullopt;
  }

  PartPieces more_;
  std::string_view container_, element_;
  std::string buffer_;
  std::size_t scanned_ = 0;  ///< no element ends before it
};

std::optional<RawCell> read_cell(const pugi::xml_node& node, int column) {
  RawCell cell;
  const std::string_view reference = node.attribute("r").value();
  cell.column = reference.empty() ? column : parse_reference(reference).first;
  if (cell.column < 0 || cell.column >= kMostColumns) return std::nullopt;
  cell.style = whole_number(node.attribute("s").value(), 0);
  cell.type = node.attribute("t").value();
  for (const pugi::xml_node& part : node.children()) {
    if (is(part, "f")) cell.formula = true;
    if (is(part, "v")) {
      cell.value = part.text().get();
      cell.has_value = !cell.value.empty() || cell.type == "str";
    }
    if (is(part, "is")) {
      cell.value = words_of(part);
      cell.has_value = true;
    }
  }
  if (cell.type == "str") cell.value = without_escapes(cell.value);
  return cell;
}

/// False where a reference is none.
bool read_row(const pugi::xml_node& node, RawRow& row) {
  row.row = node.attribute("r") ? whole_number(node.attribute("r").value(), -1) : row.row + 1;
  if (row.row < 1 || row.row > kMostRows) return false;
  row.hidden = is_true(node.attribute("hidden"));
  row.cells.clear();
  int column = 0;
  for (const pugi::xml_node& item : node.children()) {
    if (!is(item, "c")) continue;
    auto cell = read_cell(item, column);
    if (!cell) return false;
    column = cell->column + 1;
    row.cells.push_back(std::move(*cell));
  }
  return true;
}

/// From the XML around the rows, which is no whole document: the element of that name.
std::string element_text(const std::string& xml, std::string_view name) {
  for (std::size_t at = xml.find(name); at != std::string::npos; at = xml.find(name, at + 1)) {
    std::size_t open = at;
    while (open > 0 && xml[open] != '<' && xml[open] != '>') --open;
    const std::string close =
        fmt::format("</{}>", xml.substr(open + 1, at + name.size() - open - 1));
    const std::size_t end = xml.find(close, at);
    if (xml[open] == '<' && end != std::string::npos && (open + 1 == at || xml[at - 1] == ':'))
      return xml.substr(open, end + close.size() - open);
  }
  return {};
}

std::optional<CellRange> parse_range(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto [left, top] = parse_reference(text.substr(0, colon));
  const auto [right, bottom] = parse_reference(text.substr(colon + 1));
  if (left < 0 || right < left || bottom < top || right >= kMostColumns || bottom > kMostRows)
    return std::nullopt;
  return CellRange{top, left, bottom, right};
}

void read_hidden_columns(const std::string& head, SheetFrame& frame) {
  pugi::xml_document document;
  const std::string cols = element_text(head, "cols");
  if (cols.empty() || !document.load_buffer(cols.data(), cols.size(), kParse)) return;
  for (const pugi::xml_node& node : document.first_child().children())
    if (is(node, "col") && is_true(node.attribute("hidden")))
      frame.hidden_columns.push_back({0, whole_number(node.attribute("min").value(), 1) - 1, 0,
                                      whole_number(node.attribute("max").value(), 1) - 1});
}

void read_merged(const std::string& tail, SheetFrame& frame) {
  pugi::xml_document document;
  const std::string merged = element_text(tail, "mergeCells");
  if (merged.empty() || !document.load_buffer(merged.data(), merged.size(), kParse)) return;
  for (const pugi::xml_node& node : document.first_child().children())
    if (is(node, "mergeCell"))
      if (const auto range = parse_range(node.attribute("ref").value()))
        frame.merged.push_back(*range);
}

/// The folder of a part and a target relative to it, as a name in the archive.
std::string resolved(const std::string& part, std::string_view target) {
  if (target.starts_with('/')) return std::string(target.substr(1));
  std::string folder = part.substr(0, part.rfind('/') + 1);
  while (target.starts_with("../") && !folder.empty()) {
    target.remove_prefix(3);
    folder.resize(folder.size() - 1);
    folder.resize(folder.rfind('/') + 1);
  }
  return folder + std::string(target);
}

/// Target of each relation, by its id, where its type ends so.
std::map<std::string, std::string> relations(const std::string& xml, std::string_view type) {
  std::map<std::string, std::string> targets;
  pugi::xml_document document;
  document.load_buffer(xml.data(), xml.size(), kParse);
  for (const pugi::xml_node& list : document.children())
    for (const pugi::xml_node& node : list.children())
      if (std::string_view(node.attribute("Type").value()).ends_with(type))
        targets[node.attribute("Id").value()] = node.attribute("Target").value();
  return targets;
}

std::string relations_of(const std::string& part) {
  const std::size_t folder = part.rfind('/') + 1;
  return fmt::format("{}_rels/{}.rels", part.substr(0, folder), part.substr(folder));
}

std::string relation_id(const pugi::xml_node& sheet) {
  for (const pugi::xml_attribute& attribute : sheet.attributes())
    if (std::string_view(attribute.name()).ends_with(":id")) return attribute.value();
  return {};
}

pugi::xml_node root(const pugi::xml_document& document, std::string_view name) {
  return child(document, name);
}

}  // namespace

std::pair<int, int> parse_reference(std::string_view text) {
  int column = 0;
  std::size_t at = 0;
  for (; at < text.size() && at < 4; ++at) {
    if (text[at] == '$') continue;
    if (text[at] < 'A' || text[at] > 'Z') break;
    column = 26 * column + (text[at] - 'A' + 1);
  }
  std::string digits(text.substr(at));
  digits.erase(std::remove(digits.begin(), digits.end(), '$'), digits.end());
  const int row = whole_number(digits, -1);
  if (column == 0 || row < 1) return {-1, -1};
  return {column - 1, row};
}

std::string cell_name(int row, int column) {
  std::string letters;
  for (int rest = column + 1; rest > 0; rest = (rest - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('A' + (rest - 1) % 26));
  return fmt::format("{}{}", letters, row);
}

void WorkbookXml::refuse(const std::string& part) const {
  throw Error(ErrorKind::bad_data, fmt::format("{}: the workbook is damaged (in {})", name_, part),
              "open it in a spreadsheet program and save it anew");
}

std::string WorkbookXml::whole(const std::string& part) const {
  std::string text;
  if (const PartPieces more = open_(part))
    while (more(text)) {
    }
  return text;
}

std::string WorkbookXml::workbook_part() const {
  const auto found = relations(whole("_rels/.rels"), "/officeDocument");
  return found.empty() ? "xl/workbook.xml" : resolved("", found.begin()->second);
}

WorkbookIndex WorkbookXml::index() const {
  WorkbookIndex index;
  const std::string part = workbook_part();
  const std::string xml = whole(part);
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size(), kParse)) refuse(part);
  const pugi::xml_node workbook = root(document, "workbook");
  index.from_1904 = is_true(child(workbook, "workbookPr").attribute("date1904"));
  const auto targets = relations(whole(relations_of(part)), "/worksheet");
  for (const pugi::xml_node& node : child(workbook, "sheets").children()) {
    const auto target = targets.find(relation_id(node));
    if (!is(node, "sheet") || target == targets.end()) continue;
    const std::string_view state = node.attribute("state").value();
    index.sheets.push_back({node.attribute("name").value(), resolved(part, target->second),
                            state == "hidden" || state == "veryHidden"});
  }
  return index;
}

std::vector<std::string> WorkbookXml::formats() const {
  std::vector<std::string> formats;
  const std::string part = workbook_part();
  const auto targets = relations(whole(relations_of(part)), "/styles");
  if (targets.empty()) return formats;
  const std::string xml = whole(resolved(part, targets.begin()->second));
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size(), kParse)) refuse("styles");
  const pugi::xml_node styles = root(document, "styleSheet");
  std::map<int, std::string> own;
  for (const pugi::xml_node& node : child(styles, "numFmts").children())
    own[whole_number(node.attribute("numFmtId").value(), -1)] =
        node.attribute("formatCode").value();
  for (const pugi::xml_node& node : child(styles, "cellXfs").children()) {
    if (!is(node, "xf")) continue;
    const int id = whole_number(node.attribute("numFmtId").value(), 0);
    const auto found = own.find(id);
    formats.emplace_back(found != own.end() ? found->second : std::string(builtin_format(id)));
  }
  return formats;
}

std::vector<std::string> WorkbookXml::shared_words() const {
  std::vector<std::string> words;
  const std::string part = workbook_part();
  const auto targets = relations(whole(relations_of(part)), "/sharedStrings");
  if (targets.empty()) return words;
  const std::string strings = resolved(part, targets.begin()->second);
  PartPieces more = open_(strings);
  if (!more) return words;
  ElementPieces pieces(std::move(more), "sst", "si");
  std::string xml;
  if (!pieces.head(xml)) return words;
  while (pieces.elements(xml)) {
    pugi::xml_document document;
    if (!document.load_buffer(xml.data(), xml.size(), kParse)) refuse(strings);
    for (const pugi::xml_node& node : document.children())
      if (is(node, "si")) words.push_back(words_of(node));
  }
  return words;
}

SheetFrame WorkbookXml::read_rows(const std::string& part,
                                  const std::function<void(RawRow)>& take) const {
  SheetFrame frame;
  PartPieces more = open_(part);
  if (!more) refuse(part);
  ElementPieces pieces(std::move(more), "sheetData", "row");
  std::string xml;
  if (!pieces.head(xml)) return frame;
  read_hidden_columns(xml, frame);
  RawRow row;
  while (pieces.elements(xml)) {
    pugi::xml_document document;
    if (!document.load_buffer(xml.data(), xml.size(), kParse)) refuse(part);
    for (const pugi::xml_node& node : document.children()) {
      if (!is(node, "row")) continue;
      if (!read_row(node, row)) refuse(part);
      take(row);
    }
  }
  if (xml.find("sheetData>") == std::string::npos) refuse(part);  // it ends too early
  read_merged(xml, frame);
  return frame;
}

}  // namespace cupel
