#include "cupel/search/methods/sweep.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "cupel/search/opening.hpp"

namespace cupel {
namespace {

/// A grid of more points than this is drawn from, not listed.
constexpr double kMostListed = 1e5;
constexpr int kFinestLevel = 30;
/// Draws in a row that may bring only points that were there.
constexpr int kDrawTries = 1000;

/// `count` values from one end of the gene to the other, repetitions removed.
std::vector<double> values_of(const Gene& gene, int count) {
  std::vector<double> values;
  const auto spread = [&](double low, double up) {
    const double steps =
        gene.kind == GeneKind::real ? count - 1 : std::min<double>(count - 1, up - low);
    if (steps <= 0 || low == up)
      values.push_back(low);
    else
      for (double k = 0; k <= steps; ++k) values.push_back(low + (up - low) * (k / steps));
  };
  switch (gene.kind) {
    case GeneKind::real:
      spread(gene.low, gene.up);
      return values;
    case GeneKind::integer:
      spread(gene.low, gene.up);
      break;
    case GeneKind::category:
      for (std::size_t k = 0; k < gene.labels.size(); ++k) values.push_back(static_cast<double>(k));
      return values;
    case GeneKind::set:
      spread(0, static_cast<double>(gene.values.size()) - 1);
      break;
  }
  for (double& value : values)
    value = gene.kind == GeneKind::set ? gene.values[static_cast<std::size_t>(std::round(value))]
                                       : std::round(value);
  return values;
}

using Grid = std::vector<std::vector<double>>;

double grid_size(const Grid& grid) {
  double size = 1;
  for (const auto& values : grid) size *= static_cast<double>(values.size());
  return size;
}

/// The points of a grid that are not in `seen`, in random order, some at a time.
class GridPoints {
 public:
  GridPoints(Grid grid, SeenCandidates& seen, Rng& rng)
      : grid_(std::move(grid)), seen_(&seen), rng_(&rng), listed_(grid_size(grid_) <= kMostListed) {
    if (listed_) order_ = rng.permutation(static_cast<int>(grid_size(grid_)));
  }

  /// The next point; empty when there are no more.
  std::optional<Candidate> next() {
    const int tries = listed_ ? static_cast<int>(order_.size()) : kDrawTries;
    for (int k = 0; k < tries && (!listed_ || at_ < order_.size()); ++k) {
      Candidate candidate = listed_ ? point(order_[at_++]) : drawn();
      if (seen_->insert(candidate)) return candidate;
    }
    return std::nullopt;
  }

 private:
  Candidate point(int index) const {
    Candidate candidate;
    for (const auto& values : grid_) {
      const int count = static_cast<int>(values.size());
      candidate.push_back(values[index % count]);
      index /= count;
    }
    return candidate;
  }
  Candidate drawn() const {
    Candidate candidate;
    for (const auto& values : grid_)
      candidate.push_back(values[rng_->below(static_cast<int>(values.size()))]);
    return candidate;
  }

  Grid grid_;
  SeenCandidates* seen_;
  Rng* rng_;
  bool listed_;
  std::vector<int> order_ = {};
  std::size_t at_ = 0;
};

GridPoints grid_of(const Space& space, int level, SeenCandidates& seen, Rng& rng) {
  Grid grid;
  for (const Gene& gene : space.genes) grid.push_back(values_of(gene, (1 << level) + 1));
  return {std::move(grid), seen, rng};
}

}  // namespace

std::vector<Evaluated> run_sweep(const Space& space, const EvaluateBatch& evaluate,
                                 const MethodOptions& options, std::uint64_t seed) {
  check_options(space, options);
  Rng rng(seed);
  SeenCandidates seen;
  std::vector<Evaluated> all;
  std::vector<Candidate> batch;
  for (Candidate candidate : options.first) {
    repair(space, candidate);
    if (seen.insert(candidate)) batch.push_back(std::move(candidate));
  }
  int level = 0;
  GridPoints points = grid_of(space, level, seen, rng);
  for (int generation = 0; generation < options.generations; ++generation) {
    while (std::ssize(batch) < options.population && seen.size() < space_size(space)) {
      if (auto candidate = points.next()) {
        batch.push_back(std::move(*candidate));
        continue;
      }
      if (++level > kFinestLevel) break;
      points = grid_of(space, level, seen, rng);
    }
    if (batch.empty() || !score_batch(batch, evaluate, all)) break;
    batch.clear();
  }
  return all;
}

}  // namespace cupel
