#include "cupel/network/cnn/image_topology.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

constexpr std::array<std::string_view, 7> kKindNames = {
    "convolution", "batch_norm", "max_pool", "add", "concatenate", "average_pool", "full"};

int pooled(int size, int stride) { return (size + stride - 1) / stride; }

void put_cell(TopologyBuilder& builder, const Cell& cell, int outputs) {
  const int start = builder.at(), inputs = builder.width();
  for (std::size_t k = 0; k < cell.steps.size(); ++k) {
    const CellStep& step = cell.steps[k];
    // The sum has the ReLU where there is a shortcut.
    const bool relu = !cell.projection || k + 1 < cell.steps.size();
    switch (step.kind) {
      case CellStepKind::convolution:
        builder.convolution(
            {step.width.width(inputs, outputs), step.kernel, step.stride, 1, true, relu});
        break;
      case CellStepKind::depthwise:
        builder.convolution({builder.width(), 3, step.stride, builder.width(), true, relu});
        break;
      case CellStepKind::max_pool:
        builder.max_pool();
        break;
    }
  }
  if (!cell.projection) return;
  const int main = builder.at();
  builder.go_to(start);
  builder.convolution({outputs, 1, cell.stride, 1, true, false});
  builder.add(main, true);
}

void check_layer(const ImageTopology& topology, std::size_t index) {
  const ImageLayer& layer = topology.layers[index];
  const auto fits = [&](int source) {
    if (source < -1 || source >= static_cast<int>(index)) return false;
    const bool image = source < 0;
    const int size = image ? topology.size : topology.layers[source].size_out;
    return size == layer.size_in;
  };
  const int width = layer.input < 0                         ? topology.channels
                    : layer.input < static_cast<int>(index) ? topology.layers[layer.input].outputs
                                                            : 0;
  const bool two = layer.kind == ImageLayerKind::add || layer.kind == ImageLayerKind::concatenate;
  const bool good = fits(layer.input) && (!two || (layer.other >= 0 && fits(layer.other))) &&
                    width == layer.inputs && layer.outputs >= 1 && layer.outputs <= 65536 &&
                    layer.groups >= 1 && layer.inputs % layer.groups == 0 &&
                    layer.outputs % layer.groups == 0 && layer.kernel >= 1 && layer.kernel <= 15 &&
                    layer.stride >= 1 && layer.stride <= 4 && layer.size_out >= 1;
  if (!good)
    throw Error(ErrorKind::runtime,
                fmt::format("layer {} of the image network does not fit", index),
                "the file is damaged");
}

}  // namespace

TopologyBuilder::TopologyBuilder(int channels, int size) {
  topology_.channels = channels;
  topology_.size = size;
}

int TopologyBuilder::width() const {
  return last_ < 0 ? topology_.channels : topology_.layers[last_].outputs;
}

int TopologyBuilder::size() const {
  return last_ < 0 ? topology_.size : topology_.layers[last_].size_out;
}

void TopologyBuilder::append(ImageLayer layer) {
  layer.input = last_;
  layer.inputs = width();
  layer.size_in = size();
  topology_.layers.push_back(layer);
  last_ = static_cast<int>(topology_.layers.size()) - 1;
}

void TopologyBuilder::convolution(const Convolution& given) {
  append({.kind = ImageLayerKind::convolution,
          .outputs = given.width,
          .size_out = pooled(size(), given.stride),
          .kernel = given.kernel,
          .stride = given.stride,
          .groups = given.groups,
          .bias = !given.norm,
          .relu = !given.norm && given.relu});
  if (given.norm)
    append({.kind = ImageLayerKind::batch_norm,
            .outputs = given.width,
            .size_out = size(),
            .relu = given.relu});
}

void TopologyBuilder::max_pool() {
  append({.kind = ImageLayerKind::max_pool,
          .outputs = width(),
          .size_out = pooled(size(), 2),
          .kernel = 2,
          .stride = 2});
}

void TopologyBuilder::add(int other, bool relu) {
  append({.kind = ImageLayerKind::add,
          .other = other,
          .outputs = width(),
          .size_out = size(),
          .relu = relu});
}

void TopologyBuilder::concatenate(int first) {
  const int second = last_;
  last_ = first;
  append({.kind = ImageLayerKind::concatenate,
          .other = second,
          .outputs = width() + topology_.layers[second].outputs,
          .size_out = size()});
}

void TopologyBuilder::average_pool() {
  append({.kind = ImageLayerKind::average_pool, .outputs = width(), .size_out = 1});
}

void TopologyBuilder::full(int units, bool bias, bool relu) {
  append(
      {.kind = ImageLayerKind::full, .outputs = units, .size_out = 1, .bias = bias, .relu = relu});
}

ImageTopology TopologyBuilder::finish() const {
  ImageTopology topology = topology_;
  topology.classes = width();
  return topology;
}

ImageTopology chain_topology(const CellTable& table, const CellChain& chain, int channels, int size,
                             int classes) {
  if (chain.widths.size() != chain.cells.size() + 1)
    throw Error(ErrorKind::usage,
                fmt::format("{} cells need {} widths, and {} are given", chain.cells.size(),
                            chain.cells.size() + 1, chain.widths.size()));
  TopologyBuilder builder(channels, size);
  for (std::size_t k = 0; k < chain.cells.size(); ++k) {
    if (chain.cells[k] != kEmptyCell)
      put_cell(builder, table.find(chain.cells[k]), chain.widths[k]);
    else if (builder.width() != chain.widths[k])
      builder.convolution({.width = chain.widths[k], .relu = false});
  }
  builder.average_pool();
  if (chain.widths.back() > 0) builder.full(chain.widths.back(), false, true);
  builder.full(classes, false, false);
  return builder.finish();
}

std::string chain_text(const CellChain& chain) {
  return fmt::format("{}, {}", fmt::join(chain.cells, " "), fmt::join(chain.widths, " "));
}

Json to_json(const ImageTopology& topology) {
  Json json;
  json["channels"] = topology.channels;
  json["size"] = topology.size;
  json["classes"] = topology.classes;
  Json::Array layers;
  for (const ImageLayer& layer : topology.layers) {
    Json item;
    item["kind"] = kKindNames[static_cast<std::size_t>(layer.kind)];
    item["input"] = layer.input;
    if (layer.other >= 0) item["other"] = layer.other;
    item["outputs"] = layer.outputs;
    item["kernel"] = layer.kernel;
    item["stride"] = layer.stride;
    item["groups"] = layer.groups;
    item["bias"] = layer.bias;
    item["relu"] = layer.relu;
    layers.push_back(std::move(item));
  }
  json["layers"] = layers;
  return json;
}

ImageTopology image_topology_from_json(const Json& json) {
  const auto whole = [](const Json& from, std::string_view key, std::int64_t low, std::int64_t up) {
    const std::int64_t value = from.at(key).as_integer();
    if (value < low || value > up)
      throw Error(ErrorKind::runtime, fmt::format("image network: '{}' is {}", key, value),
                  "the file is damaged");
    return static_cast<int>(value);
  };
  ImageTopology topology{.channels = whole(json, "channels", 1, 4),
                         .size = whole(json, "size", 1, 4096),
                         .classes = whole(json, "classes", 1, 65536)};
  for (const Json& item : json.at("layers").as_array()) {
    const std::string& kind = item.at("kind").as_string();
    std::size_t k = 0;
    while (k < kKindNames.size() && kKindNames[k] != kind) ++k;
    if (k == kKindNames.size())
      throw Error(ErrorKind::runtime, fmt::format("image network: no layer is a '{}'", kind),
                  "the file is damaged, or from a newer program");
    const int index = static_cast<int>(topology.layers.size());
    ImageLayer layer{.kind = static_cast<ImageLayerKind>(k),
                     .input = whole(item, "input", -1, index - 1),
                     .other = item.find("other") ? whole(item, "other", 0, index - 1) : -1,
                     .outputs = whole(item, "outputs", 1, 65536),
                     .kernel = whole(item, "kernel", 1, 15),
                     .stride = whole(item, "stride", 1, 4),
                     .groups = whole(item, "groups", 1, 65536),
                     .bias = item.at("bias").as_bool(),
                     .relu = item.at("relu").as_bool()};
    layer.inputs = layer.input < 0 ? topology.channels : topology.layers[layer.input].outputs;
    layer.size_in = layer.input < 0 ? topology.size : topology.layers[layer.input].size_out;
    const bool pools =
        layer.kind == ImageLayerKind::average_pool || layer.kind == ImageLayerKind::full;
    layer.size_out = pools ? 1 : pooled(layer.size_in, layer.stride);
    topology.layers.push_back(layer);
    check_layer(topology, topology.layers.size() - 1);
  }
  if (topology.layers.empty() || topology.layers.back().outputs != topology.classes ||
      topology.layers.back().kind != ImageLayerKind::full)
    throw Error(ErrorKind::runtime, "image network: it has no output layer", "the file is damaged");
  return topology;
}

}  // namespace cupel
