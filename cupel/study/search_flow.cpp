#include "cupel/study/search_flow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/study/choice.hpp"
#include "cupel/study/confirm.hpp"
#include "cupel/study/finish.hpp"
#include "cupel/study/later_rows.hpp"
#include "cupel/study/pick.hpp"
#include "cupel/study/race.hpp"
#include "cupel/study/short_time.hpp"
#include "cupel/study/work_ahead.hpp"

namespace cupel {
namespace {

constexpr std::string_view kUsualRule = "one-standard-error";
/// Best error (squared error / variance on held-out rows) below which data count as exact.
constexpr double kExactData = 0.02;
/// Shares of a time limit after which search and confirmation start no further trial: the rest
/// is for training on all rows and the report.
constexpr double kSearchShare = 0.65, kConfirmShare = 0.85;

MethodOptions method_options(const DesignRun& run) {
  MethodOptions options = with_given(run.recipe->search_options(run.context), *run.context.options);
  // At least half of the trials follow the scores.
  const auto opening =
      static_cast<std::size_t>(std::max(options.population, run.result.plan.noisy_trials / 2));
  if (options.first.size() > opening) options.first.resize(opening);
  return options;
}

/// The evaluation of a search: trials for candidates that mean a network not trained before, the
/// scores of those trials for all others.
class SearchTrials {
 public:
  explicit SearchTrials(DesignRun& run) : run_(&run) {
    const DesignOptions& options = *run.context.options;
    if (!options.stop_early || options.as_published()) return;
    race_.emplace(options.stop_margin);
    run.runner->set_race(&*race_);
  }
  ~SearchTrials() { run_->runner->set_race(nullptr); }
  SearchTrials(const SearchTrials&) = delete;
  SearchTrials& operator=(const SearchTrials&) = delete;

  /// No more trials than this, with those before.
  void set_limit(std::size_t limit) { limit_ = limit; }

  std::vector<Score> evaluate(std::span<const Candidate> candidates) {
    std::vector<TrialRequest> requests;
    std::vector<int> trial_of;  // position in trials_ of each candidate
    for (std::size_t k = 0; k < candidates.size(); ++k) {
      const int next = static_cast<int>(trials_.size() + requests.size());
      const auto [known, is_new] = number_of_.try_emplace(form(candidates[k]), next);
      trial_of.push_back(known->second);
      if (!is_new) continue;
      requests.push_back({.candidate = form(candidates[k])});
      if (k < parents_.size())
        for (const Candidate& parent : parents_[k])
          requests.back().parents.push_back(number_of_.at(form(parent)));
    }
    const std::size_t left = limit_ - std::min(limit_, trials_.size());
    for (; requests.size() > left; requests.pop_back()) number_of_.erase(requests.back().candidate);
    // Batches that bring nothing new cost nothing: they must not go on for ever.
    idle_ = requests.empty() ? idle_ + 1 : 0;
    if (idle_ > kIdleBatches) return {};
    run_requests(requests);
    std::vector<Score> scores;
    for (int k : trial_of) {
      if (k >= std::ssize(trials_)) break;
      scores.push_back(trials_[k].score);
    }
    return scores;
  }

  void set_parents(std::span<const Parents> parents) {
    parents_.assign(parents.begin(), parents.end());
  }
  std::vector<Trial> take_all() { return std::move(trials_); }

 private:
  static constexpr int kIdleBatches = 200;
  /// So many trials are trained before their scores join the race.
  static constexpr std::size_t kRaceBatch = 24;

  Candidate form(const Candidate& candidate) const {
    const auto canonical = run_->recipe->canonical;
    return canonical ? canonical(run_->context, candidate) : candidate;
  }

  void run_requests(std::span<const TrialRequest> requests) {
    // Noisy data end the search at noisy_trials exactly.
    const auto room = static_cast<std::size_t>(
        std::max<std::ptrdiff_t>(0, run_->result.plan.noisy_trials - std::ssize(trials_)));
    if (lowest_ > kExactData && requests.size() > room) requests = requests.first(room);
    while (!requests.empty()) {
      const auto piece =
          requests.first(std::min(requests.size(), race_ ? kRaceBatch : requests.size()));
      std::vector<Trial> trials = run_->runner->run(piece);
      const bool cut_short = trials.size() < piece.size();
      for (Trial& trial : trials) take(std::move(trial));
      if (cut_short) return;
      requests = requests.subspan(piece.size());
    }
  }

  void take(Trial trial) {
    if (const Json* error = trial.measures.find("nmse"))
      lowest_ = std::min(lowest_, error->as_number());
    if (race_) race_->add(trial);
    trial.networks.clear();
    trials_.push_back(std::move(trial));
  }

  DesignRun* run_;
  std::vector<Trial> trials_;
  std::map<Candidate, int> number_of_;
  std::vector<Parents> parents_;
  std::optional<Race> race_;
  double lowest_ = std::numeric_limits<double>::infinity();
  int idle_ = 0;
  std::size_t limit_ = std::numeric_limits<std::size_t>::max();
};

std::vector<Trial> search(DesignRun& run) {
  std::vector<Space> parts;
  if (run.recipe->parts != nullptr) parts = run.recipe->parts(run.context);
  const bool apart = !parts.empty();
  if (!apart) parts.push_back(run.recipe->space(run.context));
  SearchTrials trials(run);
  MethodOptions method = method_options(run);
  method.on_parents = [&](std::span<const Parents> parents) { trials.set_parents(parents); };
  const DesignOptions& options = *run.context.options;
  for (std::size_t k = 0; k < parts.size() && !run.runner->out_of_time(); ++k) {
    check_space(parts[k]);
    if (apart)
      trials.set_limit((k + 1) * static_cast<std::size_t>(run.result.plan.trials) / parts.size());
    find_method(search_of(*run.recipe, options))
        .run(
            parts[k], [&](std::span<const Candidate> batch) { return trials.evaluate(batch); },
            method, mix_seed({static_cast<std::uint64_t>(options.seed), 0x5EA2C4 + k}));
  }
  return trials.take_all();
}

std::vector<Trial> confirm(DesignRun& run, const std::vector<int>& candidates) {
  const int repeats = run.result.plan.confirm_repeats;
  add_repeats(*run.data, repeats, static_cast<std::uint64_t>(run.context.options->seed));
  std::vector<TrialRequest> requests;
  for (int repeat = 1; repeat <= repeats; ++repeat)
    for (int k : candidates) {
      const Trial& trial = run.result.trials[k];
      requests.push_back({trial.candidate, repeat, trial.number});
    }
  run.runner->begin_stage("confirm", static_cast<int>(requests.size()),
                          work_ahead(run).after_confirmation());
  std::vector<Trial> confirmations = run.runner->run(requests);
  // Whole repeats only: every candidate is to be judged on the same rows.
  confirmations.resize(confirmations.size() / candidates.size() * candidates.size());
  return confirmations;
}

std::string explain(const DesignResult& result, const Pick& pick, Blocks blocks,
                    bool as_published) {
  const char* rows = as_published ? "test" : "held-out";
  const char* compared = blocks == Blocks::in_time ? "stretch of time by stretch" : "row by row";
  const auto share = [](double error) { return 100 * std::sqrt(error); };
  const char* spread = result.front[pick.index].validation.size() > 1
                           ? "targets' spread, all targets together"
                           : "target's spread";
  if (result.front.size() == 1)
    return fmt::format(
        "It has the lowest error on {} rows ({:.3g} % of the {}), and no smaller "
        "network was worth keeping beside it.",
        rows, share(pick.error), spread);
  if (pick.index == pick.best)
    return fmt::format(
        "It has the lowest error on {} rows ({:.3g} % of the {}); compared {}, every smaller "
        "network is worse by more than one standard error of the difference.",
        rows, share(pick.error), spread, compared);
  const std::string near =
      pick.error - pick.best_error > pick.standard_error
          ? " less than half a percent above"
          : fmt::format(", compared {}, within one standard error of", compared);
  return fmt::format(
      "It is the smallest network ({} weights) whose error on {} rows ({:.3g} % of the {}) is"
      "{} the best one's ({:.3g} %, {} weights).",
      result.front[pick.index].parameters, rows, share(pick.error), spread, near,
      share(pick.best_error), result.front[pick.best].parameters);
}

std::string explain_plane(const DesignResult& result, const Pick& pick) {
  return fmt::format(
      "It is a plane, without hidden neurons ({:.3g} % of the spread on held-out rows): no network "
      "is better by more than 2.5 standard errors of the difference (the best: {:.3g} %, {} "
      "weights), and outside the data a plane goes on as before.",
      100 * std::sqrt(pick.error), 100 * std::sqrt(pick.best_error),
      result.front[pick.best].parameters);
}

bool is_plane(const DesignRun& run, const FrontMember& member) {
  if (run.recipe->plan == nullptr) return false;
  const Trial& trial = *std::find_if(run.result.trials.begin(), run.result.trials.end(),
                                     [&](const Trial& one) { return one.number == member.trial; });
  const Topology topology = run.recipe->plan(run.context, trial.candidate).topology;
  return topology.layers.size() == 1 && !topology.window;
}

void set_pick(DesignRun& run) {
  DesignResult& result = run.result;
  const DesignOptions& options = *run.context.options;
  std::vector<SizedErrors> sized;
  for (const FrontMember& member : result.front)
    sized.push_back({member.parameters, member.block_errors, is_plane(run, member)});
  const Blocks blocks = run.data->ordered() ? Blocks::in_time : Blocks::independent;
  const Pick pick = one_standard_error(sized, blocks);
  result.picked = pick.index;
  const bool by_plane = sized[pick.index].plane && !sized[pick.best].plane;
  result.why = by_plane ? explain_plane(result, pick)
                        : explain(result, pick, blocks, options.as_published());
  std::vector<SizedError> front;
  for (const FrontMember& member : result.front) front.push_back({member.parameters, member.error});
  result.other_choices = other_choices(front, options.error_weight);
  for (Choice& choice : result.other_choices) {
    if (choice.rule != options.pick) continue;
    std::swap(result.picked, choice.index);
    std::swap(result.why, choice.why);
    choice.rule = kUsualRule;
  }
}

std::string first_reason(std::span<const Trial> trials) {
  for (const Trial& trial : trials)
    if (trial.state == TrialState::failed) return trial.reason;
  return "none was scored";
}

[[noreturn]] void nothing_trained(const std::string& reason) {
  throw Error(ErrorKind::infeasible, "no network could be trained: " + reason,
              "check the data with 'cupel check', or give more time");
}

std::vector<int> candidates_of(const DesignRun& run) {
  const DesignResult& result = run.result;
  const int all = static_cast<int>(result.trials.size());
  const bool again = result.plan.confirmed > 0;
  std::vector<int> candidates =
      worth_confirming(result.trials, again ? result.plan.confirmed : all, again);
  if (all == 0 && run.runner->out_of_time()) no_time_for_a_network(*run.study);
  if (candidates.empty()) nothing_trained(first_reason(result.trials));
  return candidates;
}

void set_front(DesignRun& run, const std::vector<int>& candidates,
               std::span<const Trial> confirmations) {
  DesignResult& result = run.result;
  result.confirmations = static_cast<int>(confirmations.size());
  result.front = confirmed_front(result.trials, candidates, confirmations);
  if (result.front.empty()) nothing_trained(first_reason(confirmations));
  set_pick(run);
}

/// The pick's fold networks of its first honest scores: its first confirmation's, or those of its
/// search trial.
void set_folds(DesignRun& run, std::span<const Trial> confirmations) {
  if (run.context.options->as_published()) return;
  int number = picked_member(run.result).trial, repeat = 0;
  for (const Trial& trial : confirmations)
    if (trial.measures.at("confirms").as_integer() == number) {
      number = trial.number;
      repeat = static_cast<int>(trial.measures.at("repeat").as_integer());
      break;
    }
  const Trial scored = *run.study->trial(number);
  const auto& folds = run.data->repeats[repeat];
  for (std::size_t k = 0; k < folds.size(); ++k)
    run.result.folds.push_back(
        {&folds[k], run.recipe->members(run.context, scored, {scored.networks[k]})});
}

/// Each front member's trial on the repeat of the first confirmations, or of the search.
std::vector<Trial> scored_members(const DesignRun& run, std::span<const Trial> confirmations) {
  std::vector<Trial> scored;
  for (const FrontMember& member : run.result.front) {
    const auto first = std::find_if(
        confirmations.begin(), confirmations.end(),
        [&](const Trial& one) { return one.measures.at("confirms").as_integer() == member.trial; });
    scored.push_back(
        *run.study->trial(first == confirmations.end() ? member.trial : first->number));
  }
  return scored;
}

/// All of the front, so that whichever is picked later finds its networks stored.
void set_later(DesignRun& run) {
  DesignResult& result = run.result;
  std::vector<Candidate> candidates;
  for (const FrontMember& member : result.front)
    candidates.push_back(run.study->trial(member.trial)->candidate);
  const std::vector<Trial> trials =
      later_trials(*run.data, *run.context.options, *run.runner, candidates);
  if (trials.empty()) return;
  const Trial& pick = trials[static_cast<std::size_t>(result.picked)];
  if (pick.state != TrialState::complete) return;
  for (std::size_t k = 0; k < run.data->later.size(); ++k)
    result.later.push_back(
        {&run.data->later[k], run.recipe->members(run.context, pick, {pick.networks[k]})});
}

}  // namespace

MethodOptions with_given(MethodOptions options, const DesignOptions& given) {
  if (given.population > 0) options.population = given.population;
  if (given.generations > 0) options.generations = given.generations;
  if (given.tournament > 0) options.tournament = given.tournament;
  if (given.operators != "auto") options.thesis_operators = given.operators == "thesis";
  if (given.crossover >= 0) options.crossover_probability = given.crossover;
  if (given.mutation >= 0) options.mutation_probability = given.mutation;
  if (given.jumping_genes >= 0) options.jumping_gene_probability = given.jumping_genes;
  if (given.acquisition != "auto")
    options.acquisition = given.acquisition == "confidence-bound"
                              ? Acquisition::confidence_bound
                              : Acquisition::expected_improvement;
  options.kappa = given.kappa;
  options.selection = given.selection == "truncation" ? Selection::truncation
                      : given.selection == "roulette" ? Selection::roulette
                                                      : Selection::tournament;
  options.bit_crossover = given.bit_crossover == "one-point" ? BitCrossover::one_point
                          : given.bit_crossover == "uniform" ? BitCrossover::uniform
                                                             : BitCrossover::two_point;
  if (given.patience > 0) options.patience = given.patience;
  return options;
}

std::optional<Clock::time_point> search_deadline(const DesignRun& run) {
  return deadline(run.start, run.context.options->time_limit_s, kSearchShare);
}

std::optional<Clock::time_point> confirm_deadline(const DesignRun& run) {
  return deadline(run.start, run.context.options->time_limit_s, kConfirmShare);
}

void search_and_confirm(DesignRun& run) {
  run.runner->begin_stage("search", run.result.plan.trials, work_ahead(run).after_search());
  run.runner->set_deadline(search_deadline(run));
  run.result.trials = search(run);
  confirm_and_pick(run);
}

void confirm_and_pick(DesignRun& run) {
  DesignResult& result = run.result;
  TrialRunner& runner = *run.runner;
  result.search_s = std::chrono::duration<double>(Clock::now() - run.start).count();
  if (runner.stopped()) return;
  const std::vector<int> candidates = candidates_of(run);
  std::vector<Trial> confirmations;
  runner.set_deadline(confirm_deadline(run));
  if (result.plan.confirm_repeats > 0 && !runner.out_of_time())
    confirmations = confirm(run, candidates);
  if (runner.stopped()) return;
  set_front(run, candidates, confirmations);
  refit_front(run);
  if (runner.stopped()) return;
  keep_what_was_trained(run, confirmations.empty() ? 0 : 1, scored_members(run, confirmations));
  if (result.picked < 0) return;
  set_folds(run, confirmations);
  if (run.part || result.end == DesignEnd::time_limit) return;
  runner.set_deadline({});  // the last trainings' end is theirs
  set_later(run);
}

}  // namespace cupel
