// The average of the best networks that several recipes found on the same folds: which, with which
// weights, trained again on all design rows. docs/methods/auto.md.
#pragma once

#include <deque>
#include <limits>
#include <vector>

#include "cupel/study/design.hpp"

namespace cupel {

/// A run of one recipe within the study.
struct RecipeRun {
  const Recipe* recipe = nullptr;
  DesignOptions options;
  DesignResult result;
  double error() const {
    double least = std::numeric_limits<double>::infinity();
    for (const FrontMember& member : result.front) least = std::min(least, member.error);
    return least;
  }
};

/// A candidate whose confirmations give held-out predictions.
struct Averaged {
  const RecipeRun* run = nullptr;
  Trial trial;                       ///< of the search
  std::vector<Trial> confirmations;  ///< one a repeat, with networks
  double error = 0;
  /// One a repeat, [held-out rows x targets], as networks are mixed: comparable_values().
  std::vector<Matrix> held_out;
};

/// The same data, with the options of that run.
RecipeContext context_of(const DesignRun& run, const RecipeRun& one);

/// The best confirmed candidates of all runs, each with as many confirmations as the others.
std::vector<Averaged> best_candidates(const DesignRun& run, const std::deque<RecipeRun>& runs);

/// Weights [candidates x targets], from the held-out predictions of all repeats.
Matrix weights_of(const DesignRun& run, const std::vector<Averaged>& best);

/// Every candidate trained on all design rows from several starts. Empty when stopped.
std::vector<Member> trained_members(DesignRun& run, const std::vector<Averaged>& best,
                                    const Matrix& weights);

/// The average as the folds of its first repeat see it.
std::vector<FoldNetworks> average_folds(const DesignRun& run, const std::vector<Averaged>& best,
                                        const Matrix& weights);

/// The average of networks made from earlier rows, as the folds of StudyData::later see it. Trials
/// are numbered from `first_number`. Empty as later_trials() says, or when a training failed.
std::vector<FoldNetworks> average_later(DesignRun& run, const std::vector<Averaged>& best,
                                        const Matrix& weights, int first_number);

/// The average as a member of the front, with the errors of its held-out predictions.
FrontMember average_member(const DesignRun& run, const std::vector<Averaged>& best,
                           const Matrix& weights);

}  // namespace cupel
