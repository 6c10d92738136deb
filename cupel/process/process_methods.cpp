#include <fmt/format.h>

#include <algorithm>

#include "cupel/base/error.hpp"
#include "cupel/process/optimize.hpp"
#include "cupel/search/adapters/pagmo_fronts.hpp"
#include "cupel/search/methods/descent.hpp"

namespace cupel {

std::span<const Method> process_methods() {
  static const std::vector<Method> table = [] {
    std::vector<Method> all(methods().begin(), methods().end());
    all.push_back({"descent", "gradients from many starts, for smooth problems", run_descent});
    all.push_back({"moead", "decomposition into many single goals (pagmo's MOEA/D)", run_moead});
    all.push_back({"nspso", "particle swarm with non-dominated sorting (pagmo)", run_nspso});
    all.push_back({"mhaco", "hypervolume-guided ant colony (pagmo)", run_mhaco});
    return all;
  }();
  return table;
}

const Method& find_process_method(std::string_view name) {
  std::string names;
  for (const Method& method : process_methods()) {
    if (method.name == name) return method;
    names += (names.empty() ? "" : ", ") + std::string(method.name);
  }
  throw Error(ErrorKind::usage, fmt::format("there is no search method '{}'", name),
              fmt::format("choose one of: {}", names));
}

}  // namespace cupel
