// Recipe auto: tries the other recipes with small budgets, gives the rest of the budget to those
// that do best, and averages the best networks of all runs where that helps on held-out rows.
// docs/methods/auto.md.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <map>
#include <mutex>
#include <numeric>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/parallel/parallel_for.hpp"
#include "cupel/study/average.hpp"
#include "cupel/study/confirm.hpp"
#include "cupel/study/held_out.hpp"
#include "cupel/study/pick.hpp"
#include "cupel/study/recipes/all.hpp"
#include "cupel/study/search_flow.hpp"

namespace cupel {
namespace {

constexpr std::array<std::string_view, 2> kObjectives = {"held-out error", "weights"};
/// Share of the trials for the first look at every recipe, and the fewest that tell anything.
constexpr double kLookShare = 0.4;
constexpr int kFewestTrials = 24;
/// A recipe is promising when its error is within this factor of the best one's.
constexpr double kPromising = 1.1;
constexpr int kMostFinished = 2;
/// Structures averaged at most. Beyond the first few, none worse than the best by more than this
/// factor of squared error: where errors are small they differ much, and still average out.
constexpr int kMostAveraged = 8, kAlwaysAveraged = 4;
constexpr double kWorthAveraging = 1.25;
/// Networks in the average at most; fewer where one training is long.
constexpr int kMostNetworks = 24;
constexpr double kAverageWork = 2e11;

/// A run of one recipe within the study.
struct Run {
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
  const Run* run = nullptr;
  Trial trial;                       ///< of the search
  std::vector<Trial> confirmations;  ///< one a repeat, with networks
  double error = 0;
  /// One a repeat, [held-out rows x targets], as networks are mixed: comparable_values().
  std::vector<Matrix> held_out;
};

RecipeContext context_of(const DesignRun& run, const Run& one) {
  return {run.context.data, &one.options, run.context.stop};
}

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
bool run_recipe(DesignRun& run, Run& one, int trials, int& first_number) {
  one.options.recipe = std::string(one.recipe->name);
  one.options.trials = trials;
  if (one.options.confirm < 0) one.options.confirm = std::max(1, run.result.plan.confirm_repeats);
  const RecipeContext context = context_of(run, one);
  TrialRunner runner(*run.study, *one.recipe, context, run.sink, first_number);
  DesignRun inner{run.data, context, one.recipe, run.study, &runner, run.sink, run.start};
  inner.result.plan = plan_budget(*one.recipe, context);
  inner.result.plan.confirmed = std::max(inner.result.plan.confirmed, run.result.plan.confirmed);
  bool trained = true;
  try {
    one.recipe->flow(inner);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::infeasible && error.kind() != ErrorKind::usage) throw;
    trained = false;
  }
  first_number = runner.next_number();
  run.result.failed_trials += runner.failed();
  if (runner.out_of_time()) run.result.end = DesignEnd::time_limit;
  one.result = std::move(inner.result);
  return trained;
}

void add_trials(DesignRun& run, const Run& one) {
  for (const Trial& trial : one.result.trials) {
    run.result.trials.push_back(trial);
    Trial& added = run.result.trials.back();
    if (added.state != TrialState::complete) continue;
    added.score.objectives = {added.measures.at("nmse").as_number(),
                              static_cast<double>(added.measures.at("parameters").as_integer())};
  }
  run.result.confirmations += one.result.confirmations;
}

Matrix held_out_values(const DesignRun& run, const Averaged& one, const Trial& confirmation) {
  const auto repeat = static_cast<std::size_t>(confirmation.measures.at("repeat").as_integer());
  const auto& folds = run.data->repeats[repeat];
  HeldOut held_out(*run.data);
  for (std::size_t k = 0; k < folds.size(); ++k) {
    const auto members =
        one.run->recipe->members(context_of(run, *one.run), one.trial, {confirmation.networks[k]});
    held_out.add(folds[k],
                 predict_scaled(members, run.data->targets(), folds[k].validation_inputs));
  }
  return comparable_values(run.data->encoder, held_out.predicted());
}

/// Back from comparable_values().
Matrix own_values(const Encoder& encoder, Matrix values) {
  for (Eigen::Index t = 0; t < values.cols(); ++t)
    if (encoder.targets[static_cast<std::size_t>(t)].log)
      values.col(t) = values.col(t).array().exp();
  return values;
}

/// The best confirmed candidates of all runs, each with as many confirmations as the others.
std::vector<Averaged> best_candidates(const DesignRun& run, const std::deque<Run>& runs) {
  std::map<int, std::vector<int>> confirmations;
  std::map<int, double> errors;
  for (const Trial& trial : run.study->trials())
    if (trial.measures.find("confirms") && trial.state == TrialState::complete) {
      const int of = static_cast<int>(trial.measures.at("confirms").as_integer());
      confirmations[of].push_back(trial.number);
      errors[of] += mean_error(SizedErrors{0, errors_of(trial)});
    }
  std::size_t repeats = 0;
  for (const auto& [of, numbers] : confirmations) repeats = std::max(repeats, numbers.size());
  std::vector<Averaged> all;
  for (const Run& one : runs)
    for (const Trial& trial : one.result.trials) {
      const auto found = confirmations.find(trial.number);
      if (found == confirmations.end() || found->second.size() != repeats) continue;
      Averaged candidate{.run = &one, .trial = trial};
      candidate.error = errors[trial.number] / static_cast<double>(repeats);
      all.push_back(std::move(candidate));
    }
  std::stable_sort(all.begin(), all.end(),
                   [](const Averaged& a, const Averaged& b) { return a.error < b.error; });
  std::vector<Averaged> best;
  for (Averaged& candidate : all) {
    if (static_cast<int>(best.size()) == kMostAveraged) break;
    const bool near = candidate.error <= kWorthAveraging * all.front().error;
    if (static_cast<int>(best.size()) >= kAlwaysAveraged && !near) break;
    candidate.trial = *run.study->trial(candidate.trial.number);
    // One network a fold: what a stack or an elimination path keeps is not averaged here.
    if (candidate.trial.networks.size() != run.data->repeats.front().size()) continue;
    for (const int number : confirmations[candidate.trial.number])
      candidate.confirmations.push_back(*run.study->trial(number));
    for (const Trial& confirmation : candidate.confirmations)
      candidate.held_out.push_back(held_out_values(run, candidate, confirmation));
    best.push_back(std::move(candidate));
  }
  return best;
}

/// Rows of a repeat in the order in which held_out_values has them.
Matrix measured_values(const DesignRun& run, std::size_t repeat) {
  std::vector<int> rows;
  for (const FoldData& fold : run.data->repeats[repeat])
    rows.insert(rows.end(), fold.validation_rows.begin(), fold.validation_rows.end());
  return run.data->design_values(rows, Eigen::all);
}

/// Weights [candidates x targets], from the held-out predictions of all repeats.
Matrix weights_of(const DesignRun& run, const std::vector<Averaged>& best) {
  Matrix weights(static_cast<Eigen::Index>(best.size()), run.data->targets());
  for (int t = 0; t < run.data->targets(); ++t) {
    Matrix predictions;
    Vector measured;
    for (std::size_t r = 0; r < best.front().held_out.size(); ++r) {
      const auto repeat = static_cast<std::size_t>(
          best.front().confirmations[r].measures.at("repeat").as_integer());
      const Vector here = comparable_values(run.data->encoder, measured_values(run, repeat)).col(t);
      const Eigen::Index before = measured.size();
      predictions.conservativeResize(before + here.size(), weights.rows());
      measured.conservativeResize(before + here.size());
      measured.tail(here.size()) = here;
      for (std::size_t j = 0; j < best.size(); ++j)
        predictions.col(static_cast<Eigen::Index>(j)).tail(here.size()) =
            best[j].held_out[r].col(t);
    }
    weights.col(t) = stacking_weights(predictions, measured);
  }
  return weights;
}

/// A network's share in the average, output by output.
void scale(Member& member, const Vector& of_targets, double share) {
  for (Eigen::Index o = 0; o < member.weights.size(); ++o) {
    const auto target = member.targets.empty() ? o : member.targets[static_cast<std::size_t>(o)];
    member.weights[o] *= share * of_targets[target];
  }
}

int networks_each(const DesignRun& run, const std::vector<Averaged>& best) {
  double work = 0;
  for (const Averaged& one : best)
    work += one.run->recipe->work(context_of(run, *one.run), one.trial.candidate);
  const int most = kMostNetworks / static_cast<int>(best.size());
  return std::clamp(static_cast<int>(std::min(kAverageWork / std::max(work, 1.0), 1e6)), 1,
                    std::max(most, 1));
}

/// Every candidate trained on all design rows from several starts.
std::vector<Member> trained_members(DesignRun& run, const std::vector<Averaged>& best,
                                    const Matrix& weights) {
  const int each = networks_each(run, best), count = each * static_cast<int>(best.size());
  std::vector<std::optional<Mlp>> networks(static_cast<std::size_t>(count));
  const int jobs = run.context.options->jobs > 0 ? run.context.options->jobs : processor_count();
  Progress progress{.stage = "refit", .total = count};
  std::mutex guard;
  parallel_for(count, jobs, [&](int k) {
    if (run.context.stop.stop_requested()) return;
    const Averaged& one = best[static_cast<std::size_t>(k / each)];
    Trial from_scratch = one.trial;
    from_scratch.networks.clear();
    const std::uint64_t seed = mix_seed({static_cast<std::uint64_t>(run.context.options->seed),
                                         0xA7E2A6E, static_cast<std::uint64_t>(one.trial.number),
                                         static_cast<std::uint64_t>(k % each)});
    networks[static_cast<std::size_t>(k)] =
        one.run->recipe->refit(context_of(run, *one.run), from_scratch, 1, seed);
    const std::lock_guard lock(guard);
    ++progress.done;
    if (run.sink) run.sink(progress);
  });
  std::vector<Member> members;
  for (int k = 0; k < count; ++k) {
    const std::size_t j = static_cast<std::size_t>(k / each);
    if (!networks[static_cast<std::size_t>(k)]) return {};
    for (Member& member : best[j].run->recipe->members(context_of(run, *best[j].run), best[j].trial,
                                                       {*networks[static_cast<std::size_t>(k)]})) {
      scale(member, weights.row(static_cast<Eigen::Index>(j)), 1.0 / each);
      members.push_back(std::move(member));
    }
  }
  return members;
}

/// The average as the folds of its first repeat see it.
std::vector<FoldNetworks> average_folds(const DesignRun& run, const std::vector<Averaged>& best,
                                        const Matrix& weights) {
  const auto repeat = static_cast<std::size_t>(
      best.front().confirmations.front().measures.at("repeat").as_integer());
  const auto& folds = run.data->repeats[repeat];
  std::vector<FoldNetworks> all;
  for (std::size_t k = 0; k < folds.size(); ++k) {
    FoldNetworks here{&folds[k], {}};
    for (std::size_t j = 0; j < best.size(); ++j)
      for (Member& member :
           best[j].run->recipe->members(context_of(run, *best[j].run), best[j].trial,
                                        {best[j].confirmations.front().networks[k]})) {
        scale(member, weights.row(static_cast<Eigen::Index>(j)), 1);
        here.networks.push_back(std::move(member));
      }
    all.push_back(std::move(here));
  }
  return all;
}

/// The average as a member of the front, with the errors of its held-out predictions.
FrontMember average_member(const DesignRun& run, const std::vector<Averaged>& best,
                           const Matrix& weights) {
  FrontMember average{.trial = best.front().trial.number};
  const auto repeats = static_cast<double>(best.front().held_out.size());
  std::vector<ErrorFigures> sums(static_cast<std::size_t>(run.data->targets()));
  for (std::size_t r = 0; r < best.front().held_out.size(); ++r) {
    const auto repeat =
        static_cast<std::size_t>(best.front().confirmations[r].measures.at("repeat").as_integer());
    const Matrix measured = measured_values(run, repeat);
    Matrix predicted = Matrix::Zero(measured.rows(), measured.cols());
    for (std::size_t j = 0; j < best.size(); ++j)
      predicted += best[j].held_out[r] * weights.row(static_cast<Eigen::Index>(j)).asDiagonal();
    Trial scored;
    record_errors(*run.data, measured, own_values(run.data->encoder, predicted), scored);
    average.error += scored.measures.at("nmse").as_number() / repeats;
    std::size_t t = 0;
    for (const auto& [name, json] : scored.measures.at("validation").as_object()) {
      const ErrorFigures figures = error_figures_from_json(json);
      sums[t].rmse += figures.rmse / repeats;
      sums[t].mae += figures.mae / repeats;
      sums[t].mape += figures.mape / repeats;
      sums[t].r2 += figures.r2 / repeats;
      sums[t++].correlation += figures.correlation / repeats;
    }
  }
  average.validation = std::move(sums);
  average.block_errors = {average.error};
  return average;
}

/// Single networks of all runs as one front; the pick among them by the one-standard-error rule.
void set_singles(DesignRun& run, const std::deque<Run>& runs) {
  DesignResult& result = run.result;
  std::vector<FrontMember> all;
  for (const Run& one : runs)
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
  for (const Run& one : runs)
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

std::string explain_runs(const std::deque<Run>& runs, const std::vector<std::string>& failed) {
  std::string text = " Tried:";
  for (const Run& one : runs)
    text += fmt::format("{} {} with {} candidates ({} of the target's spread)",
                        &one == &runs.front() ? "" : ",", one.recipe->name,
                        one.result.trials.size(), share_text(one.error()));
  for (const std::string& name : failed) text += fmt::format(", {} without a result", name);
  return text + ".";
}

/// First looks and finishing runs. False when stopped.
bool run_recipes(DesignRun& run, std::deque<Run>& runs, std::vector<std::string>& failed) {
  const std::vector<const Recipe*> all = participants();
  const int trials = run.result.plan.noisy_trials;
  const bool one_only = all.size() == 1;
  const int look = one_only ? trials
                            : std::max(kFewestTrials, static_cast<int>(kLookShare * trials) /
                                                          static_cast<int>(all.size()));
  int number = 0;
  for (const Recipe* recipe : all) {
    runs.push_back({recipe, *run.context.options, {}});
    const bool trained = run_recipe(run, runs.back(), look, number);
    if (run.context.stop.stop_requested()) return false;
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
    if (run.context.stop.stop_requested()) return false;
  }
  return true;
}

void flow(DesignRun& run) {
  std::deque<Run> runs;
  std::vector<std::string> failed;
  if (!run_recipes(run, runs, failed)) return;
  if (runs.empty())
    throw Error(ErrorKind::infeasible, "no recipe could train a network on these data",
                "check the data with 'cupel check', or give more time");
  DesignResult& result = run.result;
  for (const Run& one : runs) add_trials(run, one);
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
    return;
  }
  average.networks = trained_members(run, best, weights);
  if (average.networks.empty()) return;
  for (const Member& member : average.networks)
    average.parameters += static_cast<int>(member.network.parameters.size());
  average.structure =
      fmt::format("average of {} networks of {} structures", average.networks.size(), best.size());
  average.objectives = {average.error, static_cast<double>(average.parameters)};
  result.why += alone + fmt::format(
                            "; the average of {} networks of the {} best structures has {}, "
                            "so it is the pick.",
                            average.networks.size(), best.size(), share_text(average.error));
  result.folds = average_folds(run, best, weights);
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
