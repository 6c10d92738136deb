#include <gtest/gtest.h>

#include <algorithm>

#include "cupel/base/file_reader.hpp"
#include "cupel/base/file_writer.hpp"
#include "tests/store/sample_trials.hpp"
#include "tests/support/paths.hpp"

namespace cupel {
namespace {

const std::string kGolden = test::source_path("tests/golden/study_v1");

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void fill(StudyFile& study, std::vector<int> numbers) {
  study.set("options", parse_json(R"({"recipe": "qnn", "jobs": 2, "time_limit": "10m",
                                      "output": "x", "ridge": 0.1})",
                                  "options"));
  study.set("data", parse_json(R"({"fingerprint": "abc", "path": "/home/me/plant.csv"})", "data"));
  study.set("profile", parse_json(R"({"kernels": "v3"})", "profile"));
  study.set("space", parse_json(R"([{"name": "h1"}])", "space"));
  for (const int number : numbers) study.add_trial(sample_trial(number));
  study.set_refit(3, sample_network(30));
  study.set_refit(2, sample_network(20));
  study.set("result", parse_json(R"({"pick": 2, "elapsed_s": 12.5, "paths": ["x"],
                                     "parts": [{"elapsed_s": 3}]})",
                                 "result"));
}

std::string export_of(const std::vector<int>& numbers) {
  StudyFile study = StudyFile::in_memory();
  fill(study, numbers);
  return canonical_export(study);
}

TEST(CanonicalExport, IsTheSameForAnyOrderInWhichTrialsEnd) {
  EXPECT_EQ(export_of({0, 1, 2, 3, 4}), export_of({3, 0, 4, 2, 1}));
}

TEST(CanonicalExport, ShowsNoTimesPathsOrThreads) {
  StudyFile slow = StudyFile::in_memory(), fast = StudyFile::in_memory();
  for (StudyFile* study : {&slow, &fast}) {
    const bool is_slow = study == &slow;
    Trial trial = sample_trial(0);
    trial.elapsed_s = is_slow ? 100 : 1;
    trial.measures["elapsed_s"] = is_slow ? 100 : 1;
    study->add_trial(trial);
    for (const char* key : {"options", "result"}) {
      Json value;
      for (const std::string_view left_out : kNotInExport) value[left_out] = is_slow ? "a" : "b";
      study->set(key, value);
    }
  }
  EXPECT_EQ(canonical_export(slow), canonical_export(fast));
  const std::string text = export_of({0, 1, 2, 3});
  for (const char* word : {"elapsed", "jobs", "time_limit", "output", "path", "/home"})
    EXPECT_FALSE(contains(text, word)) << word;
  for (const char* word : {"\"ridge\":0.1", "\"recipe\":\"qnn\"", "\"fingerprint\":\"abc\""})
    EXPECT_TRUE(contains(text, word)) << word;
}

TEST(CanonicalExport, DiffersWithTheLastBitOfAWeight) {
  StudyFile a = StudyFile::in_memory(), b = StudyFile::in_memory();
  Trial trial = sample_trial(0);
  a.add_trial(trial);
  double& weight = trial.networks[1].parameters[4];
  weight = std::nextafter(weight, 10);
  b.add_trial(trial);
  EXPECT_NE(canonical_export(a), canonical_export(b));
}

TEST(CanonicalExport, HoldsOneObjectALine) {
  const std::string text = export_of({0, 1, 2, 3});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4 + 4 + 2 + 1);
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = text.find('\n', begin);
    EXPECT_TRUE(parse_json(text.substr(begin, end - begin), "line").is_object());
    begin = end + 1;
  }
}

TEST(GoldenStudy, OfFormat1StillOpensWithAllItHeld) {
  const TemporaryFolder folder;
  std::filesystem::copy_file(kGolden + ".study", folder / "old.study");
  EXPECT_EQ(canonical_export(StudyFile::open(folder / "old.study")),
            read_whole_file(kGolden + ".export"));
}

TEST(GoldenStudy, DISABLED_Write) {
  StudyFile study = StudyFile::create(kGolden + ".study");
  fill(study, {0, 1, 2, 3, 4});
  study.settle();
  replace_whole_file(kGolden + ".export", canonical_export(study));
}

}  // namespace
}  // namespace cupel
