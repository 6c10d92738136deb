#include "cupel/parallel/timed_stop.hpp"

#include <condition_variable>
#include <mutex>

namespace cupel {

TimedStop::TimedStop(std::stop_token asked, std::optional<Time> end)
    : relay_(std::move(asked), [this] { source_.request_stop(); }) {
  if (!end) return;
  timer_ = std::jthread([source = source_, end = *end](std::stop_token over) mutable {
    std::mutex guard;
    std::condition_variable_any wake;
    std::unique_lock lock(guard);
    wake.wait_until(lock, over, end, [] { return false; });
    if (!over.stop_requested()) source.request_stop();
  });
}

}  // namespace cupel
