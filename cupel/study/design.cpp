#include "cupel/study/design.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/study/confirm.hpp"
#include "cupel/study/finish.hpp"
#include "cupel/study/pick.hpp"

namespace cupel {
namespace {

/// Best error (squared error / variance on held-out rows) below which data count as exact.
constexpr double kExactData = 0.02;
/// Shares of a time limit after which search and confirmation start no further trial: the rest
/// is for training on all rows and the report.
constexpr double kSearchShare = 0.65, kConfirmShare = 0.85;

std::optional<Clock::time_point> deadline(Clock::time_point start, double limit_s, double share) {
  if (limit_s <= 0) return std::nullopt;
  return start + std::chrono::duration_cast<Clock::duration>(
                     std::chrono::duration<double>(share * limit_s));
}

MethodOptions method_options(const Recipe& recipe, const RecipeContext& context, int trials) {
  const DesignOptions& given = *context.options;
  MethodOptions options = recipe.search_options(context);
  if (given.population > 0) options.population = given.population;
  if (given.generations > 0) options.generations = given.generations;
  if (given.tournament > 0) options.tournament = given.tournament;
  if (given.operators != "auto") options.thesis_operators = given.operators == "thesis";
  if (given.crossover >= 0) options.crossover_probability = given.crossover;
  if (given.mutation >= 0) options.mutation_probability = given.mutation;
  if (given.jumping_genes >= 0) options.jumping_gene_probability = given.jumping_genes;
  // At least half of the trials follow the scores.
  const auto opening = static_cast<std::size_t>(std::max(options.population, trials / 2));
  if (options.first.size() > opening) options.first.resize(opening);
  return options;
}

std::vector<Trial> search(TrialRunner& runner, const Recipe& recipe, const RecipeContext& context,
                          const Plan& plan) {
  const Space space = recipe.space(context);
  check_space(space);
  std::vector<Trial> trials;
  double lowest = std::numeric_limits<double>::infinity();
  const auto evaluate = [&](std::span<const Candidate> candidates) {
    // Noisy data end the search at noisy_trials exactly.
    const auto room = static_cast<std::size_t>(
        std::max<std::ptrdiff_t>(0, plan.noisy_trials - std::ssize(trials)));
    if (lowest > kExactData && candidates.size() > room) candidates = candidates.first(room);
    std::vector<TrialRequest> requests;
    for (const Candidate& candidate : candidates) requests.push_back({candidate});
    std::vector<Score> scores;
    for (Trial& trial : runner.run(requests)) {
      scores.push_back(trial.score);
      if (const Json* error = trial.measures.find("nmse"))
        lowest = std::min(lowest, error->as_number());
      trial.networks.clear();
      trials.push_back(std::move(trial));
    }
    return scores;
  };
  find_method(context.options->search)
      .run(space, evaluate, method_options(recipe, context, plan.noisy_trials),
           mix_seed({static_cast<std::uint64_t>(context.options->seed), 0x5EA2C4}));
  return trials;
}

std::vector<Trial> confirm(TrialRunner& runner, StudyData& data, const DesignOptions& options,
                           std::span<const Trial> trials, const std::vector<int>& candidates,
                           int repeats) {
  add_repeats(data, repeats, static_cast<std::uint64_t>(options.seed));
  std::vector<TrialRequest> requests;
  for (int repeat = 1; repeat <= repeats; ++repeat)
    for (int k : candidates)
      requests.push_back({trials[k].candidate, repeat, trials[k].number});
  runner.begin_stage("confirm", static_cast<int>(requests.size()));
  std::vector<Trial> confirmations = runner.run(requests);
  // Whole repeats only: every candidate is to be judged on the same rows.
  confirmations.resize(confirmations.size() / candidates.size() * candidates.size());
  return confirmations;
}

std::string explain(const DesignResult& result, const Pick& pick, const DesignOptions& options) {
  const char* rows = options.as_published() ? "test" : "held-out";
  const FrontMember& member = result.front[pick.index];
  const auto size = [](const FrontMember& m) { return parameter_count(m.plan.topology); };
  const auto share = [](double error) { return 100 * std::sqrt(error); };
  if (pick.index == pick.best)
    return fmt::format(
        "It has the lowest error on {} rows ({:.3g} % of the target's spread), and every "
        "smaller network is worse by more than one standard error.",
        rows, share(pick.error));
  return fmt::format(
      "It is the smallest network ({} weights) whose error on {} rows ({:.3g} % of the "
      "target's spread) is within one standard error of the best one's ({:.3g} %, {} weights).",
      size(member), rows, share(pick.error), share(pick.best_error), size(result.front[pick.best]));
}

Pick pick_member(const DesignResult& result) {
  std::vector<SizedErrors> sized;
  for (const FrontMember& member : result.front)
    sized.push_back({parameter_count(member.plan.topology), member.block_errors});
  return one_standard_error(sized);
}

/// The stored trial of the pick that has fold networks of honest scores: its first confirmation,
/// or its search trial.
std::pair<int, int> scored_trial(const DesignResult& result,
                                 std::span<const Trial> confirmations) {
  const int number = picked_member(result).trial.number;
  for (const Trial& trial : confirmations)
    if (trial.measures.at("confirms").as_integer() == number)
      return {trial.number, static_cast<int>(trial.measures.at("repeat").as_integer())};
  return {number, 0};
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

std::vector<int> candidates_of(const DesignResult& result) {
  const int all = static_cast<int>(result.trials.size());
  std::vector<int> candidates = worth_confirming(
      result.trials, result.plan.confirmed > 0 ? result.plan.confirmed : all);
  if (candidates.empty())
    nothing_trained(all == 0 ? "no trial ended in the time given" : first_reason(result.trials));
  return candidates;
}

void set_front(const RecipeContext& context, const Recipe& recipe,
               const std::vector<int>& candidates, std::span<const Trial> confirmations,
               DesignResult& result) {
  result.confirmations = static_cast<int>(confirmations.size());
  result.front = confirmed_front(context, recipe, result.trials, candidates, confirmations);
  if (result.front.empty()) nothing_trained(first_reason(confirmations));
  const Pick pick = pick_member(result);
  result.picked = pick.index;
  result.why = explain(result, pick, *context.options);
}

DesignResult& interrupted(DesignResult& result) {
  result.end = DesignEnd::interrupted;
  return result;
}

}  // namespace

const FrontMember& picked_member(const DesignResult& result) {
  return result.front[static_cast<std::size_t>(result.picked)];
}

DesignResult run_design(StudyData& data, const DesignOptions& options, StudyFile& study,
                        const ProgressSink& sink, std::stop_token stop) {
  const auto start = Clock::now();
  const Recipe& recipe = find_recipe(options.recipe);
  const RecipeContext context{&data, &options, stop};
  DesignResult result;
  result.plan = plan_budget(recipe, context);
  TrialRunner runner(study, recipe, context, sink);
  runner.begin_stage("search", result.plan.trials);
  runner.set_deadline(deadline(start, options.time_limit_s, kSearchShare));
  result.trials = search(runner, recipe, context, result.plan);
  result.search_s = std::chrono::duration<double>(Clock::now() - start).count();
  if (runner.stopped()) return interrupted(result);
  const std::vector<int> candidates = candidates_of(result);
  std::vector<Trial> confirmations;
  runner.set_deadline(deadline(start, options.time_limit_s, kConfirmShare));
  if (result.plan.confirm_repeats > 0 && !runner.out_of_time())
    confirmations =
        confirm(runner, data, options, result.trials, candidates, result.plan.confirm_repeats);
  if (runner.stopped()) return interrupted(result);
  result.end = runner.out_of_time() ? DesignEnd::time_limit : DesignEnd::complete;
  result.failed_trials = runner.failed();
  set_front(context, recipe, candidates, confirmations, result);
  refit_front(context, recipe, study, result, sink);
  if (runner.stopped()) return interrupted(result);
  const auto [number, repeat] = scored_trial(result, confirmations);
  measure_pick(context, *study.trial(number), repeat, result);
  result.baselines = measure_baselines(data);
  result.model = make_model(context, recipe, result);
  return result;
}

}  // namespace cupel
