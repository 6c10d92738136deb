#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/study_run.hpp"
#include "cupel/base/error.hpp"
#include "cupel/study/profile.hpp"

namespace cupel::cli {
namespace {

struct Arguments {
  std::string file, data;
  OptionTexts options;
  bool json = false, quiet = false, mixed = false;
};

Json required(const StudyFile& study, const std::string& key) {
  if (auto value = study.get(key)) return *value;
  throw Error(ErrorKind::runtime,
              fmt::format("{}: the study was stopped before it had begun", study.path()),
              "start it again with 'cupel design'");
}

void check_profile(StudyFile& study, bool allow_mixed) {
  const Json stored = required(study, "profile"), here = numeric_profile();
  if (stored == here) return;
  if (!allow_mixed)
    throw Error(ErrorKind::usage,
                fmt::format("{}: the study was begun under another numeric profile\n  then {}\n  "
                            "now  {}",
                            study.path(), dump_json(stored), dump_json(here)),
                "results could differ in the last digits; --allow-mixed goes on and marks the study");
  study.set("mixed_profile", here);
}

int resume(const Arguments& arguments) {
  StudyFile study = StudyFile::open(arguments.file);
  check_profile(study, arguments.mixed);
  Json json = required(study, "options");
  apply_options(arguments.options, json);
  if (!arguments.data.empty()) json["data"] = arguments.data;
  const DesignOptions options = options_from_json(json);
  StudyData data = load_study_data(options);
  const std::string stored = required(study, "data").at("fingerprint").as_string();
  if (data.data.fingerprint != stored)
    throw Error(ErrorKind::bad_data,
                fmt::format("{}: the data are not those the study was begun with", options.data),
                "restore the file, or name the right one with --data");
  const std::string stem =
      std::filesystem::path(arguments.file).replace_extension().string();
  return run_study(data, options, study,
                   {arguments.json, arguments.quiet, stem, required(study, "command").as_string()});
}

}  // namespace

void add_resume(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("resume", "Go on with a study exactly where it stopped");
  command->add_option("STUDY", arguments->file, "NAME.study")->required();
  command->add_option("--data", arguments->data, "The CSV file, when it was moved");
  command->add_flag("--allow-mixed", arguments->mixed,
                    "Go on although program or system have changed since");
  add_design_options(*command, arguments->options, false);
  command->add_flag("--json", arguments->json, "Print the result as JSON");
  command->add_flag("--quiet", arguments->quiet, "No progress");
  command->callback([arguments, &action] { action = [arguments] { return resume(*arguments); }; });
}

}  // namespace cupel::cli
