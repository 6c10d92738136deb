// The page of an optimisation: front, settings, what each condition does, the recommended point.
#pragma once

#include <optional>
#include <string>

#include "cupel/process/optimize.hpp"
#include "cupel/report/truth_check.hpp"

namespace cupel {

struct OperatingReport {
  std::string title, command, created, models;
  std::string energy;  ///< of the computation
  std::optional<TruthCheck> truth = {};
};

/// One self-contained page.
std::string operating_report(const Problem& problem, const OptimizeResult& result,
                             const OperatingReport& context);

}  // namespace cupel
