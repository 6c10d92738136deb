#include "cupel/study/later_rows.hpp"

namespace cupel {

std::vector<Trial> later_trials(StudyData& data, const DesignOptions& options, TrialRunner& runner,
                                std::span<const Candidate> candidates) {
  if (options.as_published() || runner.out_of_time() || runner.stopped()) return {};
  add_later_folds(data);
  if (data.later.empty()) return {};
  std::vector<TrialRequest> requests;
  for (const Candidate& candidate : candidates)
    requests.push_back({.candidate = candidate, .repeat = kLaterRows, .step = "later rows"});
  runner.begin_stage("later rows", static_cast<int>(requests.size()));
  std::vector<Trial> trials = runner.run(requests);
  if (trials.size() < requests.size()) trials.clear();
  return trials;
}

}  // namespace cupel
