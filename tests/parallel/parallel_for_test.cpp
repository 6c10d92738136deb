#include "cupel/parallel/parallel_for.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

namespace cupel {
namespace {

TEST(ParallelFor, CallsEveryPieceOnce) {
  for (int jobs : {0, 1, 2, 7}) {
    std::vector<std::atomic<int>> calls(1000);
    parallel_for(1000, jobs, [&](int i) { ++calls[i]; });
    for (const auto& count : calls) ASSERT_EQ(count, 1) << jobs;
  }
}

TEST(ParallelFor, UsesAsManyThreadsAsJobs) {
  std::mutex guard;
  std::set<std::thread::id> threads;
  std::atomic<int> arrived{0};
  parallel_for(3, 3, [&](int) {
    {
      const std::lock_guard lock(guard);
      threads.insert(std::this_thread::get_id());
    }
    ++arrived;
    while (arrived < 3) std::this_thread::yield();
  });
  EXPECT_EQ(threads.size(), 3u);
}

TEST(ParallelFor, OneJobRunsInOrderOnTheCaller) {
  std::vector<int> order;
  parallel_for(5, 1, [&](int i) { order.push_back(i); });
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST(ParallelFor, ThrowsAnExceptionOfAPiece) {
  EXPECT_THROW(parallel_for(1000, 2,
                            [](int i) {
                              if (i == 10) throw std::runtime_error("piece");
                            }),
               std::runtime_error);
}

TEST(ParallelFor, AThreadStartsNoMorePiecesAfterAnException) {
  for (int jobs : {1, 2, 7}) {
    std::atomic<int> calls{0};
    const auto work = [&](int) {
      ++calls;
      throw std::runtime_error("piece");
    };
    EXPECT_THROW(parallel_for(100000, jobs, work), std::runtime_error);
    EXPECT_LE(calls, jobs);
  }
}

TEST(ParallelFor, NothingToDoIsNoTrouble) {
  parallel_for(0, 4, [](int) { FAIL(); });
  EXPECT_GE(processor_count(), 1);
}

}  // namespace
}  // namespace cupel
