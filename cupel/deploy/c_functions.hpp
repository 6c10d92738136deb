// The functions of a C source that are the same for every model; NAME stands for the model's name.
// They read the tables that c_source.cpp writes before them.
#pragma once

#include <string_view>

namespace cupel::c_text {

/// Types of the tables.
inline constexpr std::string_view kTypes = R"(
typedef struct { /* an input: a number, or the place of a word in its list */
  int words; /* how many; 0: a number */
  double fill, log_scale, low, up; /* numbers: for a missing one, of the logarithm (0: none), range */
  int used;
} column;

typedef struct { /* offset + factor x value, or for a word offset + factor where it is this one */
  int column, level; /* level -1: a number */
  double offset, factor;
} feature;

typedef struct { /* scaled = offset + factor x value, or of its logarithm */
  double offset, factor;
  int logarithm;
  double width; /* half width of the interval, in spreads where the model has them */
} target;

typedef struct { /* a layer that reads the steps of a window, the oldest first */
  int family; /* 0 lstm 1 gru 2 bi-lstm 3 am-lstm 4 am-gru 5 cnn */
  int steps, features, units, outputs, filter_steps;
} window;

typedef struct {
  int inputs, layers, outputs, parameter_count, connections;
  const window *before;       /* layer before the dense ones; 0: none */
  const int *features;        /* that it reads */
  const int *units;           /* of each layer */
  const int *activations;     /* 0 linear 1 tanh 2 logistic 3 within -1, 1 4 within 0, 1 */
  const double *parameters;   /* layer by layer: weights [unit][input], then biases */
  const unsigned char *exist; /* parameters that were not removed; 0: all */
  const int *targets;         /* that each output predicts */
  const double *weights;      /* of each output in its target's sum */
  const float *factor;        /* lower triangle F of the covariance F F', column by column; 0: none */
  const double *noise;        /* variance of each output's noise */
} network;
)";

/// Features, networks, outputs.
inline constexpr std::string_view kPredict = R"(
static void encode(const double *inputs, double *features) {
  int f;
  for (f = 0; f < FEATURES; ++f) {
    const feature *to = &features_table[f];
    const column *from = &columns[to->column];
    double value = inputs[to->column];
    if (to->level >= 0) {
      int word = value >= 0 && value < from->words ? (int)value : 0; /* also where missing */
      features[f] = to->offset + (word == to->level ? to->factor : 0);
      continue;
    }
    if (isnan(value)) value = from->fill;
    if (from->log_scale > 0) value = copysign(log1p(fabs(value) / from->log_scale), value);
    features[f] = to->offset + to->factor * value;
  }
}

static double activated(int activation, double x) {
  switch (activation) {
    case 1: return tanh(x);
    case 2: return 1 / (1 + exp(-x));
    case 3: return x < -1 ? -1 : x > 1 ? 1 : x;
    case 4: return x < 0 ? 0 : x > 1 ? 1 : x;
    default: return x;
  }
}

WINDOW_FUNCTIONS/* Fills `values` with what each layer reads, layer after layer, and at last the outputs, which it
   returns. */
static const double *run(const network *net, const double *features, double *values) {
  const double *weights = net->parameters;
  double *in = values, *out;
  int inputs = net->inputs, l, u, i;
  for (i = 0; i < inputs; ++i) in[i] = features[net->features[i]];
RUN_WINDOW  for (l = 0; l < net->layers; ++l) {
    int units = net->units[l];
    out = in + inputs;
    for (u = 0; u < units; ++u) {
      double sum = weights[units * inputs + u];
      for (i = 0; i < inputs; ++i) sum += weights[u * inputs + i] * in[i];
      out[u] = activated(net->activations[l], sum);
    }
    weights += units * (inputs + 1);
    in = out;
    inputs = units;
  }
  return in;
}

static void add_up(const double *features, double *outputs) {
  double values[VALUES];
  double scaled[NAME_OUTPUTS] = {0};
  int n, k, t;
  for (n = 0; n < NETWORKS; ++n) {
    const double *out = run(&networks[n], features, values);
    for (k = 0; k < networks[n].outputs; ++k)
      scaled[networks[n].targets[k]] += networks[n].weights[k] * out[k];
  }
  for (t = 0; t < NAME_OUTPUTS; ++t) {
    outputs[t] = (scaled[t] - targets[t].offset) / targets[t].factor;
    if (targets[t].logarithm) outputs[t] = exp(outputs[t]);
  }
}

void NAME_predict(const double inputs[NAME_INPUTS], double outputs[NAME_OUTPUTS]) {
  double features[FEATURES];
  encode(inputs, features);
  add_up(features, outputs);
}
)";

/// Where a network has a layer that reads windows.
inline constexpr std::string_view kRunWindow = R"(  if (net->before) {
    weights = run_window(net->before, weights, in, in + inputs);
    in += inputs;
    inputs = net->before->outputs;
  }
)";

/// Families and formulas: docs/methods/namdm.md.
inline constexpr std::string_view kWindow =
    R"(static double logistic(double x) { return 1 / (1 + exp(-x)); }

static double row_sum(const double *row, double bias, const double *values, int count) {
  int i;
  for (i = 0; i < count; ++i) bias += row[i] * values[i];
  return bias;
}

/* The states of all steps, [step][stride]; in both functions the parameters behind those used are
   returned. */
static const double *lstm(const double *p, const double *rows, int steps, int inputs, int units,
                          int back, double *states, int stride) {
  const double *bias = p + 4 * units * (inputs + units);
  double cell[UNITS] = {0}, h[UNITS] = {0}, gate[4];
  int s, u, g;
  for (s = 0; s < steps; ++s) {
    int t = back ? steps - 1 - s : s;
    for (u = 0; u < units; ++u) {
      for (g = 0; g < 4; ++g) {
        const double *row = p + (g * units + u) * (inputs + units);
        gate[g] = row_sum(row, bias[g * units + u], rows + t * inputs, inputs);
        gate[g] = row_sum(row + inputs, gate[g], h, units);
      }
      cell[u] = logistic(gate[1]) * cell[u] + logistic(gate[0]) * tanh(gate[2]);
      states[t * stride + u] = logistic(gate[3]) * tanh(cell[u]);
    }
    for (u = 0; u < units; ++u) h[u] = states[t * stride + u];
  }
  return bias + 4 * units;
}

static const double *gru(const double *p, const double *rows, int steps, int inputs, int units,
                         double *states) {
  const double *gates = p, *gate_bias = gates + 2 * units * (inputs + units);
  const double *v = gate_bias + 2 * units, *v_bias = v + units * inputs;
  const double *w = v_bias + units, *w_bias = w + units * units;
  double h[UNITS] = {0}, gate[2];
  int t, u, g;
  for (t = 0; t < steps; ++t) {
    const double *x = rows + t * inputs;
    for (u = 0; u < units; ++u) {
      double candidate;
      for (g = 0; g < 2; ++g) {
        const double *row = gates + (g * units + u) * (inputs + units);
        gate[g] = row_sum(row, gate_bias[g * units + u], x, inputs);
        gate[g] = logistic(row_sum(row + inputs, gate[g], h, units));
      }
      candidate = row_sum(v + u * inputs, v_bias[u], x, inputs);
      candidate = tanh(candidate + gate[0] * row_sum(w + u * units, w_bias[u], h, units));
      states[t * units + u] = (1 - gate[1]) * candidate + gate[1] * h[u];
    }
    for (u = 0; u < units; ++u) h[u] = states[t * units + u];
  }
  return w_bias + units;
}

/* The states' sum, weighted by how much each step matters. */
static const double *attend(const double *p, const double *states, int steps, int units,
                            double *context) {
  const double *score_weights = p + units * units;
  double score[STEPS], largest = -HUGE_VAL, sum = 0;
  int t, u;
  for (t = 0; t < steps; ++t) {
    score[t] = 0;
    for (u = 0; u < units; ++u)
      score[t] += score_weights[u] * tanh(row_sum(p + u * units, 0, states + t * units, units));
    if (score[t] > largest) largest = score[t];
  }
  for (u = 0; u < units; ++u) context[u] = 0;
  for (t = 0; t < steps; ++t) {
    score[t] = exp(score[t] - largest);
    sum += score[t];
    for (u = 0; u < units; ++u) context[u] += score[t] * states[t * units + u];
  }
  for (u = 0; u < units; ++u) context[u] /= sum;
  return score_weights + units;
}

static const double *filters(const double *p, const window *of, const double *rows, double *out) {
  int width = of->filter_steps * of->features, places = of->steps - of->filter_steps + 1, t, u;
  const double *bias = p + of->units * width;
  for (u = 0; u < of->units; ++u) {
    out[u] = 0;
    for (t = 0; t < places; ++t)
      out[u] += tanh(row_sum(p + u * width, bias[u], rows + t * of->features, width)) / places;
  }
  return bias + of->units;
}

static const double *run_window(const window *of, const double *p, const double *rows,
                                double *out) {
  double states[STATES], deeper[STATES];
  int steps = of->steps, units = of->units, features = of->features, last = (steps - 1) * units, u;
  switch (of->family) {
    case 2:
      p = lstm(p, rows, steps, features, units, 0, states, 2 * units);
      p = lstm(p, rows, steps, features, units, 1, states + units, 2 * units);
      p = lstm(p, states, steps, 2 * units, units, 0, deeper, 2 * units);
      p = lstm(p, states, steps, 2 * units, units, 1, deeper + units, 2 * units);
      for (u = 0; u < units; ++u) {
        out[u] = deeper[2 * last + u];
        out[units + u] = deeper[units + u];
      }
      return p;
    case 5: return filters(p, of, rows, out);
    case 0:
    case 3: p = lstm(p, rows, steps, features, units, 0, states, units); break;
    default: p = gru(p, rows, steps, features, units, states); break;
  }
  if (of->family >= 3) return attend(p, states, steps, units, out);
  for (u = 0; u < units; ++u) out[u] = states[last + u];
  return p;
}

)";

/// The interval: the same half width everywhere.
inline constexpr std::string_view kConstantInterval = R"(
void NAME_interval(const double inputs[NAME_INPUTS], double outputs[NAME_OUTPUTS],
                   double lower[NAME_OUTPUTS], double upper[NAME_OUTPUTS]) {
  int t;
  NAME_predict(inputs, outputs);
  for (t = 0; t < NAME_OUTPUTS; ++t) {
    lower[t] = outputs[t] - targets[t].width;
    upper[t] = outputs[t] + targets[t].width;
  }
}
)";

/// The interval: half widths in spreads, the root of noise and parameter variance.
inline constexpr std::string_view kSpreadInterval = R"(
static double slope(int activation, double out) {
  switch (activation) {
    case 1: return 1 - out * out;
    case 2: return out * (1 - out);
    case 3: return out > -1 && out < 1 ? 1 : 0;
    case 4: return out > 0 && out < 1 ? 1 : 0;
    default: return 1;
  }
}

/* Derivative of output k by the parameters that exist, from the values that run() left. */
static void derivatives(const network *net, const double *values, int k, double *gradient) {
  double delta[WIDEST], before[WIDEST];
  int l, u, i, p, kept = 0, first = net->parameter_count, at = net->inputs;
  for (l = 0; l < net->layers; ++l) at += net->units[l];
  for (l = net->layers - 1; l >= 0; --l) {
    int units = net->units[l], inputs = l > 0 ? net->units[l - 1] : net->inputs;
    const double *in, *weights;
    at -= units;
    in = values + at - inputs;
    first -= units * (inputs + 1);
    weights = net->parameters + first;
    for (u = 0; u < units; ++u) {
      double from = l == net->layers - 1 ? (u == k ? 1 : 0) : delta[u];
      delta[u] = from * slope(net->activations[l], values[at + u]);
      for (i = 0; i < inputs; ++i) gradient[first + u * inputs + i] = delta[u] * in[i];
      gradient[first + units * inputs + u] = delta[u];
    }
    for (i = 0; i < inputs; ++i) {
      before[i] = 0;
      for (u = 0; u < units; ++u) before[i] += delta[u] * weights[u * inputs + i];
    }
    for (i = 0; i < inputs; ++i) delta[i] = before[i];
  }
  for (p = 0; p < net->parameter_count; ++p)
    if (!net->exist || net->exist[p]) gradient[kept++] = gradient[p];
}

static double parameter_variance(const network *net, const double *values, int k) {
  double gradient[PARAMETERS], sum = 0;
  const float *factor = net->factor;
  int r, c;
  derivatives(net, values, k, gradient);
  for (c = 0; c < net->connections; ++c) {
    double along = 0;
    for (r = c; r < net->connections; ++r) along += gradient[r] * *factor++;
    sum += along * along;
  }
  return sum;
}

void NAME_interval(const double inputs[NAME_INPUTS], double outputs[NAME_OUTPUTS],
                   double lower[NAME_OUTPUTS], double upper[NAME_OUTPUTS]) {
  double features[FEATURES], values[VALUES];
  double uncertain[NAME_OUTPUTS] = {0}, noise[NAME_OUTPUTS] = {0};
  int n, k, t;
  encode(inputs, features);
  add_up(features, outputs);
  for (n = 0; n < NETWORKS; ++n) {
    const network *net = &networks[n];
    run(net, features, values);
    for (k = 0; k < net->outputs; ++k) {
      double weight = fabs(net->weights[k]);
      uncertain[net->targets[k]] += weight * sqrt(parameter_variance(net, values, k));
      noise[net->targets[k]] += weight * net->noise[k];
    }
  }
  for (t = 0; t < NAME_OUTPUTS; ++t) {
    double unit = fabs((targets[t].logarithm ? outputs[t] : 1) / targets[t].factor);
    double half = targets[t].width * unit * sqrt(uncertain[t] * uncertain[t] + noise[t]);
    lower[t] = outputs[t] - half;
    upper[t] = outputs[t] + half;
  }
}
)";

/// Distance by each input's range.
inline constexpr std::string_view kDistance = R"(
static double range_ratio(const column *of, double value) {
  double half = (0.5 + MARGIN) * (of->up - of->low), off = fabs(value - 0.5 * (of->up + of->low));
  if (!of->used || of->words || isnan(value)) return 0;
  if (half > 0) return off / half;
  return off > 0 ? 1e3 : 0; /* it never changed in training */
}
)";

/// And by the cloud of the training rows.
inline constexpr std::string_view kCloud = R"(
static double cloud_ratio(const double *features) {
  double z[CLOUD], from_mean = 0, nearest = HUGE_VAL;
  int i, j, r;
  for (i = 0; i < CLOUD; ++i)
    z[i] = (features[cloud_features[i]] - cloud_mean[i]) / cloud_deviation[i];
  for (i = 0; i < CLOUD; ++i) {
    double white = 0;
    for (j = 0; j < CLOUD; ++j) white += cloud_whitening[i * CLOUD + j] * z[j];
    from_mean += white * white;
  }
  for (r = 0; r < CLOUD_ROWS; ++r) {
    double square = 0;
    for (i = 0; i < CLOUD; ++i) {
      double off = cloud_rows[r * CLOUD + i] - z[i];
      square += off * off;
    }
    if (square < nearest) nearest = square;
  }
  from_mean = sqrt(from_mean) / MEAN_LIMIT;
  nearest = sqrt(nearest) / ROW_LIMIT;
  return from_mean > nearest ? from_mean : nearest;
}
)";

inline constexpr std::string_view kWholeDistance = R"(
double NAME_distance(const double inputs[NAME_INPUTS]) {
  double distance = START_DISTANCE;
  int c;
  for (c = 0; c < NAME_INPUTS; ++c) {
    double ratio = range_ratio(&columns[c], inputs[c]);
    if (ratio > distance) distance = ratio;
  }
  return distance;
}
)";

/// Compares with what Cupel itself computed.
inline constexpr std::string_view kSelfTest = R"(
static int differ(double found, double expected, double range) {
  double allowed = 1e-9 * (fabs(expected) > range ? fabs(expected) : range);
  return !(found == expected || fabs(found - expected) <= allowed);
}

int NAME_self_test(void) {
  int wrong = 0, row, t;
  for (row = 0; row < TEST_ROWS; ++row) {
    const double *inputs = expected_rows + row * NAME_INPUTS;
    double outputs[NAME_OUTPUTS];
    NAME_predict(inputs, outputs);
    for (t = 0; t < NAME_OUTPUTS; ++t)
      wrong += differ(outputs[t], expected_outputs[row * NAME_OUTPUTS + t], expected_ranges[t]);
TEST_INTERVAL_AND_DISTANCE  }
  return wrong;
}
)";

inline constexpr std::string_view kTestInterval = R"(    {
      double lower[NAME_OUTPUTS], upper[NAME_OUTPUTS];
      NAME_interval(inputs, outputs, lower, upper);
      for (t = 0; t < NAME_OUTPUTS; ++t) {
        wrong += differ(lower[t], expected_lowers[row * NAME_OUTPUTS + t], expected_ranges[t]);
        wrong += differ(upper[t], expected_uppers[row * NAME_OUTPUTS + t], expected_ranges[t]);
      }
    }
)";

inline constexpr std::string_view kTestDistance =
    R"(    wrong += differ(NAME_distance(inputs), expected_distances[row], 1);
)";

}  // namespace cupel::c_text
