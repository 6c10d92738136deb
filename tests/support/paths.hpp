// Where the sources and the built programs are. The paths are compiled into one file only, so that
// a compiler cache serves every checkout.
#pragma once

#include <string>

namespace cupel::test {

/// A file of the repository: source_path("samples/yacht.csv").
std::string source_path(const std::string& name);
/// A file of the data sets for development, which may lie beside the checkout; empty: it does not.
std::string shared_data(const std::string& name);
/// The same of the situations to get right: shared_case("repeats-leak/repeat.csv").
std::string shared_case(const std::string& name);
/// A file of the build folder: build_path("cupel") is the program.
std::string build_path(const std::string& name);

}  // namespace cupel::test
