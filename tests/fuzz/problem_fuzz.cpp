// Any text is an optimization problem that can be computed, or an Error that names the culprit.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cupel/base/error.hpp"
#include "cupel/base/json.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/process/point_evaluator.hpp"
#include "cupel/process/problem_text.hpp"
#include "tests/process/linear_model.hpp"

namespace {

void require(bool claim) {
  if (!claim) std::abort();
}

void use(const cupel::Problem& problem) {
  cupel::Rng rng(1);
  const cupel::Candidate candidate = cupel::random_candidate(cupel::search_space(problem), rng);
  cupel::PointEvaluator evaluator(problem);
  const auto states = evaluator.states({&candidate, 1});
  require(states.size() == 1 && states[0].limits.size() == problem.limits.size());
  require(states[0].failed || (states[0].violation >= 0 && !std::isnan(states[0].violation)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    const cupel::Json toml =
        cupel::parse_toml({reinterpret_cast<const char*>(bytes), size}, "problem.toml");
    use(cupel::parse_problem(cupel::texts_from_toml(toml, "problem.toml"),
                             cupel::test::one(cupel::test::linear_model())));
  } catch (const cupel::Error& error) {
    require(error.kind() == cupel::ErrorKind::usage && !error.message().empty());
  }
  return 0;
}
