#include "cupel/data/exact_relation.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace cupel {
namespace {

constexpr double kShare = 0.98;   ///< of the rows must hold
constexpr double kClear = 0.1;    ///< of the target's deviation: rounding beyond it proves nothing
constexpr double kMargin = 1.1;   ///< for the error of fitted weights
constexpr double kExact = 1e-6;   ///< of the target's deviation: no rounding at all
constexpr double kLeastR2 = 0.5;  ///< below, wild rows cannot be what is in the way
constexpr double kKept = 0.95;    ///< of the rows, when those farthest off are left out
constexpr int kRounds = 3;

double deviation_of(ConstVectorRef values) {
  return std::sqrt((values.array() - values.mean()).square().mean());
}

/// Columns and target about their means, and the products of the rows that count.
struct Problem {
  const RoundedColumns* columns;
  const RoundedColumns* target;
  Vector deviation;  ///< of each column
  double target_deviation = 0;
  std::vector<Eigen::Index> rows;  ///< that weights are fitted to

  Vector y() const { return target->values.col(0); }
};

struct Fit {
  Vector weights;  ///< one a column; 0 for those left out
  double offset = 0;
};

/// Least squares over the rows that count; the shortest solution where columns depend.
Fit fitted(const Problem& problem, const std::vector<int>& used) {
  const Matrix x = problem.columns->values(problem.rows, used);
  const Vector y = problem.y()(problem.rows);
  const Vector scale = problem.deviation(used).cwiseInverse();
  const Eigen::RowVectorXd mean = x.colwise().mean();
  const Matrix z = (x.rowwise() - mean) * scale.asDiagonal();
  const Vector centered = y.array() - y.mean();
  Eigen::CompleteOrthogonalDecomposition<Matrix> products;
  products.setThreshold(1e-10);
  products.compute(z.transpose() * z);
  const Vector right = z.transpose() * centered;
  Vector solution = products.solve(right);
  const Vector rest = right - z.transpose() * (z * solution);
  solution += products.solve(rest);  // refined: the products square the condition
  Fit fit{.weights = Vector::Zero(problem.columns->values.cols())};
  for (std::size_t k = 0; k < used.size(); ++k)
    fit.weights[used[k]] =
        solution[static_cast<Eigen::Index>(k)] * scale[static_cast<Eigen::Index>(k)];
  fit.offset = y.mean() - mean.dot(Vector(fit.weights(used)));
  return fit;
}

Vector residuals(const Problem& problem, const Fit& fit) {
  return problem.y() - problem.columns->values * fit.weights -
         Vector::Constant(problem.target->values.rows(), fit.offset);
}

/// How many rows hold: exactly, or within what rounding allows where that is little.
ExactRelation judged(const Problem& problem, const Fit& fit) {
  const Vector off = residuals(problem, fit).cwiseAbs();
  const double exact = kExact * problem.target_deviation;
  const Vector allowed =
      problem.target->slack.col(0) + problem.columns->slack * fit.weights.cwiseAbs();
  ExactRelation relation{.offset = fit.offset,
                         .share = (off.array() <= exact).cast<double>().mean()};
  relation.tolerance = exact;
  relation.target_deviation = problem.target_deviation;
  if (relation.share < kShare && allowed.mean() <= kClear * problem.target_deviation) {
    relation.share = (off.array() <= kMargin * allowed.array() + exact).cast<double>().mean();
    relation.tolerance = allowed.mean() + exact;
  }
  for (Eigen::Index k = 0; k < fit.weights.size(); ++k) {
    if (fit.weights[k] == 0) continue;
    relation.columns.push_back(static_cast<int>(k));
    relation.weights.push_back(fit.weights[k]);
  }
  return relation;
}

/// The rows nearest to a fit.
void keep_nearest(Problem& problem, const Vector& off) {
  std::vector<Eigen::Index> order(static_cast<std::size_t>(off.size()));
  std::iota(order.begin(), order.end(), 0);
  const auto kept = static_cast<std::ptrdiff_t>(std::ceil(kKept * static_cast<double>(off.size())));
  std::nth_element(order.begin(), order.begin() + (kept - 1), order.end(),
                   [&](Eigen::Index a, Eigen::Index b) { return off[a] < off[b]; });
  order.resize(static_cast<std::size_t>(kept));
  std::sort(order.begin(), order.end());
  problem.rows = std::move(order);
}

Problem make_problem(const RoundedColumns& columns, const RoundedColumns& target) {
  Problem problem{.columns = &columns, .target = &target, .deviation = {}, .rows = {}};
  problem.deviation.resize(columns.values.cols());
  for (Eigen::Index k = 0; k < columns.values.cols(); ++k)
    problem.deviation[k] = deviation_of(columns.values.col(k));
  problem.target_deviation = deviation_of(target.values.col(0));
  problem.rows.resize(static_cast<std::size_t>(target.values.rows()));
  std::iota(problem.rows.begin(), problem.rows.end(), 0);
  return problem;
}

/// Fits all columns, leaving out the rows farthest off; empty where the fit is far from exact.
std::vector<int> all_columns(Problem& problem) {
  std::vector<int> used;
  for (Eigen::Index k = 0; k < problem.deviation.size(); ++k)
    if (problem.deviation[k] > 1e-12 * problem.columns->values.col(k).cwiseAbs().maxCoeff())
      used.push_back(static_cast<int>(k));
  if (used.size() < 2) return {};
  for (int round = 0; round < kRounds; ++round) {
    const Fit fit = fitted(problem, used);
    const Vector off = residuals(problem, fit);
    const double explained =
        1 - off.array().square().mean() / std::pow(problem.target_deviation, 2);
    if (!(explained >= kLeastR2)) return {};
    if (judged(problem, fit).share >= kShare) return used;
    keep_nearest(problem, off.cwiseAbs());
  }
  return judged(problem, fitted(problem, used)).share >= kShare ? used : std::vector<int>();
}

/// Leaves out every column without which the relation holds as well, those of least effect first.
std::vector<int> fewest_columns(const Problem& problem, std::vector<int> used) {
  const Fit all = fitted(problem, used);
  const auto effect = [&](int k) { return std::abs(all.weights[k]) * problem.deviation[k]; };
  std::vector<int> order = used;
  std::sort(order.begin(), order.end(), [&](int a, int b) { return effect(a) < effect(b); });
  const auto holds = [&](const std::vector<int>& columns) {
    return !columns.empty() && judged(problem, fitted(problem, columns)).share >= kShare;
  };
  std::vector<int> strong;
  for (const int k : used)
    if (effect(k) > 1e-3 * problem.target_deviation) strong.push_back(k);
  if (holds(strong)) used = strong;
  for (const int k : order) {
    std::vector<int> others = used;
    std::erase(others, k);
    if (others.size() < used.size() && holds(others)) used = std::move(others);
  }
  return used;
}

}  // namespace

double half_digit(std::span<const double> values) {
  constexpr int kMostDecimals = 9;
  double scale = 1;
  for (int decimals = 0; decimals <= kMostDecimals; ++decimals, scale *= 10)
    if (std::all_of(values.begin(), values.end(), [&](double value) {
          const double scaled = value * scale;
          return std::abs(scaled - std::round(scaled)) <= std::max(1e-6, 2e-15 * std::abs(scaled));
        }))
      return 0.5 / scale;
  return 0;
}

RoundedColumns logarithms_of(const RoundedColumns& columns) {
  return {.values = columns.values.array().log(),
          .slack = columns.slack.array() / columns.values.array()};
}

std::optional<ExactRelation> find_exact_relation(const RoundedColumns& columns,
                                                 const RoundedColumns& target) {
  if (columns.values.rows() < 2 * columns.values.cols() + 12) return std::nullopt;
  Problem problem = make_problem(columns, target);
  if (!(problem.target_deviation > 0) || !columns.values.allFinite()) return std::nullopt;
  const std::vector<int> all = all_columns(problem);
  if (all.empty()) return std::nullopt;
  return judged(problem, fitted(problem, fewest_columns(problem, all)));
}

std::optional<ExactRelation> with_weights(const ExactRelation& relation,
                                          const RoundedColumns& columns,
                                          const RoundedColumns& target,
                                          const std::vector<double>& weights, bool free_factor) {
  const Problem problem = make_problem(columns, target);
  Fit fit{.weights = Vector::Zero(columns.values.cols())};
  for (std::size_t k = 0; k < weights.size(); ++k) fit.weights[relation.columns[k]] = weights[k];
  const auto middle = [](Vector values) {  // the median: no wild row moves it
    const auto half = values.begin() + values.size() / 2;
    std::nth_element(values.begin(), half, values.end());
    return *half;
  };
  const Vector sum = columns.values * fit.weights;
  if (free_factor) {
    // Against the middles, so that the offset does not matter.
    Vector fitted_sum = Vector::Zero(sum.size());
    for (std::size_t k = 0; k < weights.size(); ++k)
      fitted_sum += relation.weights[k] * columns.values.col(relation.columns[k]);
    const double of_sum = deviation_of(sum);
    if (!(of_sum > 0)) return std::nullopt;
    fit.weights *= deviation_of(fitted_sum) / of_sum;
  }
  fit.offset = middle(problem.y() - columns.values * fit.weights);
  ExactRelation result = judged(problem, fit);
  if (result.share < kShare) return std::nullopt;
  return result;
}

}  // namespace cupel
