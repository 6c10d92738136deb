// A model whose outputs are known by heart: yield = u + v and cost = 2 u, for u, v in 0 … 10,
// each with an interval of ± 0.1 and ± 0.2.
#pragma once

#include "cupel/model/model.hpp"

namespace cupel::test {

inline Model linear_model() {
  Model model;
  for (const char* name : {"u", "v"}) {
    const int column = static_cast<int>(model.encoder.columns.size());
    model.encoder.columns.push_back({.name = name, .unit = "bar", .low = 0, .up = 10});
    model.encoder.features.push_back({name, column, -1, 0, 1});
  }
  model.encoder.targets = {{"yield", "%", 0, 1, 0, 20}, {"cost", "EUR", 0, 1, 0, 20}};
  Member member;
  member.network.topology = {.inputs = 2, .layers = {{2, Activation::linear}}};
  member.network.parameters = Vector(6);
  member.network.parameters << 1, 1, 2, 0, 0, 0;
  member.weights = Vector::Ones(2);
  member.features = {0, 1};
  model.members = {member};
  Matrix residuals(40, 2);
  residuals.col(0).setConstant(0.1);
  residuals.col(1).setConstant(0.2);
  model.intervals = fit_intervals(residuals, Matrix::Zero(40, 2));
  model.region.margin = 0;
  return model;
}

inline std::vector<Model> one(Model model) {
  std::vector<Model> models;
  models.push_back(std::move(model));
  return models;
}

}  // namespace cupel::test
