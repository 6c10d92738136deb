#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <condition_variable>
#include <memory>
#include <mutex>

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
  std::optional<Clock::time_point> end{};
};

std::string_view stage_text(std::string_view stage) {
  if (stage == "search") return "trying networks";
  if (stage == "confirm") return "checking the best again";
  if (stage == "refit") return "training the best on all rows";
  if (stage == "later rows") return "predicting later rows from earlier ones";
  if (stage == "measure") return "measuring what is trained";
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
  double left =
      elapsed / std::max(trained, 1) * (progress.total - progress.done + progress.to_come);
  if (state.end) left = std::min(left, std::chrono::duration<double>(*state.end - now).count());
  std::string text =
      fmt::format("{}: {} of {}", stage_text(progress.stage), progress.done, progress.total);
  if (std::isfinite(progress.best)) text += fmt::format(", best score {:.4g}", progress.best);
  if (progress.failed > 0) text += fmt::format(", {} failed", progress.failed);
  if (!(last && progress.to_come == 0) && trained > 0 && elapsed > kTooEarly && left > 0)
    text += fmt::format(", about {} left", duration_text(left));
  if (!state.terminal) {
    say(fmt::format("{}\n", text));
    return;
  }
  constexpr int kWidth = 24;
  const int filled = kWidth * progress.done / std::max(progress.total, 1);
  say(fmt::format("\r[{}{}] {}\033[K", std::string(static_cast<std::size_t>(filled), '#'),
                  std::string(static_cast<std::size_t>(kWidth - filled), '.'), text));
  if (last && (progress.stage == "measure" || progress.stage == "compare")) say("\n");
}

}  // namespace

ProgressSink make_progress(bool quiet, std::optional<Clock::time_point> end) {
  if (quiet) return {};
  auto state = std::make_shared<State>();
  state->end = end;
  return [state](const Progress& progress) { show(*state, progress); };
}

SlowNotice::SlowNotice(bool quiet, std::string text) {
  if (quiet) return;
  thread_ = std::jthread([text = std::move(text)](std::stop_token over) {
    std::mutex guard;
    std::condition_variable_any wake;
    std::unique_lock lock(guard);
    wake.wait_for(lock, over, std::chrono::seconds(2), [] { return false; });
    if (!over.stop_requested()) say(text + "\n");
  });
}

}  // namespace cupel::cli
