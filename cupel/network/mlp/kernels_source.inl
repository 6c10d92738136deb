// The one source of the three kernel sets; each kernels_*.cpp defines CUPEL_KERNEL_SET (a
// namespace and name) and perhaps CUPEL_KERNELS_V3 or _V4, and is compiled for its processor.
// No standard library templates in here: their inline code, compiled for a newer processor,
// could be linked into the rest of the program.

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <cstdint>

#include "cupel/network/mlp/kernels.hpp"

namespace cupel::CUPEL_KERNEL_SET {
namespace {

#include "cupel/network/mlp/simd.inl"

// Register tiles: units x lane groups of the accumulators that are held at once.
#if defined(CUPEL_KERNELS_V4)
constexpr int kUnits = 4, kGroups = 4;
#else
constexpr int kUnits = 2, kGroups = 2;
#endif

/// exp(-y) for y in [0, 700]: reduction by ln 2 in two parts, then a polynomial of degree 11
/// (interpolated at Chebyshev nodes; relative error 3e-17 before rounding).
inline Lanes exp_negative(Lanes y) {
  const Lanes magic = all(0x1.8p52);
  const Lanes t = fma(y, all(-0x1.71547652b82fep+0), magic);
  const Lanes n = t - magic;
  Lanes r = fma(n, all(-0x1.62e42fefa38p-1), all(0.0) - y);
  r = fma(n, all(-0x1.ef35793c7673p-45), r);
  Lanes p = all(0x1.af632a0f7e2cep-26);
  p = fma(p, r, all(0x1.28b4101c77212p-22));
  p = fma(p, r, all(0x1.71ddf56d8deb5p-19));
  p = fma(p, r, all(0x1.a01991a10d9aep-16));
  p = fma(p, r, all(0x1.a01a01b1461c5p-13));
  p = fma(p, r, all(0x1.6c16c1880029fp-10));
  p = fma(p, r, all(0x1.111111110f21ep-7));
  p = fma(p, r, all(0x1.555555554f0bap-5));
  p = fma(p, r, all(0x1.555555555555ap-3));
  p = fma(p, r, all(0x1.0000000000011p-1));
  p = fma(p, r, all(1.0));
  p = fma(p, r, all(1.0));
  return scale_by_low_bits(p, t);
}

/// Absolute error below 4e-16. (min and max return their second operand when one is NaN; here
/// as below that operand is the one that may be, so that a NaN is never clipped away.)
inline Lanes tanh(Lanes x) {
  const Lanes y = min(all(20.0), absolute(x));
  const Lanes e = exp_negative(y + y);
  return with_sign((all(1.0) - e) / (all(1.0) + e), x);
}

/// log cosh e = |e| - ln 2 + log1p(exp(-2|e|)); the logarithm as 2 atanh(z / (2 + z)).
inline Lanes log_cosh(Lanes e) {
  const Lanes magnitude = absolute(e);
  const Lanes z = exp_negative(min(all(600.0), magnitude + magnitude));
  const Lanes s = z / (all(2.0) + z);
  const Lanes q = s * s;
  Lanes p = all(1.0 / 33);
  for (int k = 31; k >= 1; k -= 2) p = fma(p, q, all(1.0 / k));
  return (magnitude - all(0x1.62e42fefa39efp-1)) + all(2.0) * s * p;
}

inline Lanes activate(Activation activation, Lanes x) {
  switch (activation) {
    case Activation::linear: return x;
    case Activation::tanh: return tanh(x);
    case Activation::logistic: return fma(all(0.5), tanh(all(0.5) * x), all(0.5));
    case Activation::clipped_symmetric: return max(all(-1.0), min(all(1.0), x));
    case Activation::clipped_unit: return max(all(0.0), min(all(1.0), x));
  }
  return x;
}

/// Derivative of the activation, from its value.
inline Lanes slope(Activation activation, Lanes value) {
  switch (activation) {
    case Activation::linear: return all(1.0);
    case Activation::tanh: return fma(all(0.0) - value, value, all(1.0));
    case Activation::logistic: return fma(all(0.0) - value, value, value);
    case Activation::clipped_symmetric:
      return where_less(absolute(value), all(1.0), all(1.0), all(0.0));
    case Activation::clipped_unit:
      return where_less(absolute(value - all(0.5)), all(0.5), all(1.0), all(0.0));
  }
  return all(1.0);
}

/// out[u] = b[u] + Σ_i w[u][i] in[i] for U units and G groups of eight samples.
template <int U, int G>
inline void forward_tile(const KernelLayer& layer, const double* parameters, int unit, int group,
                         const double* in, double* out) {
  const double* weights = parameters + layer.weights + unit * layer.inputs;
  Lanes total[U][G];
  for (int u = 0; u < U; ++u)
    for (int g = 0; g < G; ++g)
      total[u][g] = all(layer.biases < 0 ? 0.0 : parameters[layer.biases + unit + u]);
  for (int i = 0; i < layer.inputs; ++i) {
    Lanes x[G];
    for (int g = 0; g < G; ++g) x[g] = load(in + i * kChunk + (group + g) * kLanes);
    for (int u = 0; u < U; ++u) {
      const Lanes w = all(weights[u * layer.inputs + i]);
      for (int g = 0; g < G; ++g) total[u][g] = fma(w, x[g], total[u][g]);
    }
  }
  for (int u = 0; u < U; ++u)
    for (int g = 0; g < G; ++g)
      store(out + (unit + u) * kChunk + (group + g) * kLanes, total[u][g]);
}

/// back[i] = Σ_u w[u][i] delta[u] for U inputs and G groups of eight samples.
template <int U, int G>
inline void backward_tile(const KernelLayer& layer, const double* parameters, int input, int group,
                          const double* delta, double* back) {
  const double* weights = parameters + layer.weights + input;
  Lanes total[U][G];
  for (int i = 0; i < U; ++i)
    for (int g = 0; g < G; ++g) total[i][g] = all(0.0);
  for (int u = 0; u < layer.units; ++u) {
    Lanes d[G];
    for (int g = 0; g < G; ++g) d[g] = load(delta + u * kChunk + (group + g) * kLanes);
    for (int i = 0; i < U; ++i) {
      const Lanes w = all(weights[u * layer.inputs + i]);
      for (int g = 0; g < G; ++g) total[i][g] = fma(w, d[g], total[i][g]);
    }
  }
  for (int i = 0; i < U; ++i)
    for (int g = 0; g < G; ++g)
      store(back + (input + i) * kChunk + (group + g) * kLanes, total[i][g]);
}

/// accumulators[u][i] += Σ_g delta[u] in[i], lane by lane, for U units and I inputs.
template <int U, int I>
inline void weight_tile(const KernelLayer& layer, int unit, int input, int groups,
                        const double* delta, const double* in, double* accumulators) {
  double* first = accumulators + (layer.weights + unit * layer.inputs + input) * kLanes;
  Lanes total[U][I];
  for (int u = 0; u < U; ++u)
    for (int i = 0; i < I; ++i) total[u][i] = load(first + (u * layer.inputs + i) * kLanes);
  for (int g = 0; g < groups; ++g) {
    Lanes x[I];
    for (int i = 0; i < I; ++i) x[i] = load(in + (input + i) * kChunk + g * kLanes);
    for (int u = 0; u < U; ++u) {
      const Lanes d = load(delta + (unit + u) * kChunk + g * kLanes);
      for (int i = 0; i < I; ++i) total[u][i] = fma(d, x[i], total[u][i]);
    }
  }
  for (int u = 0; u < U; ++u)
    for (int i = 0; i < I; ++i) store(first + (u * layer.inputs + i) * kLanes, total[u][i]);
}

/// Covers rows x columns with tiles of at most kUnits x kGroups: tile(rows of the tile, columns
/// of the tile, first row, first column), the sizes as compile-time constants.
template <int N>
struct Size {
  static constexpr int value = N;
};
template <class Row, class Tile>
inline void cover_columns(Row rows, int row, int columns, Tile tile) {
  int column = 0;
  for (; column + kGroups <= columns; column += kGroups) tile(rows, Size<kGroups>{}, row, column);
  switch (columns - column) {
    case 1: tile(rows, Size<1>{}, row, column); break;
    case 2: tile(rows, Size<2>{}, row, column); break;
    case 3: tile(rows, Size<3>{}, row, column); break;
    default: break;
  }
}
template <class Tile>
inline void cover(int rows, int columns, Tile tile) {
  int row = 0;
  for (; row + kUnits <= rows; row += kUnits) cover_columns(Size<kUnits>{}, row, columns, tile);
  switch (rows - row) {
    case 1: cover_columns(Size<1>{}, row, columns, tile); break;
    case 2: cover_columns(Size<2>{}, row, columns, tile); break;
    case 3: cover_columns(Size<3>{}, row, columns, tile); break;
    default: break;
  }
}

struct Chunk {
  const double *inputs, *targets, *weights;
  int groups;  ///< groups of eight samples in use
};

inline Chunk chunk_at(const KernelSamples& samples, int first) {
  const int rows = samples.rows - first < kChunk ? samples.rows - first : kChunk;
  return {samples.inputs + first * static_cast<std::int64_t>(samples.input_count),
          samples.targets + first * static_cast<std::int64_t>(samples.output_count),
          samples.weights + first, (rows + kLanes - 1) / kLanes};
}

#include "cupel/network/recurrent/window_layer.inl"

struct Values {
  const double* inputs;  ///< of the first dense layer: the samples', or the window layer's outputs
  double* outputs;
};

/// Values of all layers of one chunk.
inline Values forward(const KernelNetwork& network, const double* parameters, const Chunk& chunk,
                      const KernelScratch& scratch) {
  const double* first = chunk.inputs;
  if (network.window != nullptr)
    first = forward_window(*network.window, parameters, chunk.groups, chunk.inputs, scratch.window);
  const double* in = first;
  double* out = scratch.values;
  for (int l = 0; l < network.count; ++l) {
    const KernelLayer& layer = network.layers[l];
    cover(layer.units, chunk.groups, [&](auto u, auto g, int unit, int group) {
      forward_tile<decltype(u)::value, decltype(g)::value>(layer, parameters, unit, group, in, out);
    });
    if (layer.activation != Activation::linear)
      for (int u = 0; u < layer.units; ++u)
        for (int g = 0; g < chunk.groups; ++g) {
          double* place = out + u * kChunk + g * kLanes;
          store(place, activate(layer.activation, load(place)));
        }
    in = out;
    out += layer.units * kChunk;
  }
  return {first, out - network.layers[network.count - 1].units * kChunk};
}

/// delta of the layer below from that of `layer`; `below` are the values of the layer below.
inline void backward(const KernelLayer& layer, Activation activation_below,
                     const double* parameters, int groups, const double* delta,
                     const double* below, double* back) {
  cover(layer.inputs, groups, [&](auto i, auto g, int input, int group) {
    backward_tile<decltype(i)::value, decltype(g)::value>(layer, parameters, input, group, delta,
                                                          back);
  });
  if (activation_below == Activation::linear) return;
  for (int i = 0; i < layer.inputs; ++i)
    for (int g = 0; g < groups; ++g) {
      const int at = i * kChunk + g * kLanes;
      store(back + at, load(back + at) * slope(activation_below, load(below + at)));
    }
}

/// From the first layer's delta to the window layer's derivatives, where there is one.
template <class Sink>
inline void window_gradient(const KernelNetwork& network, const double* parameters,
                            const Chunk& chunk, const double* delta, double* back,
                            double* by_inputs, const KernelScratch& scratch, const Sink& sink) {
  if (network.window == nullptr) return;
  const KernelLayer& first = network.layers[0];
  dense_back(first, parameters, chunk.groups, delta, 0, first.inputs, back);
  backward_window(*network.window, parameters, chunk.groups, chunk.inputs, back, by_inputs,
                  scratch.window, sink);
}

inline Lanes loss_value(const KernelLoss& loss, Lanes e) {
  switch (loss.kind) {
    case LossKind::mse: return e * e;
    case LossKind::alpha_mix:
      return fma(all(loss.alpha), e * e, all(1 - loss.alpha) * log_cosh(e));
    case LossKind::huber: {
      const Lanes near = min(all(loss.delta), absolute(e));
      return near * (absolute(e) - all(0.5) * near);
    }
  }
  return e;
}

inline Lanes loss_slope(const KernelLoss& loss, Lanes e) {
  switch (loss.kind) {
    case LossKind::mse: return e + e;
    case LossKind::alpha_mix:
      return fma(all(2 * loss.alpha), e, all(1 - loss.alpha) * tanh(e));
    case LossKind::huber: return max(all(-loss.delta), min(all(loss.delta), e));
  }
  return e;
}

double loss_gradient(const KernelNetwork& network, const double* parameters,
                     const KernelSamples& samples, const KernelLoss& loss, double* gradient,
                     const KernelScratch& scratch) {
  for (int k = 0; k < network.parameters; ++k) store(scratch.accumulators + k * kLanes, all(0.0));
  Lanes total = all(0.0);
  for (int first = 0; first < samples.rows; first += kChunk) {
    const Chunk chunk = chunk_at(samples, first);
    const auto [inputs, outputs] = forward(network, parameters, chunk, scratch);
    double* delta = scratch.delta[0];
    double* back = scratch.delta[1];
    const Activation last = network.layers[network.count - 1].activation;
    for (int o = 0; o < samples.output_count; ++o)
      for (int g = 0; g < chunk.groups; ++g) {
        const int at = o * kChunk + g * kLanes;
        const Lanes y = load(outputs + at), w = load(chunk.weights + g * kLanes);
        const Lanes e = y - load(chunk.targets + at);
        total = fma(w, loss_value(loss, e), total);
        store(delta + at, w * loss_slope(loss, e) * slope(last, y));
      }
    const double* values = outputs;
    for (int l = network.count - 1; l >= 0; --l) {
      const KernelLayer& layer = network.layers[l];
      const double* below = l > 0 ? values - layer.inputs * kChunk : inputs;
      // Tiles here are units x inputs, both in kUnits x kGroups steps.
      cover(layer.units, layer.inputs, [&](auto u, auto i, int unit, int input) {
        weight_tile<decltype(u)::value, decltype(i)::value>(layer, unit, input, chunk.groups, delta,
                                                            below, scratch.accumulators);
      });
      for (int u = 0; u < layer.units; ++u) {
        double* place = scratch.accumulators + (layer.biases + u) * kLanes;
        Lanes bias = load(place);
        for (int g = 0; g < chunk.groups; ++g)
          bias = bias + load(delta + u * kChunk + g * kLanes);
        store(place, bias);
      }
      if (l == 0) {
        window_gradient(network, parameters, chunk, delta, back, nullptr, scratch,
                        SumSink{scratch.accumulators});
        break;
      }
      backward(layer, network.layers[l - 1].activation, parameters, chunk.groups, delta, below,
               back);
      double* swapped = delta;
      delta = back;
      back = swapped;
      values = below;
    }
  }
  for (int k = 0; k < network.parameters; ++k)
    gradient[k] = sum(load(scratch.accumulators + k * kLanes));
  return sum(total);
}

double loss(const KernelNetwork& network, const double* parameters, const KernelSamples& samples,
            const KernelLoss& kind, double* per_row, const KernelScratch& scratch) {
  Lanes total = all(0.0);
  for (int first = 0; first < samples.rows; first += kChunk) {
    const Chunk chunk = chunk_at(samples, first);
    const double* outputs = forward(network, parameters, chunk, scratch).outputs;
    for (int g = 0; g < chunk.groups; ++g) {
      Lanes row = all(0.0);
      for (int o = 0; o < samples.output_count; ++o) {
        const int at = o * kChunk + g * kLanes;
        row = row + loss_value(kind, load(outputs + at) - load(chunk.targets + at));
      }
      total = fma(load(chunk.weights + g * kLanes), row, total);
      if (!per_row) continue;
      double lanes[kLanes];
      store(lanes, row);
      for (int k = 0; k < kLanes && first + g * kLanes + k < samples.rows; ++k)
        per_row[first + g * kLanes + k] = lanes[k];
    }
  }
  return sum(total);
}

void predict(const KernelNetwork& network, const double* parameters, const KernelSamples& samples,
             double* outputs, const KernelScratch& scratch) {
  for (int first = 0; first < samples.rows; first += kChunk) {
    const Chunk chunk = chunk_at(samples, first);
    const double* values = forward(network, parameters, chunk, scratch).outputs;
    for (int o = 0; o < samples.output_count; ++o)
      for (int g = 0; g < chunk.groups; ++g) {
        const int at = o * kChunk + g * kLanes;
        store(outputs + first * static_cast<std::int64_t>(samples.output_count) + at,
              load(values + at));
      }
  }
}

void jacobian(const KernelNetwork& network, const double* parameters, const KernelSamples& samples,
              int output, int first, int count, double* rows, const KernelScratch& scratch) {
  for (int at = first; at < first + count; at += kChunk) {
    const Chunk chunk = chunk_at(samples, at);
    const auto [inputs, outputs] = forward(network, parameters, chunk, scratch);
    double* delta = scratch.delta[0];
    double* back = scratch.delta[1];
    double* place = rows + (at - first);
    for (int o = 0; o < samples.output_count; ++o)
      for (int g = 0; g < chunk.groups; ++g) {
        const int k = o * kChunk + g * kLanes;
        // Rows beyond the last one have weight 0, and so a Jacobian of 0.
        const Lanes used =
            where_less(all(0.0), load(chunk.weights + g * kLanes), all(1.0), all(0.0));
        const Lanes s = slope(network.layers[network.count - 1].activation, load(outputs + k));
        store(delta + k, o == output ? used * s : all(0.0));
      }
    const double* values = outputs;
    for (int l = network.count - 1; l >= 0; --l) {
      const KernelLayer& layer = network.layers[l];
      const double* below = l > 0 ? values - layer.inputs * kChunk : inputs;
      for (int u = 0; u < layer.units; ++u)
        for (int g = 0; g < chunk.groups; ++g) {
          const Lanes d = load(delta + u * kChunk + g * kLanes);
          double* to = place + g * kLanes;
          store(to + (layer.biases + u) * kJacobianRows, d);
          for (int i = 0; i < layer.inputs; ++i)
            store(to + (layer.weights + u * layer.inputs + i) * kJacobianRows,
                  d * load(below + i * kChunk + g * kLanes));
        }
      if (l == 0) {
        window_gradient(network, parameters, chunk, delta, back, nullptr, scratch, RowSink{place});
        break;
      }
      backward(layer, network.layers[l - 1].activation, parameters, chunk.groups, delta, below,
               back);
      double* swapped = delta;
      delta = back;
      back = swapped;
      values = below;
    }
  }
}

void input_gradient(const KernelNetwork& network, const double* parameters,
                    const KernelSamples& samples, int output, double* gradient,
                    const KernelScratch& scratch) {
  for (int first = 0; first < samples.rows; first += kChunk) {
    const Chunk chunk = chunk_at(samples, first);
    const Values reached = forward(network, parameters, chunk, scratch);
    double* to = gradient + first * static_cast<std::int64_t>(samples.input_count);
    double* delta = scratch.delta[0];
    double* back = scratch.delta[1];
    const KernelLayer& last = network.layers[network.count - 1];
    each_place(last.units, chunk.groups, [&](int at) {
      const bool asked = at / kChunk == output;
      store(delta + at, asked ? slope(last.activation, load(reached.outputs + at)) : all(0.0));
    });
    const double* values = reached.outputs;
    for (int l = network.count - 1; l > 0; --l) {
      values -= network.layers[l].inputs * kChunk;
      backward(network.layers[l], network.layers[l - 1].activation, parameters, chunk.groups, delta,
               values, back);
      double* swapped = delta;
      delta = back;
      back = swapped;
    }
    if (network.window != nullptr)
      window_gradient(network, parameters, chunk, delta, back, to, scratch, NoSink{});
    else
      dense_back(network.layers[0], parameters, chunk.groups, delta, 0, samples.input_count, to);
  }
}

template <int U, int I>
inline void gram_tile(const double* a, const double* b, int groups, int n, double* gram) {
  Lanes total[U][I];
  for (int u = 0; u < U; ++u)
    for (int i = 0; i < I; ++i) total[u][i] = all(0.0);
  for (int g = 0; g < groups; ++g) {
    Lanes x[I];
    for (int i = 0; i < I; ++i) x[i] = load(b + i * kJacobianRows + g * kLanes);
    for (int u = 0; u < U; ++u) {
      const Lanes y = load(a + u * kJacobianRows + g * kLanes);
      for (int i = 0; i < I; ++i) total[u][i] = fma(y, x[i], total[u][i]);
    }
  }
  for (int u = 0; u < U; ++u)
    for (int i = 0; i < I; ++i) gram[u * n + i] += sum(total[u][i]);
}

void add_gram(int n, const double* rows, int count, double* gram) {
  const int groups = (count + kLanes - 1) / kLanes;
  for (int first = 0; first < n; first += kUnits) {
    // The band of rows first … first+kUnits-1 up to its diagonal; mirrored below.
    const int height = n - first < kUnits ? n - first : kUnits;
    cover(height, first + height, [&](auto u, auto i, int row, int column) {
      gram_tile<decltype(u)::value, decltype(i)::value>(
          rows + (first + row) * kJacobianRows, rows + column * kJacobianRows, groups, n,
          gram + (first + row) * n + column);
    });
  }
  for (int i = 0; i < n; ++i)
    for (int j = i + 1; j < n; ++j) gram[i * n + j] = gram[j * n + i];
}

double dot(int n, const double* a, const double* b) {
  Lanes total[4] = {all(0.0), all(0.0), all(0.0), all(0.0)};
  int k = 0;
  for (; k + 4 * kLanes <= n; k += 4 * kLanes)
    for (int q = 0; q < 4; ++q)
      total[q] = fma(load(a + k + q * kLanes), load(b + k + q * kLanes), total[q]);
  for (; k + kLanes <= n; k += kLanes) total[0] = fma(load(a + k), load(b + k), total[0]);
  double result = sum((total[0] + total[1]) + (total[2] + total[3]));
  for (; k < n; ++k) result = __builtin_fma(a[k], b[k], result);
  return result;
}

void axpy(int n, double a, const double* x, double* y) {
  int k = 0;
  for (; k + kLanes <= n; k += kLanes) store(y + k, fma(all(a), load(x + k), load(y + k)));
  for (; k < n; ++k) y[k] = __builtin_fma(a, x[k], y[k]);
}

void axpby(int n, double a, const double* x, double b, const double* z, double* y) {
  int k = 0;
  for (; k + kLanes <= n; k += kLanes)
    store(y + k, fma(all(a), load(x + k), fma(all(b), load(z + k), load(y + k))));
  for (; k < n; ++k) y[k] = __builtin_fma(a, x[k], __builtin_fma(b, z[k], y[k]));
}

}  // namespace

extern const Kernels kernels;
const Kernels kernels = {CUPEL_KERNEL_NAME, loss_gradient, loss, predict, jacobian,
                         input_gradient,    add_gram,      dot,  axpy,    axpby};

}  // namespace cupel::CUPEL_KERNEL_SET
