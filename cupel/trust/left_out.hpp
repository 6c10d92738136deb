// Residuals that rows would have, had they been left out, without training again: from residuals r
// and leverages h of a least-squares fit, r / (1 - h). Rows with equal inputs are left out
// together: m of them share one h, and with S the sum of their residuals each has r + h S / (1 - m
// h).
#pragma once

#include <span>

#include "cupel/base/matrix.hpp"

namespace cupel {

/// together: of each row, from 0; rows of one number have equal inputs. Empty: each row alone.
Vector left_out_residuals(ConstVectorRef residuals, ConstVectorRef leverages,
                          std::span<const int> together);

}  // namespace cupel
