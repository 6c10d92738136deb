#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>

#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "cupel/base/sealed_json.hpp"
#include "cupel/base/version.hpp"
#include "tests/model/trusted_model.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cupel {
namespace {

const std::string kGolden = test::source_path("tests/golden/model_v1.model");
const std::string kGolden2 = test::source_path("tests/golden/model_v2.model");

/// Message and hint of the runtime Error; the test fails when nothing is thrown.
std::string problem(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::runtime) << error.what();
    EXPECT_FALSE(error.hint().empty()) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Json sample_json() { return parse_json(model_text(sample_model()), "sample"); }

std::string problem_of(const Json& json) {
  return problem([&] { parse_model(sealed_json(json, 1), "m.model"); });
}

TEST(ModelFile, ComesBackAsTheSameTextAndTheSamePredictions) {
  const TemporaryFolder folder;
  const Model model = sample_model();
  save_model(model, folder / "m.model");
  const Model back = load_model(folder / "m.model");
  EXPECT_EQ(model_text(back), model_text(model));
  const Table table = parse_csv("T,catalyst,p\n61.7,A,2\n99,B,2\n12,C,\n", "new.csv");
  EXPECT_EQ(predict(back, table).outputs, predict(model, table).outputs);
  EXPECT_EQ(predict(back, table).upper, predict(model, table).upper);
}

TEST(ModelFile, OpensTheGoldenFileOfFormat1) {
  const Model model = load_model(kGolden);
  EXPECT_EQ(model.encoder.columns.at(1).levels, (std::vector<std::string>{"A", "B", "C"}));
  EXPECT_EQ(model.members.size(), 2u);
  EXPECT_EQ(model.test_vectors.size(), 3u);
  const Table table = parse_csv("T,catalyst,p\n61.7,A,2\n", "new.csv");
  const Prediction now = predict(sample_model(), table), then = predict(model, table);
  EXPECT_EQ(then.outputs, now.outputs);
  EXPECT_EQ(then.upper, now.upper);
}

TEST(ModelFile, OpensTheGoldenFileOfFormat2) {
  const Model model = load_model(kGolden2), same = normalized_model();
  EXPECT_EQ(model.interval_method, IntervalMethod::normalized);
  EXPECT_TRUE(model.region.cloud.known());
  const Table table = parse_csv("T,catalyst,p\n61.7,A,2\n105,C,1.1\n", "new.csv");
  const Prediction now = predict(same, table), then = predict(model, table);
  EXPECT_EQ(then.outputs, now.outputs);
  EXPECT_LT((then.upper - now.upper).cwiseAbs().maxCoeff(), 1e-5);
  EXPECT_LT((then.distance - now.distance).cwiseAbs().maxCoeff(), 1e-5);
}

/// A network on windows with a calendar, and a target whose logarithm is modelled. Written by
/// 'design plant.csv --target yield --log-target yield --recipe namdm --families gru --window 3
/// --calendar yes --max-neurons 3'; the numbers below by 'predict', then.
TEST(ModelFile, OpensTheGoldenFileOfFormat5) {
  const Model model = load_model(test::source_path("tests/golden/model_v5.model"));
  const Table table = parse_csv(
      "time,flow,temp\n"
      "2024-03-01 00:00,50.19,77.91\n"
      "2024-03-01 01:00,54.49,78.70\n"
      "2024-03-01 02:00,52.03,80.34\n"
      "2024-03-01 03:00,57.63,79.15\n",
      "new.csv");
  const Prediction then = predict(model, table);
  ASSERT_EQ(then.outputs.rows(), 4);
  EXPECT_NEAR(then.outputs(2, 0), 34.633515, 1e-5);
  EXPECT_NEAR(then.upper(2, 0), 38.704847, 1e-4);
  EXPECT_NEAR(then.outputs(3, 0), 41.328631, 1e-5);
}

TEST(ModelFile, DISABLED_WriteGolden) { save_model(normalized_model(), kGolden2); }

TEST(ModelFile, SaysWhichVersionANewerModelNeeds) {
  Json json = sample_json();
  json["format"] = kModelFormat + 1;
  json["cupel"] = "9.1.0";
  json["members"] = "something that this version cannot know";
  const std::string message = problem_of(json);
  EXPECT_TRUE(contains(message, "m.model")) << message;
  EXPECT_TRUE(contains(message, "format " + std::to_string(kModelFormat + 1))) << message;
  EXPECT_TRUE(contains(message, "get version 9.1.0")) << message;
}

TEST(ModelFile, IsRefusedWhenItIsNoModel) {
  EXPECT_TRUE(contains(problem([] { parse_model("", "m"); }), "not a model"));
  EXPECT_TRUE(contains(problem([] { parse_model("T,p\n1,2\n", "m"); }), "not a model"));
  EXPECT_TRUE(contains(problem([] { parse_model("[1, 2]", "m"); }), "not a model"));
  EXPECT_TRUE(contains(problem([] { parse_model("{\"format\": 1}", "m"); }), "not a model"));
  const std::string text = model_text(sample_model());
  EXPECT_TRUE(
      contains(problem([&] { parse_model(text.substr(0, text.size() / 2), "m"); }), "damaged"));
}

TEST(ModelFile, ChecksEverySizeAgainstEveryOther) {
  const auto damaged = [](const std::function<void(Json&)>& change) {
    Json json = sample_json();
    change(json);
    return contains(problem_of(json), "damaged");
  };
  const auto member = [](Json& json) -> Json& {
    return const_cast<Json&>(json["members"].as_array()[0]);
  };
  EXPECT_TRUE(damaged([&](Json& json) { member(json)["features"] = std::vector<int>{0, 1, 9}; }));
  EXPECT_TRUE(damaged([&](Json& json) { member(json)["features"] = std::vector<int>{0, 1, -1}; }));
  EXPECT_TRUE(damaged([&](Json& json) { member(json)["features"] = std::vector<int>{0, 1}; }));
  EXPECT_TRUE(damaged([&](Json& json) { member(json)["weights"] = std::vector<double>{0.25}; }));
  EXPECT_TRUE(damaged([&](Json& json) {
    member(json)["weights"] = std::vector<double>{0.5, 0.25};
  }));
  EXPECT_TRUE(damaged([&](Json& json) { member(json)["network"]["parameters"].push_back(1.0); }));
  EXPECT_TRUE(damaged([&](Json& json) { json["members"] = Json::Array{}; }));
  EXPECT_TRUE(damaged([&](Json& json) { json["encoder"]["targets"] = Json::Array{}; }));
  EXPECT_TRUE(
      damaged([&](Json& json) { json["intervals"]["residuals"].push_back(Json::Array{}); }));
  EXPECT_TRUE(damaged([&](Json& json) { json["region"] = Json(); }));
  EXPECT_TRUE(damaged([&](Json& json) { json["format"] = 0; }));
  const auto with_vector = [](const char* vector) {
    return [vector](Json& json) { json["test_vectors"].push_back(parse_json(vector, "v")); };
  };
  EXPECT_TRUE(damaged(with_vector(R"({"cells": ["1"], "outputs": [1, 2]})")));
  EXPECT_TRUE(damaged(with_vector(R"({"cells": ["1", "A", "1"], "outputs": [1]})")));
  EXPECT_TRUE(damaged(with_vector(R"({"cells": ["1", "A", "1"], "outputs": [1, null]})")));
}

TEST(ModelFile, IsRefusedWhenItNoLongerGivesItsTestOutputs) {
  const TemporaryFolder folder;
  Model model = sample_model();
  model.members[0].network.parameters[0] += 1e-3;
  save_model(model, folder / "m.model");
  EXPECT_TRUE(contains(problem([&] { load_model(folder / "m.model"); }), "test row 1"));
  model = sample_model();
  model.test_vectors[1].cells[0] = "80 degC";
  save_model(model, folder / "m.model");
  EXPECT_TRUE(contains(problem([&] { load_model(folder / "m.model"); }), "'80 degC'"));
}

/// What a file of `model` is refused with, after `change` of its first test vector.
std::string refusal_after(Model model, const std::function<void(TestVector&)>& change) {
  const TemporaryFolder folder;
  complete_test_vectors(model);
  save_model(model, folder / "good.model");
  EXPECT_NO_THROW(load_model(folder / "good.model"));
  change(model.test_vectors.front());
  save_model(model, folder / "m.model");
  return problem([&] { load_model(folder / "m.model"); });
}

TEST(ModelFile, IsRefusedWhenItNoLongerGivesItsIntervalsDistancesOrTrust) {
  for (const Model& model : {sample_model(), normalized_model(), fold_model(5)}) {
    const auto has = [&](const std::string& words, const std::function<void(TestVector&)>& change) {
      const std::string message = refusal_after(model, change);
      EXPECT_TRUE(contains(message, words)) << message;
    };
    has("yield (lower end)", [](TestVector& vector) { vector.lower[0] += 1e-6; });
    has("mass (upper end)", [](TestVector& vector) { vector.upper[1] -= 1e-6; });
    has("(upper end)", [](TestVector& vector) { vector.upper[1] = kMissing; });
    has("the distance", [](TestVector& vector) { *vector.distance += 1e-6; });
    has("valid", [](TestVector& vector) { vector.valid = !vector.valid; });
    has("does not fit", [](TestVector& vector) { vector.upper.clear(); });
  }
}

TEST(ModelFile, IsRefusedWhenAnyByteIsNotAsItWasWritten) {
  Model model = normalized_model();
  complete_test_vectors(model);
  const std::string text = model_text(model);
  EXPECT_NO_THROW(parse_model(text, "m"));
  for (std::size_t at = 0; at < text.size(); at += 7) {
    std::string changed = text;
    changed[at] = changed[at] == ' '    ? '\t'
                  : changed[at] == '\n' ? ' '
                  : changed[at] == '1'  ? '2'
                                        : '1';
    EXPECT_THROW(parse_model(changed, "m"), Error) << at;
  }
  EXPECT_TRUE(contains(problem([&] { parse_model(text + " ", "m"); }), "checksum"));
}

TEST(ModelFile, NamesAFileOrFolderThatIsNotThere) {
  const TemporaryFolder folder;
  EXPECT_TRUE(contains(problem([&] { load_model(folder / "none.model"); }), "none.model"));
  EXPECT_TRUE(
      contains(problem([&] { save_model(sample_model(), folder / "no/m.model"); }), "no/m.model"));
}

TEST(ModelFile, KeepsTheOldFileWhenTheDiskIsFull) {
  const TemporaryFolder folder;
  const std::string path = folder / "m.model";
  std::ofstream(path) << "old";
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    setrlimit(RLIMIT_FSIZE, &limit);
    try {
      save_model(sample_model(), path);
    } catch (const Error& error) {
      _exit(contains(error.what(), "make room") ? 0 : 2);
    }
    _exit(1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(read_whole_file(path), "old");
  int files = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(path).parent_path()))
    ++files;
  EXPECT_EQ(files, 1);
}

}  // namespace
}  // namespace cupel
