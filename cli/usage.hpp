// What is said about a command line that cannot be understood.
#pragma once

#include "cupel/base/error.hpp"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace cupel::cli {

/// Names the word that is wrong and the option or command that it is most like.
Error usage_error(const CLI::App& app, const CLI::ParseError& problem, int count, char** arguments);

}  // namespace cupel::cli
