// How far an interval of the plant's true value must reach to hold wherever a search goes. An
// optimizer ends where the model errs in its favor, so an interval that holds at one place in 9 of
// 10 cases holds at the place it chooses far less often. A simultaneous band (Working & Hotelling
// 1929; Scheffé 1953) holds at all places at once; its quantile is found by drawing the parameters
// from their covariance (to first order, errors are a linear function of them).
#pragma once

#include <span>
#include <vector>

#include "cupel/process/problem.hpp"

namespace cupel {

/// P(N(0, 1) <= z) = confidence.
double normal_quantile(double confidence);

/// z of each target: with probability `confidence` its error, in one direction, exceeds z standard
/// deviations at none of the rows (own units, [rows x columns of the encoder]). Networks of an
/// average err independently here. Empty when a network's covariance is unknown.
Vector simultaneous_quantiles(const Model& model, ConstMatrixRef rows, double confidence);

/// simultaneous_quantiles of each output for places drawn at random from those that the problem
/// allows; 0 for the outputs of a model that does not know its covariance. Empty when predictions
/// are taken as true.
std::vector<double> search_allowance(const Problem& problem);
/// The same for these settings and for others near them: enough for a search that stays there,
/// never more than `problem.allowance`.
std::vector<double> allowance_near(const Problem& problem, std::span<const Candidate> settings);

}  // namespace cupel
