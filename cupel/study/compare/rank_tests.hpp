// Whether methods differ across several data sets, by their ranks on each: Friedman's test with
// the F statistic of Iman & Davenport (1980), and Nemenyi's critical difference between mean
// ranks (Demšar 2006, Statistical comparisons of classifiers over multiple data sets).
#pragma once

#include <vector>

namespace cupel {

struct RankTest {
  std::vector<double> mean_ranks;           ///< one a method; 1 = always the lowest error
  double chi_squared = 0;                   ///< Friedman's, corrected for ties
  double p = 1;                             ///< of Iman & Davenport's F
  double critical_difference = 0;           ///< between two mean ranks, at the level asked for
  std::vector<std::vector<double>> pair_p;  ///< Nemenyi's p of each pair; diagonal 1
};

/// errors[data set][method], the same methods in every row; ties share their mean rank. With
/// fewer than two data sets or methods p stays 1 and every difference is below the critical one.
RankTest friedman_nemenyi(const std::vector<std::vector<double>>& errors, double level = 0.05);

/// Ranks from 1, the lowest value first; ties share their mean rank.
std::vector<double> ranks_of(const std::vector<double>& values);

/// Groups of methods that Nemenyi's test cannot tell apart, as the bars of a critical-difference
/// diagram: maximal runs in the order of mean ranks, of two methods or more.
std::vector<std::vector<int>> indistinct_groups(const RankTest& test);

}  // namespace cupel
