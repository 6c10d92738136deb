// TCNAS: image networks by topological complexity (docs/methods/tcnas.md). Here one candidate is
// trained and scored; the stages of the search are in study/images/image_design.cpp.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "cupel/base/packed_floats.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/network/cnn/predict_images.hpp"
#include "cupel/study/images/image_design.hpp"
#include "cupel/study/images/image_trial.hpp"
#include "cupel/study/recipes/all.hpp"
#include "cupel/study/recipes/single_network.hpp"
#include "cupel/training/class_metrics.hpp"

namespace cupel {
namespace {

constexpr std::array<std::string_view, 2> kObjectives = {"1 - S, or the error", "cost (pareto)"};

void record(const RecipeContext& context, const ImageNetworkCost& cost, const ClassFigures& figures,
            Trial& trial) {
  const ImageStudyData& data = *context.images;
  trial.measures["accuracy"] = figures.accuracy;
  trial.measures["f1"] = figures.f1;
  trial.measures["recall"] = figures.recall;
  trial.measures["log_loss"] = figures.log_loss;
  trial.measures["topology"] = cost.topology;
  trial.measures["parameters"] = cost.parameters;
  trial.measures["multiply_adds"] = cost.multiply_adds;
  double latency_s = 0;
  if (context.options->cost == "latency") {
    const Json* known = trial.measures.find("latency_s");
    latency_s = known != nullptr ? known->as_number() : 0;
  }
  const double value = cost_value(*context.options, cost, latency_s);
  if (context.options->objective == "pareto")
    trial.score.objectives = {1 - figures.accuracy, value};
  else
    trial.score.objectives = {1 - score_of(data, *context.options)(figures.accuracy, value)};
}

void run(const RecipeContext& context, int repeat, Trial& trial) {
  const ImageStudyData& data = *context.images;
  const ImageStage stage = static_cast<ImageStage>(repeat);
  const ImageStagePlan& plan = data.plan.of(stage);
  const ImageCandidate candidate = image_candidate(data.space, trial.candidate);
  const ImageTopology topology = topology_of(data.space, candidate.chain);
  trial.measures["stage"] = stage_name(stage);
  trial.measures["epochs"] = plan.epochs;
  const ImageTrainResult trained = train_candidate(
      data, candidate, {stage, plan.epochs, data.split.train, context.stop}, trial.seed);
  if (trained.stopped) return;
  if (trained.diverged) {
    fail_trial(trial, "the training diverged: the loss was not a number");
    return;
  }
  const ImageOutputs outputs =
      predict_images(trained.network, data.images(), data.split.validation, data.scaler);
  if (!outputs.logits.allFinite()) {
    fail_trial(trial, "the network's outputs are not numbers");
    return;
  }
  if (context.options->cost == "latency")
    trial.measures["latency_s"] = latency_of(trained.network.topology);
  if (plan.epochs >= data.plan.final_epochs)
    trial.measures["validation_logits"] = pack_floats(outputs.logits);
  record(context, cost_of(topology),
         class_figures(data.labels(data.split.validation), softmax(outputs.logits)), trial);
}

double work(const RecipeContext& context, const Candidate& candidate) {
  const ImageSpace& space = context.images->space;
  return cost_of(topology_of(space, image_candidate(space, candidate).chain)).training_flop();
}

Space space(const RecipeContext& context) { return whole_space(context.images->space); }

MethodOptions search_options(const RecipeContext&) { return {.population = 20}; }

}  // namespace

const Recipe& tcnas_recipe() {
  static const Recipe recipe = {
      .name = "tcnas",
      .summary =
          "Small networks for images (folders, one sub-folder a class): cells, widths and "
          "penalties searched by accuracy and topological complexity",
      .source =
          "TCNAS: neural architecture search by topological complexity, for sorting coal and "
          "gangue",
      .objectives = kObjectives,
      .search = "random",
      .space = space,
      .search_options = search_options,
      .published_trials = 500,
      .work = work,
      .run = run,
  };
  return recipe;
}

}  // namespace cupel
