// Plants beside the model of tests/process/linear_model.hpp, whose truth is known by heart.
#pragma once

#include <array>

#include "cupel/base/error.hpp"
#include "cupel/process/optimize.hpp"
#include "cupel/process/problem_text.hpp"
#include "cupel/simulators/simulator.hpp"
#include "tests/process/linear_model.hpp"

namespace cupel::test {

constexpr std::array<PlantVariable, 2> kPlantSettings = {
    {{"u", "bar", "", 0, 10}, {"v", "bar", "", 0, 10}}};
constexpr std::array<PlantVariable, 2> kPlantResults = {{{"yield", "%", ""}, {"cost", "EUR", ""}}};

/// Exactly as the model says.
inline std::vector<double> as_predicted(std::span<const double> s) {
  return {s[0] + s[1], 2 * s[0]};
}
/// Yield is 0.05 higher: half of the model's interval.
inline std::vector<double> a_little_more(std::span<const double> s) {
  return {s[0] + s[1] + 0.05, 2 * s[0]};
}
/// No operation above u = 4.
inline std::vector<double> choked(std::span<const double> s) {
  if (s[0] > 4) throw Error(ErrorKind::runtime, "choked");
  return as_predicted(s);
}

inline Plant small_plant(std::vector<double> (*compute)(std::span<const double>)) {
  return {"small", "", kPlantSettings, kPlantResults, compute};
}

inline Problem small_problem(double confidence) {
  return parse_problem({.maximize = {"yield"},
                        .minimize = {"cost"},
                        .limits = {"yield<=15"},
                        .confidence = confidence},
                       one(linear_model()));
}

inline OptimizeResult small_front(const Problem& problem) {
  return optimize(problem, {.search = {.population = 40, .generations = 30}, .seed = 2});
}

}  // namespace cupel::test
