#include "cupel/study/images/image_design.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "cupel/base/error.hpp"
#include "cupel/base/packed_floats.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/network/cnn/predict_images.hpp"
#include "cupel/parallel/timed_stop.hpp"
#include "cupel/search/pareto.hpp"
#include "cupel/study/images/augmentation_kinds.hpp"
#include "cupel/study/images/image_finish.hpp"
#include "cupel/study/images/image_trial.hpp"
#include "cupel/study/search_flow.hpp"
#include "cupel/study/short_time.hpp"

namespace cupel {
namespace {

/// Cells that stay in each sub-space.
constexpr int kKeptCells = 4;
/// Shares of a time limit: the rest is for the last training and the report.
constexpr double kSearchShare = 0.75;

/// One stage after the other, each a batch of trials.
class ImageSearch {
 public:
  explicit ImageSearch(ImageDesignRun& run)
      : run_(&run), seed_(static_cast<std::uint64_t>(run.options->seed)) {}

  void choose_augmentation();
  void shrink_space();
  std::vector<Trial> search();
  std::vector<Trial> train_longer(ImageStage stage, std::vector<Trial> best);

 private:
  ImageStudyData& data() { return *run_->data; }
  std::vector<Trial> train(const std::vector<TrialRequest>& requests);
  std::vector<Score> evaluate(std::span<const Candidate> candidates);
  std::vector<int> parents_of(std::size_t candidate) const;
  std::vector<Trial> search_at_random(int count);

  ImageDesignRun* run_;
  std::uint64_t seed_;
  std::vector<Trial> searched_;
  std::map<Candidate, std::size_t> place_of_;  ///< in searched_, by the whole space
  std::vector<Parents> parents_;               ///< of the next batch, in the reduced space
};

bool complete(const Trial& trial) { return trial.state == TrialState::complete; }

double accuracy_of(const Trial& trial) {
  return complete(trial) ? trial.measures.at("accuracy").as_number() : -1;
}

/// For one image.
double training_flop(const ImageSpace& space, const Candidate& whole) {
  return cost_of(topology_of(space, image_candidate(space, whole).chain)).training_flop();
}

/// Best first: by the first objective, then by the number.
void sort_by_score(std::vector<Trial>& trials) {
  std::stable_sort(trials.begin(), trials.end(), [](const Trial& a, const Trial& b) {
    if (complete(a) != complete(b)) return complete(a);
    return complete(a) && a.score.objectives < b.score.objectives;
  });
}

std::vector<Trial> ImageSearch::train(const std::vector<TrialRequest>& requests) {
  std::vector<Trial> trials = run_->runner->run(requests);
  for (const Trial& trial : trials) {
    run_->result.trials.push_back(trial);
    run_->result.failed_trials += !complete(trial);
  }
  return trials;
}

void ImageSearch::choose_augmentation() {
  const std::vector<int> kinds = augmentation_kinds(*run_->options);
  data().space.augmentation = kinds.front();
  run_->result.augmentation = kinds.front();
  if (kinds.size() < 2) return;
  run_->runner->begin_stage("augmentation", static_cast<int>(kinds.size()));
  ImageCandidate fixed{
      .chain = {{"F", "Q", "Q", "M", "A", "Q", "Q", "M"}, {32, 32, 32, 64, 64, 64, 64, 64, 64}},
      .l1 = 1e-6,
      .l2 = 1e-4};
  std::vector<TrialRequest> requests;
  for (const int kind : kinds) {
    fixed.augmentation = kind;
    requests.push_back({.candidate = candidate_of(data().space, fixed),
                        .repeat = static_cast<int>(ImageStage::augmentation)});
  }
  const std::vector<Trial> trials = train(requests);
  // By the loss, which sees more than the count of errors; of equals the plainer one.
  double best = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < trials.size(); ++k) {
    if (!complete(trials[k])) continue;
    const double loss = trials[k].measures.at("log_loss").as_number();
    if (loss >= best) continue;
    best = loss;
    run_->result.augmentation = data().space.augmentation = kinds[k];
  }
}

void ImageSearch::shrink_space() {
  const int count = data().plan.of(ImageStage::shrink).trials;
  if (count == 0) {
    run_->result.kept = data().space.cells = with_empty_cell(data().space.cells);
    return;
  }
  run_->runner->begin_stage("shrink", count);
  Rng rng(mix_seed({seed_, 0x5481}));
  std::vector<TrialRequest> requests;
  for (int k = 0; k < count; ++k)
    requests.push_back(
        {.candidate = in_whole_space(data().space, random_allowed(data().space, rng)),
         .repeat = static_cast<int>(ImageStage::shrink)});
  std::vector<Trial> trials = train(requests);
  if (static_cast<int>(trials.size()) < count) return;
  std::stable_sort(trials.begin(), trials.end(),
                   [](const Trial& a, const Trial& b) { return accuracy_of(a) > accuracy_of(b); });
  std::vector<std::vector<std::string>> networks;
  for (const Trial& trial : trials)
    networks.push_back(image_candidate(data().space, trial.candidate).chain.cells);
  // A tenth, as published (50 of 500); of few networks a third, so that the counts say something.
  const int best = std::max(count / 10, std::min(count / 3, 16));
  run_->result.effectiveness = effectiveness_of(data().space.cells, networks, best);
  run_->result.kept = keep_best_cells(*run_->result.effectiveness, kKeptCells);
  data().space.cells = run_->result.kept;
}

/// Trials that a candidate of the next batch was bred from.
std::vector<int> ImageSearch::parents_of(std::size_t candidate) const {
  std::vector<int> numbers;
  if (candidate >= parents_.size()) return numbers;
  const ImageSpace& space = run_->data->space;
  for (const Candidate& parent : parents_[candidate]) {
    const auto known = place_of_.find(in_whole_space(space, parent));
    if (known != place_of_.end()) numbers.push_back(searched_[known->second].number);
  }
  return numbers;
}

/// No network is trained twice, and none that is too large.
std::vector<Score> ImageSearch::evaluate(std::span<const Candidate> candidates) {
  constexpr std::size_t kTooLarge = std::numeric_limits<std::size_t>::max();
  std::vector<TrialRequest> requests;
  std::vector<std::size_t> places;
  std::vector<double> excess(candidates.size());
  for (std::size_t k = 0; k < candidates.size(); ++k) {
    const Candidate whole = in_whole_space(data().space, candidates[k]);
    const ImageNetworkCost cost =
        cost_of(topology_of(data().space, image_candidate(data().space, whole).chain));
    places.push_back(kTooLarge);
    excess[k] = cost.training_flop();
    if (!allowed(data().space, cost)) continue;
    const auto [known, is_new] = place_of_.try_emplace(whole, searched_.size() + requests.size());
    places[k] = known->second;
    if (is_new)
      requests.push_back({.candidate = whole,
                          .repeat = static_cast<int>(ImageStage::search),
                          .parents = parents_of(k)});
  }
  for (Trial& trial : train(requests)) searched_.push_back(std::move(trial));
  std::vector<Score> scores;
  for (std::size_t k = 0; k < candidates.size(); ++k) {
    if (places[k] == kTooLarge) {
      scores.push_back(
          {.objectives = std::vector<double>(run_->objectives(), 1e9), .violation = excess[k]});
      continue;
    }
    if (places[k] >= searched_.size()) break;  // cut off
    scores.push_back(searched_[places[k]].score);
    scores.back().failed = !complete(searched_[places[k]]);
  }
  return scores;
}

std::vector<Trial> ImageSearch::search_at_random(int count) {
  Rng rng(mix_seed({seed_, 0x5EA7C4}));
  std::vector<Candidate> candidates;
  for (int k = 0; k < count; ++k) candidates.push_back(random_allowed(data().space, rng));
  evaluate(candidates);
  return std::move(searched_);
}

std::vector<Trial> ImageSearch::search() {
  const int count = data().plan.of(ImageStage::search).trials;
  run_->runner->begin_stage("search", count);
  const std::string method(search_of(*run_->recipe, *run_->options));
  if (method == "random") return search_at_random(count);
  MethodOptions options = run_->recipe->search_options({});
  options.population = std::max(8, std::min(options.population, count / 4));
  options = with_given(std::move(options), *run_->options);
  Rng rng(mix_seed({seed_, 0xF1257}));
  for (int k = 0; k < options.population; ++k)
    options.first.push_back(random_allowed(data().space, rng));
  options.on_parents = [&](std::span<const Parents> parents) {
    parents_.assign(parents.begin(), parents.end());
  };
  find_method(method).run(
      reduced_space(data().space),
      [&](std::span<const Candidate> candidates) { return evaluate(candidates); }, options,
      mix_seed({seed_, 0x5EA7C4}));
  return std::move(searched_);
}

std::vector<Trial> ImageSearch::train_longer(ImageStage stage, std::vector<Trial> best) {
  const ImageStagePlan& plan = data().plan.of(stage);
  const double images = plan.epochs * static_cast<double>(data().split.train.size());
  double work = 0;
  const auto affordable = [&](const Trial& trial, int count) {
    work += images * training_flop(data().space, trial.candidate);
    return count < plan.trials || (count < plan.most && work <= plan.flop);
  };
  sort_by_score(best);
  std::vector<TrialRequest> requests;
  std::vector<Candidate> seen;
  for (const Trial& trial : best) {
    const bool again = std::find(seen.begin(), seen.end(), trial.candidate) != seen.end();
    if (!complete(trial) || again) continue;
    if (!affordable(trial, static_cast<int>(requests.size()))) break;
    seen.push_back(trial.candidate);
    requests.push_back(
        {.candidate = trial.candidate, .repeat = static_cast<int>(stage), .of = trial.number});
  }
  run_->runner->begin_stage(std::string(stage_name(stage)), static_cast<int>(requests.size()));
  std::vector<Trial> longer = train(requests);
  // Cut short by the time: those trained longer stand before those that were not.
  sort_by_score(longer);
  if (longer.empty()) return best;
  return longer;
}

std::size_t count_complete(const std::vector<Trial>& trials) {
  return static_cast<std::size_t>(std::count_if(trials.begin(), trials.end(), complete));
}

}  // namespace

std::size_t ImageDesignRun::objectives() const { return options->objective == "pareto" ? 2 : 1; }

ImageDesignResult design_images(ImageStudyData& data, const DesignOptions& options,
                                StudyFile& study, const RunControl& control) {
  const Recipe& recipe = find_recipe(options.recipe);
  const TimedStop trainings(control.stop,
                            deadline(control.begun, options.time_limit_s, kTrainingShare));
  const RecipeContext context{
      .options = &options, .stop = trainings.token(), .images = &data, .asked = control.stop};
  TrialRunner runner(study, recipe, context, control.sink);
  ImageDesignRun run{&data,   &options,     &recipe,      &study,
                     &runner, control.sink, context.stop, control.stop};
  run.result.score = score_of(data, options);
  runner.set_deadline(deadline(control.begun, options.time_limit_s, kSearchShare));
  ImageSearch search(run);
  std::vector<Trial> best;
  search.choose_augmentation();
  if (!runner.out_of_time()) search.shrink_space();
  if (!runner.out_of_time()) best = search.search();
  for (const ImageStage stage : {ImageStage::halve, ImageStage::finals})
    if (!runner.out_of_time() && data.plan.of(stage).trials > 0)
      best = search.train_longer(stage, std::move(best));
  if (runner.stopped()) {
    run.result.end = DesignEnd::interrupted;
    return std::move(run.result);
  }
  if (runner.out_of_time()) run.result.end = DesignEnd::time_limit;
  // A time limit may end the search before it began: what was trained is what there is.
  if (count_complete(best) == 0) best = run.result.trials;
  if (count_complete(best) == 0 && runner.out_of_time()) no_time_for_a_network(study);
  if (count_complete(best) == 0)
    throw Error(ErrorKind::infeasible, "no network could be trained",
                run.result.trials.empty() ? "give more time" : run.result.trials.back().reason);
  sort_by_score(best);
  finish_images(run, best);
  return std::move(run.result);
}

}  // namespace cupel
