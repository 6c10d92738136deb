#include "cupel/study/compare/rank_tests.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "cupel/study/compare/distributions.hpp"

namespace cupel {
namespace {

std::vector<int> order_of(const std::vector<double>& values) {
  std::vector<int> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return values[a] < values[b]; });
  return order;
}

/// Friedman's statistic with its correction for ties (Conover 1999).
double friedman(const std::vector<std::vector<double>>& ranks,
                const std::vector<double>& mean_ranks) {
  const auto sets = static_cast<double>(ranks.size());
  const auto methods = static_cast<double>(mean_ranks.size());
  const double middle = (methods + 1) / 2;
  double between = 0, all = 0;
  for (const double rank : mean_ranks) between += (rank - middle) * (rank - middle);
  for (const auto& row : ranks)
    for (const double rank : row) all += (rank - middle) * (rank - middle);
  return all > 0 ? (methods - 1) * sets * sets * between / all : 0;
}

}  // namespace

std::vector<double> ranks_of(const std::vector<double>& values) {
  const std::vector<int> order = order_of(values);
  std::vector<double> ranks(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i + 1;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    for (std::size_t k = i; k < end; ++k) ranks[order[k]] = 0.5 * static_cast<double>(i + 1 + end);
    i = end;
  }
  return ranks;
}

RankTest friedman_nemenyi(const std::vector<std::vector<double>>& errors, double level) {
  RankTest test;
  if (errors.empty()) return test;
  const std::size_t methods = errors.front().size();
  const auto sets = static_cast<double>(errors.size());
  std::vector<std::vector<double>> ranks;
  test.mean_ranks.assign(methods, 0);
  for (const auto& row : errors) {
    assert(row.size() == methods);
    ranks.push_back(ranks_of(row));
    for (std::size_t m = 0; m < methods; ++m) test.mean_ranks[m] += ranks.back()[m];
  }
  for (double& rank : test.mean_ranks) rank /= sets;
  test.pair_p.assign(methods, std::vector<double>(methods, 1));
  test.critical_difference = std::numeric_limits<double>::infinity();
  if (methods < 2 || errors.size() < 2) return test;
  const auto k = static_cast<double>(methods);
  test.chi_squared = friedman(ranks, test.mean_ranks);
  const double rest = sets * (k - 1) - test.chi_squared;
  const double f = (sets - 1) * test.chi_squared / std::max(rest, 1e-12);
  test.p = rest <= 1e-9 ? 0 : fisher_f_upper(f, k - 1, (k - 1) * (sets - 1));
  // Nemenyi: q = difference / sqrt(k (k + 1) / (12 N)) is a studentized range.
  const double unit = std::sqrt(k * (k + 1) / (12 * sets));
  const int groups = static_cast<int>(methods);
  test.critical_difference = studentized_range_quantile(level, groups) * unit;
  for (std::size_t a = 0; a < methods; ++a)
    for (std::size_t b = 0; b < a; ++b)
      test.pair_p[a][b] = test.pair_p[b][a] =
          studentized_range_upper(std::abs(test.mean_ranks[a] - test.mean_ranks[b]) / unit, groups);
  return test;
}

std::vector<std::vector<int>> indistinct_groups(const RankTest& test) {
  const std::vector<int> order = order_of(test.mean_ranks);
  std::vector<std::vector<int>> groups;
  std::size_t last_end = 0;
  for (std::size_t begin = 0; begin < order.size(); ++begin) {
    std::size_t end = begin;
    while (end < order.size() &&
           test.mean_ranks[order[end]] - test.mean_ranks[order[begin]] <= test.critical_difference)
      ++end;
    if (end - begin >= 2 && end > last_end)
      groups.emplace_back(order.begin() + static_cast<std::ptrdiff_t>(begin),
                          order.begin() + static_cast<std::ptrdiff_t>(end));
    last_end = std::max(last_end, end);
  }
  return groups;
}

}  // namespace cupel
