// Computes an image network, forward and backward, for batches of one size. Convolutions, batch
// normalization and pooling are oneDNN's, on maps with channels in blocks of the processor's
// vector length; everything lives in one arena that is planned once, so that a training step
// allocates nothing. One thread.
#pragma once

#include <memory>
#include <span>

#include "cupel/network/cnn/image_network.hpp"

namespace cupel {

struct BatchFigures {
  double loss = 0;  ///< cross-entropy, mean over the batch
  int right = 0;    ///< images whose class was given the largest output
};

enum class EngineUse {
  prediction,  ///< running statistics; no gradient
  training,    ///< statistics of the batch, which the running ones follow
};

/// In which dense convolutions multiply. Sums, all other layers and all parameters are f32.
enum class ImagePrecision {
  f32,
  bf16,  ///< eight bits of fraction: faster where the processor has instructions for it
};

/// Whether this processor has instructions for bf16.
bool has_bf16();

class ImageEngine {
 public:
  /// Throws Error{runtime} when there is not enough memory, Error{usage} for bf16 where there are
  /// no instructions for it.
  ImageEngine(const ImageTopology& topology, int batch, EngineUse use,
              ImagePrecision precision = ImagePrecision::f32);
  ImageEngine(ImageEngine&&) noexcept;
  ImageEngine& operator=(ImageEngine&&) noexcept;
  ~ImageEngine();

  int batch() const;
  /// Takes over the numbers of a network of the same topology, and gives them back.
  void set_numbers(const ImageNetwork& network);
  void copy_numbers(ImageNetwork& network) const;

  /// To be filled before a step: [batch x channels x size x size].
  std::span<float> images();
  std::span<float> parameters();
  /// Of the loss of the last train(), by the parameters.
  std::span<float> gradient();

  /// Forward, loss, backward: sets gradient() and moves the running statistics by a tenth of the
  /// way to the batch's (the variance without bias). EngineUse::training only.
  BatchFigures train(std::span<const int> labels);
  /// The first half of train(): forward and loss. All maps stay readable until the next call.
  BatchFigures train_forward(std::span<const int> labels);
  /// Forward: sets outputs() and features(). EngineUse::prediction only.
  void predict();

  /// Of the last layer [batch x classes].
  std::span<const float> outputs() const;
  /// What the fully connected layers are given [batch x features()/batch].
  std::span<const float> features() const;
  /// Output of any layer, as [batch x channels x size x size], after train_forward() or predict().
  std::vector<float> plain_output(int layer) const;

  /// Bytes of the arena: maps, their gradients, work space.
  std::size_t arena_bytes() const;
  /// What oneDNN chose for each convolution and normalization, for the benchmark.
  std::string implementation_text() const;

 private:
  struct Plan;
  std::unique_ptr<Plan> plan_;
};

}  // namespace cupel
