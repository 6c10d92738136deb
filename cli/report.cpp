#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cupel/base/error.hpp"
#include "cupel/base/file_writer.hpp"
#include "cupel/base/shell_word.hpp"
#include "cupel/store/study_file.hpp"

namespace cupel::cli {
namespace {

struct Arguments {
  std::string file, html;
  bool canonical = false, json = false;
};

int report(const Arguments& arguments) {
  const StudyFile study = StudyFile::open(arguments.file);
  if (arguments.canonical) {
    print(canonical_export(study));
    return 0;
  }
  const auto result = study.get("result"), page = study.get("report");
  if (!result || !page)
    throw Error(ErrorKind::runtime, fmt::format("{}: the study has no result yet", arguments.file),
                fmt::format("finish it with: cupel resume {}", shell_file(arguments.file)));
  if (arguments.json) {
    print(fmt::format("{}\n", dump_json(*result, 2)));
    return 0;
  }
  const std::string path =
      !arguments.html.empty()
          ? arguments.html
          : std::filesystem::path(arguments.file).replace_extension(".html").string();
  refuse_taken(path, "remove it, or choose another name with --html FILE",
               [&](std::string_view text) { return text == page->as_string(); });
  replace_whole_file(path, page->as_string());
  print(fmt::format("{}\n", path));
  return 0;
}

}  // namespace

void add_report(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("report", "Write a study's report, or print its contents");
  command->add_option("STUDY", arguments->file, "NAME.study or NAME.compare")->required();
  command->add_option("--html", arguments->html, "File to write (default: NAME.html)");
  command->add_flag("--canonical", arguments->canonical,
                    "Print all that must be the same for the same seed, as text");
  command->add_flag("--json", arguments->json, "Print the result as JSON");
  command->callback([arguments, &action] { action = [arguments] { return report(*arguments); }; });
}

}  // namespace cupel::cli
