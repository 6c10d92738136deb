// Progress on stderr: a bar with the time left on a terminal, a line now and then in a log.
#pragma once

#include <stop_token>
#include <thread>

#include "cupel/study/run_trials.hpp"

namespace cupel::cli {

/// Safe to call from several threads, one at a time.
ProgressSink make_progress(bool quiet);

/// Stops when SIGINT, SIGTERM or SIGHUP arrives; a second SIGINT or SIGTERM ends the process at
/// once. Must be made before any other thread.
class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch();
  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::jthread thread_;
};

}  // namespace cupel::cli
