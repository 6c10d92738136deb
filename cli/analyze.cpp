#include <fmt/chrono.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>

#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/options.hpp"
#include "cupel/base/shown_number.hpp"
#include "cupel/data/read_table.hpp"
#include "cupel/model/model_inputs.hpp"
#include "cupel/process/efficiency.hpp"

namespace cupel::cli {
namespace {

struct Arguments {
  std::string model, file;
  ReadTexts reading;
  EfficiencyOptions options;
  bool more_is_better = false, json = false;
};

/// The file's column of times, when there is just one.
const Column* time_column(const Table& table) {
  const Column* time = nullptr;
  for (const Column& column : table.columns) {
    if (column.kind != ColumnKind::time) continue;
    if (time != nullptr) return nullptr;
    time = &column;
  }
  return time;
}

/// As people write it; empty where there is none.
std::string time_text(const Column* time, int row) {
  const double value = time != nullptr ? time->values[static_cast<std::size_t>(row)] : kMissing;
  if (std::isnan(value)) return {};
  return fmt::format("{:%Y-%m-%d %H:%M}", fmt::gmtime(static_cast<std::time_t>(value)));
}

/// Shortfalls listed where none can be told from chance.
constexpr int kShown = 10;

Json periods_json(const Table& table, const std::vector<Period>& periods) {
  const Column* times = time_column(table);
  Json list = Json::Array{};
  for (const Period& period : periods) {
    Json item;
    item["row"] = sheet_row(table, period.row);
    if (const std::string time = time_text(times, period.row); !time.empty()) item["time"] = time;
    item["actual"] = period.actual;
    item["expected"] = period.expected;
    item["shortfall"] = period.shortfall;
    item["p"] = period.p;
    item["q"] = period.q;
    item["falls_short"] = period.falls_short;
    item["invalid"] = period.invalid;
    list.push_back(std::move(item));
  }
  return list;
}

void print_periods(const Table& table, const std::vector<Period>& periods,
                   bool all_that_fall_short) {
  const Column* times = time_column(table);
  print(fmt::format("{:>8}{:>18} {:>12} {:>12} {:>12} {:>9} {:>9}\n", "row",
                    times != nullptr ? "time" : "", "actual", "expected", "shortfall", "p", "q"));
  int shown = 0;
  for (const Period& period : periods) {
    const bool wanted = all_that_fall_short
                            ? period.falls_short
                            : period.shortfall > 0 && period.invalid.empty() && shown++ < kShown;
    if (wanted)
      print(fmt::format("{:>8}{:>18} {:>12} {:>12} {:>12.4g} {:>9.2g} {:>9.2g}\n",
                        sheet_row(table, period.row), time_text(times, period.row),
                        shown_number(period.actual, std::abs(period.shortfall), 5),
                        shown_number(period.expected, std::abs(period.shortfall), 5),
                        period.shortfall, period.p, period.q));
  }
}

int analyze(Arguments& arguments) {
  const Model model = load_model(arguments.model);
  const Table table = read_table(
      arguments.file, read_options(arguments.reading, reading_options(model, ReadFor::analysis)));
  arguments.options.less_is_better = !arguments.more_is_better;
  std::vector<Period> periods = analyze_efficiency(model, table, arguments.options);
  std::stable_sort(periods.begin(), periods.end(), [](const Period& a, const Period& b) {
    return a.p != b.p ? a.p < b.p : a.shortfall > b.shortfall;
  });
  if (arguments.json) {
    print(fmt::format("{}\n", dump_json(periods_json(table, periods), 1)));
    return 0;
  }
  const auto found = std::count_if(periods.begin(), periods.end(),
                                   [](const Period& period) { return period.falls_short; });
  const double least = found > 0 ? 0 : smallest_chance(model);
  const bool too_few = least * static_cast<double>(periods.size()) > arguments.options.significance;
  if (too_few)
    print(fmt::format(
        "The model has too few held-out rows to tell one bad period among {}: it can be sure of "
        "one among {:.0f}. Give fewer periods. The largest shortfalls, which may be chance ({} "
        "than expected counts as worse):\n",
        periods.size(), std::max(1.0, std::floor(arguments.options.significance / least)),
        arguments.more_is_better ? "less" : "more"));
  else
    print(fmt::format(
        "{} of {} periods fall short of what the model expects: {} than expected counts as worse "
        "(false discoveries held to {:.0f} %)\n",
        found, periods.size(), arguments.more_is_better ? "less" : "more",
        100 * arguments.options.significance));
  print_periods(table, periods, !too_few);
  return 0;
}

}  // namespace

void add_analyze(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "analyze", "Find the periods that were less efficient than the model expects");
  command->add_option("MODEL", arguments->model, "NAME.model")->required();
  command
      ->add_option("FILE", arguments->file,
                   "File with inputs and the measured target; '-': standard input")
      ->required();
  command->add_option("--target", arguments->options.target, "Which one, when there are several");
  add_read_options(*command, arguments->reading);
  command->add_flag("--more-is-better", arguments->more_is_better,
                    "The target is an output, not a consumption");
  command->add_option("--significance", arguments->options.significance,
                      "Share of false findings allowed among those listed [0.05]");
  command->add_flag("--json", arguments->json, "Print every period as JSON");
  command->callback([arguments, &action] { action = [arguments] { return analyze(*arguments); }; });
}

}  // namespace cupel::cli
