// Bayesian optimization (Jones, Schonlau, Welch 1998; Srinivas et al. 2010): a Gaussian process
// (Matérn 5/2, one length scale a gene) learns the scores; the next candidate is where it
// promises most. Several objectives: each candidate has its own random weights (ParEGO, Knowles
// 2006). docs/methods/bayesian.md says how batches, whole numbers and categories are treated.
#pragma once

#include "cupel/search/method.hpp"

namespace cupel {

/// Everything evaluated, in order. A batch has `population` candidates, the first one `opening`
/// random ones; small batches learn faster per trial, large ones keep more threads busy. No
/// candidate comes twice; in a finite space the run ends when all were used.
std::vector<Evaluated> run_bayesian(const Space& space, const EvaluateBatch& evaluate,
                                    const MethodOptions& options, std::uint64_t seed);

}  // namespace cupel
