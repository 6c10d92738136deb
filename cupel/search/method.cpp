#include "cupel/search/method.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cupel/base/error.hpp"
#include "cupel/search/methods/bayesian.hpp"
#include "cupel/search/methods/genetic.hpp"
#include "cupel/search/methods/nsga2.hpp"
#include "cupel/search/methods/random.hpp"
#include "cupel/search/methods/sweep.hpp"

namespace cupel {

std::span<const Method> methods() {
  static constexpr std::array table{
      Method{"nsga2", "evolution of a front: non-dominated sorting, crowding, jumping genes",
             run_nsga2},
      Method{"genetic", "evolution of bit strings: selection, crossover, bit flips", run_genetic},
      Method{"bayesian", "a Gaussian process learns the scores and proposes; for few, dear trials",
             run_bayesian},
      Method{"sweep", "a grid, the coarse one first, then the points between", run_sweep},
      Method{"random", "uniform draws without repetition, the yardstick of the others", run_random},
  };
  return table;
}

const Method& find_method(std::string_view name) {
  const auto all = methods();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Method& method) { return method.name == name; });
  if (found != all.end()) return *found;
  std::string names;
  for (const Method& method : all)
    names += fmt::format("{}{}", names.empty() ? "" : ", ", method.name);
  throw Error(ErrorKind::usage, fmt::format("there is no search method '{}'", name),
              fmt::format("choose one of: {}", names));
}

}  // namespace cupel
