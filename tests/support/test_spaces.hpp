// Small spaces with every kind of gene.
#pragma once

#include "cupel/search/space.hpp"

namespace cupel::test {

/// One gene of each kind; the last three have three values each.
inline Space mixed_space() {
  return {
      {{.name = "rate", .kind = GeneKind::real, .low = -1, .up = 2},
       {.name = "layers", .kind = GeneKind::integer, .low = 1, .up = 3},
       {.name = "activation", .kind = GeneKind::category, .labels = {"tanh", "logistic", "linear"}},
       {.name = "temperature", .kind = GeneKind::set, .values = {4, 40, 90}}}};
}

/// 2 x 2 x 3 = 12 candidates.
inline Space tiny_space() {
  return {{{.name = "n", .kind = GeneKind::integer, .low = 1, .up = 2},
           {.name = "kind", .kind = GeneKind::category, .labels = {"a", "b"}},
           {.name = "T", .kind = GeneKind::set, .values = {4, 40, 90}}}};
}

}  // namespace cupel::test
