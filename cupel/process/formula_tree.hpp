// The parts of a formula in the order in which they are computed, so that it can be computed with
// more than numbers: with intervals and their slopes (formula_range.hpp).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cupel/process/interval.hpp"

namespace cupel {

enum class PartKind {
  number,
  name,
  negate,
  square,
  function,
  add,
  subtract,
  multiply,
  divide,
  power,
  atan2,
  min,
  max,
  less,
  less_equal,
  equal,
  not_equal,
  both,    ///< &&
  either,  ///< ||
  test,    ///< after the condition of a choice, before its branches
  choice,  ///< condition ? first : second
};

/// Operands come before what is made of them; those of one part lie together, from `begin` on.
struct FormulaPart {
  PartKind kind = PartKind::number;
  int begin = 0;              ///< first part that this one is made of, or itself
  int left = -1, right = -1;  ///< operands; of a choice: its branches
  int condition = -1;         ///< of a choice; of a test: the choice
  double number = 0;
  int name = -1;
  FunctionKind function = FunctionKind::abs;
};

/// The constants _pi and _e.
constexpr double kPi = 3.14159265358979323846, kE = 2.71828182845904523536;

/// The last part is the whole.
using FormulaTree = std::vector<FormulaPart>;

/// Of a formula that muParser reads, by the same rules of precedence. Names are q0_, q1_, …
/// Throws Error{usage} naming `label` where it cannot, or is nested deeper than 100 parentheses.
FormulaTree parse_formula(std::string_view text, const std::string& label);

}  // namespace cupel
