// The commands of the program, one file each. Each adds itself to the argument parser and, when
// chosen, runs and returns the exit code. Results go to stdout, everything else to stderr.
#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace cupel::cli {

/// What the chosen command is to do; set while arguments are parsed.
using Action = std::function<int()>;

void add_check(CLI::App& app, Action& action);
void add_design(CLI::App& app, Action& action);
void add_compare(CLI::App& app, Action& action);
void add_resume(CLI::App& app, Action& action);
void add_predict(CLI::App& app, Action& action);
void add_report(CLI::App& app, Action& action);
void add_optimize(CLI::App& app, Action& action);
void add_analyze(CLI::App& app, Action& action);
void add_simulate(CLI::App& app, Action& action);
void add_export(CLI::App& app, Action& action);
void add_recipes(CLI::App& app, Action& action);

/// The command line as typed, to be repeated.
void remember_command(int count, char** arguments);
const std::string& command_line();

}  // namespace cupel::cli
