#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <new>

#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/help.hpp"
#include "cli/interrupts.hpp"
#include "cli/usage.hpp"
#include "cupel/base/error.hpp"
#include "cupel/base/version.hpp"
#include "cupel/study/short_time.hpp"

namespace {

int run(int count, char** arguments) {
  CLI::App app{"Cupel: from plant data to a small, trustworthy neural network"};
  app.set_version_flag("--version", std::string(cupel::kVersion));
  app.require_subcommand(1);
  cupel::cli::set_help(app);
  cupel::cli::Action action;
  cupel::cli::add_check(app, action);
  cupel::cli::add_design(app, action);
  cupel::cli::add_compare(app, action);
  cupel::cli::add_resume(app, action);
  cupel::cli::add_predict(app, action);
  cupel::cli::add_report(app, action);
  cupel::cli::add_optimize(app, action);
  cupel::cli::add_analyze(app, action);
  cupel::cli::add_simulate(app, action);
  cupel::cli::add_export(app, action);
  cupel::cli::add_recipes(app, action);
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    throw cupel::cli::usage_error(app, error, count, arguments);
  }
  return action();
}

}  // namespace

int main(int count, char** arguments) {
  cupel::cli::prepare_streams();
  const cupel::cli::InterruptWatch watch;
  cupel::cli::remember_command(count, arguments);
  using cupel::cli::say;
  try {
    const int code = run(count, arguments);
    cupel::cli::flush_output();
    return code;
  } catch (const cupel::OutOfTime& error) {
    say(fmt::format("cupel: {}\n  {}\n", error.message(), error.hint()));
    return 5;
  } catch (const cupel::Error& error) {
    say(fmt::format("cupel: {}\n", error.message()));
    if (!error.hint().empty()) say(fmt::format("  {}\n", error.hint()));
    return cupel::exit_code(error.kind());
  } catch (const cupel::cli::ReaderGone&) {
    return 130;
  } catch (const std::bad_alloc&) {
    say("cupel: out of memory\n  take a part of the rows or columns, or raise the limit ('ulimit "
        "-v')\n");
  } catch (const std::exception& error) {
    say(fmt::format("cupel: {}\n", error.what()));
  }
  return 1;
}
