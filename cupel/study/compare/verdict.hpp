// What a comparison means: which differences are more than chance, and in words which method to
// take and whether a network is needed at all.
#pragma once

#include <string>
#include <vector>

#include "cupel/study/compare/comparison.hpp"
#include "cupel/study/compare/paired_tests.hpp"
#include "cupel/study/compare/rank_tests.hpp"

namespace cupel {

constexpr double kTestLevel = 0.05;

/// Two methods, by index into Comparison::methods.
struct TestedPair {
  int a = 0, b = 0;
  PairedTest test;
  double adjusted_p = 1;  ///< Holm's, within its family
  bool different() const { return adjusted_p < kTestLevel; }
};

struct Verdict {
  /// Two families, each at its level: recipes among each other, and recipes against baselines.
  std::vector<TestedPair> recipes, baselines;
  int best_recipe = -1, best_baseline = -1;  ///< by mean error; -1: none ran without failure
  /// The best recipe and those that cannot be told from it, by size.
  std::vector<int> equals;
  bool network_needed = false;
  std::vector<std::string> sentences;
};

/// Methods that failed on any split are named and take part in no test.
Verdict judge(const Comparison& comparison);

Json to_json(const Comparison& comparison, const Verdict& verdict);

/// Several data sets: the methods that all of them have.
struct AcrossData {
  std::vector<std::string> data, methods;
  std::vector<std::vector<double>> errors;  ///< [data set][method], means over splits
  RankTest ranks;
  std::vector<std::string> sentences;
};

AcrossData across_data(const std::vector<Comparison>& comparisons);
Json to_json(const AcrossData& across);

}  // namespace cupel
