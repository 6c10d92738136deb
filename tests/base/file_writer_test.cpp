#include "cupel/base/file_writer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <vector>

#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;

void put(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

mode_t permissions(const std::string& path) {
  struct stat found {};
  EXPECT_EQ(::lstat(path.c_str(), &found), 0);
  return found.st_mode & 07777;
}

int files_in(const TemporaryFolder& folder) {
  return static_cast<int>(std::distance(fs::directory_iterator(folder / ""), {}));
}

std::string refusal(const std::string& path) {
  try {
    replace_whole_file(path, "new");
  } catch (const Error& error) {
    EXPECT_FALSE(error.hint().empty());
    return error.message();
  }
  return {};
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(FileWriter, GivesNewFilesWhatTheUmaskLeavesAndKeepsThePermissionsOfReplacedOnes) {
  const TemporaryFolder folder;
  const mode_t before = ::umask(027);
  replace_whole_file(folder / "new", "1");
  EXPECT_EQ(permissions(folder / "new"), 0640u);
  ASSERT_EQ(::chmod((folder / "new").c_str(), 0604), 0);
  replace_whole_file(folder / "new", "2");
  EXPECT_EQ(permissions(folder / "new"), 0604u);
  ::umask(before);
  EXPECT_EQ(read_whole_file(folder / "new"), "2");
  EXPECT_EQ(files_in(folder), 1);
}

TEST(FileWriter, LeavesLinksDevicesPipesAndFoldersAsTheyAre) {
  const TemporaryFolder folder;
  put(folder / "far", "precious");
  fs::create_symlink("far", folder / "link");
  fs::create_symlink("nowhere", folder / "dangling");
  fs::create_directory(folder / "folder");
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_TRUE(contains(refusal(folder / "link"), "this is a link"));
  EXPECT_TRUE(contains(refusal(folder / "dangling"), "this is a link"));
  EXPECT_TRUE(contains(refusal(folder / "folder"), "this is a folder"));
  EXPECT_TRUE(contains(refusal(folder / "pipe"), "device or a pipe"));
  EXPECT_TRUE(contains(refusal("/dev/null"), "device or a pipe"));
  EXPECT_EQ(read_whole_file(folder / "far"), "precious");
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  EXPECT_FALSE(create_whole_file(folder / "dangling", "new"));
  EXPECT_EQ(files_in(folder), 5);
}

TEST(FileWriter, MakesAFileOnlyWhereThereIsNone) {
  const TemporaryFolder folder;
  EXPECT_TRUE(create_whole_file(folder / "x", "first"));
  EXPECT_FALSE(create_whole_file(folder / "x", "second"));
  EXPECT_EQ(read_whole_file(folder / "x"), "first");
  EXPECT_EQ(files_in(folder), 1);
}

TEST(FileWriter, TakesTheLongestNameThatTheDiskTakes) {
  const TemporaryFolder folder;
  const std::string path = folder / std::string(255, 'n');
  replace_whole_file(path, "1");
  replace_whole_file(path, "2");
  EXPECT_EQ(read_whole_file(path), "2");
  EXPECT_TRUE(contains(refusal(folder / std::string(256, 'n')), "cannot be written"));
  EXPECT_EQ(files_in(folder), 1);
}

TEST(FileWriter, RemovesWhatAKilledRunHasLeftBesideTheNameAndNothingElse) {
  const TemporaryFolder folder;
  const std::vector<std::string> others = {"x~cupel-0badcafe",      "x~cupel-0badcafe.tmp2",
                                           "x~cupel-0BADCAFE.tmp",  "y~cupel-0badcafe.tmp",
                                           "x~cupel-badcafe.tmp",   "x.tmp",
                                           "ax~cupel-0badcafe.tmp", "x~cupel-12345678.tmp"};
  for (const std::string& name : others) put(folder / name, "kept");
  put(folder / "x~cupel-0badcafe.tmp", "left by a kill");
  // The last of the others belongs to a process that lives.
  const int locked = ::open((folder / others.back()).c_str(), O_RDONLY);
  ASSERT_EQ(::flock(locked, LOCK_EX), 0);
  replace_whole_file(folder / "x", "new");
  for (const std::string& name : others) EXPECT_TRUE(fs::exists(folder / name)) << name;
  EXPECT_FALSE(fs::exists(folder / "x~cupel-0badcafe.tmp"));
  ::close(locked);
  replace_whole_file(folder / "x", "newer");
  EXPECT_FALSE(fs::exists(folder / others.back()));
}

TEST(FileWriter, WritesPairsTogetherOrNotAtAll) {
  const TemporaryFolder folder;
  put(folder / "a.h", "old h");
  put(folder / "a.c", "old c");
  const FileContent pair[] = {{folder / "a.h", "new h"}, {folder / "a.c", "new c"}};
  replace_whole_files(pair);
  EXPECT_EQ(read_whole_file(folder / "a.h") + read_whole_file(folder / "a.c"), "new hnew c");
  EXPECT_EQ(files_in(folder), 2);
  fs::create_directory(folder / "b.c");
  const FileContent half[] = {{folder / "b.h", "new h"}, {folder / "b.c", "new c"}};
  EXPECT_THROW(replace_whole_files(half), Error);
  EXPECT_FALSE(fs::exists(folder / "b.h"));
  EXPECT_EQ(files_in(folder), 3);
  const FileContent apart[] = {{folder / "a.h", "3"}, {folder / "none/a.c", "3"}};
  EXPECT_THROW(replace_whole_files(apart), Error);
  EXPECT_EQ(read_whole_file(folder / "a.h"), "new h");
  EXPECT_EQ(files_in(folder), 3);
}

TEST(FileWriter, KeepsTheOldFilesWhenTheDiskIsFull) {
  const TemporaryFolder folder;
  put(folder / "a.h", "old");
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const std::string large(2000, 'x');
    const FileContent pair[] = {{folder / "a.h", "new"}, {folder / "a.c", large}};
    try {
      replace_whole_files(pair);
    } catch (const Error& error) {
      ::_exit(contains(error.message(), "a.c: cannot be written") &&
                      contains(error.hint(), "make room")
                  ? 0
                  : 2);
    }
    ::_exit(1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(read_whole_file(folder / "a.h"), "old");
  EXPECT_EQ(files_in(folder), 1);
}

TEST(FileWriter, AKillAtAnyMomentLeavesTheOldFileOrTheNewOne) {
  const TemporaryFolder folder;
  const std::string path = folder / "x", large(300000, 'n');
  for (int k = 0; k < 40; ++k) {
    replace_whole_file(path, "old");
    const pid_t child = ::fork();
    if (child == 0) {
      for (;;) replace_whole_file(path, large);
    }
    ::usleep(static_cast<useconds_t>(100 * k));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const std::string found = read_whole_file(path);
    EXPECT_TRUE(found == "old" || found == large) << found.size();
  }
  replace_whole_file(path, "last");
  EXPECT_EQ(files_in(folder), 1);
}

TEST(FileWriter, WritesOverAnEarlierFormOfTheSameOutputOnly) {
  const TemporaryFolder folder;
  const auto known = [](std::string_view text) { return text.starts_with("ours"); };
  EXPECT_NO_THROW(refuse_taken(folder / "x", "choose another"));
  put(folder / "x", "ours, of yesterday");
  EXPECT_NO_THROW(refuse_taken(folder / "x", "choose another", known));
  EXPECT_THROW(refuse_taken(folder / "x", "choose another"), Error);
  put(folder / "x", "yours");
  try {
    refuse_taken(folder / "x", "choose another", known);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_EQ(error.hint(), "choose another");
    EXPECT_TRUE(contains(error.message(), "exists already")) << error.message();
  }
  fs::create_symlink("nowhere", folder / "dangling");
  EXPECT_THROW(refuse_taken(folder / "dangling", "choose another"), Error);
}

}  // namespace
}  // namespace cupel
