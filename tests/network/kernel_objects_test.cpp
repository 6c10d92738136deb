// What the compiler made of the kernels' sources: code for a newer processor must not leave its
// file, or a machine without that processor could run it.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <sstream>
#include <string>

#include "tests/support/paths.hpp"

namespace {

std::string output_of(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  std::string text;
  std::array<char, 4096> part;
  while (pipe && std::fgets(part.data(), part.size(), pipe)) text += part.data();
  if (pipe) pclose(pipe);
  return text;
}

class EveryKernelObject : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    file_ = cupel::test::build_path("CMakeFiles/cupel_network.dir/cupel/network/mlp/kernels_") +
            std::string(GetParam()) + ".cpp.o";
    if (!std::filesystem::exists(file_)) GTEST_SKIP() << "no " << file_;
    if (output_of("nm --version").empty()) GTEST_SKIP() << "no nm on this machine";
  }
  std::string file_;
};
INSTANTIATE_TEST_SUITE_P(Kernels, EveryKernelObject, testing::Values("v3", "v4"),
                         [](const auto& one) { return std::string(one.param); });

TEST_P(EveryKernelObject, ExportsItsTableAndNothingElse) {
  std::istringstream symbols(output_of("nm -C --defined-only --extern-only '" + file_ + "'"));
  int count = 0;
  for (std::string line; std::getline(symbols, line); ++count)
    EXPECT_NE(line.find(std::string("cupel::") + GetParam() + "_set::kernels"), std::string::npos)
        << line << "\nthe linker may take this for the whole program";
  EXPECT_EQ(count, 1);
}

TEST_P(EveryKernelObject, RunsNothingAtStartup) {
  const std::string symbols = output_of("nm '" + file_ + "'");
  EXPECT_EQ(symbols.find("_GLOBAL__sub_I"), std::string::npos);
  const std::string sections = output_of("objdump -h '" + file_ + "'");
  if (sections.empty()) GTEST_SKIP() << "no objdump on this machine";
  EXPECT_EQ(sections.find("init_array"), std::string::npos);
}

}  // namespace
