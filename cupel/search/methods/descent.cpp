#include "cupel/search/methods/descent.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "cupel/search/nondominated_sort.hpp"
#include "cupel/search/opening.hpp"

namespace cupel {
namespace {

constexpr double kDifference = 1e-4;  // share of a gene's range
constexpr std::array kSteps = {1.0, 0.25, 0.05, 0.01, 0.001};
constexpr int kPenaltyEvery = 8;  // generations to the next, tenfold penalty

struct Start {
  Candidate x;
  Score score;
  std::vector<double> weights, gradient, last_gradient, last_move;
  double length = 0.1;   ///< of a step, in ranges
  bool resting = false;  ///< no step made it better under the present penalty
};

struct Descent {
  const Space& space;
  const EvaluateBatch& evaluate;
  Rng rng;
  std::vector<int> real = {};      ///< numbers of the real genes
  std::vector<double> scale = {};  ///< of the objectives
  double penalty = 10;
  std::vector<Evaluated> all = {};
  std::vector<Start> starts = {};

  double range(int gene) const { return space.genes[gene].up - space.genes[gene].low; }

  double merit(const Start& start, const Score& score) const {
    if (is_failed(score)) return INFINITY;
    double sum = penalty * score.violation * score.violation;
    for (std::size_t k = 0; k < score.objectives.size(); ++k)
      sum += start.weights[k] * score.objectives[k] / scale[k];
    return sum;
  }

  /// Scores of the batch; empty when the answer was short.
  std::vector<Score> ask(std::vector<Candidate> batch) {
    const std::size_t before = all.size(), asked = batch.size();
    if (asked == 0 || !score_batch(batch, evaluate, all)) return {};
    std::vector<Score> scores;
    for (std::size_t k = before; k < all.size(); ++k) scores.push_back(all[k].score);
    return scores.size() == asked ? scores : std::vector<Score>{};
  }

  bool open(const MethodOptions& options) {
    SeenCandidates seen;
    const std::vector<Candidate> batch = opening_batch(space, options, seen, rng);
    const std::vector<Score> scores = ask(batch);
    if (scores.empty()) return false;
    for (std::size_t k = 0; k < scores.size(); ++k)
      if (!is_failed(scores[k])) starts.push_back({.x = batch[k], .score = scores[k]});
    if (starts.empty()) return false;
    const std::size_t objectives = starts[0].score.objectives.size();
    for (std::size_t m = 0; m < objectives; ++m) {
      double low = INFINITY, up = -INFINITY;
      for (const Start& start : starts) {
        low = std::min(low, start.score.objectives[m]);
        up = std::max(up, start.score.objectives[m]);
      }
      scale.push_back(up > low ? up - low : std::max(std::abs(up), 1.0));
    }
    for (Start& start : starts) {
      double sum = 0;
      for (std::size_t m = 0; m < objectives; ++m) {
        start.weights.push_back(-std::log(1 - rng.uniform()));
        sum += start.weights.back();
      }
      for (double& weight : start.weights) weight /= sum;
    }
    return true;
  }

  bool differentiate() {
    std::vector<Candidate> batch;
    for (const Start& start : starts)
      for (const int gene : real)
        for (const double side : {-1.0, 1.0}) {
          batch.push_back(start.x);
          double& value = batch.back()[gene];
          value = repair(space.genes[gene], value + side * kDifference * range(gene));
        }
    const std::vector<Score> scores = ask(batch);
    if (scores.empty()) return false;
    std::size_t at = 0;
    for (Start& start : starts) {
      start.last_gradient = start.gradient;
      start.gradient.clear();
      for (const int gene : real) {
        const double width = (batch[at + 1][gene] - batch[at][gene]) / range(gene);
        const double slope =
            (merit(start, scores[at + 1]) - merit(start, scores[at])) / std::max(width, 1e-12);
        start.gradient.push_back(std::isfinite(slope) ? slope : 0);
        at += 2;
      }
      set_length(start);
    }
    return true;
  }

  /// Barzilai and Borwein: how far the gradient says the last move should have gone.
  void set_length(Start& start) const {
    if (start.last_move.empty() || start.last_gradient.empty()) return;
    double move = 0, change = 0;
    for (std::size_t k = 0; k < real.size(); ++k) {
      move += start.last_move[k] * start.last_move[k];
      change += start.last_move[k] * (start.gradient[k] - start.last_gradient[k]);
    }
    double norm = 0;
    for (const double slope : start.gradient) norm += slope * slope;
    if (change > 0 && move > 0)
      start.length = std::clamp(move / change * std::sqrt(norm), 1e-7, 0.5);
  }

  bool step() {
    std::vector<Candidate> batch;
    for (const Start& start : starts) {
      double norm = 0;
      for (const double slope : start.gradient) norm += slope * slope;
      norm = std::max(std::sqrt(norm), 1e-300);
      for (const double factor : kSteps) {
        batch.push_back(start.x);
        for (std::size_t k = 0; k < real.size(); ++k) {
          const int gene = real[k];
          double& value = batch.back()[gene];
          value = repair(space.genes[gene],
                         value - factor * start.length * start.gradient[k] / norm * range(gene));
        }
      }
    }
    const std::vector<Score> scores = ask(batch);
    if (scores.empty()) return false;
    for (std::size_t s = 0; s < starts.size(); ++s) {
      Start& start = starts[s];
      double best = merit(start, start.score);
      int chosen = -1;
      for (std::size_t k = 0; k < kSteps.size(); ++k)
        if (const double value = merit(start, scores[s * kSteps.size() + k]); value < best) {
          best = value;
          chosen = static_cast<int>(s * kSteps.size() + k);
        }
      start.resting = chosen < 0;
      if (chosen < 0) {
        start.last_move.clear();
        start.length *= 0.1;
        continue;
      }
      start.last_move.clear();
      for (const int gene : real)
        start.last_move.push_back((batch[chosen][gene] - start.x[gene]) / range(gene));
      start.x = batch[chosen];
      start.score = scores[chosen];
    }
    return true;
  }
};

}  // namespace

std::vector<Evaluated> run_descent(const Space& space, const EvaluateBatch& evaluate,
                                   const MethodOptions& options, std::uint64_t seed) {
  check_options(space, options);
  Descent run{.space = space, .evaluate = evaluate, .rng = Rng(seed)};
  for (int gene = 0; gene < space.size(); ++gene)
    if (space.genes[gene].kind == GeneKind::real && run.range(gene) > 0) run.real.push_back(gene);
  if (!run.open(options) || run.real.empty()) return std::move(run.all);
  for (int generation = 1; generation < options.generations; ++generation) {
    if (generation % kPenaltyEvery == 0 && run.penalty < 1e6) {
      run.penalty *= 10;
      for (Start& start : run.starts) start.length = std::max(start.length, 0.01);
    } else if (run.penalty >= 1e6 && std::all_of(run.starts.begin(), run.starts.end(),
                                                 [](const Start& s) { return s.resting; })) {
      break;
    }
    if (!run.differentiate() || !run.step()) break;
  }
  return std::move(run.all);
}

}  // namespace cupel
