#include "cupel/study/run_trials.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/parallel/parallel_for.hpp"

namespace cupel {

TrialRunner::TrialRunner(StudyFile& study, const Recipe& recipe, RecipeContext context,
                         ProgressSink sink)
    : study_(&study), recipe_(&recipe), context_(context), sink_(std::move(sink)) {}

void TrialRunner::begin_stage(std::string name, int total) {
  progress_.stage = std::move(name);
  progress_.done = 0;
  progress_.total = total;
}

Trial TrialRunner::fresh_trial(const TrialRequest& request, int number) const {
  Trial trial{.number = number,
              .seed = mix_seed({static_cast<std::uint64_t>(context_.options->seed),
                                static_cast<std::uint64_t>(number)}),
              .candidate = request.candidate};
  if (request.of >= 0) {
    trial.measures["confirms"] = request.of;
    trial.measures["repeat"] = request.repeat;
  }
  return trial;
}

void TrialRunner::check_stored(const Trial& stored, const Trial& wanted) const {
  if (stored.candidate == wanted.candidate && stored.seed == wanted.seed) return;
  throw Error(ErrorKind::runtime,
              fmt::format("{}: trial {} holds another candidate than this program asks for",
                          study_->path(), wanted.number),
              "the study was written with other options or by another version: start a new one");
}

void TrialRunner::report(const Trial& trial) {
  ++progress_.done;
  if (trial.state == TrialState::failed)
    ++progress_.failed;
  else if (!trial.score.objectives.empty())
    progress_.best = std::min(progress_.best, trial.score.objectives.front());
  if (sink_) sink_(progress_);
}

std::vector<Trial> TrialRunner::run(std::span<const TrialRequest> requests) {
  const int room = progress_.total - progress_.done;
  const int count = std::min(static_cast<int>(requests.size()), std::max(room, 0));
  std::vector<Trial> trials(static_cast<std::size_t>(count));
  std::vector<char> ended(trials.size(), 0);
  std::mutex guard;
  std::atomic<bool> cut{false};
  const auto one = [&](int k) {
    Trial trial = fresh_trial(requests[k], next_number_ + k);
    {
      const std::lock_guard lock(guard);
      if (auto stored = study_->trial(trial.number)) {
        check_stored(*stored, trial);
        trials[k] = std::move(*stored);
        ended[k] = 1;
        report(trials[k]);
        return;
      }
    }
    if (cut || context_.stop.stop_requested() || (deadline_ && Clock::now() >= *deadline_)) {
      cut = true;
      return;
    }
    const auto start = Clock::now();
    recipe_->run(context_, requests[k].repeat, trial);
    if (context_.stop.stop_requested() && trial.score.objectives.empty() &&
        trial.state == TrialState::complete) {
      cut = true;  // cancelled half-way: it does not exist
      return;
    }
    trial.elapsed_s = std::chrono::duration<double>(Clock::now() - start).count();
    const std::lock_guard lock(guard);
    study_->add_trial(trial);
    trials[k] = std::move(trial);
    ended[k] = 1;
    report(trials[k]);
  };
  const int jobs = context_.options->jobs > 0 ? context_.options->jobs : processor_count();
  parallel_for(count, jobs, one);
  const auto first_gap = std::find(ended.begin(), ended.end(), 0) - ended.begin();
  trials.resize(static_cast<std::size_t>(first_gap));
  next_number_ += static_cast<int>(first_gap);
  out_of_time_ = out_of_time_ || first_gap < count;
  return trials;
}

}  // namespace cupel
