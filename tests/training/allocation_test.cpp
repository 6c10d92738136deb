// Counts every allocation of this program. A training run allocates its buffers at its start;
// that more iterations allocate no more shows that the loop itself allocates nothing.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "cupel/training/train.hpp"
#include "tests/support/network_cases.hpp"

namespace {

std::atomic<long> allocations = 0;

void* counted(std::size_t size, std::size_t alignment) {
  ++allocations;
  void* p = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (!p) throw std::bad_alloc();
  return p;
}

}  // namespace

void* operator new(std::size_t size) { return counted(size, 16); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
// Eigen allocates by malloc: count that, too (the C library's own entry does the work).
extern "C" void* __libc_malloc(std::size_t);
extern "C" void* malloc(std::size_t size) {
  ++allocations;
  return __libc_malloc(size);
}

namespace cupel {
namespace {

long allocations_of(Optimizer optimizer, int iterations) {
  const Topology topology{3, {{5, Activation::tanh}, {2, Activation::linear}}};
  const Matrix inputs = test::random_values(100, 3, 1), targets = test::random_values(100, 2, 2);
  const PackedSamples samples(inputs, targets), validation(inputs.topRows(30), targets.topRows(30));
  TrainOptions options{.optimizer = optimizer,
                       .ridge = 1e-4,
                       .max_iterations = iterations,
                       .gradient_tolerance = 0,
                       .patience = 1000};
  const long before = allocations;
  const TrainResult result = train(topology, samples, &validation, options, 7);
  const long count = allocations - before;
  EXPECT_EQ(result.iterations, iterations) << stop_reason_text(result.reason);
  return count;
}

class EveryOptimizerAllocates : public testing::TestWithParam<Optimizer> {};
INSTANTIATE_TEST_SUITE_P(Training, EveryOptimizerAllocates,
                         testing::Values(Optimizer::bfgs, Optimizer::lbfgs,
                                         Optimizer::levenberg_marquardt, Optimizer::adam,
                                         Optimizer::momentum),
                         [](const auto& one) {
                           return std::to_string(static_cast<int>(one.param));
                         });

TEST_P(EveryOptimizerAllocates, NothingInsideTheTrainingLoop) {
  const long few = allocations_of(GetParam(), 3), many = allocations_of(GetParam(), 25);
  EXPECT_GT(few, 0) << "the counter counts nothing";
  EXPECT_EQ(few, many);
}

}  // namespace
}  // namespace cupel
