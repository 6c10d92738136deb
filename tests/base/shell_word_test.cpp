#include "cupel/base/shell_word.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>

namespace cupel {
namespace {

std::string printed_by_shell(const std::string& word) {
  FILE* shell = popen(("printf %s " + word).c_str(), "r");
  std::string text;
  std::array<char, 256> piece{};
  while (std::size_t got = fread(piece.data(), 1, piece.size(), shell))
    text.append(piece.data(), got);
  pclose(shell);
  return text;
}

TEST(ShellWord, IsOneWordToTheShell) {
  for (const std::string text :
       {"T",  "steam flow",  "CO(GT)", "$HOME", "it's", "a\nb", "`id`", "a;b", "\"x\"", "*",    "~",
        "#x", "back\\slash", "a&b",    "!x",    "T_°C", "",     "x=1",  "<y>", "a|b",   "{a,b}"})
    EXPECT_EQ(printed_by_shell(shell_word(text)), text);
}

TEST(ShellWord, LeavesPlainNamesAndKeepsDashesFromBeingOptions) {
  EXPECT_EQ(shell_word("T_in.PV"), "T_in.PV");
  EXPECT_EQ(shell_file("-x.csv"), "./-x.csv");
  EXPECT_EQ(shell_option("--keep", "T"), "--keep T");
  EXPECT_EQ(shell_option("--keep", "-T x"), "--keep='-T x'");
}

}  // namespace
}  // namespace cupel
