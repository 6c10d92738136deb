// The shape of an image network: layers in the order in which they are computed, each naming
// the layer that feeds it. Maps are square; every size and width is known here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cupel/base/json.hpp"
#include "cupel/network/cnn/cell_table.hpp"

namespace cupel {

enum class ImageLayerKind {
  convolution,   ///< kernel x kernel, zero padding kernel / 2
  batch_norm,    ///< over batch and map, then ReLU where `relu`
  max_pool,      ///< kernel 2, stride 2; an odd map's last row stands alone
  add,           ///< `input` + `other`, then ReLU where `relu`
  concatenate,   ///< channels of `input`, then those of `other`
  average_pool,  ///< over the whole map
  full,          ///< fully connected
};

struct ImageLayer {
  ImageLayerKind kind = ImageLayerKind::convolution;
  int input = -1;                 ///< the layer that feeds it; -1: the image
  int other = -1;                 ///< add, concatenate: the second one
  int inputs = 1, outputs = 1;    ///< channels
  int size_in = 1, size_out = 1;  ///< side of the map
  int kernel = 1, stride = 1;
  int groups = 1;  ///< convolution: channels for a depthwise one
  bool bias = false, relu = false;
  bool operator==(const ImageLayer&) const = default;
};

struct ImageTopology {
  int channels = 1, size = 32, classes = 2;
  std::vector<ImageLayer> layers;  ///< the last one gives a number a class
  bool operator==(const ImageTopology&) const = default;
};

/// Adds layers one after another and keeps count of maps and widths.
class TopologyBuilder {
 public:
  TopologyBuilder(int channels, int size);

  struct Convolution {
    int width = 1, kernel = 1, stride = 1, groups = 1;
    bool norm = true, relu = true;
  };
  /// Convolution and batch normalization (norm), or convolution with bias.
  void convolution(const Convolution& convolution);
  void depthwise(int stride) { convolution({width(), 3, stride, width()}); }
  void max_pool();
  /// Continue from an earlier point (see at()).
  int at() const { return last_; }
  void go_to(int layer) { last_ = layer; }
  void add(int other, bool relu);
  void concatenate(int first);
  void average_pool();
  void full(int units, bool bias, bool relu);
  int width() const;
  int size() const;
  /// Throws Error{usage} where the maps became smaller than one pixel.
  ImageTopology finish() const;

 private:
  void append(ImageLayer layer);
  ImageTopology topology_;
  int last_ = -1;
};

/// A chain of cells, global average pooling, a fully connected layer and the classes.
struct CellChain {
  std::vector<std::string> cells;  ///< names; "Q" is the empty cell
  std::vector<int> widths;         ///< one a cell, then the fully connected layer's (0: none)
  bool operator==(const CellChain&) const = default;
};

ImageTopology chain_topology(const CellTable& table, const CellChain& chain, int channels, int size,
                             int classes);
/// "Q G Q I F Q B O, 192 32 96 128 96 64 32 64 64".
std::string chain_text(const CellChain& chain);

Json to_json(const ImageTopology& topology);
/// Throws Error{runtime} when the layers do not fit together.
ImageTopology image_topology_from_json(const Json& json);

}  // namespace cupel
