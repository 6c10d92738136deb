// TOML through toml++, as a Json value.
#include <fmt/format.h>

#define TOML_EXCEPTIONS 1
#include <sstream>
#include <toml++/toml.h>

#include "cupel/base/error.hpp"
#include "cupel/base/json.hpp"

namespace cupel {
namespace {

Json convert(const toml::node& node) {
  if (const auto* table = node.as_table()) {
    Json::Object object;
    for (const auto& [key, value] : *table)
      object.emplace_back(std::string(key.str()), convert(value));
    return object;
  }
  if (const auto* array = node.as_array()) {
    Json::Array list;
    for (const auto& value : *array) list.push_back(convert(value));
    return list;
  }
  if (const auto value = node.value_exact<bool>()) return *value;
  if (const auto value = node.value_exact<std::int64_t>()) return *value;
  if (const auto value = node.value_exact<double>()) return *value;
  if (const auto value = node.value_exact<std::string>()) return *value;
  std::ostringstream text;  // dates and times
  node.visit([&](const auto& leaf) {
    if constexpr (toml::is_value<decltype(leaf)>) text << leaf.get();
  });
  return text.str();
}

}  // namespace

Json parse_toml(std::string_view text, std::string_view name) {
  try {
    return convert(toml::parse(text, name));
  } catch (const toml::parse_error& error) {
    const auto place = error.source().begin;
    throw Error(ErrorKind::usage, fmt::format("{}, line {}, column {}: {}", name, place.line,
                                              place.column, error.description()));
  }
}

}  // namespace cupel
