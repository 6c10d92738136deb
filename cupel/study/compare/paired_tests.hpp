// Whether two methods differ on one data set, judged by their errors on the same repeated splits.
// Corrected resampled t-test (Nadeau & Bengio 2003): the splits share most of their rows, so
// their errors are not independent, and the plain t-test sees differences that are not there.
// Holm's step-down correction (1979) keeps the chance of any false difference at the level.
#pragma once

#include <span>
#include <vector>

namespace cupel {

struct PairedTest {
  double difference = 0;  ///< mean of a - b
  double t = 0;
  double p = 1;  ///< two-sided; 1 when there are fewer than two splits
};

/// Errors of two methods on the same splits; `test_share` = test rows / training rows of a split.
/// With R splits: t = mean(d) / sqrt((1/R + test_share) var(d)), R - 1 degrees of freedom.
/// A constant difference that is not zero has p = 0. Splits where either is NaN are left out.
PairedTest corrected_t_test(std::span<const double> a, std::span<const double> b,
                            double test_share);

/// Holm's adjusted p-values, in the order given: p_(k) -> max over j <= k of (m - j + 1) p_(j).
std::vector<double> holm(std::span<const double> p);

}  // namespace cupel
