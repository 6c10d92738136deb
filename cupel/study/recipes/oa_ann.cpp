// Recipe oa-ann: small networks whose parameters are identifiable, by eliminating connections
// from a fully connected one. Source: the OA-ANN formulation (optimal structure under parameter
// uncertainty), written out in docs/methods/oa_ann.md with what the default mode does instead.
//
// With --mode paper the published search instead: oa_ann_paper.cpp. Here, in the default mode,
// a trial is one elimination path: of one target, one ridge, one start, on one fold's training
// rows or on all design rows (fold -1). Ridge first, by held-out rows; then paths on all rows.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/study/design.hpp"
#include "cupel/study/recipes/all.hpp"
#include "cupel/study/recipes/elimination.hpp"
#include "cupel/study/recipes/masked_network.hpp"
#include "cupel/study/recipes/oa_ann_paper.hpp"
#include "cupel/study/recipes/path_choice.hpp"
#include "cupel/study/recipes/single_network.hpp"
#include "cupel/study/short_time.hpp"

namespace cupel {
namespace {

constexpr std::array<std::string_view, 2> kObjectives = {"error", "connections"};
/// The middle first: when a time limit cuts the comparison off, the likeliest are there.
constexpr std::array kRidges = {1.0, 0.3, 3.0, 0.1, 10.0};
constexpr int kStarts = 6;
constexpr int kManyRows = 1000;
constexpr int kHidden = 5, kHiddenOfMany = 8;
constexpr double kLaterShare = 0.25;
/// Shares of a time limit after which no further path of the comparison, or at all, starts.
constexpr double kRidgeShare = 0.6, kPathShare = 0.9;

enum Gene { kTarget, kRidge, kNeurons, kStart, kFold };

Space space(const RecipeContext& context) {
  if (context.options->paper()) return paper_space(context);
  const StudyData& data = *context.data;
  const double folds = static_cast<double>(data.repeats.front().size());
  Space space;
  space.genes = {
      {.name = "target", .kind = GeneKind::integer, .low = 0, .up = data.targets() - 1.0},
      {.name = "ridge", .kind = GeneKind::real, .low = 0, .up = 1e6},
      {.name = "neurons", .kind = GeneKind::integer, .low = 1, .up = 500},
      {.name = "start", .kind = GeneKind::integer, .low = 0, .up = 1000},
      {.name = "fold", .kind = GeneKind::integer, .low = -1, .up = folds - 1}};
  return space;
}

int neurons(const RecipeContext& context) {
  if (context.options->max_neurons > 0) return context.options->max_neurons;
  return context.data->design_inputs.rows() > kManyRows ? kHiddenOfMany : kHidden;
}

NetworkPlan plan(const RecipeContext& context, const Candidate& candidate) {
  NetworkPlan plan;
  const int inputs = context.data->encoder.inputs();
  for (int f = 0; f < inputs; ++f) plan.features.push_back(f);
  plan.topology = {
      inputs, {{static_cast<int>(candidate[kNeurons]), Activation::tanh}, {1, Activation::linear}}};
  plan.ridge = candidate[kRidge];
  return plan;
}

/// About 15 linearizations for each connection that a path removes.
double work(const RecipeContext& context, const Candidate& candidate) {
  if (context.options->paper()) return 1;
  const double size = parameter_count(plan(context, candidate).topology);
  return 5.0 * size * size * size * static_cast<double>(context.data->design_inputs.rows());
}

struct TrainingRows {
  Matrix inputs;
  Vector targets;
};

TrainingRows training_rows(const StudyData& data, const Candidate& candidate, int repeat) {
  const auto fold = static_cast<int>(candidate[kFold]);
  const auto target = static_cast<Eigen::Index>(candidate[kTarget]);
  if (fold < 0) return {some_rows(data.design_inputs), some_rows(data.design_targets.col(target))};
  const FoldData& rows = data.repeats[repeat][fold];
  return {some_rows(rows.train_inputs), some_rows(rows.train_targets.col(target))};
}

EliminationOptions elimination_options(const RecipeContext& context, const Candidate& candidate) {
  return {.hidden = static_cast<int>(candidate[kNeurons]),
          .largest = context.options->max_connections,
          .ridge = candidate[kRidge],
          .kernels = context.options->kernels,
          .stop = context.stop};
}

/// A path, its networks trained on all the rows, and the error by which they are compared.
struct ScoredPath {
  std::vector<PathNetwork> networks;
  std::vector<double> errors;
};

/// Ordered rows: the path follows the first three quarters, the last one compares its networks,
/// and each is then trained on all rows.
ScoredPath later_path(const TrainingRows& rows, const EliminationOptions& options,
                      std::uint64_t seed) {
  const Eigen::Index all = rows.inputs.rows();
  const auto later =
      std::clamp<Eigen::Index>(std::llround(kLaterShare * static_cast<double>(all)), 1, all - 1);
  const PackedSamples first(rows.inputs.topRows(all - later), rows.targets.head(all - later));
  const PackedSamples whole(rows.inputs, rows.targets);
  ScoredPath path{.networks = elimination_path(first, options, seed)};
  for (PathNetwork& one : path.networks) {
    const Matrix off =
        predict(one.network, rows.inputs.bottomRows(later)) - Matrix(rows.targets.tail(later));
    path.errors.push_back(off.squaredNorm() / static_cast<double>(later));
    one.network = train_on(one.network, whole, options);
    one.sse = (predict(one.network, rows.inputs) - Matrix(rows.targets)).squaredNorm();
  }
  return path;
}

ScoredPath scored_path(const RecipeContext& context, const TrainingRows& rows,
                       const EliminationOptions& options, std::uint64_t seed) {
  if (context.data->ordered()) return later_path(rows, options, seed);
  const PackedSamples samples(rows.inputs, rows.targets);
  ScoredPath path{.networks = elimination_path(samples, options, seed)};
  for (const PathNetwork& one : path.networks) path.errors.push_back(one.loo);
  return path;
}

/// γ′ in scaled units.
double allowed_rmse(const RecipeContext& context, const TrainingRows& rows,
                    const EliminationOptions& options, const Trial& trial) {
  constexpr double kSlack = 1.15;
  constexpr int kFullStarts = 10;
  const auto target = static_cast<std::size_t>(trial.candidate[kTarget]);
  if (context.options->training_rmse > 0)
    return context.options->training_rmse * context.data->encoder.targets[target].factor;
  EliminationOptions full = options;
  full.ridge = 1;
  return kSlack * full_network_rmse(PackedSamples(rows.inputs, rows.targets), full, kFullStarts,
                                    mix_seed({trial.seed, 0xF011}));
}

/// Held-out squared errors of each network, in units of the target's variance on design rows.
void record_held_out(const StudyData& data, const FoldData& fold, const ScoredPath& path,
                     Trial& trial) {
  const auto target = static_cast<std::size_t>(trial.candidate[kTarget]);
  const TargetScale &own = fold.encoder.targets[target], &all = data.encoder.targets[target];
  const Vector measured =
      data.design_targets(fold.validation_rows, static_cast<Eigen::Index>(target));
  std::vector<double> sums;
  for (const PathNetwork& one : path.networks) {
    const Matrix scaled = predict(one.network, fold.validation_inputs);
    // On the scale of all design rows, from the fold's.
    const auto predicted =
        (scaled.col(0).array() - own.offset) / own.factor * all.factor + all.offset;
    sums.push_back((predicted - measured.array()).square().sum());
  }
  trial.measures["held_out_sse"] = sums;
  trial.measures["held_out_rows"] = static_cast<int>(fold.validation_rows.size());
}

std::vector<PathPoint> points_of(const Trial& trial, int path = 0) {
  const std::vector<double> connections = trial.measures.at("connections").as_numbers(),
                            errors = trial.measures.at("errors").as_numbers(),
                            traces = trial.measures.at("cov_trace").as_numbers(),
                            rmse = trial.measures.at("train_rmse").as_numbers();
  std::vector<PathPoint> points;
  for (std::size_t k = 0; k < errors.size(); ++k)
    points.push_back({path, static_cast<int>(k), static_cast<int>(connections[k]), errors[k],
                      traces[k], rmse[k]});
  return points;
}

ChoiceRule rule_of(const DesignOptions& options, const Trial& trial) {
  const Json* limit = trial.measures.find("allowed_rmse");
  return {options.choose, options.max_connections, limit ? limit->as_number() : 0};
}

void run(const RecipeContext& context, int repeat, Trial& trial) {
  if (context.options->paper()) return run_paper_trial(context, repeat, trial);
  const StudyData& data = *context.data;
  const TrainingRows rows = training_rows(data, trial.candidate, repeat);
  const EliminationOptions options = elimination_options(context, trial.candidate);
  ScoredPath path = scored_path(context, rows, options, trial.seed);
  if (context.stop.stop_requested()) return;
  if (path.networks.empty())
    return fail_trial(trial, "no network with so few connections could be trained");
  std::vector<double> connections, traces, rmse;
  for (const PathNetwork& one : path.networks) {
    connections.push_back(one.connections);
    traces.push_back(one.trace);
    rmse.push_back(std::sqrt(one.sse / static_cast<double>(rows.inputs.rows())));
  }
  trial.measures["connections"] = connections;
  trial.measures["errors"] = path.errors;
  trial.measures["cov_trace"] = traces;
  trial.measures["train_rmse"] = rmse;
  if (context.options->choose == "paper")
    trial.measures["allowed_rmse"] = allowed_rmse(context, rows, options, trial);
  if (context.stop.stop_requested()) return;
  const auto fold = static_cast<int>(trial.candidate[kFold]);
  if (fold >= 0) record_held_out(data, data.repeats[repeat][fold], path, trial);
  const int chosen = choose_point(points_of(trial), rule_of(*context.options, trial));
  if (chosen < 0)
    return fail_trial(trial, "no network of the path trains to the error that is asked for");
  const PathNetwork& one = path.networks[chosen];
  trial.measures["chosen"] = chosen;
  trial.measures["structure"] = masked_structure(one.network);
  trial.measures["parameters"] = one.connections;
  trial.measures["inputs"] = input_names(data.encoder, features_read(one.network));
  double error = path.errors[chosen];
  if (fold >= 0)
    error = trial.measures.at("held_out_sse").as_numbers()[chosen] /
            trial.measures.at("held_out_rows").as_number();
  trial.score.objectives = {error, static_cast<double>(one.connections)};
  for (PathNetwork& each : path.networks) trial.networks.push_back(std::move(each.network));
}

/// The paths of one target: of each fold, and on all design rows, with the chosen ridge.
struct TargetPaths {
  std::vector<std::vector<Trial>> folds;  ///< [fold][start]
  std::vector<Trial> whole;
};

class Flow {
 public:
  explicit Flow(DesignRun& run)
      : run_(run), options_(*run.context.options), targets_(run.data->targets()) {}

  void go() {
    run_.result.plan = {.trials = planned()};
    compare_ridges();
    if (run_.runner->stopped()) return;
    choose_ridges();
    run_paths();
    if (run_.runner->stopped()) return;
    fill_front();
  }

 private:
  int folds() const { return static_cast<int>(run_.data->repeats.front().size()); }
  int starts() const {
    return std::max(options_.starts > 0 ? options_.starts : kStarts, options_.average);
  }
  std::vector<double> ridges() const {
    if (options_.ridge > 0) return {options_.ridge};
    return {kRidges.begin(), kRidges.end()};
  }
  int planned() const {
    const int compared = static_cast<int>(ridges().size()) * folds();
    return targets_ * (compared + starts() + folds() * (options_.average - 1));
  }
  TrialRequest request(int target, double ridge, int start, int fold) const {
    return {{static_cast<double>(target), ridge, static_cast<double>(neurons(run_.context)),
             static_cast<double>(start), static_cast<double>(fold)}};
  }

  std::vector<Trial> run(const std::string& stage, const std::vector<TrialRequest>& requests,
                         double share) {
    run_.runner->set_deadline(deadline(run_.start, options_.time_limit_s, share));
    run_.runner->begin_stage(stage, static_cast<int>(requests.size()));
    std::vector<Trial> trials = run_.runner->run(requests);
    for (const Trial& trial : trials) {
      run_.result.trials.push_back(trial);
      run_.result.trials.back().networks.clear();
    }
    run_.result.search_s = std::chrono::duration<double>(Clock::now() - run_.start).count();
    return trials;
  }

  void compare_ridges() {
    std::vector<TrialRequest> requests;
    for (double ridge : ridges())
      for (int target = 0; target < targets_; ++target)
        for (int fold = 0; fold < folds(); ++fold)
          requests.push_back(request(target, ridge, 0, fold));
    compared_ = run("ridge", requests, kRidgeShare);
  }

  /// Of the ridges whose folds all ended, that of the least held-out error.
  void choose_ridges() {
    paths_.resize(targets_);
    for (int target = 0; target < targets_; ++target) {
      double least = std::numeric_limits<double>::infinity();
      ridge_.push_back(0);
      for (double ridge : ridges()) {
        std::vector<std::vector<Trial>> trials;
        double sum = 0;
        for (const Trial& trial : compared_)
          if (trial.candidate[kTarget] == target && trial.candidate[kRidge] == ridge &&
              trial.state == TrialState::complete) {
            sum += trial.score.objectives.front() * trial.measures.at("held_out_rows").as_number();
            trials.push_back({trial});
          }
        if (static_cast<int>(trials.size()) < folds() || !(sum < least)) continue;
        least = sum;
        ridge_.back() = ridge;
        paths_[target].folds = std::move(trials);
      }
      if (ridge_.back() == 0) nothing_trained();
    }
    compared_.clear();
  }

  void run_paths() {
    std::vector<TrialRequest> requests;
    for (int target = 0; target < targets_; ++target) {
      for (int start = 0; start < starts(); ++start)
        requests.push_back(request(target, ridge_[target], start, -1));
      for (int start = 1; start < options_.average; ++start)
        for (int fold = 0; fold < folds(); ++fold)
          requests.push_back(request(target, ridge_[target], start, fold));
    }
    for (Trial& trial : run("paths", requests, kPathShare)) {
      if (trial.state != TrialState::complete) continue;
      TargetPaths& paths = paths_[static_cast<std::size_t>(trial.candidate[kTarget])];
      const auto fold = static_cast<int>(trial.candidate[kFold]);
      (fold < 0 ? paths.whole : paths.folds[fold]).push_back(std::move(trial));
    }
    for (const TargetPaths& paths : paths_)
      if (paths.whole.empty() && !run_.runner->stopped()) nothing_trained();
  }

  [[noreturn]] void nothing_trained() const {
    if (run_.result.trials.empty() && run_.runner->out_of_time())
      no_time_for_a_network(*run_.study);
    std::string reason = "no path ended in the time given";
    for (const Trial& trial : run_.result.trials)
      if (trial.state == TrialState::failed) reason = trial.reason;
    throw Error(ErrorKind::infeasible, "no network could be trained: " + reason,
                "check the data with 'cupel check', allow more --max-connections, or give more "
                "time");
  }

  /// The networks that the rule takes from paths: the best of all, or one of each to average.
  /// None when none fits. `trial` is the first one's path.
  struct Chosen {
    std::vector<Member> members;
    int trial = 0;
  };
  Chosen chosen_of(const std::vector<Trial>& trials, int target, int most,
                   std::string_view choose) const {
    std::vector<std::vector<PathPoint>> sets;
    for (int k = 0; k < static_cast<int>(trials.size()); ++k) {
      if (sets.empty() || options_.average > 1) sets.emplace_back();
      for (const PathPoint& point : points_of(trials[k], k)) sets.back().push_back(point);
    }
    if (options_.average > 1 && static_cast<int>(sets.size()) > options_.average)
      sets.resize(static_cast<std::size_t>(options_.average));
    Chosen all;
    for (const auto& points : sets) {
      ChoiceRule rule = rule_of(options_, trials[points.front().path]);
      rule.most = most;
      rule.choose = choose;
      const int chosen = choose_point(points, rule);
      if (chosen < 0) return {};
      const Trial& trial = trials[points[chosen].path];
      if (all.members.empty()) all.trial = trial.number;
      all.members.push_back(masked_member(trial.networks[points[chosen].index],
                                          {.target = target,
                                           .weight = 1.0 / static_cast<double>(sets.size()),
                                           .ridge = trial.candidate[kRidge],
                                           .bias_ridge = EliminationOptions{}.bias_ridge}));
    }
    return all;
  }

  /// Networks for all targets by one rule, with their held-out scores; no networks when the rule
  /// finds none somewhere.
  FrontMember front_member(int most, std::string_view choose, std::vector<FoldNetworks>* kept) {
    FrontMember member;
    for (int target = 0; target < targets_; ++target) {
      Chosen chosen = chosen_of(paths_[target].whole, target, most, choose);
      if (chosen.members.empty()) return {};
      if (target == 0) member.trial = chosen.trial;
      append(member.networks, std::move(chosen.members));
    }
    HeldOut held_out(*run_.data);
    const auto& folds = run_.data->repeats.front();
    for (std::size_t k = 0; k < folds.size(); ++k) {
      FoldNetworks fold{.fold = &folds[k]};
      for (int target = 0; target < targets_; ++target) {
        Chosen chosen = chosen_of(paths_[target].folds[k], target, most, choose);
        if (chosen.members.empty()) return {};
        append(fold.networks, std::move(chosen.members));
      }
      held_out.add(folds[k], predict_scaled(fold.networks, targets_, folds[k].validation_inputs));
      if (kept) kept->push_back(std::move(fold));
    }
    describe_masked(member, held_out);
    return member;
  }

  static void append(std::vector<Member>& all, std::vector<Member> more) {
    for (Member& member : more) all.push_back(std::move(member));
  }

  /// The pick, and beside it what the other limits on size would have given.
  void fill_front() {
    DesignResult& result = run_.result;
    FrontMember pick = front_member(options_.max_connections, options_.choose, &result.folds);
    if (pick.networks.empty()) nothing_trained();
    std::map<int, FrontMember> by_size;
    double least = std::numeric_limits<double>::infinity();
    for (int most = 4; most <= options_.max_connections; ++most) {
      FrontMember member = front_member(most, "accuracy", nullptr);
      if (member.networks.empty() || member.parameters == pick.parameters) continue;
      if (!by_size.contains(member.parameters) && member.error < least) {
        least = member.error;
        by_size.emplace(member.parameters, std::move(member));
      }
    }
    const int picked = pick.parameters;
    by_size.emplace(picked, std::move(pick));
    for (auto& [size, member] : by_size) {
      if (size == picked) result.picked = static_cast<int>(result.front.size());
      result.front.push_back(std::move(member));
    }
    explain();
  }

  void explain() {
    std::string ridge;
    for (double value : ridge_) ridge += fmt::format("{}{:g}", ridge.empty() ? "" : ", ", value);
    const char* measure = run_.data->ordered() ? "error on the last quarter of the training rows"
                                               : "leave-one-out error";
    std::string what =
        "has the least parameter variance of those that train to the error asked for";
    if (options_.choose == "accuracy") what = fmt::format("has the least {}", measure);
    if (options_.choose == "compact")
      what = fmt::format("is the smallest whose {} is within 5 % of the least", measure);
    run_.result.why = fmt::format(
        "{} {}, among those with at most {} connections on the elimination paths (ridge {}).",
        options_.average > 1 ? "Each of the averaged networks" : "It", what,
        options_.max_connections, ridge);
  }

  DesignRun& run_;
  const DesignOptions& options_;
  int targets_;
  std::vector<Trial> compared_;
  std::vector<double> ridge_;  ///< of each target
  std::vector<TargetPaths> paths_;
};

void flow(DesignRun& run) {
  if (run.context.options->paper()) return design_as_in_paper(run);
  Flow(run).go();
}

}  // namespace

const Recipe& oa_ann_recipe() {
  static const Recipe recipe = {
      .name = "oa-ann",
      .summary = "few, identifiable connections: eliminated one by one from a full network",
      .source = "OA-ANN: optimal structure under parameter uncertainty",
      .objectives = kObjectives,
      .flow = flow,
      .space = space,
      .plan = plan,
      .work = work,
      .run = run,
      .against_full_network = true};
  return recipe;
}

}  // namespace cupel
