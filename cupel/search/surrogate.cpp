#include "cupel/search/surrogate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "cupel/search/nondominated_sort.hpp"
#include "cupel/search/pareto.hpp"

namespace cupel {
namespace {

/// Rows that a process learns from at most: the best and the latest in equal shares.
constexpr int kMostRows = 200;
/// Hyper-parameters are sought from new starts when there are so many times more rows.
constexpr double kSeekAgain = 1.3;
constexpr int kDraws = 64;

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Indices of the feasible, and of the first front among them.
struct Known {
  std::vector<int> feasible, front;
};

Known known(std::span<const Evaluated> all) {
  Known known;
  std::vector<Point> points;
  for (int k = 0; k < std::ssize(all); ++k)
    if (!is_failed(all[k].score) && all[k].score.violation <= 0) {
      known.feasible.push_back(k);
      points.push_back(all[k].score.objectives);
    }
  if (!points.empty())
    for (int k : pareto_front(points)) known.front.push_back(known.feasible[k]);
  return known;
}

/// One objective of the feasible, compressed and scaled.
void set_column(std::span<const Evaluated> all, const Known& rows, int m, Matrix& out) {
  std::vector<double> values;
  for (int k : rows.feasible) values.push_back(all[k].score.objectives[m]);
  const double low = *std::min_element(values.begin(), values.end()), middle = median(values);
  const double scale = middle - low;
  for (std::size_t i = 0; i < values.size(); ++i)
    out(rows.feasible[i], m) = scale > 0 && values[i] > middle
                                   ? middle + scale * std::log1p((values[i] - middle) / scale)
                                   : values[i];
  double up = low;
  const bool single = rows.front.size() < 2;
  for (int k : single ? rows.feasible : rows.front) up = std::max(up, out(k, m));
  const double range = up > low ? up - low : 1;
  for (int k : rows.feasible) out(k, m) = (out(k, m) - low) / range;
}

/// log of the improvement expected below `best`, without underflow far from it.
double log_improvement(double best, double mean, double deviation) {
  const double z = (best - mean) / deviation;
  const double log_density = -0.5 * z * z - 0.5 * std::log(2 * std::numbers::pi);
  if (z < -6) return std::log(deviation) + log_density - 2 * std::log(-z);
  const double below = 0.5 * std::erfc(-z / std::numbers::sqrt2);
  return std::log(deviation * (z * below + std::exp(log_density)));
}

}  // namespace

Vector coordinates(const Space& space, const Candidate& candidate) {
  std::vector<double> x;
  for (int g = 0; g < space.size(); ++g) {
    const Gene& gene = space.genes[g];
    const auto scaled = [](double value, double low, double up) {
      return up > low ? (value - low) / (up - low) : 0;
    };
    switch (gene.kind) {
      case GeneKind::real:
      case GeneKind::integer:
        x.push_back(scaled(candidate[g], gene.low, gene.up));
        break;
      case GeneKind::category:
        for (std::size_t k = 0; k < gene.labels.size(); ++k)
          x.push_back(candidate[g] == static_cast<double>(k) ? 1 / std::numbers::sqrt2 : 0);
        break;
      case GeneKind::set: {
        const auto place = std::lower_bound(gene.values.begin(), gene.values.end(), candidate[g]);
        x.push_back(scaled(static_cast<double>(place - gene.values.begin()), 0,
                           static_cast<double>(gene.values.size()) - 1));
        break;
      }
    }
  }
  return Eigen::Map<const Vector>(x.data(), static_cast<Eigen::Index>(x.size()));
}

Matrix learnable(std::span<const Evaluated> all) {
  const Known rows = known(all);
  const int objectives =
      rows.feasible.empty() ? 1 : static_cast<int>(all[rows.feasible[0]].score.objectives.size());
  Matrix out = Matrix::Zero(std::ssize(all), objectives);
  for (int m = 0; m < objectives && !rows.feasible.empty(); ++m) set_column(all, rows, m, out);
  double most = 0;
  for (const Evaluated& one : all)
    if (!is_failed(one.score)) most = std::max(most, one.score.violation);
  const Vector worst = out.colwise().maxCoeff();
  for (int k = 0; k < std::ssize(all); ++k) {
    const Score& score = all[k].score;
    if (!is_failed(score) && score.violation <= 0) continue;
    const double share = is_failed(score) ? 1 : most > 0 ? score.violation / most : 0;
    out.row(k) = worst.array() + share;
  }
  return out;
}

double scalarized(ConstVectorRef weights, ConstVectorRef objectives) {
  const auto weighted = weights.cwiseProduct(objectives);
  return weighted.maxCoeff() + 0.05 * weighted.sum();
}

Vector random_weights(int objectives, Rng& rng) {
  Vector weights(objectives);
  for (double& weight : weights) weight = -std::log1p(-rng.uniform());
  return objectives == 1 ? Vector::Ones(1) : Vector(weights / weights.sum());
}

void Surrogate::learn(const Space& space, std::span<const Evaluated> all, std::uint64_t seed) {
  const Matrix every = learnable(all);
  const int count = static_cast<int>(all.size()), objectives = static_cast<int>(every.cols());
  rows_.resize(all.size());
  std::iota(rows_.begin(), rows_.end(), 0);
  if (count > kMostRows) {
    const Fronts fronts = nondominated_sort(all);
    std::vector<char> chosen(all.size());
    for (int k = 0; k < kMostRows / 2; ++k) chosen[fronts.members[k]] = 1;
    int missing = kMostRows / 2;
    for (int k = count - 1; missing > 0; --k)
      if (!chosen[k]) chosen[k] = 1, --missing;
    std::erase_if(rows_, [&](int k) { return !chosen[k]; });
  }
  targets_ = every(rows_, Eigen::all);
  Matrix inputs(std::ssize(rows_), coordinates(space, all[0].candidate).size());
  for (std::size_t k = 0; k < rows_.size(); ++k)
    inputs.row(static_cast<Eigen::Index>(k)) =
        coordinates(space, all[rows_[k]].candidate).transpose();
  const bool known_before = static_cast<int>(models_.size()) == objectives;
  const bool seek = !known_before || count > kSeekAgain * sought_at_;
  if (seek) sought_at_ = count;
  std::vector<Model> models(static_cast<std::size_t>(objectives));
  for (int m = 0; m < objectives; ++m) {
    Model& model = models[m];
    model.middle = targets_.col(m).mean();
    const double deviation = std::sqrt((targets_.col(m).array() - model.middle).square().mean());
    model.scale = deviation > 1e-12 ? deviation : 1;
    const double width = std::sqrt(static_cast<double>(std::max<Eigen::Index>(1, inputs.cols())));
    GaussianProcessOptions options;
    options.length_scale = {0.02, 20};
    options.noise_variance = {1e-6, 0.5};
    options.length_scale_prior_deviation = 1;
    options.length_scale_prior_middle = 0.4 * width;
    options.starts = seek ? 3 : 1;
    options.max_iterations = seek ? 40 : 6;
    options.seed = mix_seed({seed, static_cast<std::uint64_t>(m)});
    if (known_before) options.first = models_[m].process.parameters;
    model.process = fit_gaussian_process(
        inputs, (targets_.col(m).array() - model.middle) / model.scale, options);
  }
  models_ = std::move(models);
  if (draws_.size() == 0 || draws_.cols() != objectives) {
    Rng rng(1);
    draws_.resize(kDraws, objectives);
    for (double& draw : draws_.reshaped()) draw = rng.normal();
  }
}

void Surrogate::suppose(const Vector& at) {
  for (Model& model : models_) {
    const GaussianProcess& process = model.process;
    const auto rows = process.inputs.rows();
    Matrix inputs(rows + 1, at.size());
    inputs << process.inputs, at.transpose();
    // The targets that gave the weights, and the expected one.
    Vector targets(rows + 1);
    targets.head(rows) =
        (process.factor * (process.factor.transpose() * process.weights)).array() + process.mean;
    targets[rows] = predict(process, at.transpose()).mean[0];
    model.process = condition(inputs, targets, process.parameters, process.form);
  }
}

Vector Surrogate::promise(const Matrix& at, const Vector& weights,
                          const MethodOptions& options) const {
  const int count = objectives();
  Matrix mean(at.rows(), count), deviation(at.rows(), count);
  for (int m = 0; m < count; ++m) {
    const ProcessPrediction prediction = predict(models_[m].process, at);
    mean.col(m) = prediction.mean * models_[m].scale;
    mean.col(m).array() += models_[m].middle;
    deviation.col(m) = prediction.variance.cwiseSqrt().cwiseMax(1e-9) * models_[m].scale;
  }
  double best = std::numeric_limits<double>::infinity();
  for (Eigen::Index k = 0; k < targets_.rows(); ++k)
    best = std::min(best, scalarized(weights, targets_.row(k).transpose()));
  Vector promise(at.rows());
  for (Eigen::Index k = 0; k < at.rows(); ++k) {
    const Vector middle = mean.row(k), spread = deviation.row(k);
    if (options.acquisition == Acquisition::confidence_bound) {
      promise[k] = scalarized(weights, middle - options.kappa * spread);
    } else if (count == 1) {
      promise[k] = -log_improvement(best / 1.05, middle[0], spread[0]);
    } else {
      double improvement = 0;
      for (Eigen::Index d = 0; d < draws_.rows(); ++d)
        improvement += std::max(
            0.0,
            best - scalarized(weights, middle + draws_.row(d).transpose().cwiseProduct(spread)));
      // Without any, what is expected itself leads on.
      promise[k] = improvement > 0 ? -improvement : 1e-3 * scalarized(weights, middle);
    }
  }
  return promise;
}

std::vector<int> Surrogate::best_rows(const Vector& weights) const {
  std::vector<int> order(rows_.size());
  std::iota(order.begin(), order.end(), 0);
  std::vector<double> value;
  for (std::size_t k = 0; k < rows_.size(); ++k)
    value.push_back(scalarized(weights, targets_.row(static_cast<Eigen::Index>(k)).transpose()));
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return value[a] < value[b]; });
  for (int& k : order) k = rows_[k];
  return order;
}

}  // namespace cupel
