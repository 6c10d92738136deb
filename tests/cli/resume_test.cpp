// Kills, interrupts and time limits: what resume makes of the rest is the undisturbed study.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "tests/cli/cupel_folder.hpp"
#include "tests/support/paths.hpp"

namespace cupel {
namespace {

using namespace std::chrono_literals;

const std::string kYacht = test::source_path("samples/yacht.csv");

/// About a second of work.
Arguments yacht_design(const std::string& output, const std::string& jobs = "2") {
  return {"design", kYacht,   "--target", "resid_resistance", "--trials", "60",     "--confirm",
          "2",      "--jobs", jobs,       "--output",         output,     "--quiet"};
}

struct Undisturbed {
  CupelFolder folder;
  std::string canonical, model_network;
  double elapsed_s = 0;

  Undisturbed() {
    const ProgramResult run = folder.run(yacht_design("whole"));
    EXPECT_EQ(run.code, 0) << run.err;
    elapsed_s = run.elapsed_s;
    canonical = folder.canonical("whole.study");
    model_network = network("whole.model");
  }
  /// The model without where it was made.
  std::string network(const std::string& model) const {
    const Json json = parse_json(folder.read(model), model);
    Json::Object kept;
    for (const auto& [key, value] : json.as_object())
      if (key != "provenance" && key != "checksum") kept.emplace_back(key, value);
    return dump_json(Json(kept));
  }
  void sleep_part(double share) const {
    std::this_thread::sleep_for(std::chrono::duration<double>(share * elapsed_s));
  }
  /// Waits until the study's file is there, then for a share of the usual time.
  void wait(const std::string& study, double share) const {
    for (int k = 0; k < 2000 && !folder.has(study); ++k) std::this_thread::sleep_for(1ms);
    sleep_part(share);
  }
  /// Resumes; where the kill came before the study had begun, says so and begins it.
  void finish(const std::string& name) const {
    ProgramResult run = folder.run({"resume", name + ".study", "--quiet"});
    if (run.code == 1 && (run.err.find("design again") != std::string::npos ||
                          run.err.find("start it again with") != std::string::npos)) {
      for (const char* ending : {".study", ".study-wal", ".study-shm"})
        std::filesystem::remove(folder / (name + ending));
      run = folder.run(yacht_design(name));
    }
    EXPECT_EQ(run.code, 0) << run.err;
  }
  void expect_same(const std::string& name) const {
    EXPECT_TRUE(folder.canonical(name + ".study") == canonical);
    EXPECT_EQ(network(name + ".model"), model_network);
    EXPECT_FALSE(folder.has(name + ".study-wal"));
  }
};

TEST(Resume, AfterAKillAtAnyOfTenMomentsGivesTheUndisturbedStudy) {
  const Undisturbed whole;
  int killed = 0;
  for (int k = 0; k < 10; ++k) {
    const std::string name = "killed" + std::to_string(k);
    Program program(whole.folder.command(yacht_design(name, k % 2 == 0 ? "1" : "2")),
                    {.folder = whole.folder / ""});
    whole.wait(name + ".study", 0.09 * k);
    program.send(SIGKILL);
    killed += program.finish().signal == SIGKILL;
    whole.finish(name);
    whole.expect_same(name);
  }
  EXPECT_GE(killed, 5);
}

TEST(Resume, KilledTenTimesInOneStudyGivesTheUndisturbedStudy) {
  const Undisturbed whole;
  int killed = 0;
  Program first(whole.folder.command(yacht_design("often")), {.folder = whole.folder / ""});
  whole.wait("often.study", 0.1);
  first.send(SIGKILL);
  killed += first.finish().signal == SIGKILL;
  for (int k = 0; k < 9; ++k) {
    Program again(whole.folder.command({"resume", "often.study", "--quiet"}),
                  {.folder = whole.folder / ""});
    whole.sleep_part(0.1 + 0.01 * k);
    again.send(SIGKILL);
    killed += again.finish().signal == SIGKILL;
  }
  whole.finish("often");
  whole.expect_same("often");
  EXPECT_GE(killed, 5);
}

TEST(Resume, OfACompleteStudyChangesNothing) {
  const Undisturbed whole;
  whole.finish("whole");
  whole.expect_same("whole");
}

TEST(Resume, AfterAnInterruptGivesTheUndisturbedStudy) {
  const Undisturbed whole;
  for (const int signal : {SIGINT, SIGTERM}) {
    const std::string name = "stopped" + std::to_string(signal);
    Program program(whole.folder.command(yacht_design(name)), {.folder = whole.folder / ""});
    whole.wait(name + ".study", 0.25);
    program.send(signal);
    const ProgramResult run = program.finish();
    EXPECT_EQ(run.code, 130) << run.err;
    EXPECT_EQ(run.out, "");
    EXPECT_NE(run.err.find("cupel resume " + name + ".study"), std::string::npos) << run.err;
    EXPECT_FALSE(whole.folder.has(name + ".model"));
    EXPECT_FALSE(whole.folder.has(name + ".study-wal"));
    whole.finish(name);
    whole.expect_same(name);
  }
}

std::vector<std::string> trial_lines(const std::string& canonical) {
  std::vector<std::string> lines;
  std::istringstream stream(canonical);
  for (std::string line; std::getline(stream, line);)
    if (line.starts_with("{\"trial\":")) lines.push_back(line);
  return lines;
}

TEST(Resume, AfterATimeLimitGivesTheUndisturbedStudy) {
  const Undisturbed whole;
  const std::string limit = std::to_string(0.5 * whole.elapsed_s);
  const ProgramResult run =
      whole.folder.run(yacht_design("limited") + Arguments{"--time-limit", limit, "--json"});
  ASSERT_EQ(run.code, 5) << run.err;
  const Json result = parse_json(run.out, "stdout");
  EXPECT_EQ(result.at("stop_reason").as_string(), "time_limit");
  EXPECT_NE(run.err.find("go on with: cupel resume limited.study"), std::string::npos);
  EXPECT_TRUE(whole.folder.has("limited.model"));
  const auto all = trial_lines(whole.canonical);
  const auto some = trial_lines(whole.folder.canonical("limited.study"));
  ASSERT_LT(some.size(), all.size());
  ASSERT_GT(some.size(), 0u);
  for (std::size_t k = 0; k < some.size(); ++k) EXPECT_EQ(some[k], all[k]);
  EXPECT_EQ(whole.folder.run({"resume", "limited.study", "--quiet"}).code, 0);
  whole.expect_same("limited");
}

TEST(Resume, RefusesDataThatHaveChangedAndNamesTheFile) {
  CupelFolder folder;
  folder.write("plant.csv", plant_csv(60));
  folder.result_of(quick_design());
  folder.write("plant.csv", plant_csv(61));
  expect_refused(folder, {"resume", "y.study"}, 3, {"plant.csv", "--data"});
}

TEST(Resume, FindsDataThatWereMovedOnlyWithTheirNewName) {
  CupelFolder folder;
  folder.write("plant.csv", plant_csv(60));
  folder.result_of(quick_design());
  const std::string canonical = folder.canonical("y.study");
  std::filesystem::rename(folder / "plant.csv", folder / "elsewhere.csv");
  expect_refused(folder, {"resume", "y.study"}, 3, {"plant.csv", "--data"});
  EXPECT_EQ(folder.run({"resume", "y.study", "--quiet", "--data", "elsewhere.csv"}).code, 0);
  EXPECT_EQ(folder.canonical("y.study"), canonical);
}

TEST(Resume, RefusesRowNumbersThatHaveChanged) {
  CupelFolder folder;
  folder.write("plant.csv", plant_csv(60));
  folder.write("rows.txt", "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
  folder.result_of(quick_design() + Arguments{"--test-rows", "rows.txt"});
  folder.write("rows.txt", "0\n1\n2\n3\n4\n5\n6\n7\n8\n19\n");
  expect_refused(folder, {"resume", "y.study"}, 3, {"rows"});
}

TEST(Resume, RefusesOptionsThatWouldChangeTheResult) {
  CupelFolder folder;
  folder.write("plant.csv", plant_csv(60));
  folder.result_of(quick_design());
  expect_refused(folder, {"resume", "y.study", "--trials", "7"}, 2, {"--trials"});
  expect_refused(folder, {"resume", "y.study", "--seed", "7"}, 2, {"--seed"});
}

}  // namespace
}  // namespace cupel
