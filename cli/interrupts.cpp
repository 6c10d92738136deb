#include "cli/interrupts.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <mutex>
#include <optional>

#include "cli/console.hpp"
#include "cupel/base/shell_word.hpp"

namespace cupel::cli {
namespace {

constexpr int kInterruptedCode = 130;
constexpr std::chrono::milliseconds kLook{20}, kPatience{1700};
constexpr std::array<int, 3> kInterrupts = {SIGINT, SIGTERM, SIGHUP};

/// Interrupts so far. A handler and no blocked signals: libraries that start threads when they are
/// loaded do not block them, and their threads would take the signal's default action.
std::atomic<int> interrupts = 0, hang_ups = 0;
static_assert(std::atomic<int>::is_always_lock_free);

void count_interrupt(int signal) { (signal == SIGHUP ? hang_ups : interrupts).fetch_add(1); }

/// Under 'nohup' a terminal that goes away does not matter.
bool is_ignored(int signal) {
  struct sigaction now = {};
  return sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

std::mutex guard;  ///< of what follows
Listening* listening = nullptr;

/// What was asked of the process, by the watching thread alone.
struct Asked {
  std::chrono::steady_clock::time_point last_moment;
  std::string last_words;
};

[[noreturn]] void end_process(const std::string& words) {
  if (!words.empty()) say_last(words);
  _exit(kInterruptedCode);
}

/// The first interrupt.
Asked ask() {
  std::string words;
  {
    const std::lock_guard lock(guard);
    if (listening != nullptr) words = listening->last_words();
  }
  if (words.empty()) end_process("\ninterrupted\n");
  return {std::chrono::steady_clock::now() + kPatience, words};
}

void tell_listener(void (*tell)(Listening&)) {
  const std::lock_guard lock(guard);
  if (listening != nullptr) tell(*listening);
}

}  // namespace

InterruptWatch::InterruptWatch() {
  struct sigaction action = {};
  action.sa_handler = count_interrupt;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : kInterrupts)
    if (signal != SIGHUP || !is_ignored(SIGHUP)) sigaction(signal, &action, nullptr);
  thread_ = std::jthread([](std::stop_token over) {
    std::optional<Asked> asked;
    for (; !over.stop_requested(); std::this_thread::sleep_for(kLook)) {
      if (interrupts.load() > 1) end_process(asked ? asked->last_words : std::string());
      // A terminal that closes may say so several times: that is one wish.
      if (!asked && (interrupts.load() > 0 || hang_ups.load() > 0)) {
        asked = ask();
        tell_listener([](Listening& one) { one.source_.request_stop(); });
        say_last("\nstopping; once more to stop at once\n");
      }
      if (asked && std::chrono::steady_clock::now() > asked->last_moment)
        end_process(asked->last_words);
    }
  });
}

InterruptWatch::~InterruptWatch() {
  thread_.request_stop();
  thread_.join();
}

Listening::Listening(std::string last_words) : last_words_(std::move(last_words)) {
  const std::lock_guard lock(guard);
  listening = this;
}

Listening::~Listening() {
  const std::lock_guard lock(guard);
  listening = nullptr;
}

std::string saved_words(const std::string& study_path) {
  return fmt::format("interrupted; everything so far is in {}\n  go on with: cupel resume {}\n",
                     study_path, shell_file(study_path));
}

}  // namespace cupel::cli
