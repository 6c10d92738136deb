#include "cupel/study/recipes/oa_ann_paper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/search/adapters/ant_colony.hpp"
#include "cupel/study/recipes/elimination.hpp"
#include "cupel/study/recipes/masked_network.hpp"
#include "cupel/study/recipes/published_structure.hpp"
#include "cupel/study/recipes/single_network.hpp"
#include "cupel/study/short_time.hpp"

namespace cupel {
namespace {

constexpr int kNeurons = 10;  ///< P_max
constexpr int kAnts = 64, kGenerations = 200;
/// The search ends when Σ diag(cov_p) has not fallen by this share over so many generations.
constexpr double kLeastFall = 0.01;
constexpr int kPatience = 10;
/// γ′: so many times the training error of the best of so many full networks with ridge 1.
constexpr double kSlack = 1.15;
constexpr int kFullStarts = 10;
/// On a fold the structure is given: more starts, so that its weights are as good.
constexpr int kFoldStarts = 5;
constexpr double kSearchShare = 0.8;

enum Gene { kTarget, kFold, kBinaries };

int neurons(const RecipeContext& context) {
  return context.options->max_neurons > 0 ? context.options->max_neurons : kNeurons;
}

PublishedStructure structure_of(const RecipeContext& context, const Candidate& candidate) {
  return structure_from(std::span(candidate).subspan(kBinaries), context.data->encoder.inputs(),
                        neurons(context));
}

/// γ′ of a target in scaled units.
double allowed_rmse(const RecipeContext& context, int target) {
  const StudyData& data = *context.data;
  if (context.options->training_rmse > 0)
    return context.options->training_rmse *
           data.encoder.targets[static_cast<std::size_t>(target)].factor;
  const Vector values = data.design_targets.col(target);
  const double mean = values.mean(), deviation = std::sqrt((values.array() - mean).square().mean());
  const Vector standard = (values.array() - mean) / deviation;
  const EliminationOptions full{.hidden = neurons(context),
                                .ridge = 1,
                                .kernels = context.options->kernels,
                                .stop = context.stop};
  const auto seed = static_cast<std::uint64_t>(context.options->seed);
  return kSlack * deviation *
         full_network_rmse(PackedSamples(data.design_inputs, standard), full, kFullStarts,
                           mix_seed({seed, 0xF011, static_cast<std::uint64_t>(target)}));
}

struct Found {
  int trial = -1;  ///< number; -1: nothing that trains to γ′
  double trace = std::numeric_limits<double>::infinity();
  double mean_uncertainty = 0, training_rmse = 0;
  int structures = 0, generations = 0;
  double allowed = 0;  ///< γ′, scaled
};

/// The ant colony's way through the structures of one target.
class StructureSearch {
 public:
  StructureSearch(DesignRun& run, int target) : run_(run), target_(target) {
    found_.allowed = allowed_rmse(run.context, target);
  }

  Found go() {
    Space space = paper_space(run_.context);
    space.genes.erase(space.genes.begin(), space.genes.begin() + kBinaries);
    const DesignOptions& options = *run_.context.options;
    run_ant_colony(
        space, [&](std::span<const Candidate> batch) { return evaluate(batch); },
        {.population = options.population > 0 ? options.population : kAnts,
         .generations = options.generations > 0 ? options.generations : kGenerations},
        mix_seed({static_cast<std::uint64_t>(options.seed), 0xA275,
                  static_cast<std::uint64_t>(target_)}));
    found_.structures = static_cast<int>(scores_.size());
    return found_;
  }

 private:
  std::vector<Score> evaluate(std::span<const Candidate> batch) {
    if (ended()) return {};
    std::vector<TrialRequest> requests;
    std::vector<std::size_t> places;
    for (const Candidate& one : batch) {
      const Candidate candidate = form(one);
      const auto [known, is_new] =
          place_of_.try_emplace(candidate, scores_.size() + requests.size());
      places.push_back(known->second);
      if (is_new) requests.push_back({.candidate = candidate});
    }
    for (Trial& trial : run_.runner->run(requests)) take(std::move(trial));
    least_.push_back(found_.trace);
    ++found_.generations;
    std::vector<Score> scores;
    for (const std::size_t place : places) {
      if (place >= scores_.size()) break;
      scores.push_back(scores_[place]);
    }
    return scores;
  }

  /// The trial's candidate: every constraint kept, so that equal networks are equal.
  Candidate form(const Candidate& binaries) const {
    const PublishedStructure structure =
        constrained(structure_from(binaries, run_.data->encoder.inputs(), neurons(run_.context)));
    Candidate candidate = {static_cast<double>(target_), -1};
    for (const double gene : genes_of(structure)) candidate.push_back(gene);
    return candidate;
  }

  void take(Trial trial) {
    Score score{.failed = true};
    if (trial.state == TrialState::complete) {
      const double trace = trial.measures.at("cov_trace").as_number(),
                   rmse = trial.measures.at("train_rmse").as_number();
      score = {.objectives = {trace}, .violation = std::max(0.0, rmse / found_.allowed - 1)};
      if (score.violation == 0 && trace < found_.trace) {
        found_.trial = trial.number;
        found_.trace = trace;
        found_.training_rmse = rmse;
        found_.mean_uncertainty = trial.measures.at("mean_uncertainty").as_number();
      }
    }
    scores_.push_back(score);
    trial.networks.clear();
    run_.result.trials.push_back(std::move(trial));
  }

  bool ended() const {
    const std::size_t now = least_.size();
    if (now <= kPatience) return false;
    const double before = least_[now - 1 - kPatience];
    return std::isfinite(before) && before - least_.back() < kLeastFall * before;
  }

  DesignRun& run_;
  int target_;
  Found found_;
  std::map<Candidate, std::size_t> place_of_;
  std::vector<Score> scores_;
  std::vector<double> least_;  ///< Σ diag(cov_p) of the best after each generation
};

[[noreturn]] void none_found(const DesignRun& run, int target, const Found& found) {
  const TargetScale& scale = run.data->encoder.targets[static_cast<std::size_t>(target)];
  throw Error(ErrorKind::infeasible,
              fmt::format("none of {} structures trains to the error that is asked for: {:.4g} {} "
                          "of '{}'",
                          found.structures, found.allowed / scale.factor, scale.unit, scale.name),
              "allow more with --training-rmse, or more --max-neurons or --generations");
}

/// The chosen structures on the folds, [target][fold].
std::vector<Trial> run_folds(DesignRun& run, const std::vector<Trial>& chosen) {
  std::vector<TrialRequest> requests;
  for (const Trial& trial : chosen)
    for (std::size_t fold = 0; fold < run.data->repeats.front().size(); ++fold) {
      requests.push_back({.candidate = trial.candidate});
      requests.back().candidate[kFold] = static_cast<double>(fold);
    }
  run.runner->set_deadline({});
  run.runner->begin_stage("folds", static_cast<int>(requests.size()));
  return run.runner->run(requests);
}

Member member_of(const Trial& trial) {
  return masked_member(trial.networks.front(),
                       {.target = static_cast<int>(trial.candidate[kTarget])});
}

void set_front(DesignRun& run, const std::vector<Trial>& chosen, const std::vector<Trial>& folds) {
  FrontMember member{.trial = chosen.front().number};
  for (const Trial& trial : chosen) member.networks.push_back(member_of(trial));
  HeldOut held_out(*run.data);
  const auto& parts = run.data->repeats.front();
  const bool whole = std::all_of(folds.begin(), folds.end(), [](const Trial& trial) {
    return trial.state == TrialState::complete;
  });
  if (!whole)
    throw Error(ErrorKind::infeasible, "the chosen structure could not be trained on every fold",
                "take fewer --folds, or the default mode");
  for (std::size_t k = 0; k < parts.size(); ++k) {
    FoldNetworks fold{.fold = &parts[k]};
    for (std::size_t target = 0; target < chosen.size(); ++target)
      fold.networks.push_back(member_of(folds[target * parts.size() + k]));
    held_out.add(parts[k],
                 predict_scaled(fold.networks, run.data->targets(), parts[k].validation_inputs));
    run.result.folds.push_back(std::move(fold));
  }
  describe_masked(member, held_out);
  run.result.front.push_back(std::move(member));
  run.result.picked = 0;
}

std::string explain(const DesignRun& run, const std::vector<Found>& found) {
  std::string text;
  for (std::size_t t = 0; t < found.size(); ++t) {
    const TargetScale& scale = run.data->encoder.targets[t];
    text += fmt::format(
        "{}Of {} structures in {} generations it has the least parameter variance (Σ diag {:.3g}, "
        "mean uncertainty {:.3g} on scaled training rows) among those that train to an error of "
        "{:.4g}: its own is {:.4g}.",
        t == 0 ? "" : fmt::format(" {}: ", scale.name), found[t].structures, found[t].generations,
        found[t].trace, found[t].mean_uncertainty, found[t].allowed / scale.factor,
        found[t].training_rmse / scale.factor);
  }
  return text;
}

}  // namespace

Space paper_space(const RecipeContext& context) {
  const StudyData& data = *context.data;
  const double folds = static_cast<double>(data.repeats.front().size());
  Space space;
  space.genes = {
      {.name = "target", .kind = GeneKind::integer, .low = 0, .up = data.targets() - 1.0},
      {.name = "fold", .kind = GeneKind::integer, .low = -1, .up = folds - 1}};
  const auto add = [&](std::string name) {
    space.genes.push_back({.name = std::move(name), .kind = GeneKind::integer, .low = 0, .up = 1});
  };
  const int inputs = data.encoder.inputs(), slots = neurons(context);
  for (int i = 0; i < inputs; ++i) add(fmt::format("U{}", i + 1));
  for (int j = 0; j < slots; ++j) add(fmt::format("P{}", j + 1));
  for (int j = 0; j < slots; ++j) add(fmt::format("A{}", j + 1));
  for (int j = 0; j < slots; ++j)
    for (int i = 0; i < inputs; ++i) add(fmt::format("B{}.{}", j + 1, i + 1));
  return space;
}

void run_paper_trial(const RecipeContext& context, int repeat, Trial& trial) {
  const StudyData& data = *context.data;
  const PublishedStructure structure = structure_of(context, trial.candidate);
  if (std::count(structure.neurons.begin(), structure.neurons.end(), 1) == 0)
    return fail_trial(trial, "no neuron is connected to an input and to the output");
  const auto target = static_cast<Eigen::Index>(trial.candidate[kTarget]);
  const auto fold = static_cast<int>(trial.candidate[kFold]);
  const FoldData* part = fold < 0 ? nullptr : &data.repeats[repeat][fold];
  const Matrix& inputs = part ? part->train_inputs : data.design_inputs;
  const Matrix targets = (part ? part->train_targets : data.design_targets).col(target);
  const int starts = std::max(context.options->starts, part ? kFoldStarts : 1);
  InnerSolution inner = solve_inner(network_of(structure), inputs, targets,
                                    {.starts = starts,
                                     .ipopt = context.options->inner == "ipopt",
                                     .kernels = context.options->kernels},
                                    trial.seed);
  if (!std::isfinite(inner.sse)) return fail_trial(trial, "training failed");
  if (!inner.identifiable && !part)
    return fail_trial(trial, "the parameters are not identifiable: the Jacobian is singular");
  const double mse = inner.sse / static_cast<double>(inputs.rows());
  const double variance = (targets.array() - targets.mean()).square().mean();
  trial.measures["cov_trace"] = inner.trace;
  trial.measures["mean_uncertainty"] = inner.mean_uncertainty;
  trial.measures["train_rmse"] = std::sqrt(mse);
  trial.measures["structure"] = masked_structure(inner.network);
  trial.measures["parameters"] = connection_count(inner.network);
  trial.measures["inputs"] = input_names(data.encoder, features_read(inner.network));
  trial.score.objectives = {mse / variance, static_cast<double>(connection_count(inner.network))};
  trial.networks.push_back(std::move(inner.network));
}

void design_as_in_paper(DesignRun& run) {
  const DesignOptions& options = *run.context.options;
  const int targets = run.data->targets();
  const int generations = options.generations > 0 ? options.generations : kGenerations;
  const int ants = options.population > 0 ? options.population : kAnts;
  run.result.plan = {.trials = targets * generations * ants};
  run.runner->set_deadline(deadline(run.start, options.time_limit_s, kSearchShare));
  run.runner->begin_stage("search", run.result.plan.trials);
  std::vector<Found> found;
  for (int target = 0; target < targets && !run.runner->stopped(); ++target)
    found.push_back(StructureSearch(run, target).go());
  run.result.search_s = std::chrono::duration<double>(Clock::now() - run.start).count();
  if (run.runner->stopped()) return;
  std::vector<Trial> chosen;
  for (int target = 0; target < targets; ++target) {
    if (run.result.trials.empty() && run.runner->out_of_time()) no_time_for_a_network(*run.study);
    if (found[static_cast<std::size_t>(target)].trial < 0)
      none_found(run, target, found[static_cast<std::size_t>(target)]);
    chosen.push_back(*run.study->trial(found[static_cast<std::size_t>(target)].trial));
  }
  const std::vector<Trial> folds = run_folds(run, chosen);
  if (run.runner->stopped()) return;
  if (folds.size() < chosen.size() * run.data->repeats.front().size())
    no_time_for_a_network(*run.study);
  set_front(run, chosen, folds);
  run.result.why = explain(run, found);
}

}  // namespace cupel
