// Runs a comparison that 'compare' has begun or 'resume' goes on with, and gives its results to
// people and machines.
#pragma once

#include <string>

#include "cupel/study/compare/run_compare.hpp"

namespace cupel::cli {

struct CompareSettings {
  bool json = false, quiet = false;
};

/// What came of it: the exit code, and the result when there is one.
struct CompareOutcome {
  int code = 0;
  std::optional<Comparison> comparison;
  Json result;
};

/// Stores result and page in `file` and writes the page beside it. Prints nothing on stdout.
CompareOutcome finish_compare(const Table& table, const CompareOptions& options, StudyFile& file,
                              bool quiet);

/// Identity of the data a comparison rests on.
Json compare_identity(const Table& table, const CompareOptions& options);

void print_comparison(const Comparison& comparison, const Json& result, const std::string& path);

/// Throws Error{bad_data} when the data are not those it was begun with.
int resume_compare(const CompareOptions& options, StudyFile& file, const CompareSettings& settings);

}  // namespace cupel::cli
