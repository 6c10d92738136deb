// What every form of a model outside Cupel says or asks of it.
#pragma once

#include <string>

#include "cupel/model/model.hpp"

namespace cupel {

struct IntervalForm {
  enum Kind {
    none,
    constant,  ///< one half width
    spread,    ///< a half width in spreads: covariance of the weights and noise
  } kind = none;
  std::string left_out =
      {};  ///< why there is none; empty where there is one, or none was asked for
};
IntervalForm interval_form(const Model& model, bool asked);

/// Whether a network has a layer that reads windows.
bool reads_windows(const Model& model);

/// "Made by Cupel 0.1.0 from a model of plant.csv (data 01ab…, recipe qnn)."
std::string origin_text(const Model& model);
/// "T [degC]".
std::string name_with_unit(const std::string& name, const std::string& unit);

/// The rows of the test vectors as evaluate() takes them; where there are none, one in the middle
/// of the training ranges. [rows x columns of the encoder]
Matrix test_rows(const Model& model);

/// Throws Error{usage} unless 0 < confidence < 1.
void check_confidence(double confidence);

}  // namespace cupel
