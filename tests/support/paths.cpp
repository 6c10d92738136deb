#include "tests/support/paths.hpp"

#include <filesystem>

namespace cupel::test {

std::string source_path(const std::string& name) { return CUPEL_SOURCE_DIR "/" + name; }
std::string shared_data(const std::string& name) {
  std::string path = source_path("../shared/data/" + name);
  return std::filesystem::exists(path) ? path : std::string();
}
std::string shared_case(const std::string& name) {
  std::string path = source_path("../shared/cases/" + name);
  return std::filesystem::exists(path) ? path : std::string();
}
std::string build_path(const std::string& name) { return CUPEL_BINARY_DIR "/" + name; }

}  // namespace cupel::test
