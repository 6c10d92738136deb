// A small model with a number that is taken by its logarithm, a word, an input that no network
// uses, two networks and two targets; the same every time.
#pragma once

#include <cmath>
#include <string>

#include "cupel/base/rng.hpp"
#include "cupel/data/csv.hpp"
#include "cupel/model/model.hpp"

namespace cupel {

inline Encoder sample_encoder() {
  Encoder encoder;
  encoder.columns.resize(3);
  encoder.columns[0] = {.name = "T",
                        .unit = "degC",
                        .text = false,
                        .fill = 80,
                        .log_scale = 40,
                        .low = 50,
                        .up = 110,
                        .levels = {}};
  encoder.columns[1] = {.name = "catalyst",
                        .unit = "",
                        .text = true,
                        .fill = 0,
                        .log_scale = 0,
                        .low = 0,
                        .up = 0,
                        .levels = {"A", "B", "C"}};
  encoder.columns[2] = {.name = "p",
                        .unit = "bar",
                        .text = false,
                        .fill = 2,
                        .log_scale = 0,
                        .low = 1,
                        .up = 3,
                        .levels = {}};
  encoder.features = {{"T", 0, -1, -2.25, 2.5},
                      {"catalyst=B", 1, 1, 0, 1},
                      {"catalyst=C", 1, 2, 0, 1},
                      {"p", 2, -1, -2, 1}};
  encoder.targets = {{"yield", "%", -5, 0.1, 20, 80}, {"mass", "kg", 0, 2, -1, 1}};
  return encoder;
}

inline Member sample_member(std::vector<int> features, double weight, std::uint64_t seed) {
  Member member;
  member.network.topology = {.inputs = static_cast<int>(features.size()),
                             .layers = {{4, Activation::tanh}, {2, Activation::linear}}};
  Rng rng(seed);
  member.network.parameters = Vector::NullaryExpr(parameter_count(member.network.topology),
                                                  [&](Eigen::Index) { return rng.normal(); });
  member.weights = Vector::Constant(2, weight);
  member.features = std::move(features);
  return member;
}

/// Intervals from residuals 1 … 30 (yield) and 0.01 … 0.30 (mass).
inline Model sample_model() {
  Model model;
  model.encoder = sample_encoder();
  model.members = {sample_member({0, 1, 2}, 0.25, 1), sample_member({2, 0}, 0.75, 2)};
  Matrix measured(30, 2);
  measured << Vector::LinSpaced(30, 1, 30), Vector::LinSpaced(30, 1, 30) / 100;
  model.intervals = fit_intervals(measured, Matrix::Zero(30, 2));
  model.provenance["recipe"] = "qnn";
  model.test_vectors = {{{"80.5", "B", "2"}, {}}, {{"", "C", "1.5"}, {}}, {{"50", "", ""}, {}}};
  const Table table = parse_csv("T,catalyst,p\n80.5,B,2\n,C,1.5\n50,,\n", "test rows");
  const Prediction prediction = predict(model, table);
  for (int row = 0; row < 3; ++row)
    model.test_vectors[static_cast<std::size_t>(row)].outputs = {prediction.outputs(row, 0),
                                                                 prediction.outputs(row, 1)};
  return model;
}

}  // namespace cupel
