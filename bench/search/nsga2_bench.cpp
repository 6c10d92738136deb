// NSGA-II on ZDT1 (30 variables, population 100, 250 generations) against pagmo2's nsga2 with
// the same operators and the same number of evaluations. The two take turns, run by run, on one
// thread; times are CPU seconds, and all figures are medians. Prints one JSON object.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <pagmo/algorithm.hpp>
#include <pagmo/algorithms/nsga2.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>
#include <pagmo/problems/zdt.hpp>
#include <vector>

#include "cupel/search/methods/nsga2.hpp"
#include "tests/support/test_problems.hpp"

namespace {

constexpr int variables = 30, population = 100, generations = 250, runs = 11;

struct Result {
  double seconds, volume;
};

double cpu_seconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double volume_of(const std::vector<cupel::Point>& front) {
  return cupel::hypervolume(front, {1.1, 1.1});
}

Result run_ours(std::uint64_t seed) {
  const cupel::Space space = cupel::test::unit_space(variables);
  const double start = cpu_seconds();
  // The opening population counts as a generation here; pagmo makes it before its 250.
  const auto last =
      cupel::run_nsga2(space, cupel::test::evaluate_with(cupel::test::zdt1),
                       {.population = population, .generations = generations + 1}, seed);
  const double seconds = cpu_seconds() - start;
  return {seconds, volume_of(cupel::test::feasible_points(last))};
}

Result run_pagmo(std::uint64_t seed) {
  const double start = cpu_seconds();
  pagmo::algorithm algorithm{
      pagmo::nsga2(generations, 0.9, 20, 1.0 / variables, 20, static_cast<unsigned>(seed))};
  pagmo::population last{pagmo::problem{pagmo::zdt(1, variables)}, population,
                         static_cast<unsigned>(seed)};
  last = algorithm.evolve(last);
  const double seconds = cpu_seconds() - start;
  return {seconds, volume_of(last.get_f())};
}

double median(const std::vector<Result>& results, double Result::*value) {
  std::vector<double> values;
  for (const Result& result : results) values.push_back(result.*value);
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main() {
  std::vector<Result> ours, pagmo;
  for (int seed = 1; seed <= runs; ++seed) {
    ours.push_back(run_ours(seed));
    pagmo.push_back(run_pagmo(seed));
  }
  const double ours_s = median(ours, &Result::seconds), pagmo_s = median(pagmo, &Result::seconds);
  const auto line = fmt::format(
      R"({{"ours_s":{:.5f},"pagmo_s":{:.5f},"ratio":{:.4f},"ours_hv":{:.5f},"pagmo_hv":{:.5f}}})",
      ours_s, pagmo_s, ours_s / pagmo_s, median(ours, &Result::volume),
      median(pagmo, &Result::volume));
  std::puts(line.c_str());
}
