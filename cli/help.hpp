// What --help prints: of a command with many options those that most users need; --help-all
// prints every one.
#pragma once

namespace CLI {
class App;
}

namespace cupel::cli {

/// For the program and all commands added afterwards.
void set_help(CLI::App& app);

}  // namespace cupel::cli
