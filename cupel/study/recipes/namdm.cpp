// Recipe namdm: Bayesian optimization of a network's units, epochs, batch and of the loss αMixLoss.
// Written out in docs/methods/namdm.md with what the honest protocol changes.
#include <algorithm>
#include <array>

#include "cupel/study/held_out.hpp"
#include "cupel/study/recipes/all.hpp"
#include "cupel/study/recipes/single_network.hpp"
#include "cupel/study/search_flow.hpp"

namespace cupel {
namespace {

constexpr std::array<std::string_view, 1> kObjectives = {"nmse"};

/// Positions of the genes; α is there unless the user fixes the loss.
enum Place { kUnits, kEpochs, kBatch, kAlpha };

Space space(const RecipeContext& context) {
  const DesignOptions& options = *context.options;
  const double most = options.max_neurons > 0 ? options.max_neurons : 32;
  const double fewest = std::min(3.0, most);
  const double fixed = options.iterations;
  Space space{{{.name = "units", .kind = GeneKind::integer, .low = fewest, .up = most},
               {.name = "epochs",
                .kind = GeneKind::integer,
                .low = fixed > 0 ? fixed : 300,
                .up = fixed > 0 ? fixed : 600},
               {.name = "batch_rows", .kind = GeneKind::integer, .low = 4, .up = 64}}};
  if (options.loss == "auto")
    space.genes.push_back({.name = "alpha", .kind = GeneKind::real, .low = 0, .up = 1});
  return space;
}

/// Published: 5 random candidates, then 25 one by one. By default four at a time.
MethodOptions search_options(const RecipeContext& context) {
  MethodOptions options;
  options.population = context.options->as_published() ? 1 : 4;
  options.opening = context.options->as_published() ? 5 : 12;
  options.acquisition = Acquisition::confidence_bound;
  return options;
}

SingleTraining training_of(const RecipeContext& context, const Candidate& candidate) {
  SingleTraining training;
  training.plan.features = all_features(context.data->encoder);
  training.plan.topology = {static_cast<int>(training.plan.features.size()),
                            {{static_cast<int>(candidate[kUnits]), Activation::tanh},
                             {context.data->targets(), Activation::linear}}};
  TrainOptions options;
  options.optimizer = Optimizer::adam;
  // The published rate; a higher one by default, as rows are fewer than windows.
  options.learning_rate = context.options->as_published() ? 0.0005 : 0.003;
  options.initial_range = 0;
  options.max_iterations = static_cast<int>(candidate[kEpochs]);
  options.batch_rows = static_cast<int>(candidate[kBatch]);
  if (candidate.size() > kAlpha)
    options.loss = {.kind = LossKind::alpha_mix, .alpha = candidate[kAlpha]};
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
  // The error alone is searched for.
  if (trial.score.objectives.size() > 1)
    trial.score.objectives = std::vector<double>{trial.score.objectives.front()};
}

Mlp refit(const RecipeContext& context, const Trial& trial, int starts, std::uint64_t seed) {
  return refit_single(context, training_of(context, trial.candidate), trial, starts, seed);
}

std::vector<Member> members(const RecipeContext& context, const Trial&, std::vector<Mlp> networks) {
  return members_reading(context, all_features(context.data->encoder), std::move(networks));
}

}  // namespace

const Recipe& namdm_recipe() {
  static const Recipe recipe = {
      .name = "namdm",
      .summary = "Bayesian optimization of one hidden layer, its training and the loss αMixLoss",
      .source = "Namdm: mixed-loss neural networks of petrochemical plants (docs/methods/namdm.md)",
      .objectives = kObjectives,
      .flow = search_and_confirm,
      .search = "bayesian",
      .space = space,
      .search_options = search_options,
      .published_trials = 30,
      .plan = plan,
      .work = work,
      .run = run,
      .refit = refit,
      .members = members};
  return recipe;
}

}  // namespace cupel
