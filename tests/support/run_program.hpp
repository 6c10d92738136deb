// Another program as a child process: its exit code, what it printed, what memory it took.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace cupel {

struct ProgramResult {
  int code = -1;   ///< exit code; -1 when a signal ended it
  int signal = 0;  ///< that signal
  std::string out, err;
  long peak_kb = 0;
  double elapsed_s = 0;
};

struct ProgramSettings {
  std::string folder = {};  ///< where it runs; empty: here
  rlim_t largest_file = 0;  ///< bytes; 0: no limit. Writing beyond fails with EFBIG
};

inline std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Runs from its construction; finish() waits for its end.
class Program {
 public:
  Program(const std::vector<std::string>& arguments, const ProgramSettings& settings)
      : start_(std::chrono::steady_clock::now()) {
    std::vector<char*> raw;
    for (const std::string& argument : arguments)
      raw.push_back(const_cast<char*>(argument.c_str()));
    raw.push_back(nullptr);
    process_ = ::fork();
    if (process_ < 0) throw std::runtime_error("fork failed");
    if (process_ == 0) become(raw, settings);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program() {
    if (process_ > 0) {
      ::kill(process_, SIGKILL);
      finish();
    }
  }

  void send(int signal) { ::kill(process_, signal); }

  ProgramResult finish() {
    ProgramResult result;
    int status = 0;
    rusage used{};
    while (::wait4(process_, &status, 0, &used) < 0 && errno == EINTR) {
    }
    process_ = -1;
    result.elapsed_s =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    if (WIFEXITED(status)) result.code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
    result.peak_kb = used.ru_maxrss;
    result.out = text_.take(text_.out);
    result.err = text_.take(text_.err);
    return result;
  }

 private:
  /// Where the child writes; files, so that no full pipe can stop it.
  struct TextFiles {
    TextFiles() {
      char name[] = "/tmp/cupel_out_XXXXXX";
      const int file = ::mkstemp(name);
      if (file < 0) throw std::runtime_error("no file for the output of a program");
      ::close(file);
      out = name;
      err = out + ".err";
    }
    std::string take(const std::string& path) const {
      std::string text = file_text(path);
      ::unlink(path.c_str());
      return text;
    }
    std::string out, err;
  };

  [[noreturn]] void become(std::vector<char*>& arguments, const ProgramSettings& settings) const {
    const auto redirect = [](const std::string& path, int number) {
      const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
      if (file < 0 || ::dup2(file, number) < 0) ::_exit(125);
      ::close(file);
    };
    redirect(text_.out, STDOUT_FILENO);
    redirect(text_.err, STDERR_FILENO);
    if (!settings.folder.empty() && ::chdir(settings.folder.c_str()) != 0) ::_exit(125);
    if (settings.largest_file > 0) {
      ::signal(SIGXFSZ, SIG_IGN);
      const rlimit limit{settings.largest_file, settings.largest_file};
      if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(125);
    }
    ::execv(arguments.front(), arguments.data());
    ::_exit(126);
  }

  TextFiles text_;
  std::chrono::steady_clock::time_point start_;
  pid_t process_ = -1;
};

inline ProgramResult run_program(const std::vector<std::string>& arguments,
                                 const ProgramSettings& settings) {
  return Program(arguments, settings).finish();
}

}  // namespace cupel
