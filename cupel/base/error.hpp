// The one exception of the library: what is wrong, where, and what to do about it.
// Thrown for bad input and for trouble with the environment; never for outcomes that a
// caller expects (those are values, such as StopReason). Caught in the CLI's main, at the
// boundary of a trial (a failed trial with its reason), and later in the HTTP handler.
#pragma once

#include <exception>
#include <string>

namespace cupel {

enum class ErrorKind {
  runtime,     ///< the environment failed: disk, file system, a damaged file
  usage,       ///< an option or a configuration file is wrong
  bad_data,    ///< the user's data cannot be used; the message names row and column
  infeasible,  ///< no candidate meets the limits
};

/// Process exit code of each kind: runtime 1, usage 2, bad_data 3, infeasible 4.
int exit_code(ErrorKind kind);

class Error : public std::exception {
 public:
  /// `message`: what is wrong and where. `hint`: what to do about it (may be empty).
  Error(ErrorKind kind, std::string message, std::string hint = {});

  ErrorKind kind() const { return kind_; }
  const std::string& message() const { return message_; }
  const std::string& hint() const { return hint_; }
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  ErrorKind kind_;
  std::string message_, hint_, text_;
};

}  // namespace cupel
