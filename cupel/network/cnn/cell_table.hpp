// Cells of image networks: short lists of operations, kept as data so that users can add their
// own. Written as text, one operation after another:
//   "1x1 O/4, dw, 1x1 O"           convolutions; the width is a multiple of I or O, the cell's
//                                  input and output widths; dw: depthwise 3x3
//   "3x3 O s2, 3x3 O, + proj s2"   s2: stride 2; + proj: a 1x1 convolution beside it, added
//   "maxpool s2, dw, 1x1 O"
// Each convolution is followed by batch normalization and ReLU.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cupel/base/json.hpp"

namespace cupel {

/// The width (channels) of a convolution: times / over of I or of O, at least 1.
struct WidthRule {
  bool of_input = false;
  int times = 1, over = 1;
  int width(int inputs, int outputs) const;
};

enum class CellStepKind { convolution, depthwise, max_pool };

struct CellStep {
  CellStepKind kind = CellStepKind::convolution;
  int kernel = 1, stride = 1;
  WidthRule width = {};  ///< convolution
};

struct Cell {
  std::string name, text;
  std::vector<CellStep> steps;
  int stride = 1;           ///< of the whole cell: 1 (normal) or 2 (reduction)
  bool projection = false;  ///< with "+ proj"
};

struct CellTable {
  std::vector<Cell> normal, reduction;
  /// Throws Error{usage} listing the names.
  const Cell& find(std::string_view name) const;
};

/// The empty cell: nothing, or a 1x1 projection where the widths on its two sides differ.
inline constexpr std::string_view kEmptyCell = "Q";

/// Throws Error{usage} naming the cell, the operation and what may stand there.
Cell parse_cell(std::string_view name, std::string_view text);

/// A … H (normal), I … P (reduction) of docs/methods/tcnas.md.
const CellTable& standard_cells();

/// The standard cells, with those of `json` {"NAME": "text", …} added or in their place. Throws
/// Error{usage}.
CellTable with_cells(CellTable table, const Json& json);

}  // namespace cupel
