#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "cli/commands.hpp"
#include "cli/compare_run.hpp"
#include "cli/console.hpp"
#include "cli/image_run.hpp"
#include "cli/options.hpp"
#include "cli/progress.hpp"
#include "cli/study_run.hpp"
#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "cupel/base/file_writer.hpp"
#include "cupel/data/table_bytes.hpp"
#include "cupel/model/image_model.hpp"
#include "cupel/study/profile.hpp"
#include "cupel/study/recipe.hpp"

namespace cupel::cli {
namespace {

/// Options that name a file, which may have been moved since.
struct FileOption {
  const char *name, *flag, *help;
};
constexpr FileOption kFiles[] = {
    {"data", "--data", "The CSV file or the folder, when it was moved"},
    {"test", "--test", "The CSV file with the test rows, when it was moved"},
    {"train_rows", "--train-rows", "The file of row numbers, when it was moved"},
    {"test_rows", "--test-rows", "The file of row numbers, when it was moved"},
    {"groups", "--groups", "The CSV file of objects on images, when it was moved"},
    {"cells", "--cells", "The TOML file of cells, when it was moved"},
};

struct Arguments {
  std::string file;
  std::vector<std::string> moved = std::vector<std::string>(std::size(kFiles));
  OptionTexts options;
  bool json = false, quiet = false, mixed = false;
};

Json required(const StudyFile& study, const std::string& key) {
  if (auto value = study.get(key)) return *value;
  throw Error(ErrorKind::runtime,
              fmt::format("{}: the study was stopped before it had begun", study.path()),
              "design again; this name is free for it");
}

void check_profile(StudyFile& study, bool allow_mixed) {
  const Json stored = required(study, "profile"), here = numeric_profile();
  if (stored == here) return;
  if (!allow_mixed)
    throw Error(
        ErrorKind::usage,
        fmt::format("{}: the study was begun under another numeric profile\n  then {}\n  "
                    "now  {}",
                    study.path(), dump_json(stored), dump_json(here)),
        "results could differ in the last digits; --allow-mixed goes on and marks the study");
  study.set("mixed_profile", here);
}

void apply_moved(const Arguments& arguments, Json& options) {
  for (std::size_t k = 0; k < std::size(kFiles); ++k) {
    const auto& [name, flag, help] = kFiles[k];
    const Json* stored = options.find(name);
    const bool used = stored != nullptr && !stored->as_string().empty();
    const std::string& moved = arguments.moved[k];
    if (!moved.empty() && !used)
      throw Error(ErrorKind::usage,
                  fmt::format("{}: the study was begun without {}", arguments.file, flag),
                  "leave it out");
    if (!moved.empty()) options[name] = moved;
    if (used && options[name].as_string() == kStandardInput && moved.empty())
      throw Error(ErrorKind::bad_data,
                  fmt::format("{}: the data came from standard input", arguments.file),
                  fmt::format("pipe them in again with {} -, or name a file that holds them with "
                              "{} FILE",
                              flag, flag));
    if (used && options[name].as_string() != kStandardInput &&
        !std::filesystem::exists(options[name].as_string()))
      throw Error(ErrorKind::bad_data,
                  fmt::format("{}: there is no such file", options[name].as_string()),
                  fmt::format("put it back, or name its new place with {} FILE", flag));
  }
}

void check_identity(const StudyFile& study, const DesignOptions& options, const Json& found) {
  const Json stored = required(study, "data");
  if (stored.at("fingerprint") != found.at("fingerprint"))
    throw Error(ErrorKind::bad_data,
                fmt::format("{}: the data are not those the study was begun with", options.data),
                "restore the file, or name the right one with --data FILE");
  if (stored.at("split") != found.at("split"))
    throw Error(
        ErrorKind::bad_data,
        fmt::format("{}: the rows for design and test are not those the study was begun with",
                    options.test_rows.empty() ? options.data : options.test_rows),
        "restore the files of row numbers");
}

/// To go on is to end, unless a new limit is given.
void drop_time_limit(Json& options) {
  if (options.find("time_limit") != nullptr) options["time_limit"] = "0";
}

/// So that nobody wonders why there is so little to do.
void say_when_complete(const StudyFile& study, const std::string& stem) {
  const auto result = study.get("result");
  const Json* reason = result ? result->find("stop_reason") : nullptr;
  if (reason != nullptr && reason->is_string() && reason->as_string() == "complete")
    say(fmt::format(
        "the study is complete: its trials stay, {}.model and {}.html are written anew\n", stem,
        stem));
}

/// Model and report of this study may lie there; something else must stay. Before the work.
void refuse_other_files(const std::string& stem) {
  const std::string cure = "move it elsewhere: the study writes its own there";
  refuse_taken(stem + ".model", cure, [](std::string_view text) {
    return text.starts_with("{\n \"format\":") || is_image_model(text);
  });
  refuse_taken(stem + ".html", cure, [](std::string_view text) {
    return text.starts_with(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>");
  });
}

int go_on(const DesignOptions& options, StudyFile& study, const RunSettings& settings) {
  if (is_image_recipe(options.recipe)) {
    ImageStudyData data = load_image_data(options);
    check_identity(study, options, image_identity(data));
    return run_image_study(data, options, study, settings);
  }
  StudyData data = [&] {
    const SlowNotice notice(settings.quiet, "reading and checking " + options.data);
    return load_study_data(options);
  }();
  check_identity(study, options, data_identity(data));
  return run_study(data, options, study, settings);
}

int resume(const Arguments& arguments) {
  const auto begun = Clock::now();
  StudyFile study = StudyFile::open(arguments.file);
  check_profile(study, arguments.mixed);
  Json json = required(study, "options");
  drop_time_limit(json);
  apply_options(arguments.options, json);
  apply_moved(arguments, json);
  const DesignOptions options = options_from_json(json);
  if (const auto compare = study.get("compare")) {
    CompareOptions comparison = compare_options_from_json(*compare);
    comparison.design = options;
    return resume_compare(comparison, study, {arguments.json, arguments.quiet});
  }
  const std::string stem = std::filesystem::path(arguments.file).replace_extension().string();
  const RunSettings settings{arguments.json, arguments.quiet, stem,
                             required(study, "command").as_string(), begun};
  refuse_other_files(stem);
  if (!arguments.quiet) say_when_complete(study, stem);
  return within_memory(options.data, [&] { return go_on(options, study, settings); });
}

}  // namespace

void add_resume(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("resume", "Go on with a study or a comparison exactly where it stopped");
  command->add_option("STUDY", arguments->file, "NAME.study or NAME.compare")->required();
  for (std::size_t k = 0; k < std::size(kFiles); ++k)
    command->add_option(kFiles[k].flag, arguments->moved[k], kFiles[k].help);
  command->add_flag("--allow-mixed", arguments->mixed,
                    "Go on although program or system have changed since");
  add_design_options(*command, arguments->options, false);
  command->add_flag("--json", arguments->json, "Print the result as JSON");
  command->add_flag("--quiet", arguments->quiet, "No progress");
  command->callback([arguments, &action] { action = [arguments] { return resume(*arguments); }; });
}

}  // namespace cupel::cli
