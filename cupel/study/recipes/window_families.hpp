// The network families of recipe namdm on windows, and what of a window a network reads.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/data/dataset.hpp"
#include "cupel/network/topology.hpp"
#include "cupel/search/space.hpp"
#include "cupel/study/design_options.hpp"

namespace cupel {

/// "linear", "mlp", and those of WindowKind by their names.
std::span<const std::string_view> window_families();

/// The families that the options name, in their order; auto: all on few numbers (rows x steps), the
/// cheap ones on many. Rows that are no windows: mlp alone. Throws Error{usage} for another name.
std::vector<std::string> families_of(const DesignOptions& options, const Dataset& data);

/// A network of that family on the last `steps` of a window, each of `features` numbers.
Topology family_topology(std::string_view family, int steps, int features, int units, int outputs);

/// The gene "window_rows": how many of the window's rows, the last ones, a network reads; steps,
/// steps / 1.5, steps / 1.5², … 1.
Gene window_rows_gene(int steps);

/// Features of the encoder that belong to the last `read` of `steps` steps.
std::vector<int> last_steps(int features, int steps, int read);

}  // namespace cupel
