// Options of a design run on the command line, made from the table in study/design_options.hpp.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cupel/data/read_table.hpp"
#include "cupel/study/design_options.hpp"

namespace CLI {
class App;
}

namespace cupel::cli {

/// Texts of --target, --inputs, … as typed.
struct RoleTexts {
  std::string targets, inputs, ignore, keep, log_targets, time, group;
  std::vector<std::string> units;  ///< COLUMN=UNIT
};

void add_role_options(CLI::App& command, RoleTexts& texts);
/// Adds to `roles` what was typed. Throws Error{usage} for a unit without '='.
void apply_roles(const RoleTexts& texts, Roles& roles);

/// Texts of --sheet and --header as typed.
struct ReadTexts {
  std::string sheet, header = "auto", decimal_mark;
};

void add_read_options(CLI::App& command, ReadTexts& texts);
/// `options` with what was typed.
ReadOptions read_options(const ReadTexts& texts, ReadOptions options = {});

/// One text per option of the table, empty when it was not typed.
struct OptionTexts {
  std::vector<std::string> values;
};

/// Adds the options of the table; with `all` false only those that do not change a result.
void add_design_options(CLI::App& command, OptionTexts& texts, bool all);
/// Takes an option out of the command's help; it is refused with its own message.
void hide_option(CLI::App& command, const std::string& flag);
/// Over `json`, what was typed. Throws Error{usage} for a value of the wrong kind.
void apply_options(const OptionTexts& texts, Json& json);

}  // namespace cupel::cli
