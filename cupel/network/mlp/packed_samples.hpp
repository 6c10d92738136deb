// Samples in the layout that the kernels read: chunks of kChunk rows, one variable's rows of a
// chunk next to each other, padded rows with weight 0.
#pragma once

#include <memory>
#include <span>

#include "cupel/base/matrix.hpp"
#include "cupel/network/mlp/kernels.hpp"

namespace cupel {

/// Doubles on a 64-byte boundary.
class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(std::int64_t size);  ///< zeros
  double* data() { return data_.get(); }
  const double* data() const { return data_.get(); }

 private:
  struct Free {
    void operator()(double* p) const;
  };
  std::unique_ptr<double[], Free> data_;
};

class PackedSamples {
 public:
  /// inputs [samples x inputs], targets [samples x outputs] (scaled). Weights are 1.
  PackedSamples(ConstMatrixRef inputs, ConstMatrixRef targets);

  /// Empty samples of the same variables with room for `rows`; see assign().
  PackedSamples with_capacity(int rows) const;
  /// Becomes the given rows of `source` (no more than the capacity). Allocates nothing.
  void assign(const PackedSamples& source, std::span<const int> rows);

  int rows() const { return view_.rows; }
  int input_count() const { return view_.input_count; }
  int output_count() const { return view_.output_count; }
  const KernelSamples& view() const { return view_; }

 private:
  PackedSamples() = default;

  AlignedBuffer inputs_, targets_, weights_;
  KernelSamples view_{};
};

/// Doubles that one value a row and output take, packed.
inline std::int64_t packed_size(const PackedSamples& samples) {
  return (std::int64_t{samples.rows()} + kChunk - 1) / kChunk * kChunk * samples.output_count();
}

/// [chunk][variable][kChunk], padded with zeros.
AlignedBuffer pack(ConstMatrixRef values);
/// Back to [rows x variables].
Matrix unpack(const double* packed, int rows, int variables);

}  // namespace cupel
