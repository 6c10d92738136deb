#include "cupel/study/images/image_design.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "cupel/base/error.hpp"
#include "cupel/base/file_writer.hpp"
#include "cupel/base/rng.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cupel {
namespace {

/// Stripes across or upright, with noise, 12 x 12.
ImageStudyData stripes(const DesignOptions& options, int count) {
  ImageStudyData data;
  ImageSet& images = data.folder.images;
  images = {.channels = 1, .size = 12, .classes = {"across", "upright"}};
  Rng rng(5);
  for (int k = 0; k < count; ++k) {
    const int label = k % 2, phase = rng.below(4);
    for (int row = 0; row < 12; ++row)
      for (int column = 0; column < 12; ++column)
        images.pixels.push_back(static_cast<std::uint8_t>(
            60 + 90 * (((label == 0 ? row : column) + phase) / 2 % 2) + rng.below(60)));
    images.labels.push_back(label);
    images.files.push_back(std::to_string(k) + ".png");
    (k % 8 < 4   ? data.split.train
     : k % 8 < 6 ? data.split.validation
                 : data.split.test)
        .push_back(k);
  }
  data.folder.parts.assign(images.labels.size(), ImagePart::undecided);
  data.scaler = fit_image_scaler(images, data.split.train);
  data.space = {
      .table = standard_cells(), .cells = all_cells(standard_cells()), .narrow = true, .size = 12};
  data.plan = plan_images(options, data.space, static_cast<int>(data.split.train.size()));
  return data;
}

DesignOptions small_options() {
  DesignOptions options;
  options.recipe = "tcnas";
  options.budget = "quick";
  options.work = 3e9;
  options.trials = 8;
  options.epochs = 9;
  options.max_width = 32;
  return options;
}

struct Finished {
  ImageDesignResult result;
  std::string canonical;
};

Finished run(DesignOptions options, StudyFile study = StudyFile::in_memory()) {
  ImageStudyData data = stripes(options, 240);
  Finished made{.result = design_images(data, options, study, {})};
  study.set("result", image_result_json(data, options, made.result));
  made.canonical = canonical_export(study);
  return made;
}

TEST(ImageDesign, LearnsStripesAndSaysSoOnTestImages) {
  const Finished made = run(small_options());
  ASSERT_TRUE(made.result.test.has_value());
  EXPECT_GT(made.result.test->accuracy, 0.9);
  EXPECT_LE(made.result.pick().cost.parameters, 170'000);
  EXPECT_EQ(made.result.kept[0].size(), 5u);  // four and the empty cell
  EXPECT_EQ(made.result.kept[2].size(), 4u);
  const ImageModel again = parse_image_model(image_model_text(made.result.model), "a.model");
  EXPECT_EQ(again.network, made.result.model.network);
  EXPECT_EQ(again.classes, made.result.model.classes);
}

TEST(ImageDesign, GivesTheSameBytesForAnyNumberOfThreads) {
  DesignOptions one = small_options(), two = small_options();
  one.jobs = 1;
  two.jobs = 2;
  EXPECT_EQ(run(one).canonical, run(two).canonical);
}

TEST(ImageDesign, FollowsErrorAndCostApartWithNsga2) {
  DesignOptions options = small_options();
  options.objective = "pareto";
  options.search = "nsga2";
  const Finished made = run(options);
  const auto& front = made.result.front;
  for (std::size_t k = 1; k < front.size(); ++k) {
    EXPECT_GT(front[k].cost.topology, front[k - 1].cost.topology);
    EXPECT_GT(front[k].accuracy, front[k - 1].accuracy);
  }
  EXPECT_NE(made.result.why.find("one standard error"), std::string::npos);
}

TEST(ImageEvolution, BreedsNetworksAndTrainsNoneTwice) {
  DesignOptions options = small_options();
  options.recipe = "image-evolution";
  options.work = 4.5e10;
  options.epochs = 27;
  options.augment = "none";
  options.trials = 24;
  options.population = 8;
  const Finished made = run(options);
  EXPECT_GT(made.result.test->accuracy, 0.9);
  EXPECT_FALSE(made.result.effectiveness.has_value());
  std::set<Candidate> different;
  int bred = 0;
  for (const Trial& trial : made.result.trials) {
    const std::string stage = trial.measures.at("stage").as_string();
    EXPECT_NE(stage, "shrink");
    if (stage != "search") continue;
    EXPECT_TRUE(different.insert(trial.candidate).second);
    const Json* parents = trial.measures.find("parents");
    if (parents == nullptr) continue;
    ++bred;
    for (const Json& parent : parents->as_array()) EXPECT_LT(parent.as_integer(), trial.number);
  }
  EXPECT_EQ(different.size(), 24u);
  EXPECT_GT(bred, 8);
  options.jobs = 2;
  EXPECT_EQ(run(options).canonical, made.canonical);
}

TEST(ImagePlan, OfThePublishedRunHasTheSourcesNumbers) {
  DesignOptions options;
  options.recipe = "tcnas";
  options.budget = "published";
  const ImageStudyData data = stripes(options, 80);
  EXPECT_EQ(data.plan.of(ImageStage::shrink).trials, 500);
  EXPECT_EQ(data.plan.of(ImageStage::search).trials, 500);
  EXPECT_EQ(data.plan.of(ImageStage::search).epochs, 20);
  EXPECT_EQ(data.plan.of(ImageStage::halve).trials, 0);
  EXPECT_EQ(data.space.most_width, 256);
}

TEST(ImageModel, RefusesImagesOfAnotherSizeAndDamagedText) {
  const Finished made = run(small_options());
  ImageSet other{.channels = 1, .size = 8};
  EXPECT_THROW(predict(made.result.model, other), Error);
  std::string text = image_model_text(made.result.model);
  EXPECT_TRUE(is_image_model(text));
  EXPECT_THROW(parse_image_model(text.substr(0, text.size() / 2), "a.model"), Error);
  const std::size_t at = text.find("\"statistics\":\"") + 20;
  text[at] = '*';
  EXPECT_THROW(parse_image_model(text, "a.model"), Error);
}

TEST(ImageModel, OpensAsTheFirstFormatHadIt) {
  const Finished made = run(small_options());
  Json::Object members;
  const Json now = parse_json(image_model_text(made.result.model), "now");
  for (const auto& [key, value] : now.as_object()) {
    if (key == "checksum") continue;
    if (key != "test_vectors") {
      members.emplace_back(key, key == "image_model" ? Json(1) : value);
      continue;
    }
    Json::Array vectors;
    for (const Json& vector : value.as_array())
      vectors.push_back(Json::Object{{"pixels", vector.at("pixels")},
                                     {"probabilities", vector.at("probabilities")}});
    members.emplace_back(key, std::move(vectors));
  }
  const TemporaryFolder folder;
  replace_whole_file(folder / "old.model", dump_json(members) + "\n");
  const ImageModel old = load_image_model(folder / "old.model");
  EXPECT_EQ(old.network.parameters, made.result.model.network.parameters);
  members.front().second = Json(2);
  EXPECT_THROW(parse_image_model(dump_json(members) + "\n", "new.model"), Error);
}

TEST(ImageModel, IsRefusedWhenItsDistancesHaveChanged) {
  const TemporaryFolder folder;
  Finished made = run(small_options());
  save_image_model(made.result.model, folder / "m.model");
  EXPECT_NO_THROW(load_image_model(folder / "m.model"));
  *made.result.model.test_vectors.front().distance += 0.1;
  save_image_model(made.result.model, folder / "m.model");
  EXPECT_THROW(load_image_model(folder / "m.model"), Error);
}

}  // namespace
}  // namespace cupel
