// A folder in which the program itself is run, as a user would.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "cupel/base/json.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cupel {

using Arguments = std::vector<std::string>;

inline Arguments operator+(Arguments first, const Arguments& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

/// `rows` rows of three inputs and y = a smooth function of two of them; the same each time.
inline std::string plant_csv(int rows) {
  std::string text = "T,p,flow,y\n";
  unsigned state = 12345;
  const auto draw = [&] {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % 10000 / 10000.0;
  };
  for (int row = 0; row < rows; ++row) {
    const double t = draw(), p = draw(), flow = draw();
    const double y = std::sin(3 * t) + p * p + 0.02 * draw();
    text += std::to_string(20 + 80 * t) + "," + std::to_string(1 + p) + "," +
            std::to_string(10 * flow) + "," + std::to_string(y) + "\n";
  }
  return text;
}

class CupelFolder {
 public:
  std::string operator/(const std::string& name) const { return folder_ / name; }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(*this / name, std::ios::binary) << text;
  }
  std::string read(const std::string& name) const { return file_text(*this / name); }
  bool has(const std::string& name) const { return std::filesystem::exists(*this / name); }

  /// Names of all files, sorted.
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(*this / ""))
      all.push_back(entry.path().filename().string());
    std::sort(all.begin(), all.end());
    return all;
  }

  Arguments command(const Arguments& arguments) const {
    return Arguments{test::build_path("cupel")} + arguments;
  }
  ProgramResult run(const Arguments& arguments, rlim_t largest_file = 0) const {
    return run_program(command(arguments), {.folder = *this / "", .largest_file = largest_file});
  }
  /// run() that must succeed; what it printed.
  std::string result_of(const Arguments& arguments) const {
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.code, 0) << result.err;
    return result.out;
  }
  Json json_of(const Arguments& arguments) const {
    return parse_json(result_of(arguments + Arguments{"--json"}), "stdout");
  }
  std::string canonical(const std::string& study) const {
    return result_of({"report", study, "--canonical"});
  }

 private:
  TemporaryFolder folder_;
};

/// A design that takes a fraction of a second.
inline Arguments quick_design(const std::string& file = "plant.csv") {
  return {"design",  file, "--target",     "y",  "--trials", "6",      "--confirm", "1",
          "--folds", "3",  "--iterations", "30", "--quiet",  "--jobs", "1"};
}

/// Refused with this exit code, each of `words` in the message, nothing on stdout, and no file
/// made or lost.
inline void expect_refused(const CupelFolder& folder, const Arguments& arguments, int code,
                           const std::vector<std::string>& words) {
  const auto before = folder.names();
  const ProgramResult result = folder.run(arguments);
  std::string typed;
  for (const std::string& argument : arguments) typed += " " + argument;
  SCOPED_TRACE(typed + "\n" + result.err);
  EXPECT_EQ(result.code, code);
  EXPECT_EQ(result.out, "");
  for (const std::string& word : words)
    EXPECT_NE(result.err.find(word), std::string::npos) << "no '" << word << "'";
  EXPECT_EQ(folder.names(), before);
}

}  // namespace cupel
