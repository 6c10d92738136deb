// Ctrl-C at any moment: ended within two seconds, with exit code 130 and everything kept. And time
// limits, of which the last steps are a part. bench/studies/large_table.py does so on a million
// rows.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "tests/cli/cupel_folder.hpp"

namespace cupel {
namespace {

constexpr double kPromptly = 2;  // seconds; the machine of a test may be busy
constexpr double kBusy = 4;

struct Stopped {
  ProgramResult run;
  double seconds = 0;
};

Stopped stopped(const CupelFolder& folder, const Arguments& arguments, double after_s) {
  Program program(folder.command(arguments), {.folder = folder / ""});
  std::this_thread::sleep_for(std::chrono::duration<double>(after_s));
  const auto begin = std::chrono::steady_clock::now();
  program.send(SIGINT);
  Stopped stopped{.run = program.finish()};
  stopped.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return stopped;
}

const Arguments kDesign = {"design", "plant.csv", "--target", "y", "--quiet"};

TEST(Interrupt, IsObeyedAtAnyMomentOfADesign) {
  CupelFolder folder;
  folder.write("plant.csv", plant_csv(60000));
  int interrupted = 0;
  for (const double after_s : {0.01, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.0}) {
    SCOPED_TRACE(after_s);
    const Stopped design = stopped(folder, kDesign + Arguments{"--output", "y"}, after_s);
    EXPECT_LT(design.seconds, kPromptly + kBusy);
    interrupted += design.run.code == 130 || design.run.signal == SIGINT;
    EXPECT_TRUE(design.run.code == 130 || design.run.signal == SIGINT) << design.run.err;
    EXPECT_EQ(design.run.out, "");
    if (folder.has("y.study") && design.run.err.find("cupel resume") != std::string::npos) {
      const ProgramResult again =
          folder.run({"resume", "y.study", "--time-limit", "1s", "--quiet"});
      EXPECT_EQ(again.code, 5) << again.err;
    }
    for (const std::string& name : folder.names())
      if (name != "plant.csv") std::filesystem::remove(folder / name);
  }
  EXPECT_EQ(interrupted, 8);
}

TEST(Interrupt, IsObeyedByEveryCommandThatReadsATable) {
  CupelFolder folder;
  folder.write("plant.csv", plant_csv(60));
  folder.result_of(
      {"design", "plant.csv", "--target", "y", "--trials", "4", "--confirm", "0", "--quiet"});
  folder.write("large.csv", plant_csv(400000));
  for (const Arguments& command :
       std::vector<Arguments>{{"check", "large.csv"},
                              {"predict", "y.model", "large.csv"},
                              {"analyze", "y.model", "large.csv"},
                              {"compare", "large.csv", "--target", "y"}}) {
    SCOPED_TRACE(command.front());
    const Stopped run = stopped(folder, command, 0.15);
    EXPECT_LT(run.seconds, kPromptly + kBusy);
    if (run.run.signal == SIGINT) continue;  // asked before the program had begun
    EXPECT_EQ(run.run.code, 130) << run.run.err;
    EXPECT_NE(run.run.err.find("interrupted"), std::string::npos) << run.run.err;
  }
}

TEST(Interrupt, OfTheLastStepsLeavesTheRestToResume) {
  CupelFolder folder;
  folder.write("plant.csv", plant_csv(300));
  const Arguments design = {"design",   "plant.csv", "--target",  "y",
                            "--trials", "12",        "--confirm", "1"};
  // The line of the last steps is the signal: what follows takes long enough to be met.
  Program program(folder.command(design), {.folder = folder / ""});
  for (int k = 0; k < 20000 && !folder.has("y.study"); ++k)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  program.send(SIGTERM);
  const ProgramResult run = program.finish();
  if (run.code == 0) GTEST_SKIP() << "it was done before";
  EXPECT_EQ(run.code, 130) << run.err;
  EXPECT_EQ(folder.run({"resume", "y.study", "--quiet"}).code, 0);
  EXPECT_TRUE(folder.has("y.model"));
}

TEST(TimeLimit, CountsReadingAndTheLastStepsAndSavesTheBestSoFar) {
  CupelFolder folder;
  folder.write("plant.csv", plant_csv(60000));
  const ProgramResult run = folder.run(kDesign + Arguments{"--output", "y", "--time-limit", "3s"});
  EXPECT_EQ(run.code, 5) << run.err;
  EXPECT_LT(run.elapsed_s, 3.3 + kBusy);
  EXPECT_TRUE(folder.has("y.model"));
  EXPECT_TRUE(folder.has("y.html"));
  const std::string rows = "T,p,flow\n50,1.5,5\n";
  folder.write("new.csv", rows);
  EXPECT_EQ(folder.run({"predict", "y.model", "new.csv"}).code, 0);
}

TEST(TimeLimit, TooSmallForANetworkSaysSoAndKeepsTheStudy) {
  CupelFolder folder;
  folder.write("plant.csv", plant_csv(200));
  const ProgramResult run =
      folder.run(kDesign + Arguments{"--output", "y", "--time-limit", "0.0001s", "--trials", "6"});
  EXPECT_EQ(run.code, 5);
  EXPECT_NE(run.err.find("time limit"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("cupel resume y.study"), std::string::npos) << run.err;
  EXPECT_FALSE(folder.has("y.model"));
  EXPECT_EQ(folder.run({"resume", "y.study", "--quiet"}).code, 0);
  EXPECT_TRUE(folder.has("y.model"));
}

}  // namespace
}  // namespace cupel
