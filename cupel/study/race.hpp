// Early stopping of candidates that are to be small and accurate at once: a candidate that is
// trained fold by fold is stopped when even an optimistic view of its errors so far leaves it
// behind a smaller or equal network that is known already. After the idea of Maron & Moore
// (Hoeffding races, 1994), with paired differences on the same held-out rows.
// docs/methods/early_stopping.md.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cupel/store/trial.hpp"

namespace cupel {

struct RecipeContext;
class HeldOut;

/// Squared error / variance of the folds done, each as the means of kRaceBlocks groups of rows.
using FoldErrors = std::vector<double>;
constexpr int kRaceBlocks = 10;

/// Networks that no other known one beats in both objectives, as of one moment of a search.
class Race {
 public:
  /// margin: standard errors of a paired difference that count as chance.
  explicit Race(double margin = 1.5) : margin_(margin) {}

  /// Adds what was trained to the end; others and dominated ones are passed over.
  void add(const Trial& trial);

  struct Rival {
    std::vector<double> objectives;
    double nmse = 0;
    FoldErrors errors;  ///< of all its folds
  };
  /// The first rival, not larger than `size` (second objective), that has lower errors on the same
  /// rows by more than the margin; null when there is
  /// none. `errors`: of the folds done.
  const Rival* beats(double size, std::span<const double> errors) const;

 private:
  double margin_;
  std::vector<Rival> rivals_;
};

/// To be asked after each fold but the last. When the trial cannot reach the front any more, it
/// gets its score, scaled from the rival's by the errors on the same rows, and the answer is true.
/// Every 20th trial goes on all the same, to tell how often this is an error.
bool stop_early(const RecipeContext& context, const HeldOut& held_out, double size, Trial& trial);

/// To be told of a trial that ended: what a later race needs.
void record_race(const HeldOut& held_out, Trial& trial);

bool was_stopped_early(const Trial& trial);

/// What early stopping did in a search.
struct EarlyStopping {
  int trials = 0, stopped = 0;
  int folds = 0;                ///< of one trial
  double folds_trained = 0;     ///< share of all folds
  std::int64_t iterations = 0;  ///< of all trainings; 0 where a recipe does not count them
  int audited = 0;              ///< would have been stopped, but went on
  int wrong = 0;                ///< of those, on the search's front in the end
};
EarlyStopping early_stopping_of(std::span<const Trial> trials);

}  // namespace cupel
