// Automatic design: search, confirmation, pick, training on all design rows, one look at the
// test part, and the model that comes out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cupel/model/model.hpp"
#include "cupel/study/budget.hpp"
#include "cupel/study/run_trials.hpp"
#include "cupel/training/metrics.hpp"

namespace cupel {

struct FrontMember {
  Trial trial;                ///< of the search
  NetworkPlan plan;
  std::vector<double> objectives;    ///< confirmed where there is a confirmation, as all below
  std::vector<double> block_errors;  ///< squared error / variance, mean over targets
  double error = 0;                  ///< mean of block_errors
  std::vector<ErrorFigures> validation;  ///< one a target, held-out rows
  std::vector<ErrorFigures> test;        ///< one a target; empty without a test part
  Mlp network;                ///< trained on all design rows
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

struct DesignResult {
  DesignEnd end = DesignEnd::complete;
  Plan plan;
  std::vector<Trial> trials;  ///< of the search, without networks
  int failed_trials = 0;
  int confirmations = 0;
  double search_s = 0;  ///< wall time of the search; a replay's is short
  std::vector<FrontMember> front;  ///< by size, the smallest first
  int picked = -1;                 ///< index into `front`; -1: interrupted
  std::string why;
  Matrix held_out_measured, held_out_predicted;  ///< of the pick, own units
  Matrix test_predicted;                         ///< of the pick
  std::vector<double> input_effects;  ///< by encoder column; share of growth of the error
  std::vector<BaselineResult> baselines;
  Model model;
};

/// Runs a study, or continues it: stored trials answer at once. Throws Error{infeasible} when no
/// candidate could be trained.
DesignResult run_design(StudyData& data, const DesignOptions& options, StudyFile& study,
                        const ProgressSink& sink, std::stop_token stop);

/// The encoded inputs of the pick's held-out rows with the network of each row's fold.
const FrontMember& picked_member(const DesignResult& result);

}  // namespace cupel
