#include "tests/support/paths.hpp"

namespace cupel::test {

std::string source_path(const std::string& name) { return CUPEL_SOURCE_DIR "/" + name; }
std::string build_path(const std::string& name) { return CUPEL_BINARY_DIR "/" + name; }

}  // namespace cupel::test
