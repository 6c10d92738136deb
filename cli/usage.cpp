#include "cli/usage.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "cupel/data/nearest_name.hpp"

namespace cupel::cli {
namespace {

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> flags_of(const CLI::App& command) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) flags.push_back(name);
  return flags;
}

bool has_flag(const CLI::App& command, const std::string& name) {
  const auto flags = flags_of(command);
  return std::find(flags.begin(), flags.end(), name) != flags.end();
}

Error unknown_command(const CLI::App& app, const std::string& word) {
  const auto names = command_names(app);
  const std::string near = nearest_name(word, names);
  return {ErrorKind::usage, fmt::format("there is no command '{}'", word),
          near.empty() ? fmt::format("the commands are {}", fmt::join(names, ", "))
                       : fmt::format("did you mean '{}'?", near)};
}

/// Of the first typed word that looks like an option and is none; empty when there is none.
std::string unknown_flag(const std::vector<std::string>& flags, int count, char** arguments) {
  for (int k = 2; k < count; ++k) {
    const std::string typed = arguments[k];
    const std::string word = typed.substr(0, typed.find('='));
    if (!word.starts_with("--")) continue;
    const std::string name = word.substr(2);
    if (std::find(flags.begin(), flags.end(), name) == flags.end()) return name;
  }
  return {};
}

}  // namespace

Error usage_error(const CLI::App& app, const CLI::ParseError& problem, int count,
                  char** arguments) {
  const auto chosen = app.get_subcommands();
  if (chosen.empty() && count > 1 && arguments[1][0] != '-')
    return unknown_command(app, arguments[1]);
  if (chosen.empty())
    return {
        ErrorKind::usage, "no command is given",
        fmt::format("the commands are {}; see cupel --help", fmt::join(command_names(app), ", "))};
  const CLI::App& command = *chosen.front();
  const std::string help = fmt::format("see: cupel {} --help", command.get_name());
  const std::vector<std::string> flags = flags_of(command);
  const std::string flag = unknown_flag(flags, count, arguments);
  if (flag.empty()) return {ErrorKind::usage, problem.what(), help};
  const std::string what = fmt::format("'{}' has no option --{}", command.get_name(), flag);
  if (command.get_name() == "resume" && has_flag(*app.get_subcommand("design"), flag))
    return {ErrorKind::usage, what,
            "a study keeps the options it was begun with: design another one"};
  const std::string near = nearest_name(flag, flags);
  return {ErrorKind::usage, what, near.empty() ? help : fmt::format("did you mean --{}?", near)};
}

}  // namespace cupel::cli
