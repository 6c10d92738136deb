// Bayesian optimization on Branin, Hartmann-6 and a mixed-integer problem, 15 seeds each: the best
// value after each evaluation, for bench/search/optuna_tpe.py. Prints one JSON object:
// {problem: [[best after 1, 2, … evaluations], … one a seed]}.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <vector>

#include "cupel/search/methods/bayesian.hpp"

namespace {

constexpr int kSeeds = 15, kEvaluations = 100, kOpening = 10;

using cupel::Candidate;

double branin(const Candidate& x) {
  const double pi = std::numbers::pi;
  const double hill = x[1] - 5.1 / (4 * pi * pi) * x[0] * x[0] + 5 / pi * x[0] - 6;
  return hill * hill + 10 * (1 - 1 / (8 * pi)) * std::cos(x[0]) + 10;
}

double hartmann6(const Candidate& x) {
  constexpr double alpha[] = {1, 1.2, 3, 3.2};
  constexpr double a[4][6] = {{10, 3, 17, 3.5, 1.7, 8},
                              {0.05, 10, 17, 0.1, 8, 14},
                              {3, 3.5, 1.7, 10, 17, 8},
                              {17, 8, 0.05, 10, 0.1, 14}};
  constexpr double p[4][6] = {{0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
                              {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
                              {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
                              {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}};
  double sum = 0;
  for (int i = 0; i < 4; ++i) {
    double inner = 0;
    for (int j = 0; j < 6; ++j) inner += a[i][j] * (x[j] - p[i][j]) * (x[j] - p[i][j]);
    sum -= alpha[i] * std::exp(-inner);
  }
  return sum;
}

/// Two real, two whole variables and a category with an offset and a place of its own each.
double mixed(const Candidate& x) {
  constexpr double offset[] = {0, 0.5, 1}, place[] = {0.7, -0.3, 0.1};
  const auto kind = static_cast<std::size_t>(x[4]);
  return offset[kind] + std::pow(x[0] - place[kind], 2) + std::pow(x[1] + place[kind], 2) +
         0.05 * std::pow(x[2] - 7, 2) + 0.02 * std::pow(x[3] - 3 * x[2] + 9, 2);
}

struct Problem {
  const char* name;
  cupel::Space space;
  double (*value)(const Candidate&);
};

cupel::Gene real(const char* name, double low, double up) {
  return {.name = name, .kind = cupel::GeneKind::real, .low = low, .up = up};
}
cupel::Gene whole(const char* name, double low, double up) {
  return {.name = name, .kind = cupel::GeneKind::integer, .low = low, .up = up};
}

std::vector<double> best_so_far(const Problem& problem, std::uint64_t seed) {
  std::vector<double> best;
  const auto evaluate = [&](std::span<const Candidate> batch) {
    std::vector<cupel::Score> scores;
    for (const Candidate& x : batch) {
      const double value = problem.value(x);
      best.push_back(best.empty() ? value : std::min(best.back(), value));
      scores.push_back({{value}});
    }
    return scores;
  };
  cupel::run_bayesian(
      problem.space, evaluate,
      {.population = 1, .generations = kEvaluations - kOpening + 1, .opening = kOpening}, seed);
  return best;
}

}  // namespace

int main() {
  const std::vector<Problem> problems = {
      {"branin", {{real("x0", -5, 10), real("x1", 0, 15)}}, branin},
      {"hartmann6",
       {{real("x0", 0, 1), real("x1", 0, 1), real("x2", 0, 1), real("x3", 0, 1), real("x4", 0, 1),
         real("x5", 0, 1)}},
       hartmann6},
      {"mixed",
       {{real("x0", -1, 1),
         real("x1", -1, 1),
         whole("x2", 0, 20),
         whole("x3", 0, 40),
         {.name = "x4", .kind = cupel::GeneKind::category, .labels = {"a", "b", "c"}}}},
       mixed}};
  const char* separator = "{";
  for (const Problem& problem : problems) {
    std::vector<std::vector<double>> seeds;
    for (int seed = 1; seed <= kSeeds; ++seed)
      seeds.push_back(best_so_far(problem, static_cast<std::uint64_t>(seed)));
    fmt::print("{}\"{}\": {}", separator, problem.name, seeds);
    separator = ",\n";
  }
  fmt::print("}}\n");
}
