#include "cupel/study/recipes/window_families.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

constexpr std::array<std::string_view, 8> kFamilies = {"linear", "mlp",     "cnn",     "lstm",
                                                       "gru",    "bi-lstm", "am-lstm", "am-gru"};
constexpr std::array<std::string_view, 4> kCheap = {"linear", "mlp", "gru", "am-gru"};
/// Rows x steps up to which every family is tried unasked.
constexpr double kFew = 10000;

}  // namespace

std::span<const std::string_view> window_families() { return kFamilies; }

std::vector<std::string> families_of(const DesignOptions& options, const Dataset& data) {
  if (options.families == "auto") {
    if (data.steps == 1) return {"mlp"};
    if (static_cast<double>(data.rows) * data.steps <= kFew)
      return {kFamilies.begin(), kFamilies.end()};
    return {kCheap.begin(), kCheap.end()};
  }
  std::vector<std::string> families;
  std::string rest = options.families + ",";
  for (std::size_t end; (end = rest.find(',')) != std::string::npos; rest.erase(0, end + 1)) {
    std::string name = rest.substr(0, end);
    name.erase(0, name.find_first_not_of(' '));
    name.erase(name.find_last_not_of(' ') + 1);
    if (std::find(kFamilies.begin(), kFamilies.end(), name) == kFamilies.end())
      throw Error(ErrorKind::usage, fmt::format("there is no network family '{}'", name),
                  fmt::format("the families are: {}", fmt::join(kFamilies, ", ")));
    if (std::find(families.begin(), families.end(), name) == families.end())
      families.push_back(std::move(name));
  }
  return families;
}

Topology family_topology(std::string_view family, int steps, int features, int units, int outputs) {
  Topology topology{steps * features, {{outputs, Activation::linear}}};
  if (family == "mlp")
    topology.layers.insert(topology.layers.begin(), {units, Activation::tanh});
  else if (family != "linear")
    topology.window = WindowLayer{window_kind_from_name(family), steps, units};
  return topology;
}

std::vector<int> last_steps(int features, int steps, int read) {
  std::vector<int> list;
  for (int f = features / steps * (steps - read); f < features; ++f) list.push_back(f);
  return list;
}

}  // namespace cupel
