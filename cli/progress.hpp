// Progress on stderr: a bar with the time left on a terminal, a line now and then in a log.
#pragma once

#include <optional>
#include <string>
#include <thread>

#include "cupel/study/run_trials.hpp"

namespace cupel::cli {

/// Safe to call from several threads, one at a time. The time left is that of the whole run, and
/// not more than there is until `end`, that of a time limit.
ProgressSink make_progress(bool quiet, std::optional<Clock::time_point> end = {});

/// Says what goes on when that takes more than two seconds, once.
class SlowNotice {
 public:
  SlowNotice(bool quiet, std::string text);

 private:
  std::jthread thread_;
};

}  // namespace cupel::cli
