#include "cli/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "cupel/base/error.hpp"

namespace cupel::cli {
namespace {

std::string flag_name(std::string_view name) {
  std::string flag = "--";
  for (char c : name) flag += c == '_' ? '-' : c;
  return flag;
}

/// A,B,"C, D" as names; blanks around them do not count. In double quotes a comma is a letter.
std::vector<std::string> names_of(const std::string& text) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < text.size(); ++at) {
    at = text.find_first_not_of(' ', at);
    if (at == std::string::npos) break;
    const std::size_t quote = text[at] == '"' ? text.find('"', at + 1) : std::string::npos;
    const std::size_t end =
        std::min(text.find(',', quote == std::string::npos ? at : quote), text.size());
    std::string name = text.substr(at, end - at);
    name.erase(name.find_last_not_of(' ') + 1);
    if (quote != std::string::npos && at + name.size() == quote + 1)
      name = name.substr(1, name.size() - 2);
    if (!name.empty()) names.push_back(std::move(name));
    at = end;
  }
  return names;
}

/// What was typed takes the place of what a file says.
void replace_names(const std::string& text, std::vector<std::string>& names) {
  if (!text.empty()) names.clear();
  for (std::string& name : names_of(text)) names.push_back(std::move(name));
}

Json typed_value(const OptionInfo& info, const std::string& text) {
  const auto wrong = [&](std::string_view wanted) {
    return Error(ErrorKind::usage, fmt::format("{} is '{}'", flag_name(info.name), text),
                 fmt::format("it must be {}", wanted));
  };
  if (info.name == "time_limit") return text;
  if (std::holds_alternative<std::string DesignOptions::*>(info.field)) return text;
  if (std::holds_alternative<bool DesignOptions::*>(info.field)) {
    if (text == "true" || text == "yes" || text == "on") return true;
    if (text == "false" || text == "no" || text == "off") return false;
    throw wrong("yes or no");
  }
  const char* end = text.data() + text.size();
  if (std::holds_alternative<double DesignOptions::*>(info.field)) {
    double value = 0;
    const auto [at, problem] = std::from_chars(text.data(), end, value);
    if (problem != std::errc() || at != end) throw wrong("a number");
    return value;
  }
  std::int64_t value = 0;
  const auto [at, problem] = std::from_chars(text.data(), end, value);
  const bool narrow = std::holds_alternative<int DesignOptions::*>(info.field);
  if (problem != std::errc() || at != end || (narrow && std::abs(value) > INT32_MAX))
    throw wrong("a whole number");
  return value;
}

}  // namespace

void add_role_options(CLI::App& command, RoleTexts& texts) {
  const auto add = [&](const char* name, std::string& text, const char* help) {
    command.add_option(name, text, help)->group("Columns")->type_name("A,B,..")->join(',');
  };
  add("--target", texts.targets, "Columns to predict");
  add("--inputs", texts.inputs, "Columns to predict from (default: all other usable ones)");
  add("--ignore", texts.ignore, "Columns to leave out");
  add("--keep", texts.keep, "Inputs to use although the check advises against them");
  add("--log-target", texts.log_targets,
      "Targets whose errors are a share of their value: their logarithm is modelled");
  const auto add_one = [&](const char* name, std::string& text, const char* help) {
    command.add_option(name, text, help)->group("Columns")->type_name("COLUMN");
  };
  add_one("--time", texts.time, "Column with the time");
  add_one("--group", texts.group, "Column whose equal values stay on one side of every split");
  command.add_option("--units", texts.units, "COLUMN=UNIT, over the file's own (may be repeated)")
      ->group("Columns")
      ->type_name("COLUMN=UNIT");
}

void apply_roles(const RoleTexts& texts, Roles& roles) {
  replace_names(texts.targets, roles.targets);
  replace_names(texts.inputs, roles.inputs);
  replace_names(texts.ignore, roles.ignore);
  replace_names(texts.keep, roles.keep);
  replace_names(texts.log_targets, roles.log_targets);
  if (!texts.time.empty()) roles.time = texts.time;
  if (!texts.group.empty()) roles.group = texts.group;
  for (const std::string& unit : texts.units)
    for (const std::string& pair : names_of(unit)) {
      const auto at = pair.find('=');
      if (at == std::string::npos || at == 0)
        throw Error(ErrorKind::usage, fmt::format("--units '{}' has no '='", pair),
                    "write COLUMN=UNIT, for example T=degC");
      roles.units.emplace_back(pair.substr(0, at), pair.substr(at + 1));
    }
}

void add_read_options(CLI::App& command, ReadTexts& texts) {
  const auto add = [&](const char* flag, std::string& text, std::string_view name) {
    const auto table = option_table();
    const auto info = std::find_if(table.begin(), table.end(),
                                   [&](const OptionInfo& one) { return one.name == name; });
    return command.add_option(flag, text, std::string(info->help))->type_name("");
  };
  add("--sheet", texts.sheet, "sheet");
  add("--header", texts.header, "header")->check(CLI::IsMember({"auto", "yes", "no"}));
  add("--decimal-mark", texts.decimal_mark, "decimal_mark");
}

ReadOptions read_options(const ReadTexts& texts, ReadOptions options) {
  options.sheet = texts.sheet;
  options.header = header_line(texts.header);
  if (!texts.decimal_mark.empty()) options.decimal_mark = decimal_mark(texts.decimal_mark);
  return options;
}

void add_design_options(CLI::App& command, OptionTexts& texts, bool all) {
  const auto table = option_table();
  texts.values.resize(table.size());
  const DesignOptions defaults;
  for (std::size_t k = 0; k < table.size(); ++k) {
    const OptionInfo& info = table[k];
    if (!all && (info.changes_result || info.name == "output")) continue;
    std::string help(info.help);
    for (std::size_t c = 0; c < info.choices.size(); ++c)
      if (info.help.find(info.choices[c]) == std::string_view::npos) {
        help += fmt::format(": {}", fmt::join(info.choices, ", "));
        break;
      }
    const Json value = std::visit([&](auto field) { return Json(defaults.*field); }, info.field);
    if (!value.is_string())
      help += fmt::format(" [{}]", dump_json(value));
    else if (!value.as_string().empty())
      help += fmt::format(" [{}]", value.as_string());
    command.add_option(flag_name(info.name), texts.values[k], help)
        ->group(std::string(info.section))
        ->type_name("");
  }
}

void apply_options(const OptionTexts& texts, Json& json) {
  const auto table = option_table();
  for (std::size_t k = 0; k < table.size(); ++k)
    if (!texts.values[k].empty()) json[table[k].name] = typed_value(table[k], texts.values[k]);
}

void hide_option(CLI::App& command, const std::string& flag) {
  command.get_option(flag)->group("");
}

}  // namespace cupel::cli
