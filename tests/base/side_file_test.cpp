#include "cupel/base/side_file.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "cupel/base/file_reader.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cupel {
namespace {

const std::string kHeader = "time,joules\n";

TEST(SideFile, GetsItsHeaderOnceAndALineEachTime) {
  const TemporaryFolder folder;
  EXPECT_EQ(append_to_side_file(folder / "e.csv", kHeader, "1,2\n"), "");
  EXPECT_EQ(append_to_side_file(folder / "e.csv", kHeader, "3,4\n"), "");
  EXPECT_EQ(read_whole_file(folder / "e.csv"), kHeader + "1,2\n3,4\n");
}

TEST(SideFile, WithOtherColumnsIsLeftAsItIs) {
  const TemporaryFolder folder;
  for (const char* text : {"my notes\n", "time,joule\n1,2\n", "t", "time,joules,more\n1,2,3\n"}) {
    std::ofstream(folder / "e.csv") << text;
    EXPECT_NE(append_to_side_file(folder / "e.csv", kHeader, "3,4\n").find("left as it is"),
              std::string::npos);
    EXPECT_EQ(read_whole_file(folder / "e.csv"), text);
  }
}

TEST(SideFile, GoesOnBehindALineThatWasCutOff) {
  const TemporaryFolder folder;
  std::ofstream(folder / "e.csv") << kHeader << "1,";
  EXPECT_EQ(append_to_side_file(folder / "e.csv", kHeader, "3,4\n"), "");
  EXPECT_EQ(read_whole_file(folder / "e.csv"), kHeader + "1,\n3,4\n");
}

TEST(SideFile, SaysWhyItCannotBeWrittenAndNeverWaits) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "folder.csv");
  std::ofstream(folder / "far") << kHeader;
  std::filesystem::create_symlink("far", folder / "link.csv");
  ASSERT_EQ(::mkfifo((folder / "pipe.csv").c_str(), 0600), 0);
  for (const char* name : {"folder.csv", "link.csv", "pipe.csv", "none/e.csv"}) {
    const std::string problem = append_to_side_file(folder / name, kHeader, "1,2\n");
    EXPECT_NE(problem.find(name), std::string::npos) << problem;
  }
  EXPECT_NE(append_to_side_file("/dev/full", kHeader, "1,2\n"), "");
  EXPECT_EQ(read_whole_file(folder / "far"), kHeader);
}

TEST(SideFile, KeepsWholeLinesWhenTheDiskIsFull) {
  const TemporaryFolder folder;
  const std::string path = folder / "e.csv", line = std::string(600, '7') + "\n";
  EXPECT_EQ(append_to_side_file(path, kHeader, line), "");
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    ::_exit(append_to_side_file(path, kHeader, line).empty() ? 1 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(read_whole_file(path), kHeader + line);
}

TEST(SideFile, TakesLinesOfManyProcessesAtOnce) {
  const TemporaryFolder folder;
  constexpr int kProcesses = 8, kLines = 25;
  const std::string line(3000, 'x');
  for (int k = 0; k < kProcesses; ++k)
    if (::fork() == 0) {
      for (int n = 0; n < kLines; ++n)
        if (!append_to_side_file(folder / "e.csv", kHeader, line + "\n").empty()) ::_exit(1);
      ::_exit(0);
    }
  for (int k = 0; k < kProcesses; ++k) {
    int status = 0;
    ::wait(&status);
    EXPECT_EQ(WEXITSTATUS(status), 0);
  }
  std::string expected = kHeader;
  for (int n = 0; n < kProcesses * kLines; ++n) expected += line + "\n";
  EXPECT_TRUE(read_whole_file(folder / "e.csv") == expected);
}

}  // namespace
}  // namespace cupel
