// Formulas over named numbers: + - * / ^, comparisons, sin, exp, min, … A formula reads the names
// it was given and nothing else, and writes nothing: no assignment, no text, no files.
// A name that is no plain word is written in backquotes: `steam flow` / 2.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cupel/process/formula_tree.hpp"

namespace cupel {

/// Not safe to share between threads: all formulas read one set of values.
class Formulas {
 public:
  explicit Formulas(std::vector<std::string> names);
  ~Formulas();
  Formulas(Formulas&&) noexcept;

  /// Number of the new formula. Throws Error{usage} naming `label` and the place: wrong syntax,
  /// an unknown name (with the nearest known one), an assignment.
  int add(const std::string& text, const std::string& label);
  /// Number of a known name; -1 when there is none.
  int find(const std::string& name) const;
  /// Numbers of the names that a formula reads, in increasing order.
  const std::vector<int>& reads(int formula) const;

  /// The values behind the names, to be set before value().
  std::span<double> values();
  std::span<const double> values() const;
  double value(int formula) const;
  /// What value() computes, in parts; names are numbers of names.
  const FormulaTree& tree(int formula) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cupel
