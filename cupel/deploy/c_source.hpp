// A model as C99 source for controllers, simulators and spreadsheets' add-ins: one header, one
// source file, <math.h> and nothing else; no memory is allocated, nothing is changed outside the
// arguments. The same numbers as evaluate.hpp (to about 1e-12 of a target's range), and a self test
// that says so on the machine where it runs. docs/formats/c.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cupel/model/model.hpp"

namespace cupel {

struct CSourceOptions {
  std::string name = "model";  ///< begins every name in the source; see c_name()
  double confidence = 0.9;     ///< of the interval, 0 < c < 1
  bool intervals = true;       ///< also NAME_interval(); its tables grow with weights²
  bool region = true;          ///< also NAME_distance(); its tables hold up to 400 training rows
};

struct CSource {
  std::string header, source;         ///< NAME.h, NAME.c
  std::vector<std::string> left_out;  ///< what the model has and the source lacks, and why
};

/// Throws Error{usage} for a confidence outside (0, 1).
CSource c_source(const Model& model, const CSourceOptions& options);

/// What a C name may hold: letters, digits and underscores, a letter first. "2nd yield.v3" becomes
/// "m_2nd_yield_v3".
std::string c_name(std::string_view text);

}  // namespace cupel
