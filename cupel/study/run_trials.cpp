#include "cupel/study/run_trials.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/parallel/parallel_for.hpp"

namespace cupel {

std::optional<Clock::time_point> deadline(Clock::time_point start, double limit_s, double share) {
  if (limit_s <= 0) return std::nullopt;
  return start + std::chrono::duration_cast<Clock::duration>(
                     std::chrono::duration<double>(share * limit_s));
}

TrialRunner::TrialRunner(StudyFile& study, const Recipe& recipe, RecipeContext context,
                         ProgressSink sink, int first_number)
    : study_(&study),
      recipe_(&recipe),
      context_(context),
      sink_(std::move(sink)),
      next_number_(first_number) {}

void TrialRunner::begin_stage(std::string name, int total, double to_come) {
  progress_.stage = std::move(name);
  progress_.done = progress_.stored = 0;
  progress_.total = total;
  progress_.to_come = to_come;
}

Trial TrialRunner::fresh_trial(const TrialRequest& request, int number) const {
  Trial trial{.number = number,
              .seed = mix_seed({static_cast<std::uint64_t>(context_.options->seed),
                                static_cast<std::uint64_t>(number)}),
              .candidate = request.candidate};
  if (request.of >= 0) trial.measures["confirms"] = request.of;
  if (!request.step.empty()) trial.measures["step"] = request.step;
  for (int parent : request.parents) trial.measures["parents"].push_back(parent);
  if (request.repeat > 0) trial.measures["repeat"] = request.repeat;
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

std::vector<int> TrialRunner::order_of(std::span<const TrialRequest> requests, int count) const {
  std::vector<int> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  if (deadline_) return order;
  std::vector<double> work;
  for (int k = 0; k < count; ++k)
    work.push_back(recipe_->work(context_, requests[static_cast<std::size_t>(k)].candidate));
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return work[a] > work[b]; });
  return order;
}

bool TrialRunner::may_start() const {
  return !context_.stop.stop_requested() && !(deadline_ && Clock::now() >= *deadline_);
}

std::optional<Trial> TrialRunner::stored(const Trial& wanted) {
  const std::lock_guard lock(guard_);
  std::optional<Trial> trial = study_->trial(wanted.number);
  if (!trial) return std::nullopt;
  check_stored(*trial, wanted);
  ++progress_.stored;
  report(*trial);
  return trial;
}

std::optional<Trial> TrialRunner::answer(const TrialRequest& request, int number) {
  Trial trial = fresh_trial(request, number);
  if (auto known = stored(trial)) return known;
  if (!may_start()) return std::nullopt;
  const auto start = Clock::now();
  recipe_->run(context_, request.repeat, trial);
  const bool cancelled = context_.stop.stop_requested() && trial.state == TrialState::complete &&
                         trial.score.objectives.empty();
  if (cancelled) return std::nullopt;  // half-way: it does not exist
  trial.elapsed_s = std::chrono::duration<double>(Clock::now() - start).count();
  const std::lock_guard lock(guard_);
  study_->add_trial(trial);
  report(trial);
  return trial;
}

std::vector<Trial> TrialRunner::run(std::span<const TrialRequest> requests) {
  const int room = progress_.total - progress_.done;
  const int count = std::min(static_cast<int>(requests.size()), std::max(room, 0));
  std::vector<std::optional<Trial>> answers(static_cast<std::size_t>(count));
  const std::vector<int> order = order_of(requests, count);
  const int jobs = context_.options->jobs > 0 ? context_.options->jobs : processor_count();
  parallel_for(count, jobs, [&](int place) {
    const int k = order[place];
    answers[k] = answer(requests[k], next_number_ + k);
  });
  std::vector<Trial> trials;
  for (auto& trial : answers) {
    if (!trial) break;
    trials.push_back(std::move(*trial));
  }
  next_number_ += static_cast<int>(trials.size());
  out_of_time_ = out_of_time_ || static_cast<int>(trials.size()) < count;
  return trials;
}

}  // namespace cupel
