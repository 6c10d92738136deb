#include "cli/progress.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <csignal>
#include <ctime>
#include <memory>
#include <thread>

#include "cli/console.hpp"

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
  if (stage == "later rows") return "predicting later rows from earlier ones";
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
    if (state.terminal && !state.stage.empty()) say("\n");
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
    say(fmt::format("{}\n", text));
    return;
  }
  constexpr int kWidth = 24;
  const int filled = kWidth * progress.done / std::max(progress.total, 1);
  say(fmt::format("\r[{}{}] {}\033[K", std::string(static_cast<std::size_t>(filled), '#'),
                  std::string(static_cast<std::size_t>(kWidth - filled), '.'), text));
  if (last && (progress.stage == "refit" || progress.stage == "compare")) say("\n");
}

/// Interrupts so far. A handler and no blocked signals: libraries that start threads when they are
/// loaded do not block them, and their threads would take the signal's default action.
std::atomic<int> interrupts = 0, hang_ups = 0;
static_assert(std::atomic<int>::is_always_lock_free);

void count_interrupt(int signal) { (signal == SIGHUP ? hang_ups : interrupts).fetch_add(1); }

constexpr std::array<int, 3> kInterrupts = {SIGINT, SIGTERM, SIGHUP};

/// Under 'nohup' a terminal that goes away does not matter.
bool is_ignored(int signal) {
  struct sigaction now = {};
  return sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

}  // namespace

ProgressSink make_progress(bool quiet) {
  if (quiet) return {};
  auto state = std::make_shared<State>();
  return [state](const Progress& progress) { show(*state, progress); };
}

InterruptWatch::InterruptWatch() {
  struct sigaction action = {};
  action.sa_handler = count_interrupt;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : kInterrupts)
    if (signal != SIGHUP || !is_ignored(SIGHUP)) sigaction(signal, &action, nullptr);
  thread_ = std::jthread(
      [this, seen = interrupts.load(), seen_hang_ups = hang_ups.load()](std::stop_token end) {
        while (!end.stop_requested()) {
          std::this_thread::sleep_for(std::chrono::milliseconds(20));
          const int more = interrupts.load() - seen;
          if (more > 1) _exit(130);
          // A terminal that closes may say so several times: that is one wish.
          if ((more < 1 && hang_ups.load() == seen_hang_ups) || source_.stop_requested()) continue;
          source_.request_stop();
          say("\nstopping after the running trials; once more to stop at once\n");
        }
      });
}

InterruptWatch::~InterruptWatch() {
  thread_.request_stop();
  thread_.join();
  for (const int signal : kInterrupts)
    if (!is_ignored(signal)) std::signal(signal, SIG_DFL);
}

}  // namespace cupel::cli
