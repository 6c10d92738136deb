// The fully connected network that a thinned one is compared with: one hidden layer of 10 tanh
// neurons, linear outputs, every connection kept, its ridge chosen by the error on held-out rows.
#pragma once

#include <optional>

#include "cupel/study/design.hpp"

namespace cupel {

/// Errors as of the simple methods: on the first repeat's held-out rows, and of a network trained
/// on all design rows on the test rows. Learns from at most 5000 rows, evenly spaced. With
/// --protocol as-published, where the held-out rows are the test rows, the ridge is 1. None when no
/// ridge could be trained. The same for any number of threads.
std::optional<BaselineResult> measure_full_network(const StudyData& data,
                                                   const DesignOptions& options);

}  // namespace cupel
