#include "cli/progress.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cmath>
#include <ctime>
#include <memory>

namespace cupel::cli {
namespace {

/// Seconds of a stage before which the time left is anybody's guess.
constexpr double kTooEarly = 2;

struct State {
  Clock::time_point start = Clock::now(), shown{};
  std::string stage;
  bool terminal = isatty(STDERR_FILENO) != 0;
  int lines = 0;
};

std::string_view stage_text(std::string_view stage) {
  if (stage == "search") return "trying networks";
  if (stage == "confirm") return "checking the best again";
  if (stage == "refit") return "training the best on all rows";
  if (stage == "compare") return "comparing";
  return stage;
}

std::string duration_text(double seconds) {
  if (seconds < 60) return fmt::format("{:.0f} s", std::ceil(seconds));
  return fmt::format("{:.0f} min {:02.0f} s", std::floor(seconds / 60), std::fmod(seconds, 60));
}

void show(State& state, const Progress& progress) {
  const auto now = Clock::now();
  if (progress.stage != state.stage) {
    if (state.terminal && !state.stage.empty()) fmt::print(stderr, "\n");
    state.stage = progress.stage;
    state.start = now;
    state.lines = 0;
  }
  const bool last = progress.done == progress.total;
  const double elapsed = std::chrono::duration<double>(now - state.start).count();
  const double pause = state.terminal ? 0.1 : 10.0 * (state.lines + 1);
  if (!last && std::chrono::duration<double>(now - state.shown).count() < pause) return;
  state.shown = now;
  ++state.lines;
  const int trained = progress.done - progress.stored;
  const double left = elapsed / std::max(trained, 1) * (progress.total - progress.done);
  std::string text =
      fmt::format("{}: {} of {}", stage_text(progress.stage), progress.done, progress.total);
  if (std::isfinite(progress.best)) text += fmt::format(", best score {:.4g}", progress.best);
  if (progress.failed > 0) text += fmt::format(", {} failed", progress.failed);
  if (!last && trained > 0 && elapsed > kTooEarly)
    text += fmt::format(", about {} left", duration_text(left));
  if (!state.terminal) {
    fmt::print(stderr, "{}\n", text);
    return;
  }
  constexpr int kWidth = 24;
  const int filled = kWidth * progress.done / std::max(progress.total, 1);
  fmt::print(stderr, "\r[{}{}] {}\033[K", std::string(static_cast<std::size_t>(filled), '#'),
             std::string(static_cast<std::size_t>(kWidth - filled), '.'), text);
  if (last && (progress.stage == "refit" || progress.stage == "compare")) fmt::print(stderr, "\n");
}

sigset_t interrupts() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

ProgressSink make_progress(bool quiet) {
  if (quiet) return {};
  auto state = std::make_shared<State>();
  return [state](const Progress& progress) { show(*state, progress); };
}

InterruptWatch::InterruptWatch() {
  const sigset_t set = interrupts();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  thread_ = std::jthread([this, set](std::stop_token end) {
    const timespec pause{0, 50'000'000};
    while (!end.stop_requested()) {
      if (sigtimedwait(&set, nullptr, &pause) < 0) continue;
      if (source_.stop_requested()) _exit(130);
      source_.request_stop();
      fmt::print(stderr, "\nstopping after the running trials; once more to stop at once\n");
    }
  });
}

InterruptWatch::~InterruptWatch() {
  thread_.request_stop();
  thread_.join();
  const sigset_t set = interrupts();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace cupel::cli
