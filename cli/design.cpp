#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/study_run.hpp"
#include "cupel/base/error.hpp"
#include "cupel/base/whole_file.hpp"
#include "cupel/search/method.hpp"
#include "cupel/study/profile.hpp"
#include "cupel/study/recipe.hpp"

namespace cupel::cli {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::string file;
  RoleTexts roles;
  OptionTexts options;
  bool json = false, quiet = false;
};

/// Roles may also stand at the top, as on the command line: target = "yield".
Json with_roles_in_columns(const Json& json) {
  constexpr std::array roles = {"target", "targets", "inputs", "ignore",
                                "keep",   "time",    "group",  "units"};
  Json rest = Json::Object{};
  for (const auto& [key, value] : json.as_object())
    if (std::find(roles.begin(), roles.end(), key) == roles.end()) rest[key] = value;
  for (const auto& [key, value] : json.as_object()) {
    if (std::find(roles.begin(), roles.end(), key) == roles.end()) continue;
    if (const Json* columns = rest.find("columns"); columns && columns->find(key))
      throw Error(ErrorKind::usage, fmt::format("'{}' stands at the top and in [columns]", key),
                  "keep one of them");
    rest["columns"][key] = value;
  }
  return rest;
}

/// For a file of options, trouble is a matter of usage.
std::string text_of(const std::string& path) {
  try {
    return read_whole_file(path);
  } catch (const Error& error) {
    throw Error(ErrorKind::usage, error.message(), error.hint());
  }
}

/// File names in it are relative to it.
Json read_toml(const std::string& path) {
  Json json = parse_toml(text_of(path), path);
  for (const char* key : {"data", "test", "train_rows", "test_rows"}) {
    const Json* value = json.find(key);
    if (value == nullptr) continue;
    if (!value->is_string())
      throw Error(ErrorKind::usage, fmt::format("{}: '{}' is no text", path, key),
                  fmt::format("write {} = \"FILE\"", key));
    if (!value->as_string().empty())
      json[key] = (fs::path(path).parent_path() / value->as_string()).string();
  }
  return with_roles_in_columns(json);
}

/// Options from the TOML file, if there is one, and over them what was typed.
DesignOptions resolve(const Arguments& arguments) {
  Json json = Json::Object{};
  if (fs::path(arguments.file).extension() == ".toml")
    json = read_toml(arguments.file);
  else
    json["data"] = arguments.file;
  apply_options(arguments.options, json);
  DesignOptions options = options_from_json(json);
  apply_roles(arguments.roles, options.roles);
  if (options.data.empty())
    throw Error(ErrorKind::usage, "no data file",
                "name a CSV file, or set 'data' in the TOML file");
  if (options.roles.targets.empty())
    throw Error(
        ErrorKind::usage, "no column to predict is named",
        fmt::format("add --target COLUMN; 'cupel check {}' lists the columns", options.data));
  find_recipe(options.recipe);
  find_method(options.search);
  return options;
}

std::string file_name(const std::vector<std::string>& targets) {
  std::string name = fmt::format("{}", fmt::join(targets, "+"));
  for (char& c : name)
    if (c == '/' || c == '\\' || c == ' ' || c == ':' || c == '\0') c = '_';
  if (name.size() > 100) name.resize(100);
  return name.starts_with('.') ? "_" + name : name;
}

bool taken(const std::string& stem) {
  return fs::exists(stem + ".study") || fs::exists(stem + ".model") || fs::exists(stem + ".html");
}

/// Files that exist are never overwritten: a default name gets a number, a given one is refused.
std::string free_stem(const DesignOptions& options) {
  const bool folder = fs::is_directory(options.output) || options.output.ends_with('/');
  if (options.output.empty() || folder) {
    const std::string name = (fs::path(options.output) / file_name(options.roles.targets)).string();
    std::string stem = name;
    for (int k = 2; taken(stem); ++k) stem = fmt::format("{}-{}", name, k);
    return stem;
  }
  std::string stem = options.output;
  if (fs::path(stem).extension() == ".study") stem = fs::path(stem).replace_extension().string();
  if (taken(stem))
    throw Error(
        ErrorKind::usage, fmt::format("{}.study, .model or .html exists already", stem),
        fmt::format("choose another --output, remove them, or: cupel resume {}.study", stem));
  return stem;
}

/// All that resume needs, before the first trial.
void describe(StudyFile& study, const DesignOptions& options, const StudyData& data) {
  Json stored = to_json(options);
  for (const char* file : {"data", "test", "train_rows", "test_rows"})
    if (!stored[file].as_string().empty())
      stored[file] = fs::absolute(stored[file].as_string()).lexically_normal().string();
  study.set("options", stored);
  study.set("profile", numeric_profile());
  study.set("data", data_identity(data));
  study.set("command", command_line());
}

/// A study that cannot even be begun leaves no file.
StudyFile begin_study(const std::string& path, const DesignOptions& options,
                      const StudyData& data) {
  std::optional<StudyFile> study = StudyFile::create(path);
  try {
    describe(*study, options, data);
    return std::move(*study);
  } catch (const Error&) {
    study.reset();
    std::error_code ignored;
    for (const char* ending : {"", "-wal"}) fs::remove(path + ending, ignored);
    throw;
  }
}

int design(const Arguments& arguments) {
  const DesignOptions options = resolve(arguments);
  StudyData data = load_study_data(options);
  if (!arguments.quiet) print_findings(data.table, data.findings, false);
  const RunSettings settings{arguments.json, arguments.quiet, free_stem(options), command_line()};
  StudyFile study = begin_study(settings.stem + ".study", options, data);
  return run_study(data, options, study, settings);
}

}  // namespace

void add_design(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("design", "Design a network from a CSV file: study, model and report");
  command->add_option("FILE", arguments->file, "CSV file, or a TOML file with options")->required();
  add_role_options(*command, arguments->roles);
  add_design_options(*command, arguments->options, true);
  command->add_flag("--json", arguments->json, "Print the result as JSON");
  command->add_flag("--quiet", arguments->quiet, "No progress, no findings");
  command->callback([arguments, &action] { action = [arguments] { return design(*arguments); }; });
}

}  // namespace cupel::cli
