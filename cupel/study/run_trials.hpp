// The one place where work happens: looks up stored trials, trains the rest in parallel, counts
// the budget, commits each trial as it ends, and stops between trials when the time is over.
#pragma once

#include <chrono>
#include <functional>
#include <limits>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "cupel/store/study_file.hpp"
#include "cupel/study/recipe.hpp"

namespace cupel {

struct Progress {
  std::string stage;  ///< "search", "confirm", "refit", "later rows", "measure"
  int done = 0, total = 0;
  int failed = 0;
  int stored = 0;      ///< of `done`: answered by the study file, which takes no time
  double to_come = 0;  ///< stages that follow, in pieces like those of this one
  /// Lowest first objective so far; infinity before there is one.
  double best = std::numeric_limits<double>::infinity();
};
using ProgressSink = std::function<void(const Progress&)>;

using Clock = std::chrono::steady_clock;

/// Of a long run: whom it tells, who may stop it, and when its time began.
struct RunControl {
  ProgressSink sink = {};
  std::stop_token stop = {};
  Clock::time_point begun = Clock::now();
};

/// When a share of a time limit is over; none without a limit (0).
std::optional<Clock::time_point> deadline(Clock::time_point start, double limit_s, double share);

/// One trial to be had: which candidate, on which repeat's folds.
struct TrialRequest {
  Candidate candidate;
  int repeat = 0;                 ///< 0: search; 1, 2, …: confirm; or kLaterRows
  int of = -1;                    ///< number of the search trial that is confirmed; -1: none
  std::string step = {};          ///< of a method that goes step by step
  std::vector<int> parents = {};  ///< numbers of the trials that it was bred from
};

class TrialRunner {
 public:
  /// All references must outlive the runner. Its trials are numbered from `first_number`.
  TrialRunner(StudyFile& study, const Recipe& recipe, RecipeContext context, ProgressSink sink,
              int first_number = 0);

  /// No trial starts after this.
  void set_deadline(std::optional<Clock::time_point> deadline) { deadline_ = deadline; }
  /// Networks that the trials to come must not fall behind (race.hpp); null: no early stopping.
  void set_race(const Race* race) { context_.race = race; }
  /// Trials that this stage may number; further requests are cut off.
  void begin_stage(std::string name, int total, double to_come = 0);

  /// Trials in the order of the requests, numbered on from the last call's. A prefix when the
  /// stage's total, the deadline or a stop request cut it short. Throws Error{runtime} when a
  /// stored trial does not belong to its request (another program wrote the study).
  std::vector<Trial> run(std::span<const TrialRequest> requests);

  /// True once the deadline or a stop request, not the count, has cut something off.
  bool out_of_time() const { return out_of_time_; }
  bool stopped() const { return context_.interrupted(); }
  int failed() const { return progress_.failed; }
  int next_number() const { return next_number_; }

 private:
  Trial fresh_trial(const TrialRequest& request, int number) const;
  void check_stored(const Trial& stored, const Trial& wanted) const;
  /// The order in which to start: the longest first, so that threads end together; by number
  /// where the time may end.
  std::vector<int> order_of(std::span<const TrialRequest> requests, int count) const;
  bool may_start() const;
  /// The stored trial of that number, when there is one.
  std::optional<Trial> stored(const Trial& wanted);
  /// Stored or trained now; empty when the time is over.
  std::optional<Trial> answer(const TrialRequest& request, int number);
  void report(const Trial& trial);

  StudyFile* study_;
  const Recipe* recipe_;
  RecipeContext context_;
  ProgressSink sink_;
  std::optional<Clock::time_point> deadline_;
  std::mutex guard_;  ///< of study_ and progress_
  Progress progress_;
  int next_number_ = 0;
  bool out_of_time_ = false;
};

}  // namespace cupel
