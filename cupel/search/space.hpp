// What a search may vary. A candidate is a point of a space: one number a gene.
#pragma once

#include <string>
#include <vector>

#include "cupel/base/json.hpp"
#include "cupel/base/rng.hpp"

namespace cupel {

enum class GeneKind {
  real,      ///< any value in [low, up]
  integer,   ///< a whole number in [low, up]
  category,  ///< 0 … labels.size()-1, without order
  set,       ///< one of `values`, which are in increasing order
};

struct Gene {
  std::string name = {};
  GeneKind kind = GeneKind::real;
  double low = 0, up = 1;                ///< real, integer
  std::vector<std::string> labels = {};  ///< category
  std::vector<double> values = {};       ///< set: the candidate holds the value itself
};

struct Space {
  std::vector<Gene> genes;
  int size() const { return static_cast<int>(genes.size()); }
  /// Index of the gene with this name; -1 when there is none.
  int find(const std::string& name) const;
};

using Candidate = std::vector<double>;

/// A value of one gene, uniform over its range.
double random_value(const Gene& gene, Rng& rng);
Candidate random_candidate(const Space& space, Rng& rng);
/// The nearest allowed value: bounds, whole numbers, members of the set.
double repair(const Gene& gene, double value);
void repair(const Space& space, Candidate& candidate);
/// Number of different candidates; infinity with a real gene.
double space_size(const Space& space);
/// Throws Error{usage} when a gene has an empty or reversed range, or a name twice.
void check_space(const Space& space);

/// The value as a person reads it: a label, a whole number, a number.
std::string gene_text(const Gene& gene, double value);

Json to_json(const Space& space);

}  // namespace cupel
