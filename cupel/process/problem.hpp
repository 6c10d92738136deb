// What is asked of the plant: what may be set and within which bounds, what is wanted, what must
// hold. Plain values, made by parse_problem (problem_text.hpp) from a command line or TOML.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cupel/model/model.hpp"
#include "cupel/search/space.hpp"

namespace cupel {

enum class VariableKind {
  varied,       ///< the search sets it
  fixed,        ///< at `value`
  disturbance,  ///< may take any value in [low, up]: objectives and limits count at their worst
};

/// An input of at least one model, or a name that formulas alone use.
struct Variable {
  std::string name, unit;
  VariableKind kind = VariableKind::varied;
  Gene gene;                                ///< varied: bounds, whole numbers, allowed values
  double value = 0;                         ///< fixed
  double low = 0, up = 0;                   ///< disturbance
  std::optional<double> current = {};       ///< where the plant runs now
  std::optional<double> largest_move = {};  ///< from there, already in the gene's bounds
};

enum class Sense { maximize, minimize, target, range };

struct Objective {
  Sense sense = Sense::minimize;
  std::string expression;  ///< a formula of inputs, outputs and named formulas
  double low = 0, up = 0;  ///< target: both; range
};

/// low <= expression <= up; an open end is infinite.
struct Limit {
  std::string text, expression;
  double low = 0, up = 0;
};

struct NamedFormula {
  std::string name, unit, expression;
};

/// Whose value an interval holds.
enum class IntervalOf {
  reading,  ///< one measurement: scatter of the data and error of the model
  plant,    ///< the plant's true value, where scatter is the sensors': error of the model alone
};

struct Problem {
  std::vector<Model> models;
  std::vector<Variable> variables;
  std::vector<NamedFormula> formulas;
  std::vector<Objective> objectives;
  std::vector<Limit> limits;
  double confidence = 0.9;  ///< of each end of an interval, above 0.5; 0: predictions are true
  IntervalOf interval = IntervalOf::reading;
  /// One an output: a limit counts at least so many standard deviations of the plant's true value
  /// away, for it has to hold wherever the search goes (search_allowance.hpp). 0: not known.
  std::vector<double> allowance = {};
  bool inside_data = true;         ///< the region of the training data is a limit
  std::vector<std::string> notes;  ///< what the user should hear: bounds taken from the data, …
};

/// Whether limits count farther away than their intervals do.
bool allows_for_search(const Problem& problem);
/// One a variable: whether a network or an expression of the problem reads it.
std::vector<bool> variables_that_matter(const Problem& problem);
/// Names of all models' outputs, in order.
std::vector<std::string> output_names(const Problem& problem);
/// The search space of the varied variables, in order.
Space search_space(const Problem& problem);
/// "maximize yield", "Mv near 80000".
std::string objective_text(const Objective& objective);

}  // namespace cupel
