#include "cupel/study/recipes/window_families.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

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
  std::vector<std::string> families = listed_names(options.families);
  for (const std::string& name : families)
    if (std::find(kFamilies.begin(), kFamilies.end(), name) == kFamilies.end())
      throw Error(ErrorKind::usage, fmt::format("there is no network family '{}'", name),
                  fmt::format("the families are: {}", fmt::join(kFamilies, ", ")));
  if (families.empty())
    throw Error(ErrorKind::usage, "--families names no family",
                fmt::format("the families are: {}", fmt::join(kFamilies, ", ")));
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

Gene window_rows_gene(int steps) {
  Gene gene{.name = "window_rows", .kind = GeneKind::set};
  for (double rows = steps; rows >= 1; rows /= 1.5)
    if (gene.values.empty() || gene.values.front() > std::round(rows))
      gene.values.insert(gene.values.begin(), std::round(rows));
  return gene;
}

std::vector<int> last_steps(int features, int steps, int read) {
  std::vector<int> list;
  for (int f = features / steps * (steps - read); f < features; ++f) list.push_back(f);
  return list;
}

}  // namespace cupel
