#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/image_run.hpp"
#include "cupel/base/error.hpp"
#include "cupel/base/file_writer.hpp"
#include "cupel/deploy/c_source.hpp"
#include "cupel/deploy/workbook.hpp"

namespace cupel::cli {
namespace {

struct Arguments {
  std::string model, to, output;
  double confidence = 0.9;
  bool no_intervals = false, no_region = false;
};

constexpr const char* kOtherName = "remove it, or choose another name with --output NAME";

std::filesystem::path stem_of(const Arguments& arguments) {
  if (arguments.output.empty()) return std::filesystem::path(arguments.model).replace_extension();
  return arguments.output;
}

std::vector<std::string> to_c(const Model& model, const Arguments& arguments) {
  const std::filesystem::path stem = stem_of(arguments);
  const CSource made = c_source(model, {.name = stem.filename().string(),
                                        .confidence = arguments.confidence,
                                        .intervals = !arguments.no_intervals,
                                        .region = !arguments.no_region});
  const std::string name = (stem.parent_path() / c_name(stem.filename().string())).string();
  const FileContent files[] = {{name + ".h", made.header}, {name + ".c", made.source}};
  for (const auto& [path, text] : files) {
    const std::string mark(text.substr(0, text.find("Cupel") + 5));
    refuse_taken(path, kOtherName, [&](std::string_view old) { return old.starts_with(mark); });
  }
  replace_whole_files(files);
  for (const FileContent& file : files) print(file.path + "\n");
  return made.left_out;
}

std::vector<std::string> to_workbook(const Model& model, const Arguments& arguments) {
  const std::string path = stem_of(arguments).string() + ".xlsx";
  refuse_taken(path, "it may hold what you typed: " + std::string(kOtherName));
  std::vector<std::string> left_out = write_workbook(model,
                                                     {.confidence = arguments.confidence,
                                                      .intervals = !arguments.no_intervals,
                                                      .region = !arguments.no_region},
                                                     path);
  print(fmt::format("{}\n", path));
  return left_out;
}

int export_model(const Arguments& arguments) {
  if (holds_images(arguments.model))
    throw Error(ErrorKind::usage, "models of images cannot be exported yet",
                "'cupel predict' takes images");
  const Model model = load_model(arguments.model);
  for (const std::string& part :
       arguments.to == "c" ? to_c(model, arguments) : to_workbook(model, arguments))
    say(fmt::format("note: without {}\n", part));
  return 0;
}

}  // namespace

void add_export(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("export", "Write a model for other machines");
  command->add_option("MODEL", arguments->model, "NAME.model")->required();
  command
      ->add_option("--to", arguments->to,
                   "c: C99 source, NAME.h and NAME.c; xlsx: a workbook that predicts by formulas")
      ->required()
      ->check(CLI::IsMember({"c", "xlsx"}));
  command->add_option("--output", arguments->output,
                      "Name of the files, without ending [that of the model]");
  command->add_option("--confidence", arguments->confidence, "Confidence of the interval [0.9]");
  command->add_flag("--no-intervals", arguments->no_intervals,
                    "Leave out the intervals, whose tables grow with the square of the weights");
  command->add_flag("--no-region", arguments->no_region,
                    "Leave out the distance from the training data");
  command->callback(
      [arguments, &action] { action = [arguments] { return export_model(*arguments); }; });
}

}  // namespace cupel::cli
