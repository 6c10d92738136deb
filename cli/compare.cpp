#include <fmt/chrono.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <ctime>
#include <filesystem>

#include "cli/commands.hpp"
#include "cli/compare_run.hpp"
#include "cli/console.hpp"
#include "cli/given_options.hpp"
#include "cli/options.hpp"
#include "cli/study_run.hpp"
#include "cupel/base/error.hpp"
#include "cupel/base/file_writer.hpp"
#include "cupel/base/shell_word.hpp"
#include "cupel/data/column_roles.hpp"
#include "cupel/data/read_table.hpp"
#include "cupel/data/spikes.hpp"
#include "cupel/report/compare_page.hpp"

namespace cupel::cli {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::vector<std::string> files;
  std::string recipes = "all";
  int repeats = 10;
  RoleTexts roles;
  OptionTexts options;
  bool json = false, quiet = false;
};

/// Options of one data set. A comparison draws its own splits, and without a budget it takes the
/// small one: every recipe runs on every split.
CompareOptions resolve(const Arguments& arguments, const std::string& file) {
  Json json = given_options(file, arguments.roles, arguments.options);
  if (!json.find("budget") && !json.find("trials")) json["budget"] = "quick";
  CompareOptions options{.recipes = compared_recipes(arguments.recipes),
                         .repeats = arguments.repeats,
                         .design = options_from_json(json)};
  const DesignOptions& design = options.design;
  if (!design.test_file.empty() || !design.test_rows.empty() || !design.train_rows.empty())
    throw Error(ErrorKind::usage, "compare draws its own test rows",
                "leave out --test, --test-rows and --train-rows");
  if (design.time_limit_s > 0)
    throw Error(ErrorKind::usage, "compare gives every recipe the same counted work, not time",
                "use --trials or --budget instead of --time-limit");
  if (design.as_published())
    throw Error(ErrorKind::usage,
                "compare is honest: a recipe that sees the test rows cannot be compared",
                "leave out --protocol as-published");
  return options;
}

struct Compared {
  std::string path;
  Comparison comparison;
  Json result;
};

Compared saved(const std::string& path) {
  const StudyFile file = StudyFile::open(path);
  const auto result = file.get("result");
  if (!file.get("compare") || !result)
    throw Error(ErrorKind::runtime, fmt::format("{}: holds no finished comparison", path),
                fmt::format("finish it with: cupel resume {}", shell_file(path)));
  return {path, comparison_from_json(*result), *result};
}

/// Empty when it was interrupted.
std::optional<Compared> fresh(const Arguments& arguments, const std::string& path) {
  CompareOptions options = resolve(arguments, path);
  Table table = read_table(options.design.data, read_options(options.design));
  options.design.roles = with_full_names(table, std::move(options.design.roles));
  drop_spikes(table, resolve_roles(table, options.design.roles).targets);
  const Json identity = compare_identity(table, options);
  if (!arguments.quiet) print_findings(table, check_table(table, options.design.roles), false);
  const std::string stem = free_stem(options.design, {"compare", "html"});
  Json::Object description = study_description(options.design, identity);
  description.emplace_back("compare", to_json(options));
  StudyFile file = StudyFile::create(stem + ".compare", description);
  CompareOutcome outcome = finish_compare(table, options, file, arguments.quiet);
  if (!outcome.comparison) return std::nullopt;
  return Compared{file.path(), std::move(*outcome.comparison), std::move(outcome.result)};
}

std::string write_across(const AcrossData& across) {
  const std::time_t now = std::time(nullptr);
  const std::string page =
      across_page(across, {.command = command_line(),
                           .created = fmt::format("{:%Y-%m-%d %H:%M}", fmt::localtime(now))});
  std::string path = "comparison.html";
  for (int k = 2; !create_whole_file(path, page); ++k) path = fmt::format("comparison-{}.html", k);
  return path;
}

int print_all(const Arguments& arguments, const std::vector<Compared>& all) {
  if (all.size() == 1) {
    if (arguments.json)
      print(fmt::format("{}\n", dump_json(all.front().result, 2)));
    else
      print_comparison(all.front().comparison, all.front().result, all.front().path);
    return 0;
  }
  std::vector<Comparison> comparisons;
  for (const Compared& one : all) comparisons.push_back(one.comparison);
  const AcrossData across = across_data(comparisons);
  const std::string page = write_across(across);
  if (arguments.json) {
    Json json;
    json["comparisons"] = Json::Array{};
    for (const Compared& one : all) json["comparisons"].push_back(one.result);
    json["across"] = to_json(across);
    json["report"] = page;
    print(fmt::format("{}\n", dump_json(json, 2)));
    return 0;
  }
  for (const Compared& one : all) print_comparison(one.comparison, one.result, one.path);
  print(fmt::format("\nOver all {} data sets:\n", all.size()));
  for (const std::string& sentence : across.sentences) print(fmt::format("{}\n", sentence));
  print(fmt::format("report      {}\n", page));
  return 0;
}

int compare(const Arguments& arguments) {
  if (arguments.repeats < 1 || arguments.repeats > 1000)
    throw Error(ErrorKind::usage, fmt::format("--repeats is {}", arguments.repeats),
                "it must lie between 1 and 1000");
  std::vector<Compared> all;
  for (const std::string& file : arguments.files) {
    if (fs::path(file).extension() == ".compare") {
      all.push_back(saved(file));
      continue;
    }
    std::optional<Compared> one = fresh(arguments, file);
    if (!one) return 130;
    all.push_back(std::move(*one));
  }
  return print_all(arguments, all);
}

}  // namespace

void add_compare(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "compare", "Compare recipes and simple methods on the same splits with the same budget");
  command
      ->add_option("FILE", arguments->files,
                   "CSV file, TOML file with options, or NAME.compare of an earlier comparison; "
                   "several are ranked together")
      ->required();
  command->add_option("--recipes", arguments->recipes, "Recipes to compare: all, or A,B,.. [all]")
      ->type_name("A,B,..");
  command
      ->add_option("--repeats", arguments->repeats,
                   "Splits: drawn at random, or one after "
                   "another in ordered data [10]")
      ->type_name("");
  add_role_options(*command, arguments->roles);
  add_design_options(*command, arguments->options, true);
  for (const char* none : {"--time-limit", "--recipe"}) hide_option(*command, none);
  command->add_flag("--json", arguments->json, "Print the result as JSON");
  command->add_flag("--quiet", arguments->quiet, "No progress, no findings");
  command->callback([arguments, &action] { action = [arguments] { return compare(*arguments); }; });
}

}  // namespace cupel::cli
