// A problem as people write it, on the command line or in a TOML file (docs/formats/problem.md),
// and the checks that find what is wrong with it before anything is computed.
#pragma once

#include <string>
#include <vector>

#include "cupel/process/problem.hpp"

namespace cupel {

/// The texts as typed, one list an option. A TOML file is read into the same lists.
struct ProblemTexts {
  std::vector<std::string> models = {};
  std::vector<std::string> vary = {};     ///< T, T=50:110, n=1:5:integer, T={4,40}
  std::vector<std::string> fix = {};      ///< p=3
  std::vector<std::string> disturb = {};  ///< moisture=0.1:0.3
  std::vector<std::string> current = {};  ///< T=80
  std::vector<std::string> move = {};     ///< T=5: at most so far from the current value
  std::vector<std::string> maximize = {}, minimize = {};
  std::vector<std::string> target = {};    ///< Mv=80000
  std::vector<std::string> range = {};     ///< x=0.6:0.7
  std::vector<std::string> limits = {};    ///< p<=3, 0.2<=x<=0.4, p <= 3 bar
  std::vector<std::string> formulas = {};  ///< cost [EUR/t] = 3 * feed / yield
  double confidence = 0.9;
  std::string interval = "reading";  ///< or "plant"
  bool inside_data = true;
};

/// Throws Error{usage} for anything unknown or of the wrong kind.
ProblemTexts texts_from_toml(const Json& toml, const std::string& name);

/// Throws Error{usage} that names the culprit: an unknown name, a range without end or reversed,
/// limits that contradict each other, a unit that is not the column's, no objective.
Problem parse_problem(const ProblemTexts& texts, std::vector<Model> models);

}  // namespace cupel
