// What SIGINT, SIGTERM and SIGHUP do. Ctrl-C is obeyed at any moment: what listens saves what it
// has and ends in an orderly way, anything else is ended at once, with nothing half-written in
// place of a file.
#pragma once

#include <stop_token>
#include <string>
#include <thread>

namespace cupel::cli {

/// Of the process: to be made in main() before anything takes time. Ends the process with exit code
/// 130 where nothing listens, where a listener takes longer than 1.7 s, or at a second SIGINT or
/// SIGTERM.
class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch();

 private:
  std::jthread thread_;
};

/// While it exists, an interrupt asks to stop in place of ending the process. One at a time.
class Listening {
 public:
  /// last_words: said on stderr when the process must be ended all the same.
  explicit Listening(std::string last_words);
  ~Listening();
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

  std::stop_token token() const { return source_.get_token(); }
  bool asked() const { return source_.stop_requested(); }
  const std::string& last_words() const { return last_words_; }

 private:
  friend class InterruptWatch;
  std::stop_source source_;
  std::string last_words_;
};

/// "interrupted; everything so far is in y.study", and how to go on.
std::string saved_words(const std::string& study_path);

}  // namespace cupel::cli
