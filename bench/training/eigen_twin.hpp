// The same network in plain Eigen: matrix products, and tanh and logistic from Eigen's
// vectorized exp, as a careful C++ programmer would write it. Its source is compiled for this
// very processor, so that it shares no inline code with the rest: plain types only.
#pragma once

#include <vector>

namespace cupel::bench {

struct TwinLayer {
  int inputs, units;
  int weights;     ///< offset into the parameters, which are in the library's order
  int activation;  ///< 0 linear, 1 tanh, 2 logistic
};
struct TwinState;

/// inputs [rows x inputs], targets [rows x outputs], column by column. Drop with drop_twin().
TwinState* make_twin(const TwinLayer* layers, int count, int rows, int outputs,
                     const double* inputs, const double* targets);
void drop_twin(TwinState* state);

/// Mean squared error; gradient [parameters].
double twin_loss_gradient(TwinState& state, const double* parameters, double* gradient);

}  // namespace cupel::bench
