#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cupel/search/method.hpp"
#include "cupel/study/recipe.hpp"

namespace cupel::cli {
namespace {

std::string& remembered() {
  static std::string text;
  return text;
}

/// For a shell: in single quotes, those in it as '\''.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + '\'';
}

int list(bool as_json) {
  Json json = Json::Array{};
  std::vector<Recipe> all(recipes().begin(), recipes().end());
  all.insert(all.end(), image_recipes().begin(), image_recipes().end());
  for (const Recipe& recipe : all) {
    Json item;
    item["name"] = recipe.name;
    item["summary"] = recipe.summary;
    item["source"] = recipe.source;
    item["published_trials"] = recipe.published_trials;
    json.push_back(std::move(item));
    if (!as_json)
      print(fmt::format("{:<16} {}\n                 {}\n", recipe.name, recipe.summary,
                        recipe.source));
  }
  if (as_json) {
    print(fmt::format("{}\n", dump_json(json, 2)));
    return 0;
  }
  print("\nSearch methods:\n");
  for (const Method& method : methods())
    print(fmt::format("{:<16} {}\n", method.name, method.summary));
  return 0;
}

}  // namespace

void remember_command(int count, char** arguments) {
  remembered() = "cupel";
  for (int k = 1; k < count; ++k) {
    const std::string text = arguments[k];
    const bool plain =
        !text.empty() && text.find_first_of(" '\"$&|;<>()*?[]{}#~!`\t\n\\") == std::string::npos;
    remembered() += ' ' + (plain ? text : quoted(text));
  }
}

const std::string& command_line() { return remembered(); }

void add_recipes(CLI::App& app, Action& action) {
  auto as_json = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("recipes", "List design methods, with their sources");
  command->add_flag("--json", *as_json, "Print as JSON");
  command->callback([as_json, &action] { action = [as_json] { return list(*as_json); }; });
}

}  // namespace cupel::cli
