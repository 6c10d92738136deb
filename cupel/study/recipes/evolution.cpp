// Recipe evolution: a genetic algorithm on bit strings that code the layers and how they are
// trained. Written out in docs/methods/evolution.md.
#include <algorithm>
#include <array>
#include <utility>

#include "cupel/study/held_out.hpp"
#include "cupel/study/recipes/all.hpp"
#include "cupel/study/recipes/single_network.hpp"
#include "cupel/study/recipes/window_families.hpp"
#include "cupel/study/search_flow.hpp"

namespace cupel {
namespace {

constexpr std::array<std::string_view, 2> kObjectives = {"nmse", "weights"};
constexpr int kEpochs = 200;

enum Place { kFirst, kSecond, kActivation, kRate, kBatch, kRidge, kFamily, kWindowRows };

bool on_windows(const RecipeContext& context) { return context.data->data.steps > 1; }

/// Powers of two of values, so that every bit string is a network. 0 neurons drop the layer. On
/// windows besides: which network reads them, and how many of their rows.
Space space(const RecipeContext& context) {
  const DesignOptions& options = *context.options;
  const double first = options.max_neurons > 0 ? options.max_neurons : 31;
  const double second = options.hidden_layers == 1 ? 0 : std::min(first, 15.0);
  Space space{
      {{.name = "neurons_1", .kind = GeneKind::integer, .low = 0, .up = first},
       {.name = "neurons_2", .kind = GeneKind::integer, .low = 0, .up = second},
       {.name = "activation", .kind = GeneKind::category, .labels = {"tanh", "logistic"}},
       {.name = "learning_rate", .kind = GeneKind::set, .values = {0.001, 0.003, 0.01, 0.03}},
       {.name = "batch_rows", .kind = GeneKind::set, .values = {8, 16, 32, 64}},
       {.name = "ridge", .kind = GeneKind::set, .values = {0, 0.01, 0.1, 1}}}};
  if (!on_windows(context)) return space;
  space.genes.push_back({.name = "family",
                         .kind = GeneKind::category,
                         .labels = families_of(options, context.data->data)});
  space.genes.push_back(window_rows_gene(context.data->data.steps));
  return space;
}

std::string family_of(const RecipeContext& context, const Candidate& candidate) {
  if (!on_windows(context)) return "mlp";
  return families_of(*context.options,
                     context.data->data)[static_cast<std::size_t>(candidate[kFamily])];
}

/// One layer is always the first; without layers the activation means nothing. A plane has no
/// layers, and the layer of the families that read a window step by step is never dropped.
Candidate canonical(const RecipeContext& context, const Candidate& candidate) {
  Candidate one = candidate;
  const std::string family = family_of(context, candidate);
  if (family == "linear") one[kFirst] = one[kSecond] = 0;
  if (one[kFirst] == 0) std::swap(one[kFirst], one[kSecond]);
  if (family != "linear" && family != "mlp") {
    one[kFirst] = std::max(one[kFirst], 1.0);
    one[kSecond] = 0;
  }
  if (one[kFirst] == 0 || (family != "linear" && family != "mlp")) one[kActivation] = 0;
  return one;
}

MethodOptions search_options(const RecipeContext&) {
  return {.population = 20, .crossover_probability = 0.9, .patience = 15};
}

Topology dense_topology(int inputs, const Candidate& candidate, int targets) {
  Topology topology{.inputs = inputs};
  const Activation hidden = candidate[kActivation] == 0 ? Activation::tanh : Activation::logistic;
  for (const Place place : {kFirst, kSecond})
    if (candidate[place] > 0)
      topology.layers.push_back({static_cast<int>(candidate[place]), hidden});
  topology.layers.push_back({targets, Activation::linear});
  return topology;
}

SingleTraining training_of(const RecipeContext& context, const Candidate& any) {
  const Candidate candidate = canonical(context, any);
  const int all = context.data->encoder.inputs(), steps = context.data->data.steps,
            targets = context.data->targets();
  const int read = on_windows(context) ? static_cast<int>(candidate[kWindowRows]) : steps;
  const std::string family = family_of(context, candidate);
  SingleTraining training;
  training.plan.features = last_steps(all, steps, read);
  training.plan.topology = family == "mlp" || family == "linear"
                               ? dense_topology(all / steps * read, candidate, targets)
                               : family_topology(family, read, all / steps,
                                                 static_cast<int>(candidate[kFirst]), targets);
  TrainOptions options;
  options.optimizer = Optimizer::adam;
  options.learning_rate = candidate[kRate];
  options.batch_rows = static_cast<int>(candidate[kBatch]);
  options.ridge = training.plan.ridge = candidate[kRidge];
  options.initial_range = 0;
  options.max_iterations = kEpochs;
  options.starts = 2;  // a poor start does not condemn a good structure
  training.options = with_given(options, context);
  return training;
}

NetworkPlan plan(const RecipeContext& context, const Candidate& candidate) {
  return training_of(context, candidate).plan;
}

double work(const RecipeContext& context, const Candidate& candidate) {
  return work_of(context, training_of(context, candidate));
}

void run(const RecipeContext& context, int repeat, Trial& trial) {
  score_single(context, repeat, training_of(context, trial.candidate), trial);
}

Mlp refit(const RecipeContext& context, const Trial& trial, int starts, std::uint64_t seed) {
  return refit_single(context, training_of(context, trial.candidate), trial, starts, seed);
}

std::vector<Member> members(const RecipeContext& context, const Trial& trial,
                            std::vector<Mlp> networks) {
  return members_of(context, training_of(context, trial.candidate), std::move(networks));
}

}  // namespace

const Recipe& evolution_recipe() {
  static const Recipe recipe = {
      .name = "evolution",
      .summary = "bit strings of layers and training, bred by a genetic algorithm",
      .source =
          "the general scheme of evolutionary architecture search (docs/methods/evolution.md)",
      .objectives = kObjectives,
      .flow = search_and_confirm,
      .search = "genetic",
      .space = space,
      .search_options = search_options,
      .published_trials = 400,
      .plan = plan,
      .work = work,
      .run = run,
      .canonical = canonical,
      .refit = refit,
      .members = members};
  return recipe;
}

}  // namespace cupel
