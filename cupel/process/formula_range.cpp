#include "cupel/process/formula_range.hpp"

#include <algorithm>
#include <cmath>
#include <queue>

#include "cupel/process/formula_slopes.hpp"

namespace cupel {
namespace {

constexpr int kMostPieces = 400;   ///< looked at for one end
constexpr int kHalvingsEach = 12;  ///< of one name, before a piece without bound is given up
constexpr double kTight = 1e-4;    ///< of the width of the values met

using Box = std::vector<Interval>;

struct Piece {
  Box box;
  Sloped at;
  double bound = 0;  ///< the formula is not below
  int halved = 0;
};

double middle_of(const Interval& side) { return side.low + (side.up - side.low) / 2; }

/// Looks for the least value on the box; of the formula, or of its negative.
class LeastValue {
 public:
  LeastValue(SlopedFormula& formula, bool is_negative)
      : formula_(&formula), is_negative_(is_negative) {}

  double bound(const Box& box, double width_hint);
  double least_met() const { return met_; }

 private:
  Sloped over(const Box& box) {
    Sloped at = formula_->over(box);
    if (!at.value.defined) at.value = {-INFINITY, INFINITY, false};
    if (!is_negative_) return at;
    at.value = negate(at.value);
    for (std::size_t k = 0; k < box.size(); ++k) at.slopes[k] = negate(at.slopes[k]);
    return at;
  }

  Piece piece(Box box, double bound_before, int halved);
  double mean_value_bound(const Piece& piece);
  std::size_t widest(const Piece& piece) const;

  SlopedFormula* formula_;
  bool is_negative_;
  double met_ = INFINITY;  ///< certainly not below the least value
};

/// Where the formula rises all over the box its low end decides, where it falls its high end.
Piece LeastValue::piece(Box box, double bound_before, int halved) {
  Piece made{.box = std::move(box), .bound = bound_before, .halved = halved};
  made.at = over(made.box);
  for (bool shrunk = made.at.value.defined; shrunk;) {
    shrunk = false;
    for (std::size_t k = 0; k < made.box.size(); ++k) {
      Interval& side = made.box[k];
      const Interval& slope = made.at.slopes[k];
      if (side.is_point() || (slope.low < 0 && slope.up > 0)) continue;
      side = point(slope.low >= 0 ? side.low : side.up);
      shrunk = true;
    }
    if (shrunk) made.at = over(made.box);
  }
  made.bound = std::max({made.bound, made.at.value.low, mean_value_bound(made)});
  return made;
}

double LeastValue::mean_value_bound(const Piece& piece) {
  Box middle = piece.box;
  for (Interval& side : middle) side = point(middle_of(side));
  const Interval there = over(middle).value;
  met_ = std::min(met_, there.defined ? there.up : -INFINITY);
  if (!piece.at.value.defined) return -INFINITY;
  Interval bound = there;
  for (std::size_t k = 0; k < middle.size(); ++k)
    if (!piece.box[k].is_point())
      bound = add(bound, multiply(piece.at.slopes[k], subtract(piece.box[k], middle[k])));
  return std::isnan(bound.low) ? -INFINITY : bound.low;
}

/// The side whose halving promises most; any where slopes tell nothing.
std::size_t LeastValue::widest(const Piece& piece) const {
  std::size_t best = piece.box.size();
  double most = -1;
  for (std::size_t k = 0; k < piece.box.size(); ++k) {
    const Interval &side = piece.box[k], &slope = piece.at.slopes[k];
    const double middle = middle_of(side);
    if (!(side.low < middle && middle < side.up)) continue;
    const double steepest = std::min(1e150, std::max(std::abs(slope.low), std::abs(slope.up)));
    const double effect = (side.up - side.low) * steepest;
    if (effect > most) {
      most = effect;
      best = k;
    }
  }
  return best;
}

double LeastValue::bound(const Box& box, double width_hint) {
  const auto later = [](const Piece& a, const Piece& b) { return a.bound > b.bound; };
  std::priority_queue<Piece, std::vector<Piece>, decltype(later)> open(later);
  open.push(piece(box, -INFINITY, 0));
  for (int pieces = 1; pieces < kMostPieces; pieces += 2) {
    const Piece& lowest = open.top();
    const double tight = kTight * width_hint + 1e-12 * std::abs(met_);
    if (met_ == -INFINITY || met_ - lowest.bound <= tight) break;
    const bool is_hopeless =
        lowest.bound == -INFINITY && lowest.halved >= kHalvingsEach * static_cast<int>(box.size());
    const std::size_t side = widest(lowest);
    if (is_hopeless || side == box.size()) break;
    const Piece halved = lowest;
    open.pop();
    const double middle = middle_of(halved.box[side]);
    for (const bool upper : {false, true}) {
      Box half = halved.box;
      (upper ? half[side].low : half[side].up) = middle;
      open.push(piece(std::move(half), halved.bound, halved.halved + 1));
    }
  }
  return met_ == -INFINITY ? -INFINITY : open.top().bound;
}

/// Distance between the least and the largest value at corners and in the middle.
double width_of_values(SlopedFormula& formula, const Box& box) {
  double low = INFINITY, up = -INFINITY;
  const auto meet = [&](const Box& at) {
    const Interval value = formula.over(at).value;
    if (!value.defined || std::isinf(value.low) || std::isinf(value.up)) return;
    low = std::min(low, value.low);
    up = std::max(up, value.up);
  };
  Box at = box;
  for (std::size_t k = 0; k < box.size(); ++k) at[k] = point(middle_of(box[k]));
  meet(at);
  for (const bool upper : {false, true}) {
    for (std::size_t k = 0; k < box.size(); ++k) at[k] = point(upper ? box[k].up : box[k].low);
    meet(at);
  }
  return up > low ? up - low : 0;
}

}  // namespace

Interval range_of(const Formulas& formulas, const RangeQuery& query) {
  SlopedFormula formula(formulas, query);
  Box box;
  for (const FreeName& free : query.free) {
    if (!std::isfinite(free.low) || !std::isfinite(free.up)) return kWholeLine;
    box.push_back({std::min(free.low, free.up), std::max(free.low, free.up)});
  }
  const Sloped all = formula.over(box);
  const bool is_tight_already = query.named.empty() && formulas.tree(query.formula).size() == 1;
  if (is_tight_already) return all.value;
  const double width = width_of_values(formula, box);
  LeastValue least(formula, false), most(formula, true);
  return {least.bound(box, width), -most.bound(box, width)};
}

}  // namespace cupel
