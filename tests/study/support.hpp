// Small data sets and recipes for tests of the study folder.
#pragma once

#include <algorithm>
#include <atomic>
#include <cmath>
#include <string>
#include <vector>

#include "cupel/base/rng.hpp"
#include "cupel/data/csv.hpp"
#include "cupel/study/design.hpp"

namespace cupel::test {

inline Column number_column(const std::string& name, std::vector<double> values) {
  Column column;
  column.name = name;
  column.values = std::move(values);
  return column;
}

/// x1, x2, x3 in [0, 1]; zeta and alpha smooth functions of x1 and x2 with a little noise.
inline Table plant(int rows, std::uint64_t seed = 5) {
  Rng rng(seed);
  std::vector<std::vector<double>> values(5);
  for (int row = 0; row < rows; ++row) {
    const double a = rng.uniform(), b = rng.uniform(), c = rng.uniform();
    const std::vector<double> all = {a, b, c, std::sin(3 * a) + b * b + 0.02 * rng.normal(),
                                     10 * a * b + 0.1 * rng.normal()};
    for (std::size_t k = 0; k < all.size(); ++k) values[k].push_back(all[k]);
  }
  Table table;
  table.source = "plant.csv";
  table.rows = rows;
  const char* const names[] = {"x1", "x2", "x3", "zeta", "alpha"};
  for (std::size_t k = 0; k < values.size(); ++k)
    table.columns.push_back(number_column(names[k], values[k]));
  return table;
}

/// A design that takes milliseconds.
inline DesignOptions quick_options(std::vector<std::string> targets = {"zeta"}) {
  DesignOptions options;
  options.roles.targets = std::move(targets);
  for (const char* other : {"zeta", "alpha"})
    if (std::find(options.roles.targets.begin(), options.roles.targets.end(), other) ==
        options.roles.targets.end())
      options.roles.ignore.push_back(other);
  options.trials = 16;
  options.population = 8;
  options.confirm = 2;
  options.folds = 3;
  options.iterations = 25;
  options.max_neurons = 5;
  options.jobs = 1;
  return options;
}

inline StudyData study_data(const DesignOptions& options, Table table = plant(90)) {
  const int rows = table.rows;
  return make_study_data(std::move(table), rows, options);
}

/// A design from beginning to end, with `stored` trials in its study before it starts.
struct DesignRun {
  explicit DesignRun(DesignOptions given, Table table = plant(90),
                     std::span<const Trial> stored = {})
      : options(std::move(given)),
        data(study_data(options, std::move(table))),
        study(StudyFile::in_memory()) {
    study.add_trials(stored);
    result = run_design(data, options, study, {});
  }
  DesignOptions options;
  StudyData data;
  StudyFile study;
  DesignResult result;
};

/// A candidate of the honest space of `plant`: all inputs, `neurons` in one layer.
inline Candidate honest_candidate(int neurons) {
  return {1, static_cast<double>(neurons), 1, 0, 0, 0, 0, 25, 1, 1, 1};
}

inline std::atomic<int> counted_runs = 0;

/// A recipe whose one gene is its objective; candidates above 0.9 fail.
inline Recipe counting_recipe() {
  Recipe recipe = find_recipe("qnn");
  recipe.name = "counting";
  recipe.space = [](const RecipeContext&) { return Space{{{.name = "x"}}}; };
  recipe.work = [](const RecipeContext&, const Candidate& candidate) { return candidate[0]; };
  recipe.run = [](const RecipeContext&, int repeat, Trial& trial) {
    ++counted_runs;
    trial.measures["parameters"] = 10;
    if (trial.candidate[0] > 0.9) {
      trial.state = TrialState::failed;
      trial.reason = "above 0.9";
      trial.score.failed = true;
      return;
    }
    Rng rng(trial.seed);
    trial.score.objectives = {trial.candidate[0], rng.uniform() + repeat};
  };
  return recipe;
}

inline std::vector<TrialRequest> requests(std::initializer_list<double> genes) {
  std::vector<TrialRequest> all;
  for (double gene : genes) all.push_back({.candidate = {gene}});
  return all;
}

}  // namespace cupel::test
