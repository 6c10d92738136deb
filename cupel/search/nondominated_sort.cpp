#include "cupel/search/nondominated_sort.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "cupel/search/pareto.hpp"

namespace cupel {
namespace {

using Indices = std::vector<int>;

struct PlanePoint {
  double first, second;
  int index;
};

/// One or two objectives: writes the front of each feasible score, returns how many there are.
int sort_plane(std::span<const Evaluated> all, const Indices& feasible, std::vector<int>& rank) {
  std::vector<PlanePoint> points;
  points.reserve(feasible.size());
  for (int i : feasible) {
    const auto& f = all[i].score.objectives;
    points.push_back({f[0], f.size() > 1 ? f[1] : 0, i});
  }
  std::sort(points.begin(), points.end(), [](const PlanePoint& a, const PlanePoint& b) {
    return a.first < b.first || (a.first == b.first && a.second < b.second);
  });
  std::vector<double> lowest;  // smallest second objective of each front, increasing
  const PlanePoint* previous = nullptr;
  for (const PlanePoint& p : points) {
    if (previous && previous->first == p.first && previous->second == p.second) {
      rank[p.index] = rank[previous->index];
    } else {
      const auto front = std::upper_bound(lowest.begin(), lowest.end(), p.second);
      rank[p.index] = static_cast<int>(front - lowest.begin());
      if (front == lowest.end())
        lowest.push_back(p.second);
      else
        *front = p.second;
    }
    previous = &p;
  }
  return static_cast<int>(lowest.size());
}

/// The same for any number of objectives.
int sort_general(std::span<const Evaluated> all, Indices feasible, std::vector<int>& rank) {
  const auto objectives = [&](int i) -> const std::vector<double>& {
    return all[i].score.objectives;
  };
  // Whatever dominates a point comes before it in this order.
  std::sort(feasible.begin(), feasible.end(), [&](int a, int b) {
    return objectives(a) != objectives(b) ? objectives(a) < objectives(b) : a < b;
  });
  std::vector<Indices> fronts;
  for (int i : feasible) {
    const auto dominated_in = [&](const Indices& front) {
      return std::any_of(front.rbegin(), front.rend(),
                         [&](int j) { return dominates(objectives(j), objectives(i)); });
    };
    const auto front = std::partition_point(fronts.begin(), fronts.end(), dominated_in);
    rank[i] = static_cast<int>(front - fronts.begin());
    if (front == fronts.end())
      fronts.push_back({i});
    else
      front->push_back(i);
  }
  return static_cast<int>(fronts.size());
}

/// Infeasible scores: one front for every different violation, from front `next` on.
int sort_by_violation(std::span<const Evaluated> all, Indices infeasible, int next,
                      std::vector<int>& rank) {
  const auto violation = [&](int i) { return all[i].score.violation; };
  std::sort(infeasible.begin(), infeasible.end(),
            [&](int a, int b) { return violation(a) < violation(b); });
  for (std::size_t i = 0; i < infeasible.size(); ++i) {
    if (i > 0 && violation(infeasible[i]) > violation(infeasible[i - 1])) ++next;
    rank[infeasible[i]] = next;
  }
  return infeasible.empty() ? next : next + 1;
}

Fronts group(const std::vector<int>& rank, int fronts) {
  Fronts result;
  result.begin.assign(static_cast<std::size_t>(fronts) + 1, 0);
  for (int r : rank) ++result.begin[r + 1];
  for (int k = 0; k < fronts; ++k) result.begin[k + 1] += result.begin[k];
  std::vector<int> place(result.begin.begin(), result.begin.end() - 1);
  result.members.resize(rank.size());
  for (int i = 0; i < std::ssize(rank); ++i) result.members[place[rank[i]]++] = i;
  return result;
}

}  // namespace

bool is_failed(const Score& score) {
  return score.failed || score.objectives.empty() || std::isnan(score.violation) ||
         std::any_of(score.objectives.begin(), score.objectives.end(),
                     [](double f) { return std::isnan(f); });
}

Fronts nondominated_sort(std::span<const Evaluated> all) {
  Indices feasible, infeasible, failed;
  feasible.reserve(all.size());
  for (int i = 0; i < std::ssize(all); ++i) {
    if (is_failed(all[i].score))
      failed.push_back(i);
    else
      (all[i].score.violation > 0 ? infeasible : feasible).push_back(i);
  }
  std::vector<int> rank(all.size());
  int fronts = 0;
  if (!feasible.empty())
    fronts = all[feasible[0]].score.objectives.size() <= 2 ? sort_plane(all, feasible, rank)
                                                           : sort_general(all, feasible, rank);
  fronts = sort_by_violation(all, std::move(infeasible), fronts, rank);
  for (int i : failed) rank[i] = fronts;
  return group(rank, failed.empty() ? fronts : fronts + 1);
}

}  // namespace cupel
