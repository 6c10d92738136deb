#include "cupel/base/file_reader.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "tests/support/temporary_folder.hpp"

namespace cupel {
namespace {

constexpr FileKind kSmallTable{"a table", 3 * kMegabyte, ErrorKind::bad_data, "take every tenth"};

/// The whole message of the Error that reading `path` ends with.
std::string refusal(const std::string& path, const FileKind& kind = kSmallTable) {
  try {
    read_whole_file(path, kind);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind.error);
    EXPECT_FALSE(error.hint().empty());
    EXPECT_TRUE(error.message().starts_with(path + ":")) << error.message();
    return error.what();
  }
  return {};
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(FileReader, GivesTheBytesOfAFileWhateverTheyAre) {
  const TemporaryFolder folder;
  std::string bytes(5 * kMegabyte / 2, '\0');
  for (std::size_t k = 0; k < bytes.size(); ++k) bytes[k] = static_cast<char>(k * 7 + k / 251);
  std::ofstream(folder / "x", std::ios::binary) << bytes;
  EXPECT_TRUE(read_whole_file(folder / "x", kSmallTable) == bytes);
  std::ofstream(folder / "empty").flush();
  EXPECT_EQ(read_whole_file(folder / "empty"), "");
}

TEST(FileReader, NamesWhatIsNoFileAndNeverWaitsForIt) {
  const TemporaryFolder folder;
  EXPECT_TRUE(contains(refusal(folder / "nothing"), "no such file"));
  std::filesystem::create_directory(folder / "folder");
  EXPECT_TRUE(contains(refusal(folder / "folder"), "this is a folder, not a table"));
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_TRUE(contains(refusal(folder / "pipe"), "this is a pipe, not a table"));
  EXPECT_TRUE(contains(refusal("/dev/zero"), "this is a device, not a table"));
  EXPECT_TRUE(contains(refusal("/dev/null"), "this is a device, not a table"));
  const int file = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  std::strncpy(address.sun_path, (folder / "socket").c_str(), sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(file, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_TRUE(contains(refusal(folder / "socket"), "this is a socket, not a table"));
  ::close(file);
}

TEST(FileReader, RefusesALargerFileThanItsKindMayBeBeforeItFillsMemory) {
  const TemporaryFolder folder;
  std::ofstream(folder / "huge").flush();
  std::filesystem::resize_file(folder / "huge", 3 * kMegabyte);
  EXPECT_EQ(refusal(folder / "huge"), "");
  std::filesystem::resize_file(folder / "huge", std::uint64_t{1} << 40);
  EXPECT_TRUE(contains(refusal(folder / "huge"), "larger than 3 MB, which a table may have"));
  EXPECT_TRUE(contains(refusal(folder / "huge"), "take every tenth"));
}

/// Runs `work` in a process of its own; its exit code.
template <class Work>
int in_a_child(Work work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(FileReader, ReadsStandardInputWhateverItIs) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], "a,b\n1,2\n", 8), 8);
  ::close(ends[1]);
  EXPECT_EQ(in_a_child([&] {
              ::dup2(ends[0], STDIN_FILENO);
              FileReader input = FileReader::standard_input(kSmallTable);
              std::string bytes;
              while (input.read_more(bytes)) {
              }
              return bytes == "a,b\n1,2\n" ? 0 : 1;
            }),
            0);
  ::close(ends[0]);
  EXPECT_EQ(in_a_child([] {  // an endless one ends at the limit
              ::dup2(::open("/dev/zero", O_RDONLY), STDIN_FILENO);
              FileReader input = FileReader::standard_input(kSmallTable);
              std::string bytes;
              try {
                while (input.read_more(bytes)) {
                }
              } catch (const Error& error) {
                return contains(error.message(), "standard input: larger than 3 MB") ? 0 : 1;
              }
              return 2;
            }),
            0);
}

TEST(FileReader, NamesTheFileWhereMemoryRunsOut) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  const TemporaryFolder folder;
  std::ofstream(folder / "big").flush();
  std::filesystem::resize_file(folder / "big", 900 * kMegabyte);
  EXPECT_EQ(in_a_child([&] {
              const rlimit limit{400 * kMegabyte, 400 * kMegabyte};
              ::setrlimit(RLIMIT_AS, &limit);
              try {
                read_whole_file(folder / "big");
              } catch (const Error& error) {
                return contains(error.message(), (folder / "big") + ": out of memory") &&
                               contains(error.hint(), "part of the rows")
                           ? 0
                           : 1;
              }
              return 2;
            }),
            0);
#endif
  EXPECT_THROW(within_memory("x", []() -> int { throw std::length_error("vector"); }), Error);
  EXPECT_EQ(within_memory("x", [] { return 3; }), 3);
}

}  // namespace
}  // namespace cupel
