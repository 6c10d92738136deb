// How far an interval of the plant's true value must reach to hold wherever a search goes. An
// optimizer ends where the model errs in its favor, so an interval that holds at one place in 9 of
// 10 cases holds at the place it chooses far less often. A simultaneous band (Working & Hotelling
// 1929; Scheffé 1953) holds at all places at once; its quantile is found by drawing the parameters
// from their covariance (to first order, errors are a linear function of them).
#pragma once

#include "cupel/process/problem.hpp"

namespace cupel {

/// P(N(0, 1) <= z) = confidence.
double normal_quantile(double confidence);

/// z of each target: with probability `confidence` its error, in one direction, exceeds z standard
/// deviations at none of the rows (own units, [rows x columns of the encoder]). Networks of an
/// average err independently here. Empty when a network's covariance is unknown.
Vector simultaneous_quantiles(const Model& model, ConstMatrixRef rows, double confidence);

/// One number an output: how many times the half width of its interval a limit has to count, for
/// places drawn at random from those that the problem allows. Empty unless the problem's intervals
/// are of the plant's true value and its models know their covariance.
std::vector<double> search_allowance(const Problem& problem);

}  // namespace cupel
