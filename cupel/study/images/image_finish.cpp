#include "cupel/study/images/image_finish.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numeric>

#include "cupel/base/error.hpp"
#include "cupel/base/packed_floats.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/base/version.hpp"
#include "cupel/network/cnn/predict_images.hpp"
#include "cupel/network/cnn/reference_networks.hpp"
#include "cupel/parallel/parallel_for.hpp"
#include "cupel/study/images/image_trial.hpp"
#include "cupel/study/short_time.hpp"

namespace cupel {
namespace {

constexpr int kTestVectors = 3;
constexpr int kBetaMean = 6;  ///< trials in the mean of a β row, as published

ImageMember member_of(const ImageDesignRun& run, const Trial& trial) {
  const ImageSpace& space = run.data->space;
  ImageMember member{.trial = trial.number,
                     .candidate = image_candidate(space, trial.candidate),
                     .epochs = trial.measures.at("epochs").as_number(),
                     .accuracy = trial.measures.at("accuracy").as_number(),
                     .f1 = trial.measures.at("f1").as_number(),
                     .recall = trial.measures.at("recall").as_number()};
  member.cost = cost_of(topology_of(space, member.candidate.chain));
  if (const Json* latency = trial.measures.find("latency_s"))
    member.latency_s = latency->as_number();
  member.score =
      run.result.score(member.accuracy, cost_value(*run.options, member.cost, member.latency_s));
  return member;
}

double cost_in(const ImageDesignRun& run, const ImageMember& member) {
  return cost_value(*run.options, member.cost, member.latency_s);
}

/// The cheapest first; each dearer one is more accurate.
std::vector<ImageMember> front_of(const ImageDesignRun& run) {
  std::vector<ImageMember> all = run.result.ranked, front;
  std::stable_sort(all.begin(), all.end(), [&](const ImageMember& a, const ImageMember& b) {
    const double first = cost_in(run, a), second = cost_in(run, b);
    return first != second ? first < second : a.accuracy > b.accuracy;
  });
  for (const ImageMember& member : all)
    if (front.empty() || member.accuracy > front.back().accuracy) front.push_back(member);
  return front;
}

void choose(ImageDesignRun& run) {
  ImageDesignResult& result = run.result;
  if (run.options->objective != "pareto") {
    const auto best = std::max_element(
        result.ranked.begin(), result.ranked.end(),
        [](const ImageMember& a, const ImageMember& b) { return a.score < b.score; });
    result.picked = static_cast<int>(best - result.ranked.begin());
    result.why = fmt::format(
        "It has the best weighted score S = {:.4f} (accuracy counts {:g}, {} "
        "{:g}) of the networks trained at full length.",
        best->score, result.score.beta, run.options->cost, 1 - result.score.beta);
    return;
  }
  const double best = result.front.back().accuracy;
  const double error =
      std::sqrt(best * (1 - best) / static_cast<double>(run.data->split.validation.size()));
  const auto pick = std::find_if(result.front.begin(), result.front.end(),
                                 [&](const ImageMember& m) { return m.accuracy >= best - error; });
  const auto place =
      std::find_if(result.ranked.begin(), result.ranked.end(),
                   [&](const ImageMember& member) { return member.trial == pick->trial; });
  result.picked = static_cast<int>(place - result.ranked.begin());
  result.why = fmt::format(
      "It is the network of least {} within one standard error ({:.4f}) of the "
      "best accuracy ({:.4f}).",
      run.options->cost, error, best);
}

/// Re-scores every trial of the longest stage that has six.
void sweep_beta(ImageDesignRun& run) {
  std::vector<ImageMember> members;
  for (const Trial& trial : run.result.trials)
    if (trial.state == TrialState::complete &&
        trial.measures.at("stage").as_string() == stage_name(ImageStage::search))
      members.push_back(member_of(run, trial));
  if (members.size() < kBetaMean) return;
  for (const double beta : {0.5, 0.6, 0.7, 0.8}) {
    WeightedScore score = run.result.score;
    score.beta = beta;
    const auto value = [&](const ImageMember& m) { return score(m.accuracy, cost_in(run, m)); };
    std::stable_sort(members.begin(), members.end(),
                     [&](const auto& a, const auto& b) { return value(a) > value(b); });
    BetaRow row{.beta = beta};
    for (int k = 0; k < kBetaMean; ++k) {
      const ImageMember& member = members[static_cast<std::size_t>(k)];
      row.accuracy += member.accuracy / kBetaMean;
      row.parameters += static_cast<double>(member.cost.parameters) / kBetaMean;
      row.topology += static_cast<double>(member.cost.topology) / kBetaMean;
      row.score += value(member) / kBetaMean;
    }
    run.result.beta_sweep.push_back(row);
  }
}

Json network_json(const ImageNetwork& network) {
  const auto pack = [](const std::vector<float>& values) {
    return pack_floats(
        Eigen::Map<const Eigen::VectorXf>(values.data(), static_cast<Eigen::Index>(values.size()))
            .cast<double>());
  };
  Json json;
  json["parameters"] = pack(network.parameters);
  json["statistics"] = pack(network.statistics);
  return json;
}

ImageNetwork network_from(const Json& json, const ImageTopology& topology) {
  const auto unpack = [](const Json& text, int count) {
    const Matrix values = unpack_floats(text.as_string(), count, 1);
    std::vector<float> floats;
    for (const double value : values.reshaped()) floats.push_back(static_cast<float>(value));
    return floats;
  };
  return {topology, unpack(json.at("parameters"), parameter_offsets(topology).back()),
          unpack(json.at("statistics"), statistics_offsets(topology).back())};
}

/// Trained once, then from the study file. Empty when stopped; where that may be told by
/// `cut_short`, and the time limit did it: the network as far as it was trained, and not kept.
std::optional<ImageNetwork> kept_network(ImageDesignRun& run, const std::string& key,
                                         const ImageTopology& topology,
                                         const std::function<ImageTrainResult()>& train,
                                         std::mutex& guard, bool* cut_short = nullptr) {
  {
    const std::lock_guard lock(guard);
    if (const auto known = run.study->get(key)) return network_from(*known, topology);
  }
  const ImageTrainResult trained = train();
  if (trained.stopped && cut_short != nullptr && !run.asked.stop_requested() &&
      trained.images_seen > 0 && !trained.diverged) {
    *cut_short = true;
    return trained.network;
  }
  if (trained.stopped) return std::nullopt;
  if (trained.diverged)
    throw Error(ErrorKind::infeasible, "the last training of the pick diverged",
                "try another --seed");
  const std::lock_guard lock(guard);
  run.study->set(key, network_json(trained.network));
  return trained.network;
}

std::uint64_t seed_of(const ImageDesignRun& run, std::uint64_t what) {
  return mix_seed({static_cast<std::uint64_t>(run.options->seed), 0x2EF17, what});
}

/// On the logits of the network that has not learned from the validation images.
void calibrate(ImageDesignRun& run, const Trial& trial, const std::vector<int>& labels) {
  const Json* packed = trial.measures.find("validation_logits");
  if (packed == nullptr) return;  // cut short: no network of full length
  const Matrix logits = unpack_floats(packed->as_string(), static_cast<Eigen::Index>(labels.size()),
                                      run.data->space.classes);
  ImageDesignResult& result = run.result;
  result.model.temperature = fit_temperature(labels, logits);
  const Matrix before = softmax(logits), after = softmax(logits, result.model.temperature);
  result.validation = class_figures(labels, after);
  result.calibration_before = calibration_error(labels, before);
  result.calibration_after = calibration_error(labels, after);
}

void describe_model(ImageDesignRun& run, const std::vector<int>& design) {
  ImageModel& model = run.result.model;
  const ImageSet& images = run.data->images();
  const ImageOutputs outputs = predict_images(model.network, images, design, run.data->scaler);
  std::vector<int> used(static_cast<std::size_t>(outputs.features.cols()));
  std::iota(used.begin(), used.end(), 0);
  model.region = fit_cloud(outputs.features, used, {.seed = seed_of(run, 1)});
  const Matrix probabilities = softmax(outputs.logits, model.temperature);
  const Vector distance = cloud_ratios(model.region, outputs.features);
  for (int k = 0; k < std::min<int>(kTestVectors, static_cast<int>(design.size())); ++k) {
    const std::size_t at = static_cast<std::size_t>(k) * design.size() / kTestVectors;
    const auto pixels = images.image(design[at]);
    const Vector row = probabilities.row(static_cast<Eigen::Index>(at));
    model.test_vectors.push_back({.pixels = {pixels.begin(), pixels.end()},
                                  .probabilities = {row.begin(), row.end()},
                                  .distance = distance[static_cast<Eigen::Index>(at)],
                                  .valid = distance[static_cast<Eigen::Index>(at)] <= 1});
  }
  model.provenance["cupel"] = kVersion;
  model.provenance["recipe"] = run.recipe->name;
  model.provenance["source"] = run.recipe->source;
  model.provenance["data"] = run.data->folder.path;
  model.provenance["data_fingerprint"] = run.data->folder.fingerprint;
  model.provenance["network"] = run.result.pick().text();
  model.provenance["trial"] = run.result.pick().trial;
  model.provenance["why"] = run.result.why;
  model.provenance["options"] = to_json(*run.options);
}

ImageSet subset(const ImageSet& images, const std::vector<int>& rows) {
  ImageSet some{.channels = images.channels, .size = images.size, .classes = images.classes};
  for (const int row : rows) {
    const auto pixels = images.image(row);
    some.pixels.insert(some.pixels.end(), pixels.begin(), pixels.end());
    some.labels.push_back(images.labels[static_cast<std::size_t>(row)]);
    some.files.push_back(images.files[static_cast<std::size_t>(row)]);
  }
  return some;
}

void look_at_tests(ImageDesignRun& run) {
  const std::vector<int>& test = run.data->split.test;
  if (test.empty()) return;
  ImageDesignResult& result = run.result;
  const ImagePrediction prediction = predict(result.model, subset(run.data->images(), test));
  result.test = class_figures(run.data->labels(test), prediction.probabilities);
  result.test_probabilities = prediction.probabilities;
  result.test_distance = prediction.distance;
}

void train_references(ImageDesignRun& run) {
  const DesignOptions& options = *run.options;
  if (options.references == "no" || (options.references == "auto" && options.budget == "quick"))
    return;
  ImageStudyData& data = *run.data;
  const auto references = reference_networks();
  std::vector<ReferenceResult> results(references.size());
  std::mutex guard;
  Progress progress{.stage = "references", .total = static_cast<int>(references.size())};
  const ImageCandidate as_pick = run.result.pick().candidate;
  // As many images seen as in the last training of the pick, which reads the validation images too.
  const auto learned = static_cast<double>(data.split.train.size());
  const double more = (learned + static_cast<double>(data.split.validation.size())) / learned;
  const CandidateTraining training{ImageStage::finals, data.plan.final_epochs * more,
                                   data.split.train, run.stop};
  const std::vector<int> labels = data.labels(data.split.validation),
                         test_labels = data.labels(data.split.test);
  parallel_for(
      static_cast<int>(references.size()), options.jobs > 0 ? options.jobs : processor_count(),
      [&](int k) {
        const ReferenceNetwork& reference = references[static_cast<std::size_t>(k)];
        ReferenceResult& result = results[static_cast<std::size_t>(k)];
        ImageTopology topology;
        for (result.scale = 1; result.scale <= 64; result.scale *= 2) {
          topology = reference.build(data.space.channels, data.space.size, data.space.classes,
                                     result.scale);
          result.cost = cost_of(topology);
          if (data.space.most_flop == 0 || result.cost.training_flop() <= data.space.most_flop)
            break;
        }
        result.name = reference.name;
        const auto network = kept_network(
            run, fmt::format("reference:{}", reference.name), topology,
            [&] {
              return train_topology(data, topology, train_options(data, as_pick, training),
                                    data.split.train,
                                    seed_of(run, 100 + static_cast<std::uint64_t>(k)));
            },
            guard);
        if (!network) return;
        const auto figures = [&](const std::vector<int>& rows, const std::vector<int>& known) {
          return class_figures(
              known, softmax(predict_images(*network, data.images(), rows, data.scaler).logits));
        };
        result.validation = figures(data.split.validation, labels);
        if (!test_labels.empty()) result.test = figures(data.split.test, test_labels);
        result.latency_s = latency_of(topology);
        const std::lock_guard lock(guard);
        ++progress.done;
        if (run.sink) run.sink(progress);
      });
  if (!run.stop.stop_requested()) run.result.references = std::move(results);
}

}  // namespace

void finish_images(ImageDesignRun& run, const std::vector<Trial>& best) {
  ImageStudyData& data = *run.data;
  ImageDesignResult& result = run.result;
  for (const Trial& trial : best)
    if (trial.state == TrialState::complete) result.ranked.push_back(member_of(run, trial));
  std::stable_sort(result.ranked.begin(), result.ranked.end(),
                   [](const ImageMember& a, const ImageMember& b) { return a.score > b.score; });
  result.front = front_of(run);
  choose(run);
  sweep_beta(run);
  std::vector<int> design = data.split.train;
  design.insert(design.end(), data.split.validation.begin(), data.split.validation.end());
  std::sort(design.begin(), design.end());
  const ImageMember& pick = result.pick();
  std::mutex guard;
  bool cut_short = false;
  if (run.sink) run.sink({.stage = "refit", .total = 1});
  const auto network = kept_network(
      run, fmt::format("network:{}", pick.trial), topology_of(data.space, pick.candidate.chain),
      [&] {
        return train_candidate(data, pick.candidate,
                               {ImageStage::finals, data.plan.final_epochs, design, run.stop},
                               seed_of(run, static_cast<std::uint64_t>(pick.trial)));
      },
      guard, &cut_short);
  if (run.sink) run.sink({.stage = "refit", .done = 1, .total = 1});
  if (!network && !run.asked.stop_requested()) no_time_for_a_network(*run.study);
  if (!network) {
    result.end = DesignEnd::interrupted;
    return;
  }
  if (cut_short) result.why += " The time limit cut its last training short.";
  result.model.classes = data.images().classes;
  result.model.reading = data.folder.reading;
  result.model.scaler = data.scaler;
  result.model.network = *network;
  for (const Trial& trial : best)
    if (trial.number == pick.trial) calibrate(run, trial, data.labels(data.split.validation));
  describe_model(run, design);
  train_references(run);
  if (run.asked.stop_requested()) {
    result.end = DesignEnd::interrupted;
    return;
  }
  if (run.stop.stop_requested()) result.end = DesignEnd::time_limit;
  for (ImageMember& member : result.ranked)
    if (member.latency_s == 0)
      member.latency_s = latency_of(topology_of(data.space, member.candidate.chain));
  look_at_tests(run);
}

}  // namespace cupel
