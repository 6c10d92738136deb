// Streams that are closed, full or that nobody reads, signals, and side files that cannot be
// written: the run goes on or says what is lost, and what was saved stays.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <thread>

#include "tests/cli/cupel_folder.hpp"
#include "tests/support/paths.hpp"

namespace cupel {
namespace {

using namespace std::chrono_literals;

struct Rough : CupelFolder {
  Rough() { write("plant.csv", plant_csv(60)); }
  /// In a shell, where "$0" is the program.
  ProgramResult shell(const std::string& line) const {
    return run_program({"/bin/sh", "-c", line, test::build_path("cupel")}, {.folder = *this / ""});
  }
  void expect_complete(const std::string& name) const {
    EXPECT_FALSE(canonical(name + ".study").empty());
    EXPECT_EQ(run({"predict", name + ".model", "plant.csv"}).code, 0);
    EXPECT_TRUE(read(name + ".html").starts_with("<!DOCTYPE html>"));
  }
};

/// Without --quiet, so that there is something to say.
std::string design(const std::string& name) {
  return "\"$0\" design plant.csv --target y --trials 6 --confirm 1 --folds 3 --iterations 30 "
         "--jobs 1 --output " +
         name;
}

TEST(Diagnostics, ThatGoNowhereEndNoRun) {
  const Rough folder;
  int number = 0;
  for (const char* nowhere : {"2>/dev/full", "2>&-", "2>&1 >/dev/null | true"}) {
    const std::string name = "d" + std::to_string(number++);
    const ProgramResult result = folder.shell(design(name) + " " + nowhere);
    EXPECT_EQ(result.code, 0) << nowhere << result.err;
    for (int k = 0; k < 200 && !folder.has(name + ".html"); ++k) std::this_thread::sleep_for(20ms);
    std::this_thread::sleep_for(200ms);
    folder.expect_complete(name);
  }
}

TEST(Diagnostics, ThatNobodyTakesHoldNoRunUpForEver) {
  const Rough folder;
  // A pipe that is full already and that nobody empties.
  const ProgramResult result = folder.shell(
      "mkfifo full; sleep 60 <full & exec 3>full; "
      "dd if=/dev/zero bs=1k count=64 status=none >&3; " +
      design("held") + " 2>&3; code=$?; kill $!; exit $code");
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_LT(result.elapsed_s, 40);
  folder.expect_complete("held");
}

TEST(Results, ThatGoNowhereAreAFailureAndTheFilesStay) {
  const Rough folder;
  const ProgramResult full = folder.shell(design("full") + " >/dev/full");
  EXPECT_EQ(full.code, 1);
  EXPECT_NE(full.err.find("the output cannot be written (the disk is full)"), std::string::npos)
      << full.err;
  folder.expect_complete("full");
  const ProgramResult closed = folder.shell(design("closed") + " >&-");
  EXPECT_EQ(closed.code, 1);
  EXPECT_NE(closed.err.find("standard output is closed"), std::string::npos) << closed.err;
  folder.expect_complete("closed");
}

TEST(Results, ThatNobodyReadsEndAsAnInterruptDoes) {
  const Rough folder;
  folder.result_of(quick_design());
  std::string rows = folder.read("plant.csv");
  for (int k = 0; k < 3000; ++k) rows += "50,1.5,5,1\n";
  folder.write("many.csv", rows);
  const ProgramResult result =
      folder.shell("{ \"$0\" predict y.model many.csv; echo $? >code; } | head -1");
  EXPECT_EQ(folder.read("code"), "130\n");
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.out, "row,y,y_lower,y_upper,valid,reason\n");
}

TEST(Descriptors, ThatAreClosedAtTheStartAreTakenByNoFile) {
  const Rough folder;
  int number = 0;
  for (const char* closed : {"<&- 2>&-", "2>&- >&-", "<&- >&- 2>&-", "<&-"}) {
    const std::string name = "c" + std::to_string(number++);
    const ProgramResult result = folder.shell(design(name) + " " + closed);
    const bool output_lost = std::string(closed).find(" >&-") != std::string::npos;
    EXPECT_EQ(result.code, output_lost ? 1 : 0) << closed;
    folder.expect_complete(name);
  }
}

TEST(Signals, ThatATerminalSendsWhenItClosesSaveTheState) {
  const Rough folder;
  for (const int signal : {SIGHUP, SIGTERM}) {
    const std::string name = "s" + std::to_string(signal);
    Program program(folder.command({"design", "plant.csv", "--target", "y", "--output", name,
                                    "--trials", "5000", "--quiet"}),
                    {.folder = folder / ""});
    while (!folder.has(name + ".study-wal")) std::this_thread::sleep_for(1ms);
    std::this_thread::sleep_for(100ms);
    program.send(signal);
    if (signal == SIGHUP) program.send(signal);  // shells do it twice
    const ProgramResult result = program.finish();
    EXPECT_EQ(result.code, 130) << result.err;
    EXPECT_NE(result.err.find("cupel resume " + name + ".study"), std::string::npos) << result.err;
    EXPECT_FALSE(folder.has(name + ".study-wal"));
  }
}

TEST(Signals, OfAClosedTerminalDoNotMatterUnderNohup) {
  const Rough folder;
  const ProgramResult result =
      folder.shell("trap '' HUP; " + design("n") + " --quiet & sleep 0.1; kill -HUP $!; wait $!");
  EXPECT_EQ(result.code, 0) << result.err;
  folder.expect_complete("n");
}

TEST(Emissions, ThatCannotBeNotedAreAWarning) {
  const Rough folder;
  std::filesystem::create_directory(folder / "folder.emissions.csv");
  folder.write("foreign.emissions.csv", "my,notes\n1,2\n");
  std::filesystem::create_symlink("plant.csv", folder / "link.emissions.csv");
  ASSERT_EQ(::mkfifo((folder / "pipe.emissions.csv").c_str(), 0600), 0);
  const std::string data = folder.read("plant.csv");
  for (const char* name : {"folder", "foreign", "link", "pipe"}) {
    const ProgramResult result = folder.shell(design(name));
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_NE(result.err.find("warning: the energy is not noted: " + std::string(name)),
              std::string::npos)
        << result.err;
    folder.expect_complete(name);
  }
  EXPECT_EQ(folder.read("foreign.emissions.csv"), "my,notes\n1,2\n");
  EXPECT_EQ(folder.read("plant.csv"), data);
}

TEST(Inputs, ThatAreNoFilesAreNamedAtOnce) {
  const Rough folder;
  folder.result_of(quick_design());
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  ASSERT_EQ(::mkfifo((folder / "pipe.toml").c_str(), 0600), 0);
  ASSERT_EQ(::mkfifo((folder / "pipe.study").c_str(), 0600), 0);
  const auto refused = [&](const Arguments& arguments, int code, const std::string& words) {
    expect_refused(folder, arguments, code, {words});
  };
  refused({"check", "pipe"}, 3, "pipe: this is a pipe");
  refused({"check", "/dev/zero"}, 3, "/dev/zero: this is a device");
  refused({"predict", "pipe", "plant.csv"}, 1, "this is a pipe, not a model");
  refused({"predict", "/dev/zero", "plant.csv"}, 1, "this is a device, not a model");
  refused({"predict", ".", "plant.csv"}, 1, "this is a folder, not a model");
  refused({"predict", "y.model", "/dev/zero"}, 3, "this is a device");
  refused({"resume", "pipe.study"}, 1, "this is a pipe, not a study");
  refused({"design", "pipe.toml"}, 2, "this is a pipe, not a file of options");
  refused({"optimize", "pipe.toml"}, 2, "this is a pipe, not a file of options");
  refused(quick_design() + Arguments{"--test-rows", "/dev/zero"}, 2, "this is a device");
  refused({"optimize", "y.model", "--maximize", "y", "--from", "pipe", "--row", "2"}, 3,
          "this is a pipe");
}

TEST(Outputs, NeverTakeThePlaceOfLinksDevicesOrOtherFiles) {
  const Rough folder;
  folder.result_of(quick_design());
  folder.write("mine.csv", "precious");
  std::filesystem::create_symlink("mine.csv", folder / "link.csv");
  std::filesystem::create_symlink("nowhere", folder / "dangling.csv");
  for (const char* path : {"/dev/null", "/dev/stdout", "link.csv", "dangling.csv", "mine.csv"})
    expect_refused(folder, {"simulate", "styrene", "--rows", "5", "--output", path}, 2, {path});
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  EXPECT_EQ(folder.read("mine.csv"), "precious");
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "dangling.csv"));
  folder.result_of({"simulate", "styrene", "--rows", "5", "--output", "new.csv"});
  folder.result_of({"simulate", "styrene", "--rows", "5", "--output", "new.csv"});
  std::filesystem::create_symlink("mine.csv", folder / "z.model");
  expect_refused(folder, quick_design() + Arguments{"--output", "z"}, 2, {"z.model"});
  folder.write("y.html", "my notes");
  expect_refused(folder, {"resume", "y.study"}, 2, {"y.html"});
  EXPECT_EQ(folder.read("y.html"), "my notes");
}

TEST(Memory, ThatRunsOutNamesTheFile) {
  const Rough folder;
  std::string rows = "a,b,c\n";
  for (int k = 0; k < 3000000; ++k) rows += "12.345678,2.3456789,3.4567891\n";
  folder.write("big.csv", rows);
  const ProgramResult result = folder.shell("ulimit -v 450000; \"$0\" check big.csv");
  EXPECT_EQ(result.code, 1);
  EXPECT_NE(result.err.find("big.csv: out of memory"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace cupel
