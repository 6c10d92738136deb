#include "cupel/study/recipes/averaged_networks.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>

#include "cupel/base/rng.hpp"
#include "cupel/parallel/parallel_for.hpp"
#include "cupel/study/average.hpp"
#include "cupel/study/confirm.hpp"
#include "cupel/study/held_out.hpp"
#include "cupel/study/later_rows.hpp"
#include "cupel/study/pick.hpp"
#include "cupel/study/search_flow.hpp"

namespace cupel {
namespace {

/// Structures averaged at most. Beyond the first few, none worse than the best by more than this
/// factor of squared error: where errors are small they differ much, and still average out.
constexpr int kMostAveraged = 8, kAlwaysAveraged = 4;
constexpr double kWorthAveraging = 1.25;
/// Networks in the average at most; fewer where one training is long.
constexpr int kMostNetworks = 24;
constexpr double kAverageWork = 2e11;

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

/// Rows of a repeat in the order in which held_out_values has them.
Matrix measured_values(const DesignRun& run, std::size_t repeat) {
  std::vector<int> rows;
  for (const FoldData& fold : run.data->repeats[repeat])
    rows.insert(rows.end(), fold.validation_rows.begin(), fold.validation_rows.end());
  return run.data->design_values(rows, Eigen::all);
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

/// Each fold's networks of all candidates, `trials` one a candidate, as shares of their average.
std::vector<FoldNetworks> mixed_folds(const DesignRun& run, const std::vector<Averaged>& best,
                                      const Matrix& weights, const std::vector<FoldData>& folds,
                                      const std::vector<const Trial*>& trials) {
  std::vector<FoldNetworks> all;
  for (std::size_t k = 0; k < folds.size(); ++k) {
    FoldNetworks here{&folds[k], {}};
    for (std::size_t j = 0; j < best.size(); ++j)
      for (Member& member : best[j].run->recipe->members(context_of(run, *best[j].run),
                                                         best[j].trial, {trials[j]->networks[k]})) {
        scale(member, weights.row(static_cast<Eigen::Index>(j)), 1);
        here.networks.push_back(std::move(member));
      }
    all.push_back(std::move(here));
  }
  return all;
}

}  // namespace

RecipeContext context_of(const DesignRun& run, const RecipeRun& one) {
  return {.data = run.context.data,
          .options = &one.options,
          .stop = run.context.stop,
          .asked = run.context.asked};
}

std::vector<Averaged> best_candidates(const DesignRun& run, const std::deque<RecipeRun>& runs) {
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
  for (const RecipeRun& one : runs)
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
    if (run.context.stop.stop_requested()) networks[static_cast<std::size_t>(k)].reset();
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

std::vector<FoldNetworks> average_folds(const DesignRun& run, const std::vector<Averaged>& best,
                                        const Matrix& weights) {
  const auto repeat = best.front().confirmations.front().measures.at("repeat").as_integer();
  std::vector<const Trial*> trials;
  for (const Averaged& one : best) trials.push_back(&one.confirmations.front());
  return mixed_folds(run, best, weights, run.data->folds_of(static_cast<int>(repeat)), trials);
}

std::vector<FoldNetworks> average_later(DesignRun& run, const std::vector<Averaged>& best,
                                        const Matrix& weights, int first_number) {
  if (run.result.end == DesignEnd::time_limit) return {};
  std::vector<Trial> made;
  for (const Averaged& one : best) {
    TrialRunner runner(*run.study, *one.run->recipe, context_of(run, *one.run), run.sink,
                       first_number + static_cast<int>(made.size()));
    runner.set_deadline(confirm_deadline(run));
    std::vector<Trial> trials =
        later_trials(*run.data, *run.context.options, runner, {&one.trial.candidate, 1});
    if (runner.out_of_time()) run.result.end = DesignEnd::time_limit;
    if (trials.size() != 1 || trials[0].state != TrialState::complete) return {};
    made.push_back(std::move(trials[0]));
  }
  std::vector<const Trial*> trials;
  for (const Trial& trial : made) trials.push_back(&trial);
  return mixed_folds(run, best, weights, run.data->later, trials);
}

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

}  // namespace cupel
