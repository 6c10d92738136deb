// A formula computed with intervals, and with the slope along every free name (forward mode).
#pragma once

#include <array>
#include <span>
#include <vector>

#include "cupel/process/formula_range.hpp"

namespace cupel {

/// A value and its slopes on all of a box. A slope of [-∞, ∞]: it may jump.
struct Sloped {
  Interval value;
  std::array<Interval, kMostFreeNames> slopes;
};

/// Computes one query on boxes. Not safe to share between threads.
class SlopedFormula {
 public:
  SlopedFormula(const Formulas& formulas, const RangeQuery& query);

  /// One interval a free name.
  Sloped over(std::span<const Interval> box);

 private:
  const Sloped& compute(const FormulaTree& tree, int begin, int whole);
  void combine(const FormulaPart& part, Sloped& made);
  void compare(const FormulaPart& part, Sloped& made);
  void apply_function(const FormulaPart& part, Sloped& made);
  void chain(Sloped& made, const Interval& by_left, const Interval& by_right,
             const FormulaPart& part) const;
  void choose(const FormulaTree& tree, int choice);
  bool narrow(const FormulaTree& tree, int condition, bool holds);
  bool narrow_to(const FormulaTree& tree, int part, const Interval& to);

  const Formulas* formulas_;
  const RangeQuery* query_;
  std::vector<Sloped> names_;  ///< of all names of the formulas
  std::vector<Sloped> parts_;  ///< of the tree that is computed
};

}  // namespace cupel
