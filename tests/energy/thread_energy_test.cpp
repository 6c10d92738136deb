#include "cupel/energy/thread_energy.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace cupel {
namespace {

void work_for(std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  volatile double sum = 0;
  while (std::chrono::steady_clock::now() < end) sum = sum + 1;
}

TEST(ThreadEnergy, CountsTheThreadsOwnTimeOnly) {
  const ThreadEnergy idle;
  std::thread([] { work_for(std::chrono::milliseconds(60)); }).join();
  EXPECT_LT(idle.joules(), 0.02 * 4);
  const ThreadEnergy busy;
  work_for(std::chrono::milliseconds(60));
  EXPECT_GT(busy.joules(), 0);
  EXPECT_LT(busy.joules(), 0.2 * 4);
}

TEST(ThreadEnergy, FollowsStatedPowerAndPue) {
  const auto processors = static_cast<double>(sysconf(_SC_NPROCESSORS_ONLN));
  const ThreadEnergy plain({.design_w = processors}), dear({.design_w = processors, .pue = 2});
  const ThreadEnergy strong({.design_w = 10 * processors});
  work_for(std::chrono::milliseconds(30));
  const double joules = plain.joules();
  EXPECT_GT(joules, 0);
  // Read one after the other, hence a little more each.
  EXPECT_NEAR(dear.joules() / joules, 2, 0.2);
  EXPECT_NEAR(strong.joules() / joules, 10, 1);
}

}  // namespace
}  // namespace cupel
