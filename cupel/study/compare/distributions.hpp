// Tails of the distributions that the comparison's tests need. Incomplete beta function by
// Lentz's continued fraction (Abramowitz & Stegun 26.5.8); the studentized range of infinitely
// many degrees of freedom by Simpson's rule. Accurate to about 1e-8.
#pragma once

namespace cupel {

/// P(|T| >= |t|) of Student's t with df > 0 degrees of freedom.
double student_t_two_sided(double t, double df);

/// P(F >= f) of Fisher's F with d1, d2 > 0 degrees of freedom; 1 for f <= 0.
double fisher_f_upper(double f, double d1, double d2);

/// P(Q >= q): the range of `groups` >= 2 independent standard normal values.
double studentized_range_upper(double q, int groups);

/// The q with P(Q >= q) = level, 0 < level < 1.
double studentized_range_quantile(double level, int groups);

}  // namespace cupel
