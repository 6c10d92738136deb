// A power failure at any call that changes a file: the next command goes on or starts anew, and
// never is there a name at which both 'design' and 'resume' refuse. CUPEL_KILLS=200 tries more
// moments than the quick run does.
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "cupel/base/rng.hpp"
#include "tests/cli/cupel_folder.hpp"
#include "tests/support/paths.hpp"

namespace cupel {
namespace {

int wanted_kills() {
  const char* text = std::getenv("CUPEL_KILLS");
  return text == nullptr ? 30 : std::atoi(text);
}

class Kills : public testing::Test {
 protected:
  Kills() {
    folder_.write("plant.csv", plant_csv(60));
    EXPECT_EQ(run_counted(design("whole"), "").code, 0);
    canonical_ = folder_.canonical("whole.study");
    calls_ = std::stoi(folder_.read("calls"));
    std::filesystem::remove(folder_ / "calls");
    EXPECT_GT(calls_, 100);
  }

  static Arguments design(const std::string& name) {
    return quick_design() + Arguments{"--output", name};
  }
  /// Ends before call `kill_at` (empty: never, and 'calls' says how many there were).
  ProgramResult run_counted(const Arguments& arguments, const std::string& kill_at) const {
    Arguments command = {"/usr/bin/env", "LD_PRELOAD=" + test::build_path("libkill_at_call.so")};
    command.push_back(kill_at.empty() ? "CUPEL_COUNT_CALLS=calls" : "CUPEL_KILL_AT=" + kill_at);
    return run_program(command + folder_.command(arguments), {.folder = folder_ / ""});
  }
  /// Half of them while the study is made and its first trials run, the others anywhere.
  std::set<int> moments() const {
    constexpr int kFirst = 60;
    std::set<int> moments;
    const int half = std::min(wanted_kills() / 2, kFirst);
    for (int k = 0; k < half; ++k) moments.insert(1 + k * kFirst / half);
    Rng rng(8);
    while (static_cast<int>(moments.size()) < std::min(wanted_kills(), calls_ - 1))
      moments.insert(1 + rng.below(calls_ - 1));
    return moments;
  }
  void expect_way_on(const std::string& name) const {
    const bool begun = folder_.has(name + ".study");
    const ProgramResult next =
        folder_.run(begun ? Arguments{"resume", name + ".study", "--quiet"} : design(name));
    ASSERT_EQ(next.code, 0) << next.err;
    EXPECT_TRUE(folder_.canonical(name + ".study") == canonical_);
    const std::set<std::string> expected = {name + ".study", name + ".model", name + ".html",
                                            name + ".emissions.csv"};
    for (const std::string& file : folder_.names())
      EXPECT_TRUE(!file.starts_with(name) || expected.contains(file)) << file;
    EXPECT_EQ(folder_.run({"predict", name + ".model", "plant.csv"}).code, 0);
  }

  CupelFolder folder_;
  std::string canonical_;
  int calls_ = 0;
};

TEST_F(Kills, AtAnyCallThatChangesAFileLeaveAWayOn) {
  for (const int moment : moments()) {
    const std::string name = "k" + std::to_string(moment) + "_";
    SCOPED_TRACE("killed before call " + std::to_string(moment) + " of " + std::to_string(calls_));
    const ProgramResult killed = run_counted(design(name), std::to_string(moment));
    EXPECT_EQ(killed.signal, SIGKILL) << killed.err;
    expect_way_on(name);
    if (HasFatalFailure()) return;
  }
}

TEST_F(Kills, OfAResumeLeaveAWayOn) {
  Rng rng(9);
  for (int k = 0; k < std::max(4, wanted_kills() / 10); ++k) {
    const std::string name = "r" + std::to_string(k) + "_";
    run_counted(design(name), std::to_string(60 + rng.below(40)));
    run_counted({"resume", name + ".study", "--quiet"}, std::to_string(1 + rng.below(40)));
    SCOPED_TRACE(name);
    expect_way_on(name);
    if (HasFatalFailure()) return;
  }
}

TEST_F(Kills, OfAnExportLeaveTheOldFilesOrTheNewOnesAndNothingElse) {
  for (const char* to : {"c", "xlsx"}) {
    const Arguments command = {"export", "whole.model", "--to", to};
    for (int moment = 1; moment < 40; moment += 2) {
      const ProgramResult killed = run_counted(command, std::to_string(moment));
      if (killed.signal != SIGKILL) break;
      for (const char* file : {"whole.h", "whole.c"})
        EXPECT_TRUE(!folder_.has(file) || folder_.read(file).find("Cupel") != std::string::npos)
            << file;
    }
    std::filesystem::remove(folder_ / "whole.xlsx");
    folder_.result_of(command);
  }
  for (const std::string& file : folder_.names())
    EXPECT_EQ(file.find("~cupel-"), std::string::npos) << file;
}

/// What programs before this one could leave when they were killed at once.
TEST(Unbegun, StudyBlocksNoName) {
  CupelFolder folder;
  folder.write("plant.csv", plant_csv(60));
  folder.write("y.study", "");
  const ProgramResult resumed = folder.run({"resume", "y.study"});
  EXPECT_EQ(resumed.code, 1);
  EXPECT_NE(resumed.err.find("design again"), std::string::npos) << resumed.err;
  folder.result_of(quick_design() + Arguments{"--output", "y"});
  EXPECT_FALSE(folder.canonical("y.study").empty());
  folder.write("z.study", "");
  folder.result_of(quick_design() + Arguments{"--output", "z"});
}

TEST(Unbegun, LogWithoutItsStudyIsNeverTakenForAnothers) {
  CupelFolder folder;
  folder.write("plant.csv", plant_csv(60));
  folder.write("y.study-wal", "trials of a study that was moved");
  expect_refused(folder, quick_design() + Arguments{"--output", "y"}, 2,
                 {"y.study-wal", "--output"});
  EXPECT_EQ(folder.json_of(quick_design()).at("study").as_string(), "y-2.study");
  EXPECT_EQ(folder.read("y.study-wal"), "trials of a study that was moved");
}

TEST(Unbegun, RunsThatWantOneDefaultNameGetTwo) {
  CupelFolder folder;
  folder.write("plant.csv", plant_csv(60));
  Program first(folder.command(quick_design()), {.folder = folder / ""});
  Program second(folder.command(quick_design()), {.folder = folder / ""});
  EXPECT_EQ(first.finish().code, 0);
  EXPECT_EQ(second.finish().code, 0);
  EXPECT_TRUE(folder.has("y.study"));
  EXPECT_TRUE(folder.has("y-2.study"));
}

}  // namespace
}  // namespace cupel
