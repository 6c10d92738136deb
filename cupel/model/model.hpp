// A trained network with all that is needed to use it: columns with units, scalers, networks
// and their weights, held-out residuals for intervals, the region of the training data, test
// vectors and provenance. Stored as versioned JSON (NAME.model, docs/formats/model.md).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/data/calendar.hpp"
#include "cupel/data/encoder.hpp"
#include "cupel/data/reading.hpp"
#include "cupel/data/windows.hpp"
#include "cupel/network/mlp/mlp.hpp"
#include "cupel/trust/intervals.hpp"
#include "cupel/trust/region.hpp"
#include "cupel/trust/uncertainty.hpp"

namespace cupel {

constexpr int kModelFormat = 6;

/// One network of a model. A target's value is the sum, over the outputs that predict it, of
/// weight x output.
struct Member {
  Mlp network;
  Vector weights;                 ///< one an output; over a target's outputs they sum to 1
  std::vector<int> features;      ///< which features of the encoder feed the network, in order
  std::vector<int> targets = {};  ///< which target each output predicts; empty: all, in order
  /// The penalty it was trained with: Σ ridge θ² on the sum of squared errors over rows and
  /// outputs, on weights and on biases. Training says it; a model file does not keep it.
  double ridge = 0, bias_ridge = 0;
  Uncertainty uncertainty = {};
};

/// The target that a member's output k predicts.
inline Eigen::Index target_of(const Member& member, Eigen::Index k) {
  return member.targets.empty() ? k : member.targets[static_cast<std::size_t>(k)];
}

/// A fold's networks, made as the model's were but without the fold's held-out rows, and its
/// residuals on them.
struct FoldModel {
  Encoder encoder;
  std::vector<Member> members;
  int rows = 0;                                ///< held out
  std::vector<std::vector<double>> residuals;  ///< see ResidualIntervals
};

/// A row of input cells and the prediction that the writing program made for it.
struct TestVector {
  std::vector<std::string> cells;              ///< one an input column, as text ("" = missing)
  std::vector<double> outputs;                 ///< one a target, in its own unit
  std::vector<double> lower = {}, upper = {};  ///< the interval; empty: the model has none
  std::optional<double> distance = {};  ///< from the training data; empty in files before format 6
  bool valid = true;                    ///< whether the row may be trusted
};

struct Model {
  Encoder encoder;
  Reading reading = {};    ///< how its file was read; empty in older models
  Calendar calendar = {};  ///< any(): some of a file's columns are made from its time column
  Windows windows = {};    ///< any(): the encoder's columns are windows over a file's rows
  std::vector<Member> members;
  IntervalMethod interval_method = IntervalMethod::held_out;
  ResidualIntervals intervals;   ///< empty with `folds`; without both the model has no intervals
  std::vector<FoldModel> folds;  ///< of cv_plus and split
  ValidRegion region;
  std::vector<TestVector> test_vectors;
  Json provenance;  ///< data file and hash, options, seed, recipe, program version, scores
};

struct Prediction {
  Matrix outputs;       ///< [rows x targets], own units
  Matrix lower, upper;  ///< interval of the asked confidence; empty when the model has none
  Vector distance;      ///< from the training data; valid up to 1
  std::vector<std::string> invalid;  ///< a row's reason not to trust it; empty = valid
  EncodingNotes notes;
};

/// Predicts every row of a table that has the model's input columns (by name, any order; other
/// columns are passed over, and an input that no member uses may be missing). Throws
/// Error{bad_data} naming a missing column, one of the wrong kind, or one whose stated unit
/// differs from the model's, and Error{usage} for a confidence outside (0, 1).
Prediction predict(const Model& model, const Table& table, double confidence = 0.9);
/// The same for a table whose rows hold the encoder's columns: windows are made already.
Prediction predict_rows(const Model& model, const Table& table, double confidence = 0.9);

/// Scaled outputs [rows x targets] for encoded inputs [rows x features of the encoder].
Matrix predict_scaled(std::span<const Member> members, int targets, const Matrix& features);
Matrix predict_scaled(const Model& model, const Matrix& features);

std::string model_text(const Model& model);
/// Throws Error{runtime} when the text is not a model, is not as it was written (from format 6 on
/// a checksum covers every byte), or is from a newer program (then the message says which version
/// to get).
Model parse_model(std::string_view text, const std::string& name);

/// The rows of the test vectors, with the encoder's columns in order. `name` stands in messages.
Table test_table(const Model& model, const std::string& name);
/// Notes what the model says of its test vectors besides the outputs.
void complete_test_vectors(Model& model);
/// Throws Error{runtime} when a test vector is not reproduced: outputs, interval, distance, trust.
void check_test_vectors(const Model& model, const std::string& name);

/// Writes to a temporary file beside it first, so that a full disk leaves the old file whole.
void save_model(const Model& model, const std::string& path);
/// Also recomputes the test vectors and refuses a model that no longer gives them (within 1e-9
/// of the value or of the target's range, whichever is larger). Throws Error{runtime}, also where
/// memory runs out.
Model load_model(const std::string& path);

}  // namespace cupel
