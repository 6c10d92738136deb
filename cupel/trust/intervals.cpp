#include "cupel/trust/intervals.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

constexpr std::array<std::string_view, 5> kMethods = {"held-out", "normalized", "cv+", "split",
                                                      "jackknife"};
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Rank j of the kept ones is rank ceil(j (n+1) / (kept+1)) of all, so that the quantile taken
/// from the kept ones is never below that of all.
std::vector<double> thinned(const std::vector<double>& all, std::int64_t kept) {
  const auto n = static_cast<std::int64_t>(all.size());
  if (n <= kept) return all;
  std::vector<double> result;
  result.reserve(static_cast<std::size_t>(kept));
  for (std::int64_t j = 1; j <= kept; ++j) {
    const std::int64_t rank = (j * (n + 1) + kept) / (kept + 1);
    result.push_back(all[static_cast<std::size_t>(std::min(rank, n) - 1)]);
  }
  return result;
}

}  // namespace

std::string_view interval_method_name(IntervalMethod method) {
  return kMethods[static_cast<std::size_t>(method)];
}

IntervalMethod interval_method_from_name(std::string_view name) {
  for (std::size_t k = 0; k < kMethods.size(); ++k)
    if (kMethods[k] == name) return static_cast<IntervalMethod>(k);
  throw Error(ErrorKind::usage, fmt::format("there are no '{}' intervals", name),
              fmt::format("use one of: {}", fmt::join(kMethods, ", ")));
}

std::vector<double> sorted_residuals(ConstVectorRef measured, ConstVectorRef predicted, int kept) {
  std::vector<double> residuals;
  for (Eigen::Index row = 0; row < measured.size(); ++row) {
    if (std::isnan(measured[row])) continue;
    const double residual = std::abs(measured[row] - predicted[row]);
    residuals.push_back(std::isnan(residual) ? kInfinity : residual);
  }
  std::sort(residuals.begin(), residuals.end());
  return thinned(residuals, kept);
}

ResidualIntervals fit_intervals(ConstMatrixRef measured, ConstMatrixRef predicted) {
  if (measured.rows() != predicted.rows() || measured.cols() != predicted.cols())
    throw Error(ErrorKind::runtime, "measured and predicted values differ in their number");
  ResidualIntervals intervals;
  for (Eigen::Index target = 0; target < measured.cols(); ++target)
    intervals.residuals.push_back(
        sorted_residuals(measured.col(target), predicted.col(target), ResidualIntervals::kKept));
  return intervals;
}

ResidualIntervals wider(const ResidualIntervals& a, const ResidualIntervals& b) {
  ResidualIntervals both;
  for (std::size_t t = 0; t < a.residuals.size(); ++t) {
    const auto n =
        static_cast<std::int64_t>(std::max(a.residuals[t].size(), b.residuals[t].size()));
    // The rank that has the share j / (n + 1) of the residuals below it, rounded up.
    const auto at = [&](const std::vector<double>& residuals, std::int64_t j) {
      const std::int64_t own = std::ssize(residuals), rank = (j * (own + 1) + n) / (n + 1);
      return rank <= own ? residuals[static_cast<std::size_t>(rank - 1)] : kInfinity;
    };
    std::vector<double>& kept = both.residuals.emplace_back();
    for (std::int64_t j = 1; j <= n; ++j)
      kept.push_back(std::max(at(a.residuals[t], j), at(b.residuals[t], j)));
  }
  return both;
}

double half_width(const ResidualIntervals& intervals, int target, double confidence) {
  const std::vector<double>& residuals = intervals.residuals.at(static_cast<std::size_t>(target));
  const auto n = static_cast<double>(residuals.size());
  // The product may be a whole number but for its rounding: (99 + 1) x 0.07 > 7.
  const double rank = std::ceil((n + 1) * confidence - 1e-9);
  if (!(rank <= n)) return kInfinity;
  return residuals[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

Json to_json(const ResidualIntervals& intervals) {
  Json::Array targets;
  for (const std::vector<double>& residuals : intervals.residuals)
    targets.emplace_back(residuals);  // infinite ones, the last, become null
  Json json;
  json["residuals"] = std::move(targets);
  return json;
}

ResidualIntervals intervals_from_json(const Json& json) {
  ResidualIntervals intervals;
  for (const Json& target : json.at("residuals").as_array()) {
    std::vector<double> residuals = target.as_numbers();
    for (double& residual : residuals)
      if (std::isnan(residual)) residual = kInfinity;
    if (!std::is_sorted(residuals.begin(), residuals.end()) ||
        (!residuals.empty() && residuals.front() < 0))
      throw Error(ErrorKind::runtime, "residuals that do not increase from 0");
    intervals.residuals.push_back(std::move(residuals));
  }
  return intervals;
}

}  // namespace cupel
