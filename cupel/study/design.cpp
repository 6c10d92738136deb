#include "cupel/study/design.hpp"

#include <algorithm>

#include "cupel/parallel/timed_stop.hpp"
#include "cupel/study/finish.hpp"
#include "cupel/study/full_network.hpp"
#include "cupel/study/short_time.hpp"

namespace cupel {

std::string_view end_name(DesignEnd end) {
  switch (end) {
    case DesignEnd::complete:
      return "complete";
    case DesignEnd::time_limit:
      return "time_limit";
    case DesignEnd::interrupted:
      return "interrupted";
  }
  return "";
}

const FrontMember& picked_member(const DesignResult& result) {
  return result.front[static_cast<std::size_t>(result.picked)];
}

std::vector<int> features_of(const FrontMember& member) {
  std::vector<int> features;
  for (const Member& network : member.networks)
    features.insert(features.end(), network.features.begin(), network.features.end());
  std::sort(features.begin(), features.end());
  features.erase(std::unique(features.begin(), features.end()), features.end());
  return features;
}

namespace {

/// All that follows the trainings. What the model needs comes first: where the time is over or the
/// user wants the end, the rest is left out.
void measure(DesignRun& run, std::stop_token stop) {
  DesignResult& result = run.result;
  if (run.runner->out_of_time()) result.end = DesignEnd::time_limit;
  if (result.picked < 0) no_time_for_a_network(*run.study);
  result.failed_trials += run.runner->failed();
  Progress progress{.stage = "measure", .total = 6};
  const auto end = [&] {
    if (run.sink && !run.context.interrupted()) run.sink(progress);
    ++progress.done;
    return run.context.interrupted();
  };
  if (!end()) measure_pick(run);
  if (!end()) measure_tests(*run.data, result);
  if (!end()) result.trust = measure_trust(run, stop);
  if (!end()) result.model = make_model(run);
  if (!end()) result.test_trust = measure_test_trust(run);
  if (!end()) result.baselines = measure_baselines(*run.data, run.context.options->jobs, stop);
  if (run.recipe->against_full_network && !stop.stop_requested())
    if (auto full = measure_full_network(*run.data, *run.context.options))
      result.baselines.push_back(std::move(*full));
  if (run.sink) run.sink(progress);
  if (stop.stop_requested()) result.end = DesignEnd::time_limit;
}

}  // namespace

DesignResult run_design(StudyData& data, const DesignOptions& options, StudyFile& study,
                        const RunControl& control) {
  const Recipe& recipe = find_recipe(options.recipe);
  const TimedStop trainings(control.stop,
                            deadline(control.begun, options.time_limit_s, kTrainingShare));
  const TimedStop rest(control.stop, deadline(control.begun, options.time_limit_s, kWholeShare));
  const RecipeContext context{
      .data = &data, .options = &options, .stop = trainings.token(), .asked = control.stop};
  TrialRunner runner(study, recipe, context, control.sink);
  DesignRun run{&data, context, &recipe, &study, &runner, control.sink, control.begun};
  run.result.plan = plan_budget(recipe, context);
  recipe.flow(run);
  if (!context.interrupted()) measure(run, rest.token());
  if (context.interrupted()) run.result.end = DesignEnd::interrupted;
  return std::move(run.result);
}

}  // namespace cupel
