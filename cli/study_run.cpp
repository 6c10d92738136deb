#include "cli/study_run.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cmath>
#include <ctime>

#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/interrupts.hpp"
#include "cli/progress.hpp"
#include "cupel/base/error.hpp"
#include "cupel/base/file_writer.hpp"
#include "cupel/base/shell_word.hpp"
#include "cupel/data/fingerprint.hpp"
#include "cupel/energy/energy_meter.hpp"
#include "cupel/report/collect.hpp"
#include "cupel/report/verdict_text.hpp"

namespace cupel::cli {
namespace {

constexpr int kTimeLimitCode = 5, kInterruptedCode = 130;

std::string unit_text(const std::string& unit) { return unit.empty() ? "" : " " + unit; }

void print_front(const StudyData& data, const DesignResult& result) {
  print(fmt::format("  {:>6}  {:>7}  {:<40}", "trial", "weights", "structure"));
  for (const Column& target : data.data.targets)
    print(fmt::format(
        "  {}", "RMSE " + target.name + (target.unit.empty() ? "" : " [" + target.unit + "]")));
  print("\n");
  for (std::size_t k = 0; k < result.front.size(); ++k) {
    const FrontMember& member = result.front[k];
    print(fmt::format("{} {:>6}  {:>7}  {:<40}", static_cast<int>(k) == result.picked ? "*" : " ",
                      member.trial, member.parameters, member.structure));
    for (const ErrorFigures& figures : member.validation)
      print(fmt::format("  {:<12.4g}", figures.rmse));
    print("\n");
  }
}

void print_errors(const StudyData& data, const DesignResult& result) {
  const FrontMember& pick = picked_member(result);
  for (int t = 0; t < data.targets(); ++t) {
    const Column& target = data.data.targets[t];
    const auto& figures = pick.test.empty() ? pick.validation : pick.test;
    print(fmt::format("{}: RMSE on {} rows {:.4g}{}, R2 {:.4f}", target.name,
                      pick.test.empty() ? "held-out" : "test", figures[t].rmse,
                      unit_text(target.unit), figures[t].r2));
    for (const BaselineResult& baseline : result.baselines) {
      const auto& other = baseline.test.empty() ? baseline.validation : baseline.test;
      print(fmt::format(", {} {:.4g}", baseline.name, other[t].rmse));
    }
    print("\n");
  }
}

/// Said here too, for those who never open the report.
void print_verdict(const ReportData& report) {
  for (const std::string& sentence : report::verdict_sentences(report))
    print(fmt::format("{}\n", sentence));
}

void print_result(const StudyData& data, const DesignResult& result, const ReportContext& context,
                  const ReportData& report) {
  print("Front (errors on held-out rows), the pick marked *:\n");
  print_front(data, result);
  print(fmt::format("\nPick: trial {}, {}, {} weights.\n{}\n", picked_member(result).trial,
                    picked_member(result).structure, picked_member(result).parameters, result.why));
  print_errors(data, result);
  print_verdict(report);
  print(fmt::format("\nstudy   {}\nmodel   {}\nreport  {}\nenergy  {}\n", context.study_path,
                    context.model_path, context.report_path, energy_text(context.energy)));
}

/// On stderr: they stand beside the result, whatever its form.
void print_trust_warnings(const DesignResult& result) {
  if (!result.trust.problem.empty())
    say(
        fmt::format("warning: the uncertainty of the network's parameters is unknown: {}\n"
                    "    intervals have the same width for all rows\n",
                    result.trust.problem));
  if (result.test_trust.drift.empty()) return;
  say("warning: drift: the test rows differ from the design rows\n");
  for (const std::string& sentence : result.test_trust.drift)
    say(fmt::format("    {}\n", sentence));
  say("    design again with recent rows; expect errors as on the test rows or worse\n");
}

}  // namespace

void note_energy(StudyFile& study, const EnergyUse& use, const std::string& stem) {
  Json runs = study.get("energy").value_or(Json(Json::Array{}));
  runs.push_back(to_json(use));
  study.set("energy", runs);
  const std::time_t now = std::time(nullptr);
  const std::string problem =
      append_emissions(stem + ".emissions.csv",
                       emissions_row(use, fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::localtime(now)),
                                     runs.as_array().size() == 1 ? "design" : "resume", stem));
  if (!problem.empty()) say(fmt::format("warning: the energy is not noted: {}\n", problem));
}

RunClock::RunClock(std::string stem)
    : stem_(std::move(stem)), start_(Clock::now()), meter_(energy_options_of_environment()) {}

int RunClock::interrupted(StudyFile& study) const {
  note_energy(study, meter_.use(), stem_);
  study.settle();
  say(saved_words(study.path()));
  return kInterruptedCode;
}

ReportContext RunClock::ended(StudyFile& study, const RunSettings& settings) const {
  ReportContext context{.command = settings.command,
                        .created = local_time(),
                        .study_path = stem_ + ".study",
                        .model_path = stem_ + ".model",
                        .report_path = stem_ + ".html"};
  context.elapsed_s = std::chrono::duration<double>(Clock::now() - start_).count();
  context.energy = meter_.use();
  note_energy(study, context.energy, stem_);
  return context;
}

void keep_report(StudyFile& study, const std::string& page, const std::string& path) {
  study.set("report", page);
  replace_whole_file(path, page);
  study.settle();
}

int out_of_time(const StudyFile& study, const std::string& trials) {
  say(
      fmt::format("time limit reached after {} trials; the best so far is saved\n"
                  "  go on with: cupel resume {}\n",
                  trials, shell_file(study.path())));
  return kTimeLimitCode;
}

std::string local_time() {
  const std::time_t now = std::time(nullptr);
  return fmt::format("{:%Y-%m-%d %H:%M}", fmt::localtime(now));
}

namespace {

/// A finding's text without the count that it begins with.
std::string_view without_count(std::string_view what) {
  const std::size_t end = what.find_first_not_of("0123456789");
  return what.substr(end == std::string_view::npos ? 0 : end);
}

bool say_the_same(const Finding& a, const Finding& b) {
  return a.severity == b.severity && a.code == b.code && !a.column.empty() && !b.column.empty() &&
         without_count(a.what).size() < a.what.size() &&
         without_count(a.what) == without_count(b.what);
}

/// Fill values that a whole file shares are one line, not one a column.
void print_alike(const Table& table, const std::vector<const Finding*>& alike) {
  constexpr std::array severities = {"note", "warning", "error"};
  const Finding& first = *alike.front();
  say(fmt::format("{}: ", severities[static_cast<std::size_t>(first.severity)]));
  if (alike.size() > 1)
    say(fmt::format("{} columns ('{}' to '{}'), each: ", alike.size(), first.column,
                    alike.back()->column));
  else if (!first.column.empty())
    say(fmt::format("column '{}': ", first.column));
  say(first.what);
  if (first.row >= 0) say(fmt::format(" (row {})", sheet_row(table, first.row)));
  say("\n");
  if (!first.advice.empty()) say(fmt::format("    {}\n", first.advice));
}

}  // namespace

void print_findings(const Table& table, const std::vector<Finding>& findings, bool all) {
  std::vector<char> said(findings.size(), 0);
  for (std::size_t k = 0; k < findings.size(); ++k) {
    const Finding& finding = findings[k];
    const bool small = finding.severity == Severity::note && finding.code != "reading";
    if (said[k] != 0 || (small && !all)) continue;
    std::vector<const Finding*> alike = {&finding};
    for (std::size_t other = k + 1; other < findings.size(); ++other)
      if (say_the_same(finding, findings[other])) {
        alike.push_back(&findings[other]);
        said[other] = 1;
      }
    print_alike(table, alike);
  }
}

void print_full_names(const std::vector<std::string>& typed, const std::vector<std::string>& full) {
  for (std::size_t k = 0; k < typed.size(); ++k)
    if (typed[k] != full[k]) say(fmt::format("note: '{}' is column '{}'\n", typed[k], full[k]));
}

void print_split(const StudyData& data, const DesignOptions& options) {
  say(fmt::format("{} rows for the design, {} for the test. {}\n", data.split.design.size(),
                  data.split.test.size(), split_sentence(data, options)));
}

Json data_identity(const StudyData& data) {
  Fingerprint rows;
  for (const auto* part : {&data.split.design, &data.split.test}) {
    rows.add(static_cast<std::uint64_t>(part->size()));
    for (const int row : *part) rows.add(static_cast<std::uint64_t>(row));
  }
  Json identity;
  identity["fingerprint"] = data.data.fingerprint;
  identity["split"] = rows.hex();
  return identity;
}

std::optional<Clock::time_point> limit_end(const DesignOptions& options,
                                           const RunSettings& settings) {
  return deadline(settings.begun, options.time_limit_s, 1);
}

int run_study(StudyData& data, const DesignOptions& options, StudyFile& study,
              const RunSettings& settings) {
  const RunClock run(settings.stem);
  const Listening listening(saved_words(study.path()));
  const DesignResult result =
      run_design(data, options, study,
                 {make_progress(settings.quiet, limit_end(options, settings)), listening.token(),
                  settings.begun});
  if (result.end == DesignEnd::interrupted) return run.interrupted(study);
  const ReportContext context = run.ended(study, settings);
  std::vector<int> front;
  for (const FrontMember& member : result.front) front.push_back(member.trial);
  study.keep_refits(front);
  const ReportData report = collect_report(data, options, result, context);
  const std::string page = html_report(report);
  if (listening.asked()) {
    study.settle();
    say(listening.last_words());
    return kInterruptedCode;
  }
  study.set("result", canonical_result(data, options, result));
  save_model(result.model, context.model_path);
  keep_report(study, page, context.report_path);
  print_trust_warnings(result);
  if (settings.json)
    print(fmt::format("{}\n", dump_json(design_json(data, options, result, context), 2)));
  else
    print_result(data, result, context, report);
  if (result.end == DesignEnd::complete) return 0;
  return out_of_time(study, fmt::format("{} of {}", result.trials.size(), result.plan.trials));
}

}  // namespace cupel::cli
