// One evaluated candidate, as it is stored. A trial depends on the candidate, the data, the
// options and its seed alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cupel/model/model.hpp"
#include "cupel/search/method.hpp"

namespace cupel {

enum class TrialState { complete, failed };

struct Trial {
  int number = 0;  ///< from 0, in the order in which the search asked
  std::uint64_t seed = 0;
  Candidate candidate;
  TrialState state = TrialState::complete;
  std::string reason;  ///< of a failure
  Score score;
  /// What the recipe measured: validation errors, structure, inputs used (docs/formats/study.md).
  Json measures;
  std::vector<Mlp> networks;  ///< one a fold
  double elapsed_s = 0;       ///< not part of the canonical export
};

Json to_json(const Score& score);
Score score_from_json(const Json& json);

}  // namespace cupel
