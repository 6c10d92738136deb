// How NSGA-II makes children: jumping genes, crossover and mutation, in the standard form
// (simulated binary crossover, Deb & Agrawal 1995, and polynomial mutation, both within the
// bounds) and in the form of the thesis (arithmetic crossover, reset mutation). All of them
// change candidates in place and leave every gene at an allowed value.
#pragma once

#include "cupel/base/rng.hpp"
#include "cupel/search/method.hpp"

namespace cupel {

/// Simulated binary: each gene with probability 1/2. Categories are exchanged whole.
void simulated_binary_crossover(const Space& space, double eta, Candidate& a, Candidate& b,
                                Rng& rng);
/// Polynomial, each gene with `probability`; a category is redrawn. Where rounding to an
/// allowed value would undo the change, the gene takes one step instead, so that genes of few
/// values mutate too.
void polynomial_mutation(const Space& space, double eta, double probability, Candidate& candidate,
                         Rng& rng);

/// One point: from a random cut on, each gene of both is blended with a coefficient of its
/// own. Categories are exchanged with probability 1/2.
void arithmetic_crossover(const Space& space, Candidate& a, Candidate& b, Rng& rng);
/// Each gene is redrawn with `probability`.
void reset_mutation(const Space& space, double probability, Candidate& candidate, Rng& rng);

/// Real-coded jumping genes: in one of the two a random run of genes is redrawn, or (drawn with
/// equal chances, and only when they differ) a random run is blended between the two.
void jump_genes(const Space& space, Candidate& a, Candidate& b, Rng& rng);

/// Turns copies of two parents into two children, as the options say.
void make_children(const Space& space, const MethodOptions& options, Candidate& a, Candidate& b,
                   Rng& rng);

}  // namespace cupel
