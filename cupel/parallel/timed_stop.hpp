// A stop token for work that ends when it is asked to, and also when its time is over.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <thread>

namespace cupel {

class TimedStop {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// `end`: none without a limit; may have passed already.
  TimedStop(std::stop_token asked, std::optional<Time> end);
  TimedStop(const TimedStop&) = delete;
  TimedStop& operator=(const TimedStop&) = delete;

  /// Stops for either reason. May outlive this object; the time then has no effect any more.
  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::stop_callback<std::function<void()>> relay_;
  std::jthread timer_;
};

}  // namespace cupel
