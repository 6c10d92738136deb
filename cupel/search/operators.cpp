#include "cupel/search/operators.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace cupel {
namespace {

struct Bounds {
  double low, up;
};

Bounds bounds_of(const Gene& gene) {
  if (gene.kind == GeneKind::set) return {gene.values.front(), gene.values.back()};
  return {gene.low, gene.up};
}

/// The spread that puts a child into the share `u` of the distribution between the parents and
/// the nearer bound; `beta` >= 1 is the spread at the bound.
double spread(double beta, double eta, double u) {
  const double alpha = 2 - std::pow(beta, -(eta + 1));
  const double x = u * alpha <= 1 ? u * alpha : 1 / (2 - u * alpha);
  return std::pow(x, 1 / (eta + 1));
}

void cross_gene(const Gene& gene, double eta, double& a, double& b, Rng& rng) {
  if (std::abs(a - b) < 1e-14) return;
  const Bounds bounds = bounds_of(gene);
  const double low = std::min(a, b), up = std::max(a, b), width = up - low, sum = low + up;
  const double u = rng.uniform();
  const double down = spread(1 + 2 * (low - bounds.low) / width, eta, u);
  const double rise = spread(1 + 2 * (bounds.up - up) / width, eta, u);
  a = repair(gene, 0.5 * (sum - down * width));
  b = repair(gene, 0.5 * (sum + rise * width));
  if (rng.chance(0.5)) std::swap(a, b);
}

/// Change of a gene as a share of its range, for a gene at the share `place` of it.
double polynomial_step(double place, double eta, double u) {
  const double power = eta + 1;
  if (u < 0.5) return std::pow(2 * u + (1 - 2 * u) * std::pow(1 - place, power), 1 / power) - 1;
  return 1 - std::pow(2 * (1 - u) + (2 * u - 1) * std::pow(place, power), 1 / power);
}

/// The allowed value next to `value`, upwards or downwards; at an end the one inside.
double neighbor(const Gene& gene, double value, bool upwards) {
  const Bounds bounds = bounds_of(gene);
  upwards = value <= bounds.low || (upwards && value < bounds.up);
  if (gene.kind == GeneKind::integer) return repair(gene, upwards ? value + 1 : value - 1);
  const auto at = std::lower_bound(gene.values.begin(), gene.values.end(), value);
  return upwards ? at[1] : at[-1];
}

void mutate_gene(const Gene& gene, double eta, double& value, Rng& rng) {
  if (gene.kind == GeneKind::category) {
    value = random_value(gene, rng);
    return;
  }
  const Bounds bounds = bounds_of(gene);
  const double range = bounds.up - bounds.low, u = rng.uniform();
  if (!(range > 0)) return;
  const double step = polynomial_step((value - bounds.low) / range, eta, u);
  const double changed = repair(gene, value + step * range);
  const bool undone = changed == value && gene.kind != GeneKind::real;
  value = undone ? neighbor(gene, value, u >= 0.5) : changed;
}

void blend_gene(const Gene& gene, double& a, double& b, Rng& rng) {
  const double share = rng.uniform();
  if (gene.kind == GeneKind::category) {
    if (share < 0.5) std::swap(a, b);
    return;
  }
  const double mixed = share * a + (1 - share) * b;
  b = repair(gene, (1 - share) * a + share * b);
  a = repair(gene, mixed);
}

}  // namespace

void simulated_binary_crossover(const Space& space, double eta, Candidate& a, Candidate& b,
                                Rng& rng) {
  for (int i = 0; i < space.size(); ++i) {
    if (!rng.chance(0.5)) continue;
    if (space.genes[i].kind == GeneKind::category)
      std::swap(a[i], b[i]);
    else
      cross_gene(space.genes[i], eta, a[i], b[i], rng);
  }
}

void polynomial_mutation(const Space& space, double eta, double probability, Candidate& candidate,
                         Rng& rng) {
  for (int i = 0; i < space.size(); ++i)
    if (rng.chance(probability)) mutate_gene(space.genes[i], eta, candidate[i], rng);
}

void arithmetic_crossover(const Space& space, Candidate& a, Candidate& b, Rng& rng) {
  if (space.size() == 0) return;
  for (int i = rng.below(space.size()); i < space.size(); ++i)
    blend_gene(space.genes[i], a[i], b[i], rng);
}

void reset_mutation(const Space& space, double probability, Candidate& candidate, Rng& rng) {
  for (int i = 0; i < space.size(); ++i)
    if (rng.chance(probability)) candidate[i] = random_value(space.genes[i], rng);
}

void jump_genes(const Space& space, Candidate& a, Candidate& b, Rng& rng) {
  if (space.size() == 0) return;
  const int begin = rng.below(space.size());
  const int end = begin + 1 + rng.below(space.size() - begin);
  const bool blend = rng.chance(0.5) && a != b;
  Candidate& one = !blend && rng.chance(0.5) ? b : a;
  for (int i = begin; i < end; ++i) {
    if (blend)
      blend_gene(space.genes[i], a[i], b[i], rng);
    else
      one[i] = random_value(space.genes[i], rng);
  }
}

void make_children(const Space& space, const MethodOptions& options, Candidate& a, Candidate& b,
                   Rng& rng) {
  const double mutation = options.mutation_probability > 0 ? options.mutation_probability
                                                           : 1.0 / std::max(1, space.size());
  if (options.jumping_gene_probability > 0 && rng.chance(options.jumping_gene_probability))
    jump_genes(space, a, b, rng);
  const bool crossed = rng.chance(options.crossover_probability);
  if (options.thesis_operators) {
    if (crossed) arithmetic_crossover(space, a, b, rng);
    for (Candidate* child : {&a, &b}) reset_mutation(space, mutation, *child, rng);
  } else {
    if (crossed) simulated_binary_crossover(space, options.crossover_eta, a, b, rng);
    for (Candidate* child : {&a, &b})
      polynomial_mutation(space, options.mutation_eta, mutation, *child, rng);
  }
}

}  // namespace cupel
