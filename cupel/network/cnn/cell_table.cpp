#include "cupel/network/cnn/cell_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

constexpr std::pair<std::string_view, std::string_view> kStandard[] = {
    {"A", "1x1 O, dw, dw, + proj"},
    {"B", "1x1 2O, 3x3 2O, 1x1 O"},
    {"C", "1x1 I/2, 3x3 I/2, 1x1 O"},
    {"D", "1x1 2I, dw, 1x1 O"},
    {"E", "3x3 O, 3x3 O, + proj"},
    {"F", "1x1 I/2, 3x3 O"},
    {"G", "1x1 O/4, dw, 1x1 O"},
    {"H", "3x3 O, 3x3 O, 3x3 O"},
    {"I", "dw s2, 1x1 O, dw, 1x1 O, + proj s2"},
    {"J", "maxpool s2, dw, 1x1 O"},
    {"K", "maxpool s2, dw, 1x1 O, 3x3 O"},
    {"L", "3x3 O s2, 3x3 O, + proj s2"},
    {"M", "1x1 O/2, dw s2, 1x1 O"},
    {"N", "3x3 O, 3x3 O, maxpool s2"},
    {"O", "1x1 I/2, 3x3 I/2 s2, 1x1 O"},
    {"P", "1x1 4I, dw s2, 1x1 O"},
};

std::vector<std::string> split_text(std::string_view text, char separator) {
  std::vector<std::string> parts(1);
  for (char c : text)
    if (c == separator)
      parts.emplace_back();
    else
      parts.back() += c;
  for (std::string& part : parts) {
    part.erase(0, part.find_first_not_of(" \t"));
    part.erase(part.find_last_not_of(" \t") + 1);
  }
  std::erase(parts, "");
  return parts;
}

[[noreturn]] void refuse(std::string_view name, const std::string& what) {
  throw Error(ErrorKind::usage, fmt::format("cell '{}': {}", name, what),
              "operations are '1x1 WIDTH', '3x3 WIDTH', 'dw' and 'maxpool s2', each with 's2' for "
              "stride 2, WIDTH such as O, 2I or O/4; at the end '+ proj' for a shortcut");
}

int number(std::string_view digits) {
  int value = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool all = problem == std::errc() && end == digits.data() + digits.size();
  return all && value >= 1 && value <= 64 ? value : 0;
}

WidthRule parse_width(std::string_view name, std::string_view text) {
  const std::size_t letter = text.find_first_of("IO");
  if (letter == std::string_view::npos) refuse(name, fmt::format("'{}' is no width", text));
  WidthRule rule{.of_input = text[letter] == 'I'};
  const std::string_view before = text.substr(0, letter), after = text.substr(letter + 1);
  if (!before.empty()) rule.times = number(before);
  if (!after.empty()) rule.over = after.front() == '/' ? number(after.substr(1)) : 0;
  if (rule.times == 0 || rule.over == 0) refuse(name, fmt::format("'{}' is no width", text));
  return rule;
}

CellStep parse_step(std::string_view name, const std::string& text) {
  std::vector<std::string> words = split_text(text, ' ');
  CellStep step;
  if (words.back() == "s2") {
    step.stride = 2;
    words.pop_back();
  }
  const std::string kind = words.empty() ? "" : words.front();
  if (kind == "dw" && words.size() == 1) {
    step.kind = CellStepKind::depthwise;
    step.kernel = 3;
  } else if (kind == "maxpool" && words.size() == 1 && step.stride == 2) {
    step.kind = CellStepKind::max_pool;
    step.kernel = 2;
  } else if ((kind == "1x1" || kind == "3x3") && words.size() == 2) {
    step.kernel = kind.front() - '0';
    step.width = parse_width(name, words[1]);
  } else {
    refuse(name, fmt::format("'{}' is no operation", text));
  }
  return step;
}

bool ends_with_output_width(const Cell& cell) {
  const auto last = std::find_if(cell.steps.rbegin(), cell.steps.rend(), [](const CellStep& step) {
    return step.kind == CellStepKind::convolution;
  });
  return last != cell.steps.rend() && !last->width.of_input && last->width.times == 1 &&
         last->width.over == 1;
}

void put(std::vector<Cell>& cells, const Cell& cell) {
  const auto same = std::find_if(cells.begin(), cells.end(),
                                 [&](const Cell& other) { return other.name == cell.name; });
  if (same == cells.end())
    cells.push_back(cell);
  else
    *same = cell;
}

void put(CellTable& table, const Cell& cell) {
  auto& others = cell.stride == 1 ? table.reduction : table.normal;
  std::erase_if(others, [&](const Cell& other) { return other.name == cell.name; });
  put(cell.stride == 1 ? table.normal : table.reduction, cell);
}

}  // namespace

int WidthRule::width(int inputs, int outputs) const {
  return std::max(1, (of_input ? inputs : outputs) * times / over);
}

const Cell& CellTable::find(std::string_view name) const {
  std::string names;
  for (const auto* cells : {&normal, &reduction})
    for (const Cell& cell : *cells) {
      if (cell.name == name) return cell;
      names += fmt::format("{}{}", names.empty() ? "" : ", ", cell.name);
    }
  throw Error(ErrorKind::usage, fmt::format("there is no cell '{}'", name),
              fmt::format("the cells are: {}", names));
}

Cell parse_cell(std::string_view name, std::string_view text) {
  Cell cell{.name = std::string(name), .text = std::string(text)};
  if (name.empty() || name == kEmptyCell || name.find_first_of(" ,") != std::string_view::npos)
    refuse(name, "choose another name: not empty, not 'Q' (the empty cell), without blanks");
  std::vector<std::string> parts = split_text(text, ',');
  int shortcut_stride = 0;
  if (!parts.empty() && parts.back().front() == '+') {
    const std::string shortcut = parts.back();
    if (shortcut != "+ proj" && shortcut != "+ proj s2")
      refuse(name, fmt::format("'{}' is no shortcut", shortcut));
    shortcut_stride = shortcut == "+ proj" ? 1 : 2;
    cell.projection = true;
    parts.pop_back();
  }
  for (const std::string& part : parts) {
    cell.steps.push_back(parse_step(name, part));
    cell.stride *= cell.steps.back().stride;
  }
  if (cell.steps.empty()) refuse(name, "it has no operations");
  if (cell.stride > 2) refuse(name, "its strides multiply to more than 2");
  if (cell.projection && shortcut_stride != cell.stride)
    refuse(name, "the shortcut's stride differs from that of the operations");
  if (!ends_with_output_width(cell)) refuse(name, "its last convolution must have width O");
  return cell;
}

const CellTable& standard_cells() {
  static const CellTable table = [] {
    CellTable cells;
    for (const auto& [name, text] : kStandard) put(cells, parse_cell(name, text));
    return cells;
  }();
  return table;
}

CellTable with_cells(CellTable table, const Json& json) {
  for (const auto& [name, text] : json.as_object()) put(table, parse_cell(name, text.as_string()));
  return table;
}

}  // namespace cupel
