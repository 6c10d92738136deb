#include "cupel/network/mlp/packed_samples.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace cupel {
namespace {

constexpr std::align_val_t kAlignment{64};

std::int64_t padded(std::int64_t rows) { return (rows + kChunk - 1) / kChunk * kChunk; }

}  // namespace

AlignedBuffer::AlignedBuffer(std::int64_t size)
    : data_(static_cast<double*>(
          ::operator new(static_cast<std::size_t>(size) * sizeof(double), kAlignment))) {
  std::memset(data_.get(), 0, static_cast<std::size_t>(size) * sizeof(double));
}

void AlignedBuffer::Free::operator()(double* p) const { ::operator delete(p, kAlignment); }

AlignedBuffer pack(ConstMatrixRef values) {
  const auto rows = values.rows(), variables = values.cols();
  AlignedBuffer packed(std::max<std::int64_t>(padded(rows) * variables, 1));
  for (Eigen::Index first = 0; first < rows; first += kChunk)
    for (Eigen::Index v = 0; v < variables; ++v) {
      double* to = packed.data() + first * variables + v * kChunk;
      const auto count = std::min<Eigen::Index>(kChunk, rows - first);
      for (Eigen::Index k = 0; k < count; ++k) to[k] = values(first + k, v);
    }
  return packed;
}

Matrix unpack(const double* packed, int rows, int variables) {
  Matrix values(rows, variables);
  for (int v = 0; v < variables; ++v)
    for (int row = 0; row < rows; ++row) {
      const int chunk = row / kChunk * kChunk;
      values(row, v) =
          packed[static_cast<std::int64_t>(chunk) * variables + v * kChunk + row - chunk];
    }
  return values;
}

PackedSamples::PackedSamples(ConstMatrixRef inputs, ConstMatrixRef targets)
    : inputs_(pack(inputs)), targets_(pack(targets)) {
  weights_ = pack(Matrix::Ones(inputs.rows(), 1));
  view_ = {inputs_.data(),
           targets_.data(),
           weights_.data(),
           static_cast<int>(inputs.rows()),
           static_cast<int>(inputs.cols()),
           static_cast<int>(targets.cols())};
}

}  // namespace cupel
