#include "cli/compare_run.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cmath>
#include <ctime>
#include <filesystem>

#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/interrupts.hpp"
#include "cli/progress.hpp"
#include "cupel/base/error.hpp"
#include "cupel/base/file_writer.hpp"
#include "cupel/base/shell_word.hpp"
#include "cupel/data/fingerprint.hpp"
#include "cupel/data/read_table.hpp"
#include "cupel/report/compare_page.hpp"

namespace cupel::cli {
namespace {

constexpr int kInterruptedCode = 130;

std::string budget_text(const CompareOptions& options) {
  if (options.design.trials > 0)
    return fmt::format("Every recipe could try {} candidates a split.", options.design.trials);
  return fmt::format(
      "Every recipe could spend the same work a split (budget '{}', counted in weights × rows × "
      "iterations, not in seconds).",
      options.design.budget);
}

std::string page_path(const StudyFile& file) {
  return std::filesystem::path(file.path()).replace_extension(".html").string();
}

}  // namespace

Json compare_identity(const Table& table, const CompareOptions& options) {
  const StudyData data = make_study_data(table, table.rows, options.design);
  Json identity;
  identity["fingerprint"] = data.data.fingerprint;
  return identity;
}

CompareOutcome finish_compare(const Table& table, const CompareOptions& options, StudyFile& file,
                              bool quiet) {
  const auto start = Clock::now();
  const Listening listening(saved_words(file.path()));
  CompareRun run = run_compare(table, options, file, make_progress(quiet), listening.token());
  if (run.interrupted) {
    file.settle();
    say(listening.last_words());
    return {kInterruptedCode, std::nullopt, {}};
  }
  const Verdict verdict = judge(run.comparison);
  CompareOutcome outcome{0, std::move(run.comparison), {}};
  outcome.result = to_json(*outcome.comparison, verdict);
  const std::time_t now = std::time(nullptr);
  const std::string page =
      compare_page(*outcome.comparison, verdict,
                   {.command = file.get("command").value_or(Json("")).as_string(),
                    .created = fmt::format("{:%Y-%m-%d %H:%M}", fmt::localtime(now)),
                    .budget = budget_text(options),
                    .elapsed_s = std::chrono::duration<double>(Clock::now() - start).count()});
  file.set("result", outcome.result);
  file.set("report", page);
  replace_whole_file(page_path(file), page);
  file.settle();
  return outcome;
}

void print_comparison(const Comparison& comparison, const Json& result, const std::string& path) {
  const bool one = comparison.targets.size() == 1;
  const double unit = one ? comparison.targets.front().spread : 100;
  print(fmt::format("{}: {} rows, {} splits; {}\n", comparison.data, comparison.rows,
                    comparison.splits.size(),
                    one ? "RMSE of " + comparison.targets.front().name +
                              (comparison.targets.front().unit.empty()
                                   ? std::string()
                                   : " [" + comparison.targets.front().unit + "]")
                        : std::string("errors in % of the targets' spread")));
  print(fmt::format("  {:<18} {:>10} {:>10} {:>9} {:>10} {:>10}\n", "method", "mean", "+-",
                    "weights", "s a split", "J a split"));
  for (const MethodScores& method : comparison.methods) {
    if (std::isnan(mean_error(method))) {
      print(fmt::format("  {:<18} failed: {}\n", method.name, method.splits.front().failure));
      continue;
    }
    print(fmt::format("  {:<18} {:>10.4g} {:>10.3g} {:>9} {:>10.2g} {:>10.2g}\n", method.name,
                      unit * mean_error(method), unit * error_deviation(method),
                      method.recipe ? fmt::format("{:.0f}", mean_parameters(method)) : "-",
                      mean_elapsed_s(method), mean_energy_j(method)));
  }
  for (const std::string& sentence : result.at("verdict").as_strings())
    print(fmt::format("{}\n", sentence));
  print(fmt::format("\ncomparison  {}\nreport      {}\n", path,
                    std::filesystem::path(path).replace_extension(".html").string()));
}

int resume_compare(const CompareOptions& options, StudyFile& file,
                   const CompareSettings& settings) {
  const Table table = read_table(options.design.data, read_options(options.design));
  if (file.get("data") != compare_identity(table, options))
    throw Error(
        ErrorKind::bad_data,
        fmt::format("{}: the data are not those the comparison was begun with", table.source),
        "restore the file, or name the right one with --data FILE");
  const CompareOutcome outcome = finish_compare(table, options, file, settings.quiet);
  if (!outcome.comparison) return outcome.code;
  if (settings.json)
    print(fmt::format("{}\n", dump_json(outcome.result, 2)));
  else
    print_comparison(*outcome.comparison, outcome.result, file.path());
  return outcome.code;
}

}  // namespace cupel::cli
