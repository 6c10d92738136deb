// Same seed, same bytes: what may differ between two runs without changing the canonical export.
#include <gtest/gtest.h>

#include "tests/cli/cupel_folder.hpp"

namespace cupel {
namespace {

struct WithPlant : CupelFolder {
  WithPlant() { write("plant.csv", plant_csv(60)); }
  std::string canonical_of(const std::string& name, const Arguments& arguments) const {
    result_of(arguments + Arguments{"--output", *this / name});
    return canonical(name + ".study");
  }
};

/// All options but those that say where, how fast and how long.
Arguments plain_design(const std::string& file = "plant.csv") {
  return {"design",  file, "--target",     "y",  "--trials", "6", "--confirm", "1",
          "--folds", "3",  "--iterations", "30", "--quiet"};
}

TEST(SameBytes, ForAnyNumberOfThreads) {
  const WithPlant folder;
  const std::string one = folder.canonical_of("one", plain_design() + Arguments{"--jobs", "1"});
  EXPECT_EQ(folder.canonical_of("two", plain_design() + Arguments{"--jobs", "2"}), one);
  EXPECT_EQ(folder.canonical_of("five", plain_design() + Arguments{"--jobs", "5"}), one);
}

TEST(SameBytes, ForEveryInstructionSetOfThisProcessor) {
  const WithPlant folder;
  const std::string chosen = folder.canonical_of("chosen", plain_design());
  for (const char* kernels : {"portable", "v3", "v4"}) {
    const ProgramResult result =
        folder.run(plain_design() + Arguments{"--kernels", kernels, "--output", kernels});
    if (result.code == 2 && result.err.find("processor") != std::string::npos) {
      std::puts(("not tested, this processor lacks it: " + std::string(kernels)).c_str());
      continue;
    }
    ASSERT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(folder.canonical(std::string(kernels) + ".study"), chosen);
  }
}

TEST(SameBytes, ForTheSameDataInAnotherFolder) {
  const WithPlant folder;
  std::filesystem::create_directory(folder / "sub");
  std::filesystem::copy_file(folder / "plant.csv", folder / "sub/other.csv");
  EXPECT_EQ(folder.canonical_of("a", plain_design()),
            folder.canonical_of("sub/b", plain_design("./sub/other.csv")));
}

TEST(SameBytes, AnotherSeedGivesOthers) {
  const WithPlant folder;
  EXPECT_NE(folder.canonical_of("a", plain_design()),
            folder.canonical_of("b", plain_design() + Arguments{"--seed", "2"}));
}

TEST(Toml, WithTheSameOptionsGivesTheSameBytes) {
  const WithPlant folder;
  std::filesystem::create_directory(folder / "sub");
  folder.write("rows.txt", "3\n5\n7\n11\n13\n17\n19\n23\n");
  folder.write("sub/run.toml",
               "data = \"../plant.csv\"\ntest_rows = \"../rows.txt\"\ntrials = 6\nconfirm = 1\n"
               "folds = 3\niterations = 30\nseed = 4\nloss = \"huber\"\ntime_limit = \"10m\"\n"
               "log_skewed = false\n[columns]\ntargets = [\"y\"]\nignore = \"flow\"\n"
               "units = { T = \"degC\" }\n");
  const std::string typed = folder.canonical_of(
      "typed",
      plain_design() + Arguments{"--test-rows", "rows.txt", "--seed", "4", "--loss", "huber",
                                 "--log-skewed", "no", "--ignore", "flow", "--units", "T=degC"});
  EXPECT_EQ(folder.canonical_of("filed", {"design", "sub/run.toml", "--quiet"}), typed);
}

TEST(Toml, GivesWayToWhatIsTyped) {
  const WithPlant folder;
  folder.write("run.toml",
               "data = \"plant.csv\"\ntarget = \"p\"\nignore = [\"T\"]\ntrials = 40\nconfirm = 1\n"
               "folds = 3\niterations = 30\n");
  EXPECT_EQ(folder.canonical_of("a", {"design", "run.toml", "--target", "y", "--ignore", "flow",
                                      "--trials", "6", "--quiet"}),
            folder.canonical_of("b", plain_design() + Arguments{"--ignore", "flow"}));
}

/// The options as stored may be written down and used again.
TEST(Toml, TakesEveryOptionThatAStudyRecords) {
  const WithPlant folder;
  const std::string first = folder.canonical_of("first", plain_design());
  const Json options = parse_json(first.substr(0, first.find('\n')), "canonical").at("options");
  std::string text = "data = \"plant.csv\"\n";
  std::string columns = "[columns]\n";
  for (const auto& [name, value] : options.as_object()) {
    if (!value.is_object()) {
      text += name + " = " + dump_json(value) + "\n";
      continue;
    }
    for (const auto& [role, names] : value.as_object())
      columns += role + " = " + dump_json(names) + "\n";
  }
  folder.write("again.toml", text + columns);
  EXPECT_EQ(folder.canonical_of("again", {"design", "again.toml", "--quiet"}), first);
}

}  // namespace
}  // namespace cupel
