// The window layer: a recurrent cell or a convolution that reads the steps of a window one after
// the other and leaves one state. Included by kernels_source.inl alone, after its tiles.
//
// A window's samples lie as a dense layer's do, [step][feature][kChunk], so that one step of all
// features, and several steps in a row, are the inputs of a dense tile. Within a chunk, every
// buffer is [step][variable][kChunk]. Formulas and layout of parameters: window_layer.hpp.

/// Sums over samples into the accumulators of loss_gradient.
struct SumSink {
  double* accumulators;

  /// d/d weights of `layer` applied at `steps` places: Σ over places of delta ⊗ in.
  void operator()(const KernelLayer& layer, int steps, int groups, const double* delta,
                  int delta_step, const double* in, int in_step) const {
    cover(layer.units, layer.inputs, [&](auto u, auto i, int unit, int input) {
      tile<decltype(u)::value, decltype(i)::value>(layer, unit, input, steps, groups, delta,
                                                   delta_step, in, in_step);
    });
    if (layer.biases < 0) return;
    for (int u = 0; u < layer.units; ++u) {
      double* place = accumulators + (layer.biases + u) * kLanes;
      Lanes total = load(place);
      for (int s = 0; s < steps; ++s)
        for (int g = 0; g < groups; ++g)
          total = total + load(delta + s * delta_step + u * kChunk + g * kLanes);
      store(place, total);
    }
  }

  template <int U, int I>
  void tile(const KernelLayer& layer, int unit, int input, int steps, int groups,
            const double* delta, int delta_step, const double* in, int in_step) const {
    double* first = accumulators + (layer.weights + unit * layer.inputs + input) * kLanes;
    Lanes total[U][I];
    for (int u = 0; u < U; ++u)
      for (int i = 0; i < I; ++i) total[u][i] = load(first + (u * layer.inputs + i) * kLanes);
    for (int s = 0; s < steps; ++s)
      for (int g = 0; g < groups; ++g) {
        const double* d = delta + s * delta_step + unit * kChunk + g * kLanes;
        const double* at = in + s * in_step + input * kChunk + g * kLanes;
        Lanes x[I];
        for (int i = 0; i < I; ++i) x[i] = load(at + i * kChunk);
        for (int u = 0; u < U; ++u) {
          const Lanes y = load(d + u * kChunk);
          for (int i = 0; i < I; ++i) total[u][i] = fma(y, x[i], total[u][i]);
        }
      }
    for (int u = 0; u < U; ++u)
      for (int i = 0; i < I; ++i) store(first + (u * layer.inputs + i) * kLanes, total[u][i]);
  }
};

/// Keeps each sample's derivative: a chunk's place in a Jacobian [parameters][kJacobianRows].
struct RowSink {
  double* rows;

  void operator()(const KernelLayer& layer, int steps, int groups, const double* delta,
                  int delta_step, const double* in, int in_step) const {
    for (int u = 0; u < layer.units; ++u)
      for (int g = 0; g < groups; ++g) {
        const double* d = delta + u * kChunk + g * kLanes;
        double* to = rows + g * kLanes;
        Lanes bias = all(0.0);
        for (int s = 0; s < steps; ++s) bias = bias + load(d + s * delta_step);
        if (layer.biases >= 0) store(to + (layer.biases + u) * kJacobianRows, bias);
        for (int i = 0; i < layer.inputs; ++i) {
          Lanes total = all(0.0);
          for (int s = 0; s < steps; ++s)
            total = fma(load(d + s * delta_step), load(in + s * in_step + i * kChunk + g * kLanes),
                        total);
          store(to + (layer.weights + u * layer.inputs + i) * kJacobianRows, total);
        }
      }
  }
};

/// Nobody asks for the parameters' derivatives.
struct NoSink {
  void operator()(const KernelLayer&, int, int, const double*, int, const double*, int) const {}
};

inline void dense(const KernelLayer& layer, const double* parameters, int groups, const double* in,
                  double* out) {
  cover(layer.units, groups, [&](auto u, auto g, int unit, int group) {
    forward_tile<decltype(u)::value, decltype(g)::value>(layer, parameters, unit, group, in, out);
  });
}

/// back[i] for inputs first … first + count - 1 of the layer.
inline void dense_back(const KernelLayer& layer, const double* parameters, int groups,
                       const double* delta, int first, int count, double* back) {
  cover(count, groups, [&](auto i, auto g, int input, int group) {
    backward_tile<decltype(i)::value, decltype(g)::value>(layer, parameters, first + input, group,
                                                          delta, back);
  });
}

/// one(place) for every eight samples of `variables` variables.
template <class One>
inline void each_place(int variables, int groups, One one) {
  for (int v = 0; v < variables; ++v)
    for (int g = 0; g < groups; ++g) one(v * kChunk + g * kLanes);
}
inline void copy(int variables, int groups, const double* from, double* to) {
  each_place(variables, groups, [&](int at) { store(to + at, load(from + at)); });
}
inline void add(int variables, int groups, const double* from, double* to) {
  each_place(variables, groups, [&](int at) { store(to + at, load(to + at) + load(from + at)); });
}
inline void clear(int variables, int groups, double* to) {
  each_place(variables, groups, [&](int at) { store(to + at, all(0.0)); });
}
inline Lanes logistic(Lanes x) { return activate(Activation::logistic, x); }
inline Lanes one_minus_square(Lanes x) { return fma(all(0.0) - x, x, all(1.0)); }
inline Lanes logistic_slope(Lanes x) { return fma(all(0.0) - x, x, x); }

/// One cell run along a sequence. Buffers are by place in its own order, k = 0 … steps - 1.
struct Pass {
  bool lstm;
  int inputs, units, steps;
  bool reversed;  ///< begins at the last step
  KernelLayer gates, from_input, from_state;
  double* joined;   ///< [steps][inputs + units]: this step's inputs, the state before
  double* values;   ///< [steps][4 units]: LSTM i f g o, GRU r z n q
  double* cells;    ///< [steps][2 units]: LSTM c, tanh c
  double* states;   ///< [steps][units]
  double* delta;    ///< [steps][4 units]: loss by what enters the gates
  double* carried;  ///< [inputs + 2 units]: by the joined inputs of a step, by the cell

  int step_of(int k) const { return reversed ? steps - 1 - k : k; }
};

/// Cuts a pass's parameters and buffers off what is left of both.
inline Pass make_pass(bool lstm, int inputs, int units, int steps, bool reversed, int& parameter,
                      double*& scratch) {
  Pass pass{lstm, inputs,  units,   steps,   reversed, {},      {},
            {},   nullptr, nullptr, nullptr, nullptr,  nullptr, nullptr};
  const auto layer = [&](int in, int out) {
    const KernelLayer made{in, out, parameter, parameter + in * out, Activation::linear};
    parameter += (in + 1) * out;
    return made;
  };
  pass.gates = layer(inputs + units, (lstm ? 4 : 2) * units);
  if (!lstm) {
    pass.from_input = layer(inputs, units);
    pass.from_state = layer(units, units);
  }
  const auto buffer = [&](int variables) {
    double* place = scratch;
    scratch += static_cast<std::int64_t>(variables) * kChunk;
    return place;
  };
  pass.joined = buffer(steps * (inputs + units));
  pass.values = buffer(steps * 4 * units);
  pass.cells = buffer(steps * 2 * units);
  pass.states = buffer(steps * units);
  pass.delta = buffer(steps * 4 * units);
  pass.carried = buffer(inputs + 2 * units);
  return pass;
}

inline void lstm_step(const Pass& pass, int k, int groups) {
  const int h = pass.units * kChunk;
  double* v = pass.values + k * 4 * h;
  double* cell = pass.cells + k * 2 * h;
  double* state = pass.states + k * h;
  each_place(pass.units, groups, [&](int at) {
    const Lanes i = logistic(load(v + at)), f = logistic(load(v + h + at));
    const Lanes g = tanh(load(v + 2 * h + at)), o = logistic(load(v + 3 * h + at));
    const Lanes before = k > 0 ? load(cell - 2 * h + at) : all(0.0);
    const Lanes c = fma(f, before, i * g), t = tanh(c);
    store(v + at, i);
    store(v + h + at, f);
    store(v + 2 * h + at, g);
    store(v + 3 * h + at, o);
    store(cell + at, c);
    store(cell + h + at, t);
    store(state + at, o * t);
  });
}

inline void gru_step(const Pass& pass, int k, int groups) {
  const int h = pass.units * kChunk;
  double* v = pass.values + k * 4 * h;
  const double* before = pass.joined + (k * (pass.inputs + pass.units) + pass.inputs) * kChunk;
  double* state = pass.states + k * h;
  each_place(pass.units, groups, [&](int at) {
    const Lanes r = logistic(load(v + at)), z = logistic(load(v + h + at));
    const Lanes n = tanh(fma(r, load(v + 3 * h + at), load(v + 2 * h + at)));
    store(v + at, r);
    store(v + h + at, z);
    store(v + 2 * h + at, n);
    store(state + at, fma(z, load(before + at) - n, n));
  });
}

/// sequence [steps][inputs][kChunk], in the order of time.
inline void forward_pass(const Pass& pass, const double* parameters, int groups,
                         const double* sequence) {
  const int width = pass.inputs + pass.units, h = pass.units * kChunk;
  for (int k = 0; k < pass.steps; ++k) {
    double* joined = pass.joined + k * width * kChunk;
    copy(pass.inputs, groups, sequence + pass.step_of(k) * pass.inputs * kChunk, joined);
    double* state = joined + pass.inputs * kChunk;
    if (k > 0)
      copy(pass.units, groups, pass.states + (k - 1) * h, state);
    else
      clear(pass.units, groups, state);
    double* v = pass.values + k * 4 * h;
    dense(pass.gates, parameters, groups, joined, v);
    if (pass.lstm) {
      lstm_step(pass, k, groups);
    } else {
      dense(pass.from_input, parameters, groups, joined, v + 2 * h);
      dense(pass.from_state, parameters, groups, state, v + 3 * h);
      gru_step(pass, k, groups);
    }
  }
}

/// From dh (by the state) and dc (by the cell, in place) to the deltas of step k.
inline void lstm_step_back(const Pass& pass, int k, int groups, const double* by_state,
                           double* by_cell) {
  const int h = pass.units * kChunk;
  const double* v = pass.values + k * 4 * h;
  const double* cell = pass.cells + k * 2 * h;
  double* d = pass.delta + k * 4 * h;
  each_place(pass.units, groups, [&](int at) {
    const Lanes i = load(v + at), f = load(v + h + at), g = load(v + 2 * h + at);
    const Lanes o = load(v + 3 * h + at), t = load(cell + h + at), dh = load(by_state + at);
    const Lanes before = k > 0 ? load(cell - 2 * h + at) : all(0.0);
    const Lanes dc = fma(dh * o, one_minus_square(t), load(by_cell + at));
    store(d + at, dc * g * logistic_slope(i));
    store(d + h + at, dc * before * logistic_slope(f));
    store(d + 2 * h + at, dc * i * one_minus_square(g));
    store(d + 3 * h + at, dh * t * logistic_slope(o));
    store(by_cell + at, dc * f);
  });
}

/// by_state becomes what passes to the state before around the gates.
inline void gru_step_back(const Pass& pass, int k, int groups, double* by_state) {
  const int h = pass.units * kChunk;
  const double* v = pass.values + k * 4 * h;
  const double* before = pass.joined + (k * (pass.inputs + pass.units) + pass.inputs) * kChunk;
  double* d = pass.delta + k * 4 * h;
  each_place(pass.units, groups, [&](int at) {
    const Lanes r = load(v + at), z = load(v + h + at), n = load(v + 2 * h + at);
    const Lanes q = load(v + 3 * h + at), dh = load(by_state + at);
    const Lanes dn = dh * (all(1.0) - z) * one_minus_square(n);
    store(d + at, dn * q * logistic_slope(r));
    store(d + h + at, dh * (load(before + at) - n) * logistic_slope(z));
    store(d + 2 * h + at, dn);
    store(d + 3 * h + at, dn * r);
    store(by_state + at, dh * z);
  });
}

template <class Sink>
inline void pass_weights(const Pass& pass, int groups, const Sink& sink) {
  const int width = (pass.inputs + pass.units) * kChunk, h = pass.units * kChunk;
  sink(pass.gates, pass.steps, groups, pass.delta, 4 * h, pass.joined, width);
  if (pass.lstm) return;
  sink(pass.from_input, pass.steps, groups, pass.delta + 2 * h, 4 * h, pass.joined, width);
  sink(pass.from_state, pass.steps, groups, pass.delta + 3 * h, 4 * h,
       pass.joined + pass.inputs * kChunk, width);
}

/// by_states [steps][units]: loss by the states, in the pass's order; used up. by_sequence
/// [steps][inputs], in the order of time, is added to; null: nobody asks.
template <class Sink>
inline void backward_pass(const Pass& pass, const double* parameters, int groups, double* by_states,
                          double* by_sequence, const Sink& sink) {
  const int in = pass.inputs * kChunk, h = pass.units * kChunk;
  double* back = pass.carried;
  double* by_cell = back + in + h;
  clear(pass.units, groups, by_cell);
  for (int k = pass.steps - 1; k >= 0; --k) {
    double* by_state = by_states + k * h;
    const double* d = pass.delta + k * 4 * h;
    if (pass.lstm)
      lstm_step_back(pass, k, groups, by_state, by_cell);
    else
      gru_step_back(pass, k, groups, by_state);
    if (k > 0) {
      dense_back(pass.gates, parameters, groups, d, pass.inputs, pass.units, back);
      add(pass.units, groups, back + in, by_state - h);
      if (!pass.lstm) {
        add(pass.units, groups, by_state, by_state - h);
        dense_back(pass.from_state, parameters, groups, d + 3 * h, 0, pass.units, back + in);
        add(pass.units, groups, back + in, by_state - h);
      }
    }
    if (by_sequence == nullptr) continue;
    double* to = by_sequence + pass.step_of(k) * in;
    dense_back(pass.gates, parameters, groups, d, 0, pass.inputs, back);
    add(pass.inputs, groups, back, to);
    if (!pass.lstm) {
      dense_back(pass.from_input, parameters, groups, d + 2 * h, 0, pass.inputs, back);
      add(pass.inputs, groups, back, to);
    }
  }
  pass_weights(pass, groups, sink);
}

/// Additive attention over the states of a pass.
struct Attention {
  int units, steps;
  KernelLayer inner, score;  ///< W, u: no biases
  double *hidden, *weights;  ///< [steps][units] tanh(W h), [steps] softmax
  double *by_hidden, *by_score, *back;
};

inline Attention make_attention(int units, int steps, int& parameter, double*& scratch) {
  Attention made{units, steps, {}, {}, nullptr, nullptr, nullptr, nullptr, nullptr};
  made.inner = {units, units, parameter, -1, Activation::linear};
  made.score = {units, 1, parameter + units * units, -1, Activation::linear};
  parameter += units * units + units;
  made.hidden = scratch;
  made.by_hidden = made.hidden + static_cast<std::int64_t>(steps) * units * kChunk;
  made.weights = made.by_hidden + static_cast<std::int64_t>(steps) * units * kChunk;
  made.by_score = made.weights + static_cast<std::int64_t>(steps) * kChunk;
  made.back = made.by_score + static_cast<std::int64_t>(steps) * kChunk;
  scratch = made.back + units * kChunk;
  return made;
}

inline void forward_attention(const Attention& attention, const double* parameters, int groups,
                              const double* states, double* context) {
  const int h = attention.units * kChunk;
  for (int t = 0; t < attention.steps; ++t) {
    double* hidden = attention.hidden + t * h;
    dense(attention.inner, parameters, groups, states + t * h, hidden);
    each_place(attention.units, groups,
               [&](int at) { store(hidden + at, tanh(load(hidden + at))); });
    dense(attention.score, parameters, groups, hidden, attention.weights + t * kChunk);
  }
  for (int g = 0; g < groups; ++g) {
    double* w = attention.weights + g * kLanes;
    Lanes most = load(w), total = all(0.0);
    for (int t = 1; t < attention.steps; ++t) most = max(most, load(w + t * kChunk));
    for (int t = 0; t < attention.steps; ++t) {
      const Lanes e = exp_negative(min(all(600.0), most - load(w + t * kChunk)));
      store(w + t * kChunk, e);
      total = total + e;
    }
    for (int t = 0; t < attention.steps; ++t) store(w + t * kChunk, load(w + t * kChunk) / total);
  }
  clear(attention.units, groups, context);
  for (int t = 0; t < attention.steps; ++t)
    each_place(attention.units, groups, [&](int at) {
      const Lanes w = load(attention.weights + t * kChunk + at % kChunk);
      store(context + at, fma(w, load(states + t * h + at), load(context + at)));
    });
}

/// by_states [steps][units] receives the loss by the states.
template <class Sink>
inline void backward_attention(const Attention& attention, const double* parameters, int groups,
                               const double* states, const double* by_context, double* by_states,
                               const Sink& sink) {
  const int h = attention.units * kChunk;
  for (int g = 0; g < groups; ++g) {
    Lanes mean = all(0.0);
    for (int t = 0; t < attention.steps; ++t) {
      Lanes by_weight = all(0.0);
      for (int u = 0; u < attention.units; ++u) {
        const int at = u * kChunk + g * kLanes;
        by_weight = fma(load(by_context + at), load(states + t * h + at), by_weight);
      }
      const int place = t * kChunk + g * kLanes;
      store(attention.by_score + place, by_weight);
      mean = fma(by_weight, load(attention.weights + place), mean);
    }
    for (int t = 0; t < attention.steps; ++t) {
      double* place = attention.by_score + t * kChunk + g * kLanes;
      const Lanes w = load(attention.weights + t * kChunk + g * kLanes);
      store(place, w * (load(place) - mean));
    }
  }
  for (int t = 0; t < attention.steps; ++t) {
    double* d = attention.by_hidden + t * h;
    dense_back(attention.score, parameters, groups, attention.by_score + t * kChunk, 0,
               attention.units, d);
    each_place(attention.units, groups, [&](int at) {
      store(d + at, load(d + at) * one_minus_square(load(attention.hidden + t * h + at)));
    });
    dense_back(attention.inner, parameters, groups, d, 0, attention.units, attention.back);
    each_place(attention.units, groups, [&](int at) {
      const Lanes w = load(attention.weights + t * kChunk + at % kChunk);
      store(by_states + t * h + at, fma(w, load(by_context + at), load(attention.back + at)));
    });
  }
  sink(attention.inner, attention.steps, groups, attention.by_hidden, h, states, h);
  sink(attention.score, attention.steps, groups, attention.by_score, kChunk, attention.hidden, h);
}

/// A window layer with its parameters and buffers laid out; [1], [2], [3] of Bi-LSTM alone.
struct WindowPlan {
  Pass pass[4];
  Attention attention;
  KernelLayer filters;  ///< CNN
  int places;           ///< CNN: where the filters are applied
  double *middle, *by_middle, *by_states, *outputs;
};

inline bool is_lstm(WindowKind kind) {
  return kind == WindowKind::lstm || kind == WindowKind::am_lstm || kind == WindowKind::bi_lstm;
}
inline bool has_attention(WindowKind kind) {
  return kind == WindowKind::am_lstm || kind == WindowKind::am_gru;
}

inline WindowPlan plan_window(const KernelWindow& window, double* scratch) {
  WindowPlan plan{};
  int parameter = 0;
  const int steps = window.steps, units = window.units;
  plan.outputs = scratch;
  plan.by_states = plan.outputs + 2 * units * kChunk;
  scratch = plan.by_states + static_cast<std::int64_t>(steps) * units * kChunk;
  switch (window.kind) {
    case WindowKind::cnn:
      plan.filters = {window.filter_steps * window.features, units, 0,
                      window.filter_steps * window.features * units, Activation::tanh};
      plan.places = steps - window.filter_steps + 1;
      plan.middle = scratch;
      plan.by_middle = plan.middle + static_cast<std::int64_t>(plan.places) * units * kChunk;
      return plan;
    case WindowKind::bi_lstm:
      for (int k = 0; k < 4; ++k)
        plan.pass[k] = make_pass(true, k < 2 ? window.features : 2 * units, units, steps,
                                 k % 2 == 1, parameter, scratch);
      plan.middle = scratch;
      plan.by_middle = plan.middle + static_cast<std::int64_t>(steps) * 2 * units * kChunk;
      return plan;
    case WindowKind::lstm:
    case WindowKind::gru:
    case WindowKind::am_lstm:
    case WindowKind::am_gru:
      plan.pass[0] =
          make_pass(is_lstm(window.kind), window.features, units, steps, false, parameter, scratch);
      if (has_attention(window.kind))
        plan.attention = make_attention(units, steps, parameter, scratch);
      return plan;
  }
  return plan;
}

inline void forward_cnn(const WindowPlan& plan, const KernelWindow& window,
                        const double* parameters, int groups, const double* sequence) {
  const int h = window.units * kChunk;
  clear(window.units, groups, plan.outputs);
  const Lanes share = all(1.0 / plan.places);
  for (int t = 0; t < plan.places; ++t) {
    double* out = plan.middle + t * h;
    dense(plan.filters, parameters, groups, sequence + t * window.features * kChunk, out);
    each_place(window.units, groups, [&](int at) {
      const Lanes v = tanh(load(out + at));
      store(out + at, v);
      store(plan.outputs + at, fma(share, v, load(plan.outputs + at)));
    });
  }
}

template <class Sink>
inline void backward_cnn(const WindowPlan& plan, const KernelWindow& window,
                         const double* parameters, int groups, const double* sequence,
                         const double* by_outputs, double* by_sequence, const Sink& sink) {
  const int h = window.units * kChunk, step = window.features * kChunk;
  const Lanes share = all(1.0 / plan.places);
  for (int t = 0; t < plan.places; ++t) {
    double* d = plan.by_middle + t * h;
    each_place(window.units, groups, [&](int at) {
      store(d + at,
            share * load(by_outputs + at) * one_minus_square(load(plan.middle + t * h + at)));
    });
    if (by_sequence == nullptr) continue;
    double* back = plan.by_middle + plan.places * h;
    dense_back(plan.filters, parameters, groups, d, 0, plan.filters.inputs, back);
    add(plan.filters.inputs, groups, back, by_sequence + t * step);
  }
  sink(plan.filters, plan.places, groups, plan.by_middle, h, sequence, step);
}

/// States of both directions of a layer as one sequence, and the way back.
inline void join_directions(const WindowPlan& plan, int units, int steps, int groups) {
  const int h = units * kChunk;
  for (int t = 0; t < steps; ++t) {
    copy(units, groups, plan.pass[0].states + t * h, plan.middle + 2 * t * h);
    copy(units, groups, plan.pass[1].states + (steps - 1 - t) * h, plan.middle + (2 * t + 1) * h);
  }
}

/// Returns where the layer's outputs are, [outputs][kChunk].
inline const double* forward_window(const KernelWindow& window, const double* parameters,
                                    int groups, const double* sequence, double* scratch) {
  const WindowPlan plan = plan_window(window, scratch);
  const int h = window.units * kChunk, last = (window.steps - 1) * h;
  if (window.kind == WindowKind::cnn) {
    forward_cnn(plan, window, parameters, groups, sequence);
  } else if (window.kind == WindowKind::bi_lstm) {
    for (int k = 0; k < 2; ++k) forward_pass(plan.pass[k], parameters, groups, sequence);
    join_directions(plan, window.units, window.steps, groups);
    for (int k = 2; k < 4; ++k) forward_pass(plan.pass[k], parameters, groups, plan.middle);
    copy(window.units, groups, plan.pass[2].states + last, plan.outputs);
    copy(window.units, groups, plan.pass[3].states + last, plan.outputs + h);
  } else {
    forward_pass(plan.pass[0], parameters, groups, sequence);
    if (!has_attention(window.kind)) return plan.pass[0].states + last;
    forward_attention(plan.attention, parameters, groups, plan.pass[0].states, plan.outputs);
  }
  return plan.outputs;
}

template <class Sink>
inline void backward_bi(const WindowPlan& plan, const KernelWindow& window,
                        const double* parameters, int groups, const double* by_outputs,
                        double* by_sequence, const Sink& sink) {
  const int h = window.units * kChunk, steps = window.steps;
  clear(2 * window.units * steps, groups, plan.by_middle);
  for (int k = 2; k < 4; ++k) {
    clear(window.units * steps, groups, plan.by_states);
    copy(window.units, groups, by_outputs + (k - 2) * h, plan.by_states + (steps - 1) * h);
    backward_pass(plan.pass[k], parameters, groups, plan.by_states, plan.by_middle, sink);
  }
  for (int k = 0; k < 2; ++k) {
    for (int t = 0; t < steps; ++t)
      copy(window.units, groups, plan.by_middle + (2 * plan.pass[k].step_of(t) + k) * h,
           plan.by_states + t * h);
    backward_pass(plan.pass[k], parameters, groups, plan.by_states, by_sequence, sink);
  }
}

/// After forward_window on the same scratch. by_outputs [outputs][kChunk]: loss by the layer's
/// outputs. by_sequence receives the loss by the inputs; null: nobody asks.
template <class Sink>
inline void backward_window(const KernelWindow& window, const double* parameters, int groups,
                            const double* sequence, const double* by_outputs, double* by_sequence,
                            double* scratch, const Sink& sink) {
  const WindowPlan plan = plan_window(window, scratch);
  const int h = window.units * kChunk;
  if (by_sequence != nullptr) clear(window.steps * window.features, groups, by_sequence);
  if (window.kind == WindowKind::cnn)
    return backward_cnn(plan, window, parameters, groups, sequence, by_outputs, by_sequence, sink);
  if (window.kind == WindowKind::bi_lstm)
    return backward_bi(plan, window, parameters, groups, by_outputs, by_sequence, sink);
  if (has_attention(window.kind)) {
    backward_attention(plan.attention, parameters, groups, plan.pass[0].states, by_outputs,
                       plan.by_states, sink);
  } else {
    clear(window.units * window.steps, groups, plan.by_states);
    copy(window.units, groups, by_outputs, plan.by_states + (window.steps - 1) * h);
  }
  backward_pass(plan.pass[0], parameters, groups, plan.by_states, by_sequence, sink);
}
