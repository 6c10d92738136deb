#include "cupel/study/images/image_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/study/images/augmentation_kinds.hpp"

namespace cupel {
namespace {

constexpr std::array<std::string_view, kImageStages> kStageNames = {"augmentation", "shrink",
                                                                    "search", "halve", "finals"};

/// Budgets in floating-point operations.
constexpr double kQuickFlop = 2e13, kStandardFlop = 1.6e14;
/// Of the published run.
constexpr int kPublishedTrials = 500;
constexpr double kPublishedEpochs = 20;
constexpr int kQuickEpochs = 12, kStandardEpochs = 30;
/// Batches of one training at full length, at least: few images are seen more often.
constexpr int kFewestSteps = 400;
/// One network trained at full length may cost at most this share of the budget.
constexpr double kDearest = 0.1;
/// Shares of the budget; the rest is the last training of the pick.
constexpr double kShrinkShare = 0.15, kSearchShare = 0.3, kHalveShare = 0.25, kFinalShare = 0.2;
constexpr int kFewest = 24, kMost = 500;
constexpr int kFewestHalved = 3, kFewestFinals = 2, kMostFinals = 8;
/// Measured on AVX2 cores, one thread each.
constexpr double kFlopPerSecond = 2.5e10;

double mean_training_flop(const ImageSpace& space) {
  constexpr int kSamples = 100;
  Rng rng(1);
  double total = 0;
  for (int k = 0; k < kSamples; ++k) {
    const Candidate whole = in_whole_space(space, random_allowed(space, rng));
    total += cost_of(topology_of(space, image_candidate(space, whole).chain)).training_flop();
  }
  return total / kSamples;
}

/// So many that a training at full length has kFewestSteps.
double fewest_epochs(int images) {
  return std::ceil(static_cast<double>(kFewestSteps) * batch_size(images) / images);
}

int trials_of(double flop, double one) {
  return std::clamp(static_cast<int>(std::min(flop / one, 1e6)), kFewest, kMost);
}

CellTable cells_of(const std::string& file) {
  if (file.empty()) return standard_cells();
  const Json json = parse_toml(read_whole_file(file, kOptionsFile), file);
  const Json* cells = json.find("cells");
  if (cells == nullptr || !cells->is_object())
    throw Error(ErrorKind::usage, fmt::format("{}: there is no table [cells]", file),
                "write [cells] and then lines such as R = \"1x1 O/2, dw, 1x1 O, + proj\"");
  return with_cells(standard_cells(), *cells);
}

}  // namespace

int batch_size(int images) { return std::min(64, std::max(2, images / 4)); }

ImagePlan plan_images(const DesignOptions& options, ImageSpace& space, int images) {
  ImagePlan plan{.published = options.budget == "published"};
  const bool shrinks = options.recipe == "tcnas";
  const bool quick = options.budget == "quick";
  plan.flop = options.work > 0 ? options.work : quick ? kQuickFlop : kStandardFlop;
  plan.final_epochs = options.epochs > 0 ? options.epochs
                      : plan.published   ? kPublishedEpochs
                                         : std::max<double>(quick ? kQuickEpochs : kStandardEpochs,
                                                          fewest_epochs(images));
  space.most_width = options.max_width > 0 ? options.max_width : plan.published ? 256 : 64;
  space.most_parameters = options.max_parameters;
  space.narrow = !plan.published;
  if (plan.published) {
    plan.mean_flop = mean_training_flop(space);
    plan.of(ImageStage::shrink) = {shrinks ? kPublishedTrials : 0, 1};
    plan.of(ImageStage::search) = {kPublishedTrials, kPublishedEpochs};
    plan.flop = plan.mean_flop * images * kPublishedTrials * (1 + kPublishedEpochs);
    return plan;
  }
  space.most_flop = kDearest * plan.flop / (plan.final_epochs * images);
  plan.mean_flop = mean_training_flop(space);
  const double epoch = plan.mean_flop * images;
  const double brief = 1, first = plan.final_epochs / 9, second = plan.final_epochs / 3;
  const double share = shrinks ? kSearchShare : kSearchShare + kShrinkShare;
  const int searched =
      options.trials > 0 ? options.trials : trials_of(share * plan.flop, epoch * first);
  const int shrinking =
      options.trials > 0 ? options.trials : trials_of(kShrinkShare * plan.flop, epoch * brief);
  plan.of(ImageStage::shrink) = {shrinks ? shrinking : 0, brief};
  plan.of(ImageStage::search) = {searched, first};
  plan.of(ImageStage::halve) = {kFewestHalved, second, searched / 3, kHalveShare * plan.flop};
  plan.of(ImageStage::finals) = {kFewestFinals, plan.final_epochs, kMostFinals,
                                 kFinalShare * plan.flop};
  const int kinds = static_cast<int>(augmentation_kinds(options).size());
  plan.of(ImageStage::augmentation) = {kinds > 1 ? kinds : 0, second};
  return plan;
}

std::string_view stage_name(ImageStage stage) {
  return kStageNames[static_cast<std::size_t>(stage)];
}

std::vector<int> ImageStudyData::labels(const std::vector<int>& rows) const {
  std::vector<int> labels;
  for (const int row : rows) labels.push_back(images().labels[static_cast<std::size_t>(row)]);
  return labels;
}

double ImageStudyData::majority_rate() const {
  std::vector<int> counts(images().classes.size());
  for (const int label : labels(split.validation)) ++counts[static_cast<std::size_t>(label)];
  return static_cast<double>(*std::max_element(counts.begin(), counts.end())) /
         static_cast<double>(split.validation.size());
}

std::string plan_text(const ImagePlan& plan, int jobs) {
  const double seconds = plan.flop / (kFlopPerSecond * jobs);
  return fmt::format(
      "{:.2g} floating-point operations: about {} on {} thread{}, at {:.0f} GFLOP/s each",
      plan.flop,
      seconds < 5400 ? fmt::format("{:.0f} minutes", std::ceil(seconds / 60))
                     : fmt::format("{:.3g} hours", seconds / 3600),
      jobs, jobs == 1 ? "" : "s", kFlopPerSecond / 1e9);
}

ImageStudyData load_image_data(const DesignOptions& options) {
  if (options.precision == "bf16" && !has_bf16())
    throw Error(ErrorKind::usage, "this processor has no instructions for bf16",
                "leave out --precision");
  const ImageFolderOptions folder{
      .size = options.image_size,
      .colors = options.colors == "grey"    ? ImageColors::grey
                : options.colors == "color" ? ImageColors::color
                                            : ImageColors::automatic,
      .groups = options.groups,
      .group_column = options.roles.group.empty() ? "group" : options.roles.group};
  ImageStudyData data{.folder = read_image_folder(options.data, folder)};
  data.split = split_images(data.folder, {.test_fraction = options.test_fraction,
                                          .validation_fraction = options.validation_fraction,
                                          .seed = static_cast<std::uint64_t>(options.seed)});
  data.findings = check_images(data.folder, data.split);
  if (options.precision == "bf16") data.precision = ImagePrecision::bf16;
  data.scaler = fit_image_scaler(data.images(), data.split.train);
  data.space.table = cells_of(options.cells);
  data.space.cells = all_cells(data.space.table);
  data.space.channels = data.images().channels;
  data.space.size = data.images().size;
  data.space.classes = static_cast<int>(data.images().classes.size());
  data.plan = plan_images(options, data.space, static_cast<int>(data.split.train.size()));
  return data;
}

}  // namespace cupel
