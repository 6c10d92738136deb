#include "cupel/parallel/timed_stop.hpp"

#include <gtest/gtest.h>

namespace cupel {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Within a generous time.
bool stops(const std::stop_token& token) {
  const auto last = Clock::now() + std::chrono::seconds(20);
  while (!token.stop_requested() && Clock::now() < last)
    std::this_thread::sleep_for(milliseconds(1));
  return token.stop_requested();
}

TEST(TimedStop, WithoutATimeStopsOnlyWhenAsked) {
  std::stop_source user;
  const TimedStop stop(user.get_token(), std::nullopt);
  EXPECT_FALSE(stop.token().stop_requested());
  user.request_stop();
  EXPECT_TRUE(stop.token().stop_requested());
}

TEST(TimedStop, StopsWhenItsTimeIsOverAndNotBefore) {
  const auto end = Clock::now() + milliseconds(50);
  const TimedStop stop({}, end);
  EXPECT_TRUE(stops(stop.token()));
  EXPECT_GE(Clock::now(), end);
}

TEST(TimedStop, StopsAtOnceWhenItsTimeHasPassed) {
  const TimedStop stop({}, Clock::now() - std::chrono::hours(1));
  EXPECT_TRUE(stops(stop.token()));
}

TEST(TimedStop, IsAskedBeforeItsTimeAndEndsWithoutWaiting) {
  const auto begin = Clock::now();
  std::stop_source user;
  {
    const TimedStop stop(user.get_token(), begin + std::chrono::hours(1));
    user.request_stop();
    EXPECT_TRUE(stop.token().stop_requested());
  }
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(20));
}

TEST(TimedStop, WithoutBeingAskedLeavesItsTokenAlone) {
  std::stop_token token;
  {
    const TimedStop stop({}, Clock::now() + std::chrono::hours(1));
    token = stop.token();
  }
  EXPECT_FALSE(token.stop_requested());
}

}  // namespace
}  // namespace cupel
