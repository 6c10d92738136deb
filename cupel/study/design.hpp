// Automatic design: a recipe's flow from data to a front of networks and a pick, one look at the
// test part, and the model that comes out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cupel/model/model.hpp"
#include "cupel/study/budget.hpp"
#include "cupel/study/choice.hpp"
#include "cupel/study/pick_trust.hpp"
#include "cupel/study/run_trials.hpp"
#include "cupel/study/test_trust.hpp"
#include "cupel/training/metrics.hpp"

namespace cupel {

struct FrontMember {
  int trial = 0;                         ///< number of the search trial
  std::string structure;                 ///< "13 inputs, 12 + 5 tanh"
  int parameters = 0;                    ///< weights and biases that exist, all networks together
  std::vector<double> objectives;        ///< confirmed where there is a confirmation, as all below
  std::vector<double> block_errors;      ///< squared error / variance, mean over targets
  double error = 0;                      ///< mean of block_errors
  std::vector<ErrorFigures> validation;  ///< one a target, held-out rows
  std::vector<ErrorFigures> test;        ///< one a target; empty without a test part
  std::vector<Member> networks;          ///< trained on all design rows
};

/// Networks made exactly as the pick was, from the training rows of one fold.
struct FoldNetworks {
  const FoldData* fold = nullptr;
  std::vector<Member> networks;
};

struct BaselineResult {
  std::string name, explanation;
  std::vector<ErrorFigures> validation, test;
};

enum class DesignEnd {
  complete,     ///< the counted budget was used
  time_limit,   ///< cut by --time-limit; the result is of what there was
  interrupted,  ///< stopped by the user; nothing but stored trials
};
/// "complete", "time_limit", "interrupted".
std::string_view end_name(DesignEnd end);

struct DesignResult {
  DesignEnd end = DesignEnd::complete;
  Plan plan;
  std::vector<Trial> trials;  ///< of the search, without networks
  int failed_trials = 0;
  int confirmations = 0;
  double search_s = 0;             ///< wall time of the search; a replay's is short
  std::vector<FrontMember> front;  ///< by size, the smallest first
  int picked = -1;                 ///< index into `front`; -1: interrupted
  int single = -1;  ///< where the pick is an average: the best single network; -1: not looked for
  std::string why;
  std::vector<Choice> other_choices;  ///< what other rules would have picked of the front
  std::vector<FoldNetworks> folds;    ///< of the pick; empty when its scores are not honest
  /// Of the pick, each made from rows before its held-out ones; empty without an order of rows.
  std::vector<FoldNetworks> later;
  Matrix held_out_measured, held_out_predicted;  ///< of the pick, own units
  Matrix test_predicted;                         ///< of the pick
  std::vector<double> input_effects;  ///< by encoder column; share of growth of the error
  std::vector<BaselineResult> baselines;
  PickTrust trust;
  Model model;
  TestTrust test_trust;
};

/// A design under way: what a recipe's flow works with, and the result that it fills: trials,
/// front (trained), picked, why, folds. A flow that is stopped or out of time says so in `end`.
struct DesignRun {
  StudyData* data;
  RecipeContext context;
  const Recipe* recipe;
  StudyFile* study;
  TrialRunner* runner;
  ProgressSink sink;
  Clock::time_point start;  ///< of the time limit
  bool part = false;        ///< of another recipe's run, which looks at the later rows itself
  DesignResult result = {};
};

/// Shares of a time limit after which the last trainings are cut short, and after which nothing
/// is begun that a result can do without.
constexpr double kTrainingShare = 0.9, kWholeShare = 0.97;

/// Runs a study, or continues it: stored trials answer at once. Throws Error{infeasible} when no
/// candidate could be trained, OutOfTime when the time limit left none.
DesignResult run_design(StudyData& data, const DesignOptions& options, StudyFile& study,
                        const RunControl& control);

const FrontMember& picked_member(const DesignResult& result);

/// Features of the encoder that a member's networks read, in increasing order.
std::vector<int> features_of(const FrontMember& member);

}  // namespace cupel
