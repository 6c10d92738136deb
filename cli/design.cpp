#include <CLI/CLI.hpp>
#include <optional>

#include "cli/commands.hpp"
#include "cli/given_options.hpp"
#include "cli/image_run.hpp"
#include "cli/options.hpp"
#include "cli/progress.hpp"
#include "cli/study_run.hpp"
#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "cupel/data/column_roles.hpp"
#include "cupel/study/recipe.hpp"

namespace cupel::cli {
namespace {

struct Arguments {
  std::string file;
  RoleTexts roles;
  OptionTexts options;
  bool json = false, quiet = false;
};

/// Under the first free name, and where another run takes that meanwhile, under the next.
StudyFile begin_study(const DesignOptions& options, const Json& identity, RunSettings& settings) {
  for (;;) {
    settings.stem = free_stem(options, {"study", "model", "html"});
    if (auto study =
            StudyFile::try_create(settings.stem + ".study", study_description(options, identity)))
      return std::move(*study);
  }
}

int design_folder(const Arguments& arguments, const DesignOptions& options,
                  Clock::time_point begun) {
  ImageStudyData data = load_image_data(options);
  if (!arguments.quiet) print_image_start(data, options);
  RunSettings settings{arguments.json, arguments.quiet, {}, command_line(), begun};
  StudyFile study = begin_study(options, image_identity(data), settings);
  return run_image_study(data, options, study, settings);
}

int design_table(const Arguments& arguments, DesignOptions options, Clock::time_point begun) {
  StudyData data = [&] {
    const SlowNotice notice(arguments.quiet, "reading and checking " + options.data);
    return load_study_data(options);
  }();
  const Roles typed = options.roles;
  options.roles = with_full_names(data.table, typed);
  if (!arguments.quiet) {
    print_full_names(typed.targets, options.roles.targets);
    print_findings(data.table, data.findings, false);
    print_split(data, options);
  }
  RunSettings settings{arguments.json, arguments.quiet, {}, command_line(), begun};
  StudyFile study = begin_study(options, data_identity(data), settings);
  return run_study(data, options, study, settings);
}

int design(const Arguments& arguments) {
  const auto begun = Clock::now();
  const DesignOptions options =
      options_from_json(given_options(arguments.file, arguments.roles, arguments.options));
  return within_memory(options.data, [&] {
    return is_image_recipe(options.recipe) ? design_folder(arguments, options, begun)
                                           : design_table(arguments, options, begun);
  });
}

}  // namespace

void add_design(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("design", "Design a network from a CSV file or a folder of images");
  command
      ->add_option(
          "FILE", arguments->file,
          "File with a table (CSV, .xlsx, .arff, .gz; '-': standard input), folder of images (one "
          "sub-folder a class), or a TOML file with options")
      ->required();
  add_role_options(*command, arguments->roles);
  add_design_options(*command, arguments->options, true);
  command->add_flag("--json", arguments->json, "Print the result as JSON");
  command->add_flag("--quiet", arguments->quiet, "No progress, no findings");
  command->callback([arguments, &action] { action = [arguments] { return design(*arguments); }; });
}

}  // namespace cupel::cli
