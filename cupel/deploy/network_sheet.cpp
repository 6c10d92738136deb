#include "cupel/deploy/network_sheet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cupel {
namespace {

/// A layer on the sheet: neurons in a row when its inputs stand in a column, and the other way.
struct LayerCells {
  Activation activation;
  bool inputs_down = true;
  std::vector<NumberCell> inputs, outputs;
  Cell corner;                                  ///< of the weights
  std::vector<std::vector<NumberCell>> deltas;  ///< [output of the network][neuron]

  int units() const { return static_cast<int>(outputs.size()); }
  Cell weight(int unit, int input) const {
    return inputs_down ? Cell{corner.sheet, corner.row + input, corner.column + unit}
                       : Cell{corner.sheet, corner.row + unit, corner.column + input};
  }
};

std::string activated_text(Activation activation, const std::string& x) {
  switch (activation) {
    case Activation::tanh:
      return fmt::format("TANH({})", x);
    case Activation::logistic:
      return fmt::format("0.5+0.5*TANH(({})/2)", x);  // never overflows
    case Activation::clipped_symmetric:
      return fmt::format("MAX(-1,MIN(1,{}))", x);
    case Activation::clipped_unit:
      return fmt::format("MAX(0,MIN(1,{}))", x);
    case Activation::linear:
      break;
  }
  return x;
}

/// The activation's slope where its output is y.
std::string slope_text(Activation activation, const std::string& y) {
  switch (activation) {
    case Activation::tanh:
      return fmt::format("(1-{0}*{0})", y);
    case Activation::logistic:
      return fmt::format("({0}*(1-{0}))", y);
    case Activation::clipped_symmetric:
      return fmt::format("IF(ABS({})<1,1,0)", y);
    case Activation::clipped_unit:
      return fmt::format("IF(AND({0}>0,{0}<1),1,0)", y);
    case Activation::linear:
      break;
  }
  return "1";
}

/// Weights, biases and neurons. `parameters` points at the layer's first weight.
LayerCells write_layer(Sheets& sheets, Cell corner, const Layer& layer, const double* parameters,
                       std::vector<NumberCell> inputs, bool inputs_down) {
  LayerCells cells{.activation = layer.activation,
                   .inputs_down = inputs_down,
                   .inputs = std::move(inputs),
                   .outputs = {},
                   .corner = corner,
                   .deltas = {}};
  const int count = static_cast<int>(cells.inputs.size());
  for (int u = 0; u < layer.units; ++u) {
    double sum = parameters[layer.units * count + u];
    for (int i = 0; i < count; ++i) {
      const double weight = parameters[u * count + i];
      sheets.number(cells.weight(u, i), weight);
      sum += weight * cells.inputs[static_cast<std::size_t>(i)].value;
    }
    const Cell bias = cells.weight(u, count), neuron = cells.weight(u, count + 1);
    sheets.number(bias, parameters[layer.units * count + u]);
    const std::string text = fmt::format(
        "SUMPRODUCT({},{})+{}", sheets.range(cells.inputs.front().cell, cells.inputs.back().cell),
        sheets.range(cells.weight(u, 0), cells.weight(u, count - 1)), sheets.name(bias));
    cells.outputs.push_back(sheets.formula(neuron, activated_text(layer.activation, text),
                                           activated(layer.activation, sum), CellLook::result));
  }
  return cells;
}

/// The derivative of the network's output k by each neuron's sum, beside the neurons.
void write_deltas(Sheets& sheets, LayerCells& layer, const LayerCells* next, const Mlp& network,
                  int next_offset, int k) {
  std::vector<NumberCell> deltas;
  for (int u = 0; u < layer.units(); ++u) {
    const NumberCell& neuron = layer.outputs[static_cast<std::size_t>(u)];
    const std::string own = slope_text(layer.activation, sheets.name(neuron.cell));
    Cell cell = neuron.cell;
    (layer.inputs_down ? cell.row : cell.column) += 1 + k;
    double from = u == k ? 1 : 0;
    std::string text = u == k ? own : "0";
    if (next != nullptr) {
      from = 0;
      for (int v = 0; v < next->units(); ++v)
        from += next->deltas[static_cast<std::size_t>(k)][static_cast<std::size_t>(v)].value *
                network.parameters[next_offset + v * layer.units() + u];
      const std::vector<NumberCell>& above = next->deltas[static_cast<std::size_t>(k)];
      text = fmt::format("{}*SUMPRODUCT({},{})", own,
                         sheets.range(above.front().cell, above.back().cell),
                         sheets.range(next->weight(0, u), next->weight(next->units() - 1, u)));
    }
    deltas.push_back(sheets.formula(
        cell, text, from * activation_slope(layer.activation, neuron.value), CellLook::note));
  }
  layer.deltas.push_back(std::move(deltas));
}

/// Formulas of the derivatives of output k by the parameters that exist, in their order.
std::vector<NetworkCells::Derivative> derivative_formulas(const Sheets& sheets,
                                                          const std::vector<LayerCells>& layers,
                                                          const Mlp& network, int k) {
  std::vector<NetworkCells::Derivative> all;
  std::size_t parameter = 0;
  const auto add = [&](std::string formula, double value) {
    const bool exists = network.mask.empty() || network.mask[parameter] != 0;
    ++parameter;
    if (exists) all.push_back({std::move(formula), value});
  };
  for (const LayerCells& layer : layers) {
    const std::vector<NumberCell>& deltas = layer.deltas[static_cast<std::size_t>(k)];
    for (const NumberCell& delta : deltas)
      for (const NumberCell& input : layer.inputs)
        add(fmt::format("{}*{}", sheets.name(delta.cell), sheets.name(input.cell)),
            delta.value * input.value);
    for (const NumberCell& delta : deltas) add(sheets.name(delta.cell), delta.value);
  }
  return all;
}

}  // namespace

NetworkCells write_network(Sheets& sheets, Cell corner, const Mlp& network,
                           const std::string& title, const std::vector<NumberCell>& inputs,
                           bool derivatives) {
  const Topology& topology = network.topology;
  const int outputs = topology.outputs(), room = derivatives ? outputs : 0;
  sheets.text(corner, title, CellLook::head);
  std::vector<NumberCell> values;
  int row = corner.row + 1, column = 1, lowest = row;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    values.push_back(sheets.formula({corner.sheet, row + static_cast<int>(i), 0},
                                    sheets.name(inputs[i].cell), inputs[i].value));
  std::vector<LayerCells> layers;
  bool down = true;
  for (std::size_t l = 0; l < topology.layers.size(); ++l) {
    const Layer& layer = topology.layers[l];
    const int count = static_cast<int>(values.size());
    layers.push_back(write_layer(
        sheets, {corner.sheet, row, column}, layer,
        network.parameters.data() + layer_offset(topology, static_cast<int>(l)), values, down));
    values = layers.back().outputs;
    // The next layer's weights begin beside or below these neurons and their derivatives.
    lowest = std::max(lowest, down ? row + count + 2 + room : row + layer.units);
    if (down)
      row += count + 2 + room;
    else
      column += count + 2 + room;
    down = !down;
  }
  NetworkCells cells{.outputs = values, .derivatives = {}, .next_row = lowest + 2};
  for (int k = 0; k < room; ++k) {
    for (std::size_t l = layers.size(); l-- > 0;)
      write_deltas(sheets, layers[l], l + 1 < layers.size() ? &layers[l + 1] : nullptr, network,
                   layer_offset(topology, static_cast<int>(l) + 1), k);
    cells.derivatives.push_back(derivative_formulas(sheets, layers, network, k));
  }
  return cells;
}

std::vector<NumberCell> write_variances(Sheets& sheets, int sheet, const Member& member,
                                        const NetworkCells& network) {
  const Matrix& factor = member.uncertainty.factor;
  const int size = static_cast<int>(factor.rows());
  const int outputs = static_cast<int>(network.derivatives.size()), first = outputs + 1;
  sheets.text({sheet, 0, 0},
              "derivatives of each output by the weights; lower triangle of their "
              "covariance; their products",
              CellLook::note);
  for (int r = 0; r < size; ++r)
    for (int c = 0; c <= r; ++c) sheets.number({sheet, 1 + r, first + c}, factor(r, c));
  std::vector<NumberCell> variances;
  for (int k = 0; k < outputs; ++k) {
    const auto& derivatives = network.derivatives[static_cast<std::size_t>(k)];
    for (int r = 0; r < size; ++r) {
      const auto& one = derivatives[static_cast<std::size_t>(r)];
      sheets.formula({sheet, 1 + r, k}, one.formula, one.value);
    }
    const int row = size + 2 + k;
    double sum = 0;
    for (int c = 0; c < size; ++c) {
      double along = 0;
      for (int r = c; r < size; ++r)
        along += derivatives[static_cast<std::size_t>(r)].value * factor(r, c);
      sum += along * along;
      sheets.formula(
          {sheet, row, first + c},
          fmt::format("SUMPRODUCT({},{})", sheets.range({sheet, 1 + c, k}, {sheet, size, k}),
                      sheets.range({sheet, 1 + c, first + c}, {sheet, size, first + c})),
          along);
    }
    variances.push_back(sheets.formula(
        {sheet, row, 0},
        fmt::format("SUMSQ({})", sheets.range({sheet, row, first}, {sheet, row, first + size - 1})),
        sum, CellLook::result));
  }
  return variances;
}

NumberCell write_cloud(Sheets& sheets, int sheet, const Model& model,
                       const std::vector<NumberCell>& features) {
  const DataCloud& cloud = model.region.cloud;
  const int size = static_cast<int>(cloud.features.size());
  const int rows = static_cast<int>(cloud.rows.rows());
  const char* const labels[] = {"feature", "mean", "deviation", "this row"};
  for (int k = 0; k < 4; ++k) sheets.text({sheet, k, 0}, labels[k], CellLook::head);
  Vector z(size);
  for (int i = 0; i < size; ++i) {
    const auto f = static_cast<std::size_t>(cloud.features[static_cast<std::size_t>(i)]);
    sheets.text({sheet, 0, 1 + i}, model.encoder.features[f].name, CellLook::head);
    const NumberCell mean = sheets.number({sheet, 1, 1 + i}, cloud.mean[i]);
    const NumberCell deviation = sheets.number({sheet, 2, 1 + i}, cloud.deviation[i]);
    z[i] = (features[f].value - mean.value) / deviation.value;
    sheets.formula({sheet, 3, 1 + i},
                   fmt::format("({}-{})/{}", sheets.name(features[f].cell), sheets.name(mean.cell),
                               sheets.name(deviation.cell)),
                   z[i]);
  }
  const std::string here = sheets.range({sheet, 3, 1}, {sheet, 3, size});
  const auto row_range = [&](int row) { return sheets.range({sheet, row, 1}, {sheet, row, size}); };
  const int white = 5, first = white + size + 2, last = 1 + size;
  sheets.text({sheet, white, 0}, "do the inputs go together?", CellLook::note);
  double from_mean = 0;
  for (int i = 0; i < size; ++i) {
    for (int j = 0; j < size; ++j) sheets.number({sheet, white + i, 1 + j}, cloud.whitening(i, j));
    const double along = cloud.whitening.row(i).dot(z);
    from_mean += along * along;
    sheets.formula({sheet, white + i, last},
                   fmt::format("SUMPRODUCT({},{})", here, row_range(white + i)), along);
  }
  sheets.text({sheet, first, 0}, "is a training row near?", CellLook::note);
  double nearest = std::numeric_limits<double>::infinity();
  for (int r = 0; r < rows; ++r) {
    for (int j = 0; j < size; ++j) sheets.number({sheet, first + r, 1 + j}, cloud.rows(r, j));
    const double square = (cloud.rows.row(r).transpose() - z).squaredNorm();
    nearest = std::min(nearest, square);
    sheets.formula({sheet, first + r, last},
                   fmt::format("SUMXMY2({},{})", here, row_range(first + r)), square);
  }
  const double mean_ratio = std::sqrt(from_mean) / cloud.mean_limit;
  const double row_ratio = std::sqrt(nearest) / cloud.row_limit;
  return sheets.formula(
      {sheet, 3, last + 1},
      fmt::format(
          "MAX(SQRT(SUMSQ({}))/{:.17g},SQRT(MIN({}))/{:.17g})",
          sheets.range({sheet, white, last}, {sheet, white + size - 1, last}), cloud.mean_limit,
          sheets.range({sheet, first, last}, {sheet, first + rows - 1, last}), cloud.row_limit),
      std::max(mean_ratio, row_ratio), CellLook::result);
}

}  // namespace cupel
