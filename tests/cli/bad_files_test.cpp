// Studies and models that are damaged, foreign, newer or in use, and folders that take no file.
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <chrono>
#include <thread>

#include "cupel/base/sealed_json.hpp"
#include "tests/cli/cupel_folder.hpp"
#include "tests/support/paths.hpp"

namespace cupel {
namespace {

struct Designed : CupelFolder {
  Designed() {
    write("plant.csv", plant_csv(60));
    result_of(quick_design());
  }
  void refuses_study(const std::string& content, const std::vector<std::string>& words) const {
    write("bad.study", content);
    expect_refused(*this, {"resume", "bad.study"}, 1, Arguments{"bad.study"} + words);
    expect_refused(*this, {"report", "bad.study"}, 1, words);
    EXPECT_EQ(read("bad.study"), content);
  }
  void refuses_model(const std::string& content, const std::vector<std::string>& words) const {
    write("bad.model", content);
    expect_refused(*this, {"predict", "bad.model", "plant.csv"}, 1, Arguments{"bad.model"} + words);
  }
};

TEST(BadFiles, DamagedStudiesAreNamedAndLeftAsTheyAre) {
  const Designed folder;
  const std::string whole = folder.read("y.study");
  folder.refuses_study("", {"empty"});
  folder.refuses_study(whole.substr(0, 50), {"cut off"});
  folder.refuses_study(whole.substr(0, whole.size() / 2), {"cut off"});
  std::string damaged = whole;
  for (std::size_t k = whole.size() / 2; k < whole.size() / 2 + 3000; ++k) damaged[k] ^= 0x5A;
  folder.refuses_study(damaged, {"damaged"});
  folder.refuses_study(folder.read("plant.csv"), {"not a study"});
  folder.refuses_study(folder.read("y.model"), {"not a study"});
  std::string foreign = whole;
  foreign.replace(68, 4, std::string(4, '\0'));  // SQLite's application id
  folder.refuses_study(foreign, {"another program"});
  std::string newer = whole;
  newer[63] = 99;  // SQLite's user version
  folder.refuses_study(newer, {"format 99", "newer version"});
  expect_refused(folder, {"resume", "nowhere.study"}, 1, {"nowhere.study", "no such file"});
}

TEST(BadFiles, StudyInUseByAnotherProcessIsLeftAlone) {
  using namespace std::chrono_literals;
  const Designed folder;
  Program other(folder.command({"design", "plant.csv", "--target", "y", "--output", "busy",
                                "--trials", "5000", "--quiet"}),
                {.folder = folder / ""});
  while (!folder.has("busy.study-wal")) std::this_thread::sleep_for(1ms);
  std::this_thread::sleep_for(100ms);
  for (const char* command : {"resume", "report"}) {
    const ProgramResult result = folder.run({command, "busy.study"});
    EXPECT_EQ(result.code, 1);
    EXPECT_NE(result.err.find("busy.study: the study is in use by another process"),
              std::string::npos)
        << result.err;
  }
  other.send(SIGINT);
  EXPECT_EQ(other.finish().code, 130);
}

/// A study killed at work, with a log of its newest trials beside it; what that log holds.
std::string killed_study(const Designed& folder, const std::string& name) {
  using namespace std::chrono_literals;
  Program program(folder.command({"design", "plant.csv", "--target", "y", "--output", name,
                                  "--trials", "5000", "--quiet"}),
                  {.folder = folder / ""});
  const std::string log = folder / (name + ".study-wal");
  while (!std::filesystem::exists(log) || std::filesystem::file_size(log) < 100000)
    std::this_thread::sleep_for(1ms);
  program.send(SIGKILL);
  program.finish();
  std::string bytes = folder.read(name + ".study-wal");
  const std::size_t frame = 24 + 4096;
  bytes.resize(32 + (bytes.size() - 32) / frame * frame);
  return bytes;
}

/// A frame of SQLite's log that belongs to this log and has a wrong checksum.
std::string wrong_frame(const std::string& log, bool commits) {
  std::string frame(24 + 4096, 'x');
  frame.replace(0, 4, std::string("\0\0\0\2", 4));
  frame.replace(4, 4, std::string("\0\0\0", 3) + (commits ? '\x20' : '\0'));
  frame.replace(8, 8, log.substr(16, 8));
  return frame;
}

TEST(BadFiles, WhatAFailedTransactionLeavesInTheLogIsNoDamage) {
  const Designed folder;
  const std::string log = killed_study(folder, "killed");
  folder.write("killed.study-wal", log + wrong_frame(log, false) + wrong_frame(log, false));
  EXPECT_EQ(folder.run({"report", "killed.study", "--canonical"}).code, 0);
}

TEST(BadFiles, LogThatIsWrongBeforeACommitIsDamage) {
  const Designed folder;
  const std::string log = killed_study(folder, "killed");
  folder.write("killed.study-wal", log + wrong_frame(log, false) + wrong_frame(log, true));
  expect_refused(folder, {"resume", "killed.study"}, 1, {"damaged", "killed.study-wal"});
}

TEST(BadFiles, DamagedForeignAndNewerModelsAreNamed) {
  const Designed folder;
  const std::string whole = folder.read("y.model");
  folder.refuses_model("", {"not a model"});
  folder.refuses_model(whole.substr(0, whole.size() / 2), {"damaged"});
  folder.refuses_model("[1, 2]", {"not a model"});
  folder.refuses_model(folder.read("plant.csv"), {"not a model"});
  folder.refuses_model(folder.read("y.study"), {"not a model"});
  std::string newer = whole;
  const std::size_t format = newer.find("\"format\": ");
  ASSERT_NE(format, std::string::npos);
  newer[format + 10] = '9';
  folder.refuses_model(newer, {"format 9", "newer"});
  Json changed = parse_json(whole, "y.model");
  Json network = changed.at("members").as_array().at(0);
  Vector parameters = network.at("network").at("parameters").as_vector();
  parameters[0] += 1;
  network["network"]["parameters"] = Json(parameters);
  changed["members"] = Json::Array{network};
  folder.refuses_model(sealed_json(changed, 1), {"test row"});
  folder.refuses_model(dump_json(changed, 1), {"checksum"});
  folder.refuses_model(whole + "\n", {"checksum"});
}

TEST(BadFiles, ModelAndCsvInTheWrongPlaceAreNamed) {
  const Designed folder;
  expect_refused(folder, {"predict", "plant.csv", "y.model"}, 1, {"plant.csv", "not a model"});
  expect_refused(folder, {"predict", "y.model", "y.model"}, 3, {"y.model", "not a table"});
}

TEST(BadFiles, FoldersThatTakeNoFileAreNamed) {
  const Designed folder;
  for (const char* output : {"plant.csv/x", "nowhere/x", "/proc/x"})
    expect_refused(folder, quick_design() + Arguments{"--output", output}, 1,
                   {std::string(output) + ".study", "cannot be written", "folder"});
  expect_refused(folder, {"report", "y.study", "--html", "nowhere/x.html"}, 1, {"nowhere/x.html"});
}

TEST(BadFiles, FullOutputIsAFailure) {
  const Designed folder;
  const ProgramResult result = run_program(
      {"/bin/sh", "-c", "\"$0\" predict y.model plant.csv >/dev/full", test::build_path("cupel")},
      {.folder = folder / ""});
  EXPECT_EQ(result.code, 1);
  EXPECT_NE(result.err.find("cannot be written"), std::string::npos) << result.err;
}

/// Enough trials to need some hundred kilobytes.
Arguments larger_design() {
  Arguments arguments = quick_design();
  arguments[5] = "30";
  return arguments;
}

TEST(FullDisk, StudyThatCannotBeBegunLeavesNoFile) {
  Designed folder;
  const auto before = folder.names();
  const ProgramResult result =
      folder.run(larger_design() + Arguments{"--output", "full"}, 8 * 1024);
  EXPECT_EQ(result.code, 1);
  EXPECT_NE(result.err.find("disk"), std::string::npos) << result.err;
  EXPECT_EQ(folder.names(), before);
}

TEST(FullDisk, FilesThatMayNotGrowStopTheStudyAndResumeGoesOn) {
  CupelFolder folder;
  folder.write("plant.csv", plant_csv(60));
  folder.result_of(larger_design() + Arguments{"--output", "whole"});
  const std::string canonical = folder.canonical("whole.study");
  for (const rlim_t kilobytes : {64, 110, 300}) {
    const std::string name = "full" + std::to_string(kilobytes);
    const ProgramResult result =
        folder.run(larger_design() + Arguments{"--output", name}, kilobytes * 1024);
    ASSERT_EQ(result.code, 1) << kilobytes << result.err;
    EXPECT_NE(result.err.find("disk"), std::string::npos) << result.err;
    EXPECT_FALSE(folder.has(name + ".model"));
    EXPECT_EQ(folder.run({"resume", name + ".study", "--quiet"}).code, 0);
    EXPECT_TRUE(folder.canonical(name + ".study") == canonical);
  }
}

/// A disk of its own, where the tests may make one.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& path) : path_(path) {
    std::filesystem::create_directory(path);
    mounted_ = ::mount("tmpfs", path.c_str(), "tmpfs", 0, "size=128k") == 0;
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  void resize(int kilobytes) const {
    const std::string size = "size=" + std::to_string(kilobytes) + "k";
    EXPECT_EQ(::mount("tmpfs", path_.c_str(), "tmpfs", MS_REMOUNT, size.c_str()), 0);
  }

 private:
  std::string path_;
  bool mounted_ = false;
};

TEST(FullDisk, DiskThatFillsAgainAndAgainLosesNothing) {
  CupelFolder folder;
  const SmallDisk disk(folder / "disk");
  if (!disk.mounted()) GTEST_SKIP() << "needs the right to mount a small disk";
  folder.write("plant.csv", plant_csv(60));
  Arguments two_jobs = larger_design();
  two_jobs.back() = "2";
  folder.result_of(two_jobs + Arguments{"--output", "whole"});
  ProgramResult result = folder.run(two_jobs + Arguments{"--output", "disk/y"});
  int full = 0;
  for (int kilobytes = 200; result.code == 1 && kilobytes < 20000; kilobytes += kilobytes / 3) {
    ASSERT_NE(result.err.find("disk is full"), std::string::npos) << result.err;
    ++full;
    disk.resize(kilobytes);
    result = folder.run({"resume", "disk/y.study", "--quiet", "--jobs", "2"});
  }
  EXPECT_GE(full, 3);
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(folder.canonical("disk/y.study") == folder.canonical("whole.study"));
}

}  // namespace
}  // namespace cupel
