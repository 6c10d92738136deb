// Which network of a front to take: the smallest whose error cannot be told from the best one's,
// and a plane rather than a network that may only seem better.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace cupel {

/// A network's size and its held-out errors, block by block (the same rows for every network).
struct SizedErrors {
  int parameters = 0;
  std::vector<double> errors;  ///< mean squared error / variance of each block; NaN: not scored
  bool plane = false;          ///< without hidden neurons
};

/// How the blocks of errors follow one another.
enum class Blocks {
  independent,  ///< rows drawn at random
  in_time,      ///< neighbors resemble each other: they tell less than as many apart
};

struct Pick {
  int index = 0;     ///< into the candidates
  int best = 0;      ///< the one of the lowest mean error
  double error = 0;  ///< mean error of the pick
  double best_error = 0;
  double standard_error = 0;  ///< of the difference between the two, 0 when they are the same
};

/// One-standard-error rule (Breiman et al. 1984) on paired differences: the fewest parameters
/// among the candidates whose mean error exceeds the lowest by at most one standard error of
/// the difference over blocks. Ties go to the lower error, then to the earlier candidate. In time
/// the standard error counts the covariance of blocks up to 4 (blocks / 100)^(2/9) apart, with
/// weights that fall to zero (Newey & West, Econometrica 55 (1987) 703).
/// An error less than 1 % above the lowest is no reason for a larger network, however certain.
/// Before all of these the best plane is taken, where the best network is better by at most 2.5
/// standard errors (with several networks one is the luckiest): outside the rows it was made from,
/// a plane goes on as before. Throws Error{runtime} without candidates.
Pick one_standard_error(std::span<const SizedErrors> candidates,
                        Blocks blocks = Blocks::independent);

double mean_error(const SizedErrors& candidate);

}  // namespace cupel
