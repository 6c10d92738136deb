// Published test problems of multi-objective search, with their published definitions: ZDT
// (Zitzler, Deb, Thiele 2000), BNH (Binh & Korn 1997), SRN (Srinivas & Deb 1994), TNK (Tanaka
// 1995), OSY (Osyczka & Kundu 1995). All objectives are minimized; limits are raw (not divided by their bounds).
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "cupel/search/method.hpp"
#include "cupel/search/pareto.hpp"

namespace cupel::test {

struct Problem {
  std::string name;
  Space space;
  Score (*score)(const Candidate& x);
  Point reference;  ///< of the hypervolume
};

inline Space real_space(const std::vector<std::pair<double, double>>& ranges) {
  Space space;
  for (const auto& [low, up] : ranges)
    space.genes.push_back({.name = fmt::format("x{}", space.size() + 1),
                           .kind = GeneKind::real,
                           .low = low,
                           .up = up});
  return space;
}

inline Space unit_space(int genes) {
  return real_space(std::vector<std::pair<double, double>>(genes, {0.0, 1.0}));
}

inline Space zdt4_space() {
  std::vector<std::pair<double, double>> ranges(10, {-5.0, 5.0});
  ranges[0] = {0.0, 1.0};
  return real_space(ranges);
}

/// Mean of x2 … xn.
inline double tail_mean(const Candidate& x) {
  double sum = 0;
  for (std::size_t i = 1; i < x.size(); ++i) sum += x[i];
  return sum / static_cast<double>(x.size() - 1);
}

inline Score zdt1(const Candidate& x) {
  const double g = 1 + 9 * tail_mean(x);
  return {.objectives = {x[0], g * (1 - std::sqrt(x[0] / g))}};
}

inline Score zdt2(const Candidate& x) {
  const double g = 1 + 9 * tail_mean(x);
  return {.objectives = {x[0], g * (1 - (x[0] / g) * (x[0] / g))}};
}

inline Score zdt3(const Candidate& x) {
  const double g = 1 + 9 * tail_mean(x), f = x[0];
  const double wave = f / g * std::sin(10 * std::numbers::pi * f);
  return {.objectives = {f, g * (1 - std::sqrt(f / g) - wave)}};
}

inline Score zdt4(const Candidate& x) {
  double g = 1 + 10 * static_cast<double>(x.size() - 1);
  for (std::size_t i = 1; i < x.size(); ++i)
    g += x[i] * x[i] - 10 * std::cos(4 * std::numbers::pi * x[i]);
  return {.objectives = {x[0], g * (1 - std::sqrt(x[0] / g))}};
}

inline Score zdt6(const Candidate& x) {
  const double f = 1 - std::exp(-4 * x[0]) * std::pow(std::sin(6 * std::numbers::pi * x[0]), 6);
  const double g = 1 + 9 * std::pow(tail_mean(x), 0.25);
  return {.objectives = {f, g * (1 - (f / g) * (f / g))}};
}

/// How far a quantity that must be >= 0 is below it.
inline double lack(double quantity) { return std::max(0.0, -quantity); }

inline Score bnh(const Candidate& x) {
  const double a = x[0], b = x[1];
  return {.objectives = {4 * a * a + 4 * b * b, (a - 5) * (a - 5) + (b - 5) * (b - 5)},
          .violation = lack(25 - (a - 5) * (a - 5) - b * b) +
                       lack((a - 8) * (a - 8) + (b + 3) * (b + 3) - 7.7)};
}

inline Score srn(const Candidate& x) {
  const double a = x[0], b = x[1];
  return {.objectives = {2 + (a - 2) * (a - 2) + (b - 1) * (b - 1), 9 * a - (b - 1) * (b - 1)},
          .violation = lack(225 - a * a - b * b) + lack(3 * b - a - 10)};
}

inline Score tnk(const Candidate& x) {
  const double a = x[0], b = x[1];
  const double wave = 0.1 * std::cos(16 * std::atan2(a, b));
  return {.objectives = {a, b},
          .violation = lack(a * a + b * b - 1 - wave) +
                       lack(0.5 - (a - 0.5) * (a - 0.5) - (b - 0.5) * (b - 0.5))};
}

inline Score osy(const Candidate& x) {
  const auto square = [](double value) { return value * value; };
  double sum = 0;
  for (const double value : x) sum += square(value);
  return {.objectives = {-(25 * square(x[0] - 2) + square(x[1] - 2) + square(x[2] - 1) +
                           square(x[3] - 4) + square(x[4] - 1)),
                         sum},
          .violation = lack(x[0] + x[1] - 2) + lack(6 - x[0] - x[1]) + lack(2 - x[1] + x[0]) +
                       lack(2 - x[0] + 3 * x[1]) + lack(4 - square(x[2] - 3) - x[3]) +
                       lack(square(x[4] - 3) + x[5] - 4)};
}

inline std::vector<Problem> test_problems() {
  return {
      {"ZDT1", unit_space(30), zdt1, {1.1, 1.1}},
      {"ZDT2", unit_space(30), zdt2, {1.1, 1.1}},
      {"ZDT3", unit_space(30), zdt3, {1.1, 1.1}},
      {"ZDT4", zdt4_space(), zdt4, {1.1, 1.1}},
      {"ZDT6", unit_space(10), zdt6, {1.1, 1.1}},
      {"BNH", real_space({{0, 5}, {0, 3}}), bnh, {140, 50}},
      {"SRN", real_space({{-20, 20}, {-20, 20}}), srn, {240, 10}},
      {"TNK", real_space({{0, std::numbers::pi}, {0, std::numbers::pi}}), tnk, {1.1, 1.1}},
      {"OSY", real_space({{0, 10}, {0, 10}, {1, 5}, {0, 6}, {1, 5}, {0, 10}}), osy, {0, 80}},
  };
}

/// Scores every candidate of a batch.
inline EvaluateBatch evaluate_with(Score (*score)(const Candidate&)) {
  return [score](std::span<const Candidate> batch) {
    std::vector<Score> scores;
    scores.reserve(batch.size());
    for (const Candidate& candidate : batch) scores.push_back(score(candidate));
    return scores;
  };
}

/// Objectives of the feasible members.
inline std::vector<Point> feasible_points(const std::vector<Evaluated>& population) {
  std::vector<Point> points;
  for (const Evaluated& one : population)
    if (!one.score.failed && one.score.violation <= 0) points.push_back(one.score.objectives);
  return points;
}

}  // namespace cupel::test
