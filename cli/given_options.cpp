#include "cli/given_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "cli/commands.hpp"
#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "cupel/base/file_writer.hpp"
#include "cupel/base/shell_word.hpp"
#include "cupel/data/table_bytes.hpp"
#include "cupel/search/method.hpp"
#include "cupel/study/profile.hpp"
#include "cupel/study/recipe.hpp"

namespace cupel::cli {
namespace {

namespace fs = std::filesystem;

/// Roles may also stand at the top, as on the command line: target = "yield".
Json with_roles_in_columns(const Json& json) {
  constexpr std::array roles = {"target", "targets", "inputs", "ignore",
                                "keep",   "time",    "group",  "units"};
  Json::Object kept;
  for (const auto& [key, value] : json.as_object())
    if (std::find(roles.begin(), roles.end(), key) == roles.end()) kept.emplace_back(key, value);
  Json rest = std::move(kept);
  for (const auto& [key, value] : json.as_object()) {
    if (std::find(roles.begin(), roles.end(), key) == roles.end()) continue;
    if (const Json* columns = rest.find("columns"); columns && columns->find(key))
      throw Error(ErrorKind::usage, fmt::format("'{}' stands at the top and in [columns]", key),
                  "keep one of them");
    rest["columns"][key] = value;
  }
  return rest;
}

/// File names in it are relative to it.
Json read_toml(const std::string& path) {
  Json json = parse_toml(read_whole_file(path, kOptionsFile), path);
  for (const char* key : {"data", "test", "train_rows", "test_rows", "groups", "cells"}) {
    const Json* value = json.find(key);
    if (value == nullptr) continue;
    if (!value->is_string())
      throw Error(ErrorKind::usage, fmt::format("{}: '{}' is no text", path, key),
                  fmt::format("write {} = \"FILE\"", key));
    if (!value->as_string().empty() && value->as_string() != kStandardInput)
      json[key] = (fs::path(path).parent_path() / value->as_string()).string();
  }
  return with_roles_in_columns(json);
}

std::string file_name(const std::vector<std::string>& targets) {
  std::string name = fmt::format("{}", fmt::join(targets, "+"));
  for (char& c : name)
    if (c == '/' || c == '\\' || c == ' ' || c == ':' || c == '\0') c = '_';
  if (name.size() > 100) name.resize(100);
  return name.starts_with('.') ? "_" + name : name;
}

/// Of the files of a run that has no --output.
std::string default_name(const DesignOptions& options) {
  if (!is_image_recipe(options.recipe)) return file_name(options.roles.targets);
  const fs::path folder = fs::absolute(options.data).lexically_normal();
  return file_name({(folder.has_filename() ? folder : folder.parent_path()).filename().string()});
}

/// A study in which nothing was begun holds nothing, and blocks no name.
void remove_unbegun(const std::string& path) {
  if (!is_taken(path) || !StudyFile::is_unbegun(path)) return;
  std::error_code ignored;
  for (const char* ending : {"", "-wal"}) fs::remove(path + ending, ignored);
}

/// The files of a run whose names something has already; the log of the study is one of them.
std::vector<std::string> taken(const std::string& stem,
                               std::initializer_list<std::string_view> endings) {
  const std::string own = fmt::format("{}.{}", stem, *endings.begin());
  remove_unbegun(own);
  std::vector<std::string> names;
  for (const std::string_view ending : endings) names.push_back(fmt::format("{}.{}", stem, ending));
  if (!is_taken(own)) names.push_back(own + "-wal");
  std::erase_if(names, [](const std::string& name) { return !is_taken(name); });
  return names;
}

/// A folder is images, and images want their own recipes.
void take_image_recipe(Json& json) {
  const Json* data = json.find("data");
  const bool folder = data != nullptr && data->is_string() && fs::is_directory(data->as_string());
  const Json* given = json.find("recipe");
  std::string recipe = given != nullptr ? given->as_string() : folder ? "tcnas" : "qnn";
  if (folder && recipe == "evolution") recipe = "image-evolution";
  find_recipe(recipe);
  if (folder && !is_image_recipe(recipe))
    throw Error(
        ErrorKind::usage,
        fmt::format("recipe '{}' is for tables, and {} is a folder", recipe, data->as_string()),
        "for a folder of images use --recipe tcnas or evolution; for a table name its CSV file");
  if (!folder && is_image_recipe(recipe))
    throw Error(ErrorKind::usage, fmt::format("recipe '{}' needs a folder of images", recipe),
                "one sub-folder a class, or train, val and test over them");
  if (folder) json["recipe"] = recipe;
}

/// The classes are the target.
void refuse_roles(const DesignOptions& options) {
  const Roles& roles = options.roles;
  if (!roles.targets.empty() || !roles.inputs.empty() || !roles.ignore.empty() ||
      !roles.time.empty())
    throw Error(ErrorKind::usage,
                "a folder of images has no columns: its sub-folders are the classes",
                "leave out --target, --inputs, --ignore and --time");
}

}  // namespace

Json given_options(const std::string& file, const RoleTexts& roles, const OptionTexts& texts) {
  Json json = Json::Object{};
  if (fs::path(file).extension() == ".toml")
    json = read_toml(file);
  else
    json["data"] = file;
  apply_options(texts, json);
  take_image_recipe(json);
  DesignOptions options = options_from_json(json);
  apply_roles(roles, options.roles);
  if (options.data == kStandardInput && options.test_file == kStandardInput)
    throw Error(ErrorKind::usage, "data and test rows cannot both come from standard input",
                "name a file for one of them");
  if (options.data.empty())
    throw Error(ErrorKind::usage, "no data file",
                "name a CSV file, or set 'data' in the TOML file");
  if (is_image_recipe(options.recipe))
    refuse_roles(options);
  else if (options.roles.targets.empty())
    throw Error(ErrorKind::usage, "no column to predict is named",
                fmt::format("add --target COLUMN; this lists the columns: cupel check {}",
                            shell_file(options.data)));
  find_recipe(options.recipe);
  find_method(search_of(find_recipe(options.recipe), options));
  json["columns"] = to_json(options.roles);
  return json;
}

std::string free_stem(const DesignOptions& options,
                      std::initializer_list<std::string_view> endings) {
  const bool folder = fs::is_directory(options.output) || options.output.ends_with('/');
  if (options.output.empty() || folder) {
    const std::string name = (fs::path(options.output) / default_name(options)).string();
    std::string stem = name;
    for (int k = 2; !taken(stem, endings).empty(); ++k) stem = fmt::format("{}-{}", name, k);
    return stem;
  }
  const std::string_view own = *endings.begin();
  std::string stem = options.output;
  if (fs::path(stem).extension() == fmt::format(".{}", own))
    stem = fs::path(stem).replace_extension().string();
  const std::vector<std::string> names = taken(stem, endings);
  if (names.empty()) return stem;
  const std::string other = "choose another --output, or remove what is there";
  throw Error(ErrorKind::usage,
              fmt::format("{} {} already", fmt::join(names, " and "),
                          names.size() == 1 ? "exists" : "exist"),
              names.front() == fmt::format("{}.{}", stem, own)
                  ? fmt::format("go on with it: cupel resume {}; or {}", shell_file(names.front()), other)
                  : other);
}

Json::Object study_description(const DesignOptions& options, const Json& data_identity) {
  Json stored = to_json(options);
  for (const char* file : {"data", "test", "train_rows", "test_rows", "groups", "cells"})
    if (const std::string& path = stored[file].as_string(); !path.empty() && path != kStandardInput)
      stored[file] = fs::absolute(stored[file].as_string()).lexically_normal().string();
  return {{"options", stored},
          {"profile", numeric_profile()},
          {"data", data_identity},
          {"command", command_line()}};
}

}  // namespace cupel::cli
