// Recipe auto: tries the other recipes with small budgets, gives the rest of the budget to those
// that do best, and averages the best networks of all runs where that helps on held-out rows.
// docs/methods/auto.md.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <numeric>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/study/confirm.hpp"
#include "cupel/study/pick.hpp"
#include "cupel/study/recipes/all.hpp"
#include "cupel/study/recipes/averaged_networks.hpp"
#include "cupel/study/search_flow.hpp"
#include "cupel/study/short_time.hpp"

namespace cupel {
namespace {

constexpr std::array<std::string_view, 2> kObjectives = {"held-out error", "weights"};
/// Share of the trials for the first look at every recipe, and the fewest that tell anything.
constexpr double kLookShare = 0.4;
constexpr int kFewestTrials = 24;
/// A recipe is promising when its error is within this factor of the best one's.
constexpr double kPromising = 1.1;
constexpr int kMostFinished = 2;

/// Recipes that score candidates fold by fold and again on other folds: what they find can be
/// compared and averaged.
std::vector<const Recipe*> participants() {
  std::vector<const Recipe*> all;
  for (const Recipe& recipe : recipes())
    if (recipe.flow == search_and_confirm) all.push_back(&recipe);
  return all;
}

/// Runs a recipe on `trials` of the budget; its trials are numbered on from `first_number`.
/// False when it could not train anything.
bool run_recipe(DesignRun& run, RecipeRun& one, int trials, int& first_number) {
  one.options.recipe = std::string(one.recipe->name);
  one.options.trials = trials;
  if (one.options.confirm < 0) one.options.confirm = std::max(1, run.result.plan.confirm_repeats);
  const RecipeContext context = context_of(run, one);
  TrialRunner runner(*run.study, *one.recipe, context, run.sink, first_number);
  DesignRun inner{run.data, context, one.recipe, run.study, &runner, run.sink, run.start, true};
  inner.result.plan = plan_budget(*one.recipe, context);
  inner.result.plan.confirmed = std::max(inner.result.plan.confirmed, run.result.plan.confirmed);
  bool trained = true;
  try {
    one.recipe->flow(inner);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::runtime || error.kind() == ErrorKind::bad_data) throw;
    trained = false;
  }
  first_number = runner.next_number();
  run.result.failed_trials += runner.failed();
  if (runner.out_of_time()) run.result.end = DesignEnd::time_limit;
  if (inner.result.end == DesignEnd::time_limit) run.result.end = DesignEnd::time_limit;
  one.result = std::move(inner.result);
  return trained;
}

void add_trials(DesignRun& run, const RecipeRun& one) {
  for (const Trial& trial : one.result.trials) {
    run.result.trials.push_back(trial);
    Trial& added = run.result.trials.back();
    if (added.state != TrialState::complete) continue;
    added.score.objectives = {added.measures.at("nmse").as_number(),
                              static_cast<double>(added.measures.at("parameters").as_integer())};
  }
  run.result.confirmations += one.result.confirmations;
}

/// Single networks of all runs as one front; the pick among them has the lowest error.
void set_singles(DesignRun& run, const std::deque<RecipeRun>& runs) {
  DesignResult& result = run.result;
  std::vector<FrontMember> all;
  for (const RecipeRun& one : runs)
    for (const FrontMember& member : one.result.front) all.push_back(member);
  for (FrontMember& member : all) {
    const bool dominated = std::any_of(all.begin(), all.end(), [&](const FrontMember& other) {
      return other.error <= member.error && other.parameters <= member.parameters &&
             (other.error < member.error || other.parameters < member.parameters);
    });
    if (dominated) continue;
    FrontMember kept = member;
    kept.objectives = {kept.error, static_cast<double>(kept.parameters)};
    result.front.push_back(std::move(kept));
  }
  std::stable_sort(
      result.front.begin(), result.front.end(),
      [](const FrontMember& a, const FrontMember& b) { return a.parameters < b.parameters; });
  for (std::size_t k = 0; k < result.front.size(); ++k)
    if (result.picked < 0 || result.front[k].error < result.front[result.picked].error)
      result.picked = static_cast<int>(k);
  const int trial = result.front[result.picked].trial;
  for (const RecipeRun& one : runs)
    if (one.result.picked >= 0 && picked_member(one.result).trial == trial)
      result.folds = one.result.folds;
}

std::string look_at_data(const DesignRun& run) {
  const StudyData& data = *run.data;
  return fmt::format("The data: {} rows for design, {} inputs{}.", data.split.design.size(),
                     data.encoder.columns.size(),
                     data.ordered() ? ", in time order" : ", without an order");
}

std::string share_text(double error) { return fmt::format("{:.3g} %", 100 * std::sqrt(error)); }

std::string explain_runs(const std::deque<RecipeRun>& runs,
                         const std::vector<std::string>& failed) {
  std::string text = " Tried:";
  for (const RecipeRun& one : runs)
    text += fmt::format("{} {} with {} candidates ({} of the target's spread)",
                        &one == &runs.front() ? "" : ",", one.recipe->name,
                        one.result.trials.size(), share_text(one.error()));
  for (const std::string& name : failed) text += fmt::format(", {} without a result", name);
  return text + ".";
}

/// First looks and finishing runs; trials are numbered on from `number`. False when stopped.
bool run_recipes(DesignRun& run, std::deque<RecipeRun>& runs, std::vector<std::string>& failed,
                 int& number) {
  const std::vector<const Recipe*> all = participants();
  const int trials = run.result.plan.noisy_trials;
  const bool one_only = all.size() == 1;
  const int look = one_only ? trials
                            : std::max(kFewestTrials, static_cast<int>(kLookShare * trials) /
                                                          static_cast<int>(all.size()));
  for (const Recipe* recipe : all) {
    runs.push_back({recipe, *run.context.options, {}});
    const bool trained = run_recipe(run, runs.back(), look, number);
    if (run.context.interrupted()) return false;
    if (!trained || runs.back().result.front.empty()) {
      failed.emplace_back(recipe->name);
      runs.pop_back();
    }
  }
  if (one_only || runs.empty()) return true;
  std::vector<std::size_t> order(runs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return runs[a].error() < runs[b].error(); });
  std::vector<const Recipe*> promising;
  for (const std::size_t k : order)
    if (static_cast<int>(promising.size()) < kMostFinished &&
        std::sqrt(runs[k].error()) <= kPromising * std::sqrt(runs[order.front()].error()))
      promising.push_back(runs[k].recipe);
  const int rest = trials - look * static_cast<int>(all.size());
  const int each = rest / static_cast<int>(promising.size());
  for (const Recipe* recipe : promising) {
    if (each < kFewestTrials || run.result.end == DesignEnd::time_limit) break;
    runs.push_back({recipe, *run.context.options, {}});
    // Another seed: the first look's candidates are known already.
    runs.back().options.seed = static_cast<std::int64_t>(
        mix_seed({static_cast<std::uint64_t>(run.context.options->seed), 0xF1415}) >> 12);
    if (!run_recipe(run, runs.back(), each, number) || runs.back().result.front.empty())
      runs.pop_back();
    if (run.context.interrupted()) return false;
  }
  return true;
}

void set_folds(DesignRun& run, const std::vector<Averaged>& pick, const Matrix& weights,
               int next_number) {
  run.result.folds = average_folds(run, pick, weights);
  run.result.later = average_later(run, pick, weights, next_number);
}

void flow(DesignRun& run) {
  std::deque<RecipeRun> runs;
  std::vector<std::string> failed;
  int number = 0;
  if (!run_recipes(run, runs, failed, number)) return;
  if (runs.empty() && run.result.end == DesignEnd::time_limit) no_time_for_a_network(*run.study);
  if (runs.empty())
    throw Error(ErrorKind::infeasible, "no recipe could train a network on these data",
                "check the data with 'cupel check', or give more time");
  DesignResult& result = run.result;
  for (const RecipeRun& one : runs) add_trials(run, one);
  set_singles(run, runs);
  result.single = result.picked;
  const FrontMember single = picked_member(result);
  result.why = look_at_data(run) + explain_runs(runs, failed);
  const std::string alone =
      fmt::format(" The best single network ({} weights) has {} on held-out rows",
                  single.parameters, share_text(single.error));
  const std::vector<Averaged> best = best_candidates(run, runs);
  if (best.size() < 2 || best.front().held_out.empty()) {
    result.why += alone + "; there was too little to average.";
    return;
  }
  const Matrix weights = weights_of(run, best);
  FrontMember average = average_member(run, best, weights);
  if (!(average.error < single.error)) {
    result.why += alone + fmt::format("; an average of {} would have {}: no help, so it is one.",
                                      best.size(), share_text(average.error));
    const auto place = std::find_if(best.begin(), best.end(), [&](const Averaged& one) {
      return one.trial.number == single.trial;
    });
    if (place != best.end()) set_folds(run, {*place}, Matrix::Ones(1, run.data->targets()), number);
    return;
  }
  average.networks = trained_members(run, best, weights);
  if (average.networks.empty()) {  // the end was asked for, or the time is over
    result.end = DesignEnd::time_limit;
    result.why += alone + "; the time limit ended before networks to average were trained.";
    return;
  }
  for (const Member& member : average.networks)
    average.parameters += static_cast<int>(member.network.parameters.size());
  average.structure =
      fmt::format("average of {} networks of {} structures", average.networks.size(), best.size());
  average.objectives = {average.error, static_cast<double>(average.parameters)};
  result.why += alone + fmt::format(
                            "; the average of {} networks of the {} best structures has {}, "
                            "so it is the pick.",
                            average.networks.size(), best.size(), share_text(average.error));
  set_folds(run, best, weights, number);
  result.front.push_back(std::move(average));
  result.picked = static_cast<int>(result.front.size()) - 1;
}

}  // namespace

const Recipe& auto_recipe() {
  static const Recipe recipe = [] {
    Recipe made = qnn_recipe();  // its space and work count the budget
    made.name = "auto";
    made.summary = "tries the other recipes, finishes the best, averages where that helps";
    made.source = "this program (stacking: Wolpert 1992, Breiman 1996)";
    made.objectives = kObjectives;
    made.flow = flow;
    return made;
  }();
  return recipe;
}

}  // namespace cupel
