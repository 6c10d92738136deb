#include "cupel/study/recipes/published_structure.hpp"

#include <Eigen/QR>
#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <limits>

#include "cupel/base/rng.hpp"
#include "cupel/training/interior_point.hpp"
#include "cupel/trust/covariance.hpp"

namespace cupel {
namespace {

constexpr double kIdentifiable = 1e-7;
const InteriorPointOptions kInner{.max_iterations = 100, .tolerance = 1e-6};

Vector random_parameters(const Mlp& network, Rng& rng) {
  const double inputs = network.topology.inputs, units = network.topology.layers.front().units;
  Vector parameters(parameter_count(network.topology));
  for (int k = 0; k < parameters.size(); ++k) {
    const double width = 1 / std::sqrt(k < units * (inputs + 1) ? inputs : units);
    parameters[k] = network.mask[k] ? rng.uniform(-width, width) : 0;
  }
  return parameters;
}

/// Fills what follows from the Jacobian: J = Q R, cov_p = σ² (RᵀR)⁻¹, leverages are Q's rows.
void measure(InnerSolution& solution, const Matrix& inputs) {
  const Matrix jacobian = parameter_jacobian(solution.network, inputs, 0);
  const Eigen::Index rows = jacobian.rows(), p = jacobian.cols();
  if (rows <= p) return;
  const Eigen::HouseholderQR<Matrix> qr(jacobian);
  const Matrix upper = qr.matrixQR().topRows(p).triangularView<Eigen::Upper>();
  const Vector singular = Eigen::JacobiSVD<Matrix>(upper).singularValues();
  solution.identifiable = singular[p - 1] > kIdentifiable * singular[0];
  if (!solution.identifiable) return;
  const double variance = solution.sse / static_cast<double>(rows);
  solution.trace = variance * singular.cwiseAbs2().cwiseInverse().sum();
  const Matrix q = qr.householderQ() * Matrix::Identity(rows, p);
  solution.mean_uncertainty = std::sqrt(variance) * q.rowwise().norm().mean();
}

}  // namespace

PublishedStructure structure_from(std::span<const double> genes, int inputs, int neurons) {
  PublishedStructure structure;
  std::size_t at = 0;
  const auto take = [&](std::vector<std::uint8_t>& to, int count) {
    for (int k = 0; k < count; ++k) to.push_back(genes[at++] >= 0.5);
  };
  take(structure.inputs, inputs);
  take(structure.neurons, neurons);
  take(structure.outward, neurons);
  take(structure.inward, neurons * inputs);
  return structure;
}

std::vector<double> genes_of(const PublishedStructure& structure) {
  std::vector<double> genes;
  for (const auto* part :
       {&structure.inputs, &structure.neurons, &structure.outward, &structure.inward})
    genes.insert(genes.end(), part->begin(), part->end());
  return genes;
}

PublishedStructure constrained(PublishedStructure structure) {
  const std::size_t inputs = structure.inputs.size(), neurons = structure.neurons.size();
  std::vector<std::uint8_t> read(inputs, 0);
  for (std::size_t j = 0; j < neurons; ++j) {
    std::uint8_t* row = structure.inward.data() + j * inputs;
    for (std::size_t i = 0; i < inputs; ++i) row[i] = row[i] && structure.inputs[i];
    const bool reached = std::any_of(row, row + inputs, [](auto one) { return one != 0; });
    const bool lives = structure.neurons[j] && structure.outward[j] && reached;
    structure.neurons[j] = structure.outward[j] = lives;
    if (!lives) std::fill(row, row + inputs, std::uint8_t{0});
    for (std::size_t i = 0; i < inputs; ++i) read[i] = read[i] || row[i];
  }
  structure.inputs = read;
  return structure;
}

Mlp network_of(const PublishedStructure& structure) {
  const auto inputs = static_cast<int>(structure.inputs.size());
  const auto units =
      static_cast<int>(std::count(structure.neurons.begin(), structure.neurons.end(), 1));
  Mlp network{.topology = {inputs, {{units, Activation::tanh}, {1, Activation::tanh}}}};
  network.parameters = Vector::Zero(parameter_count(network.topology));
  network.mask.assign(static_cast<std::size_t>(network.parameters.size()), 1);
  auto place = network.mask.begin();
  for (std::size_t j = 0; j < structure.neurons.size(); ++j)
    if (structure.neurons[j])
      place = std::copy_n(structure.inward.begin() + static_cast<std::ptrdiff_t>(j) * inputs,
                          inputs, place);
  return network;
}

InnerSolution solve_inner(Mlp network, const Matrix& inputs, const Matrix& target,
                          const InnerOptions& options, std::uint64_t seed) {
  const PackedSamples samples(inputs, target);
  MlpEvaluator evaluator(network.topology, select_kernels(options.kernels));
  const LeastSquaresProblem problem{&evaluator, &samples,
                                    Vector::Zero(parameter_count(network.topology)), options.bound,
                                    &network.mask};
  InnerSolution best{.network = network, .sse = std::numeric_limits<double>::infinity()};
  Rng rng(seed);
  LmWorkspace work;
  for (int start = 0; start < options.starts; ++start) {
    Vector from = random_parameters(network, rng);
    const DescentResult result = options.ipopt ? interior_point(problem, std::move(from), kInner)
                                               : thorough_minimum(problem, from, work);
    if (!(result.value < best.sse)) continue;
    best.sse = result.value;
    best.network.parameters = result.x;
  }
  if (std::isfinite(best.sse)) measure(best, inputs);
  return best;
}

}  // namespace cupel
