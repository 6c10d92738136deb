// Recipe oa-ann as its source has it (--mode paper): an ant colony over the binaries of a structure
// outside, bounded least squares over its weights inside,
//   min Σ diag(cov_p)   subject to   training error <= γ′ and the structure's constraints.
// Formulas, and what the source leaves open: docs/methods/oa_ann.md.
#pragma once

#include "cupel/study/design.hpp"

namespace cupel {

/// Target, fold (-1: all design rows) and the binaries U, P, A, B.
Space paper_space(const RecipeContext& context);

/// Solves the inner problem of one structure.
void run_paper_trial(const RecipeContext& context, int repeat, Trial& trial);

/// The search for each target, and the chosen structure once more on each fold's training rows.
void design_as_in_paper(DesignRun& run);

}  // namespace cupel
