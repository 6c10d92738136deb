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

PackedSamples PackedSamples::with_capacity(int rows) const {
  PackedSamples empty;
  empty.inputs_ = AlignedBuffer(padded(rows) * input_count());
  empty.targets_ = AlignedBuffer(padded(rows) * output_count());
  empty.weights_ = AlignedBuffer(padded(rows));
  empty.view_ = {empty.inputs_.data(), empty.targets_.data(), empty.weights_.data(), 0,
                 input_count(),        output_count()};
  return empty;
}

void PackedSamples::assign(const PackedSamples& source, std::span<const int> rows) {
  const auto copy = [&](const double* from, double* to, int variables) {
    for (int k = 0; k < static_cast<int>(rows.size()); ++k) {
      const double* a =
          from + std::int64_t{rows[k] / kChunk * kChunk} * variables + rows[k] % kChunk;
      double* b = to + std::int64_t{k / kChunk * kChunk} * variables + k % kChunk;
      for (int v = 0; v < variables; ++v) b[v * kChunk] = a[v * kChunk];
    }
  };
  copy(source.view_.inputs, inputs_.data(), input_count());
  copy(source.view_.targets, targets_.data(), output_count());
  copy(source.view_.weights, weights_.data(), 1);
  view_.rows = static_cast<int>(rows.size());
  for (auto k = view_.rows; k < padded(view_.rows); ++k) weights_.data()[k] = 0;
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
