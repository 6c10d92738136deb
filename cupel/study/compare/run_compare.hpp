// Runs a comparison: every recipe designs on the same splits with the same counted budget, every
// baseline learns from the same rows, and each is judged once on each split's test rows. Every
// result is stored as it comes (NAME.compare); a run that was cut off goes on where it was.
#pragma once

#include <string>
#include <vector>

#include "cupel/study/compare/comparison.hpp"
#include "cupel/study/design.hpp"

namespace cupel {

struct CompareOptions {
  std::vector<std::string> recipes;
  int repeats = 10;
  DesignOptions
      design;  ///< of every recipe; `recipe`, `seed` and the split's rows are set for each
};

Json to_json(const CompareOptions& options);
CompareOptions compare_options_from_json(const Json& json);

/// Names from "all" or "a,b". Throws Error{usage} for one that does not exist.
std::vector<std::string> compared_recipes(const std::string& text);

/// One split's design by one recipe: what a user would get from 'cupel design' on these rows.
/// Empty when it was stopped. A recipe that cannot be trained gives a score with `failure`.
std::optional<MethodScore> score_recipe(const std::string& recipe, StudyData data,
                                        const DesignOptions& options, std::stop_token stop);

struct CompareRun {
  Comparison comparison;
  bool interrupted = false;
};

/// `table` holds all rows. Results that `file` has are taken from there.
CompareRun run_compare(const Table& table, const CompareOptions& options, StudyFile& file,
                       const ProgressSink& sink, std::stop_token stop);

}  // namespace cupel
