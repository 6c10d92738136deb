#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/image_run.hpp"
#include "cli/options.hpp"
#include "cli/study_run.hpp"
#include "cupel/base/error.hpp"
#include "cupel/data/column_roles.hpp"
#include "cupel/data/read_table.hpp"
#include "cupel/data/spikes.hpp"
#include "cupel/report/collect.hpp"

namespace cupel::cli {
namespace {

struct Arguments {
  std::string file;
  RoleTexts roles;
  ReadTexts reading;
  bool json = false;
};

std::string_view kind_name(ColumnKind kind) {
  constexpr std::array names = {"number", "text", "time"};
  return names[static_cast<std::size_t>(kind)];
}

std::vector<std::string_view> roles_of(const Table& table, const Roles& roles) {
  std::vector<std::string_view> names(table.columns.size(), "ignored");
  const ColumnRoles resolved = resolve_roles(table, roles);
  for (int c : resolved.inputs) names[c] = "input";
  for (int c : resolved.targets) names[c] = "target";
  if (resolved.time >= 0) names[resolved.time] = "time";
  if (resolved.group >= 0) names[resolved.group] = "group";
  return names;
}

int missing_cells(const Column& column) {
  return static_cast<int>(std::count_if(column.values.begin(), column.values.end(),
                                        [](double value) { return std::isnan(value); }));
}

void print_text(const Table& table, const std::vector<std::string_view>& roles,
                const std::vector<Finding>& findings) {
  print(fmt::format("{}: {} rows, {} columns\n\n", table.source, table.rows, table.columns.size()));
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const Column& column = table.columns[c];
    print(fmt::format("  {:<30} {:<10} {:<7} {}", column.name, column.unit, roles[c],
                      kind_name(column.kind)));
    if (const int missing = missing_cells(column)) print(fmt::format(", {} missing", missing));
    print("\n");
  }
  if (findings.empty()) print("\nNothing found that needs attention.\n");
  constexpr std::array severities = {"note", "WARNING", "ERROR"};
  for (const Finding& finding : findings) {
    print(fmt::format("\n{}{}{}: {}\n", severities[static_cast<std::size_t>(finding.severity)],
                      finding.column.empty() ? "" : ", column " + finding.column,
                      finding.row < 0 ? "" : fmt::format(", row {}", sheet_row(table, finding.row)),
                      finding.what));
    if (!finding.advice.empty()) print(fmt::format("  -> {}\n", finding.advice));
  }
}

int check(const Arguments& arguments) {
  if (std::filesystem::is_directory(arguments.file))
    return check_folder(arguments.file, arguments.json);
  Table table = read_table(arguments.file, read_options(arguments.reading));
  Roles roles;
  apply_roles(arguments.roles, roles);
  roles = with_full_names(table, std::move(roles));
  drop_spikes(table, resolve_roles(table, roles).targets);
  const std::vector<Finding> findings = check_table(table, roles);
  const auto names = roles_of(table, without_dropped(roles, findings));
  if (arguments.json) {
    Json json;
    json["file"] = table.source;
    json["rows"] = table.rows;
    json["columns"] = Json::Array{};
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      Json column;
      column["name"] = table.columns[c].name;
      column["unit"] = table.columns[c].unit;
      column["role"] = names[c];
      column["kind"] = kind_name(table.columns[c].kind);
      column["missing"] = missing_cells(table.columns[c]);
      json["columns"].push_back(std::move(column));
    }
    json["findings"] = findings_json(table, findings);
    print(fmt::format("{}\n", dump_json(json, 2)));
  } else {
    print_text(table, names, findings);
  }
  const bool unusable = std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.severity == Severity::error;
  });
  return unusable ? exit_code(ErrorKind::bad_data) : 0;
}

}  // namespace

void add_check(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("check", "Say what is wrong with a table or a folder of images");
  command
      ->add_option(
          "FILE", arguments->file,
          "File with a table (CSV, .xlsx, .arff, .gz; '-': standard input), or folder of images")
      ->required();
  add_role_options(*command, arguments->roles);
  add_read_options(*command, arguments->reading);
  command->add_flag("--json", arguments->json, "Print the findings as JSON");
  command->callback([arguments, &action] { action = [arguments] { return check(*arguments); }; });
}

}  // namespace cupel::cli
