#include "cupel/study/design.hpp"

#include <algorithm>

#include "cupel/study/finish.hpp"
#include "cupel/study/full_network.hpp"

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

DesignResult run_design(StudyData& data, const DesignOptions& options, StudyFile& study,
                        const ProgressSink& sink, std::stop_token stop) {
  const Recipe& recipe = find_recipe(options.recipe);
  const RecipeContext context{&data, &options, stop};
  TrialRunner runner(study, recipe, context, sink);
  DesignRun run{&data, context, &recipe, &study, &runner, sink, Clock::now()};
  run.result.plan = plan_budget(recipe, context);
  recipe.flow(run);
  DesignResult& result = run.result;
  if (runner.stopped()) {
    result.end = DesignEnd::interrupted;
    return std::move(result);
  }
  if (runner.out_of_time()) result.end = DesignEnd::time_limit;
  result.failed_trials += runner.failed();
  measure_pick(run);
  measure_tests(data, result);
  result.baselines = measure_baselines(data, options.jobs);
  if (recipe.against_full_network)
    if (auto full = measure_full_network(data, options))
      result.baselines.push_back(std::move(*full));
  result.trust = measure_trust(run);
  result.model = make_model(run);
  result.test_trust = measure_test_trust(run);
  return std::move(result);
}

}  // namespace cupel
