#include "cli/image_run.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/interrupts.hpp"
#include "cli/progress.hpp"
#include "cupel/base/csv_cell.hpp"
#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "cupel/data/fingerprint.hpp"
#include "cupel/energy/energy_meter.hpp"
#include "cupel/model/image_model.hpp"
#include "cupel/parallel/parallel_for.hpp"
#include "cupel/report/collect.hpp"
#include "cupel/report/image_report.hpp"
#include "cupel/study/images/image_design.hpp"

namespace cupel::cli {
namespace {

constexpr int kMostNamed = 20;

void print_image_findings(const std::vector<Finding>& findings, bool notes) {
  int printed = 0, left = 0;
  for (const Finding& finding : findings) {
    if (finding.severity == Severity::note && !notes) continue;
    if (printed++ >= kMostNamed) {
      ++left;
      continue;
    }
    say(fmt::format("{}: {}\n", finding.severity == Severity::note ? "note" : "warning",
                    finding.what));
    if (!finding.advice.empty()) say(fmt::format("    {}\n", finding.advice));
  }
  if (left > 0) say(fmt::format("… and {} more: 'cupel check FOLDER' lists them all\n", left));
}

std::string parts_text(const ImageStudyData& data) {
  return fmt::format("{} images for training, {} for validation, {} for the test",
                     data.split.train.size(), data.split.validation.size(), data.split.test.size());
}

std::string test_text(const ImageDesignResult& result) {
  return result.test ? fmt::format(", on test images {:.4f}", result.test->accuracy) : "";
}

void print_result(const ImageDesignResult& result, const ReportContext& context) {
  print(fmt::format("{:>6}  {:<52} {:>10} {:>10} {:>8} {:>8}\n", "trial", "cells, widths",
                    "complexity", "parameters", "accuracy", "S"));
  for (std::size_t k = 0; k < result.ranked.size(); ++k) {
    const ImageMember& member = result.ranked[k];
    print(fmt::format("{} {:>4}  {:<52} {:>10} {:>10} {:>8.4f} {:>8.4f}\n",
                      static_cast<int>(k) == result.picked ? "*" : " ", member.trial, member.text(),
                      member.cost.topology, member.cost.parameters, member.accuracy, member.score));
  }
  print(fmt::format("\nPick: trial {}, {} parameters. {}\n", result.pick().trial,
                    result.pick().cost.parameters, result.why));
  print(fmt::format("Accuracy on validation images {:.4f}{}\n", result.pick().accuracy,
                    test_text(result)));
  for (const ReferenceResult& reference : result.references)
    print(fmt::format(
        "{:<12} {:>10} parameters, accuracy on validation images {:.4f}{}\n", reference.name,
        reference.cost.parameters, reference.validation.accuracy,
        reference.test ? fmt::format(", on test images {:.4f}", reference.test->accuracy) : ""));
  print(fmt::format("\nstudy   {}\nmodel   {}\nreport  {}\nenergy  {}\n", context.study_path,
                    context.model_path, context.report_path, energy_text(context.energy)));
}

Json with_paths(Json json, const ReportContext& context) {
  json["study"] = context.study_path;
  json["model"] = context.model_path;
  json["report"] = context.report_path;
  json["elapsed_s"] = context.elapsed_s;
  json["energy"] = to_json(context.energy);
  return json;
}

}  // namespace

void print_image_start(const ImageStudyData& data, const DesignOptions& options) {
  print_image_findings(data.findings, false);
  const int jobs = options.jobs > 0 ? options.jobs : processor_count();
  say(fmt::format("{} classes, {}, {} x {} pixels{}\nbudget: {}\n", data.images().classes.size(),
                  parts_text(data), data.images().size, data.images().size,
                  data.images().channels == 3 ? ", in color" : "", plan_text(data.plan, jobs)));
}

Json image_identity(const ImageStudyData& data) {
  Fingerprint rows;
  for (const auto* part : {&data.split.train, &data.split.validation, &data.split.test}) {
    rows.add(static_cast<std::uint64_t>(part->size()));
    for (const int row : *part) rows.add(static_cast<std::uint64_t>(row));
  }
  for (const auto* cells : {&data.space.table.normal, &data.space.table.reduction})
    for (const Cell& cell : *cells) rows.add(cell.name + " " + cell.text);
  Json identity;
  identity["fingerprint"] = data.folder.fingerprint;
  identity["split"] = rows.hex();
  return identity;
}

int run_image_study(ImageStudyData& data, const DesignOptions& options, StudyFile& study,
                    const RunSettings& settings) {
  const RunClock run(settings.stem);
  const Listening listening(saved_words(study.path()));
  study.set("space", to_json(whole_space(data.space)));
  const ImageDesignResult result =
      design_images(data, options, study,
                    {make_progress(settings.quiet, limit_end(options, settings)), listening.token(),
                     settings.begun});
  if (result.end == DesignEnd::interrupted) return run.interrupted(study);
  const ReportContext context = run.ended(study, settings);
  const Json json = image_result_json(data, options, result);
  study.set("result", json);
  save_image_model(result.model, context.model_path);
  const std::string page = image_html_report(data, options, result, context);
  keep_report(study, page, context.report_path);
  if (settings.json)
    print(fmt::format("{}\n", dump_json(with_paths(json, context), 2)));
  else
    print_result(result, context);
  if (result.end == DesignEnd::complete) return 0;
  return out_of_time(study, fmt::format("{}", result.trials.size()));
}

bool holds_images(const std::string& model) {
  FileReader file(model, kModelFile);
  std::string beginning;
  file.read_more(beginning);
  return is_image_model(beginning);
}

int predict_images_file(const std::string& path, const std::string& images, bool json) {
  const ImageModel model = load_image_model(path);
  const ImageTopology& topology = model.network.topology;
  const ImageFolder folder =
      read_unlabeled_images(images, topology.size, topology.channels, model.reading);
  print_image_findings(folder.findings, true);
  if (folder.images.count() == 0)
    throw Error(ErrorKind::bad_data, fmt::format("{}: no image could be read", images),
                "name a PNG, JPEG or BMP file, or a folder with some");
  const ImagePrediction prediction = predict(model, folder.images);
  Json list = Json::Array{};
  int outside = 0;
  std::string text = "file,class";
  for (const std::string& name : model.classes) text += "," + csv_text("p_" + name);
  text += ",valid,reason\n";
  for (int k = 0; k < folder.images.count(); ++k) {
    const auto at = static_cast<std::size_t>(k);
    const std::string& name = model.classes[static_cast<std::size_t>(prediction.predicted[at])];
    std::string reason = folder.doubts[at];
    if (!prediction.invalid[at].empty())
      reason += (reason.empty() ? "" : "; ") + prediction.invalid[at];
    outside += reason.empty() ? 0 : 1;
    Json item;
    item["file"] = folder.images.files[at];
    item["class"] = name;
    text += csv_text(folder.images.files[at]) + "," + csv_text(name);
    for (std::size_t c = 0; c < model.classes.size(); ++c) {
      const double p = prediction.probabilities(k, static_cast<Eigen::Index>(c));
      item["probabilities"][model.classes[c]] = p;
      text += ',' + csv_number(p);
    }
    item["valid"] = reason.empty() ? 1 : 0;
    item["reason"] = reason;
    text += fmt::format(",{},{}\n", reason.empty() ? 1 : 0, csv_text(reason));
    if (json) list.push_back(std::move(item));
  }
  print(json ? dump_json(list, 1) + "\n" : text);
  if (outside > 0)
    say(fmt::format("{} of {} images do not look like the training images: see the last column\n",
                    outside, folder.images.count()));
  return 0;
}

int check_folder(const std::string& path, bool json) {
  DesignOptions options;
  options.recipe = "tcnas";
  options.data = path;
  const ImageStudyData data = load_image_data(options);
  std::vector<int> counts(data.images().classes.size());
  for (const int label : data.images().labels) ++counts[static_cast<std::size_t>(label)];
  if (json) {
    Json out;
    out["folder"] = path;
    out["images"] = data.images().count();
    for (std::size_t c = 0; c < counts.size(); ++c)
      out["classes"][data.images().classes[c]] = counts[c];
    out["findings"] = Json::Array{};
    for (const Finding& finding : data.findings) {
      Json item;
      item["severity"] = finding.severity == Severity::note ? "note" : "warning";
      item["code"] = finding.code;
      item["what"] = finding.what;
      item["advice"] = finding.advice;
      out["findings"].push_back(std::move(item));
    }
    print(fmt::format("{}\n", dump_json(out, 2)));
    return 0;
  }
  print(fmt::format("{}: {} images, {} x {} pixels{}; {}\n\n", path, data.images().count(),
                    data.images().size, data.images().size,
                    data.images().channels == 3 ? ", in color" : ", grey", parts_text(data)));
  for (std::size_t c = 0; c < counts.size(); ++c)
    print(fmt::format("  {:<30} {:>7} images\n", data.images().classes[c], counts[c]));
  if (data.findings.empty()) print("\nNothing found that needs attention.\n");
  for (const Finding& finding : data.findings) {
    print(fmt::format("\n{}: {}\n", finding.severity == Severity::note ? "note" : "WARNING",
                      finding.what));
    if (!finding.advice.empty()) print(fmt::format("  -> {}\n", finding.advice));
  }
  return 0;
}

}  // namespace cupel::cli
