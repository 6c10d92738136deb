#include "cupel/study/images/image_space.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "cupel/base/error.hpp"
#include "cupel/study/images/augmentation_kinds.hpp"

namespace cupel {
namespace {

constexpr int kWidthStep = 32, kMostWidth = 256, kNarrowWidth = 16;
/// Of L1 and L2, our choice. Trainings at full length gain by more L2 than the brief ones of the
/// search can tell, so that the range begins higher where the source's decay is not added.
constexpr double kLogLow = -6, kLogUp = -3, kLogLowL2 = -4, kLogUpL2 = -2;
constexpr int kDraws = 500;
/// Places of a candidate's numbers: cells, widths, then these.
constexpr std::size_t kL1 = 2 * kChainCells + 1, kL2 = kL1 + 1, kAugmentation = kL1 + 2;

std::vector<std::string> with_empty(std::vector<std::string> names) {
  if (std::find(names.begin(), names.end(), kEmptyCell) == names.end())
    names.emplace_back(kEmptyCell);
  return names;
}

/// Labels of a place in the whole space.
std::vector<std::string> whole_labels(const CellTable& table, int place) {
  const CellChoice all = all_cells(table);
  const int s = sub_space_of(place);
  return s == 2 ? all[2] : with_empty(all[static_cast<std::size_t>(s)]);
}

Space make_space(const std::vector<std::vector<std::string>>& labels, int most_width, bool narrow) {
  Space space;
  for (int place = 0; place < kChainCells; ++place)
    space.genes.push_back({.name = fmt::format("cell {}", place + 1),
                           .kind = GeneKind::category,
                           .labels = labels[static_cast<std::size_t>(place)]});
  std::vector<double> widths;
  if (narrow) widths.push_back(kNarrowWidth);
  for (int width = kWidthStep; width <= most_width; width += kWidthStep) widths.push_back(width);
  for (int place = 0; place <= kChainCells; ++place)
    space.genes.push_back(
        {.name = fmt::format("width {}", place + 1), .kind = GeneKind::set, .values = widths});
  space.genes.push_back({.name = "log10 L1", .kind = GeneKind::real, .low = kLogLow, .up = kLogUp});
  space.genes.push_back({.name = "log10 L2",
                         .kind = GeneKind::real,
                         .low = narrow ? kLogLowL2 : kLogLow,
                         .up = narrow ? kLogUpL2 : kLogUp});
  return space;
}

}  // namespace

Space whole_space(const ImageSpace& space) {
  std::vector<std::vector<std::string>> labels;
  for (int place = 0; place < kChainCells; ++place)
    labels.push_back(whole_labels(space.table, place));
  Space whole = make_space(labels, kMostWidth, space.narrow);
  whole.genes.push_back(
      {.name = "augmentation", .kind = GeneKind::category, .labels = augmentation_names()});
  return whole;
}

Space reduced_space(const ImageSpace& space) {
  std::vector<std::vector<std::string>> labels;
  for (int place = 0; place < kChainCells; ++place)
    labels.push_back(space.cells[static_cast<std::size_t>(sub_space_of(place))]);
  return make_space(labels, space.most_width, space.narrow);
}

Candidate in_whole_space(const ImageSpace& space, const Candidate& reduced) {
  Candidate whole = reduced;
  for (int place = 0; place < kChainCells; ++place) {
    const auto p = static_cast<std::size_t>(place);
    const auto& cells = space.cells[static_cast<std::size_t>(sub_space_of(place))];
    const std::vector<std::string> labels = whole_labels(space.table, place);
    const std::string& name = cells[static_cast<std::size_t>(reduced[p])];
    whole[p] = static_cast<double>(std::find(labels.begin(), labels.end(), name) - labels.begin());
  }
  whole.push_back(space.augmentation);
  return whole;
}

ImageCandidate image_candidate(const ImageSpace& space, const Candidate& whole) {
  ImageCandidate candidate;
  for (int place = 0; place < kChainCells; ++place)
    candidate.chain.cells.push_back(whole_labels(
        space.table, place)[static_cast<std::size_t>(whole[static_cast<std::size_t>(place)])]);
  for (int place = 0; place <= kChainCells; ++place)
    candidate.chain.widths.push_back(
        static_cast<int>(whole[static_cast<std::size_t>(kChainCells + place)]));
  candidate.l1 = std::pow(10.0, whole[kL1]);
  candidate.l2 = std::pow(10.0, whole[kL2]);
  candidate.augmentation = static_cast<int>(whole[kAugmentation]);
  return candidate;
}

Candidate candidate_of(const ImageSpace& space, const ImageCandidate& wanted) {
  Candidate candidate;
  for (int place = 0; place < kChainCells; ++place) {
    const std::vector<std::string> labels = whole_labels(space.table, place);
    const auto found = std::find(labels.begin(), labels.end(),
                                 wanted.chain.cells[static_cast<std::size_t>(place)]);
    candidate.push_back(found == labels.end() ? 0.0 : static_cast<double>(found - labels.begin()));
  }
  for (const int width : wanted.chain.widths) candidate.push_back(width);
  candidate.push_back(std::log10(wanted.l1));
  candidate.push_back(std::log10(wanted.l2));
  candidate.push_back(wanted.augmentation);
  return candidate;
}

ImageTopology topology_of(const ImageSpace& space, const CellChain& chain) {
  return chain_topology(space.table, chain, space.channels, space.size, space.classes);
}

bool allowed(const ImageSpace& space, const ImageNetworkCost& cost) {
  return (space.most_flop == 0 || cost.training_flop() <= space.most_flop) &&
         (space.most_parameters == 0 ||
          static_cast<double>(cost.parameters) <= space.most_parameters);
}

Candidate random_allowed(const ImageSpace& space, Rng& rng) {
  const Space reduced = reduced_space(space);
  Candidate cheapest;
  double least = std::numeric_limits<double>::infinity();
  for (int draw = 0; draw < kDraws; ++draw) {
    Candidate candidate = random_candidate(reduced, rng);
    const CellChain chain = image_candidate(space, in_whole_space(space, candidate)).chain;
    const ImageNetworkCost cost = cost_of(topology_of(space, chain));
    if (allowed(space, cost)) return candidate;
    if (cost.training_flop() >= least) continue;
    least = cost.training_flop();
    cheapest = std::move(candidate);
  }
  return cheapest;
}

ImageNetworkCost largest_cost(const ImageSpace& space) {
  CellChain chain;
  chain.widths.assign(kChainCells + 1, kMostWidth);
  chain.cells.assign(kChainCells, std::string(kEmptyCell));
  for (int place = 0; place < kChainCells; ++place)
    if (sub_space_of(place) == 2)
      chain.cells[static_cast<std::size_t>(place)] = whole_labels(space.table, place)[0];
  ImageNetworkCost largest;
  // Costs of places add up, so each is chosen alone.
  for (int place = 0; place < kChainCells; ++place) {
    std::string& cell = chain.cells[static_cast<std::size_t>(place)];
    std::string best = cell;
    std::int64_t most = -1;
    for (const std::string& name : whole_labels(space.table, place)) {
      cell = name;
      const std::int64_t cost = cost_of(topology_of(space, chain)).topology;
      if (cost > most) {
        most = cost;
        best = name;
      }
    }
    cell = best;
  }
  return cost_of(topology_of(space, chain));
}

}  // namespace cupel
