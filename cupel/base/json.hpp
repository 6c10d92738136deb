// A JSON value: what configuration, model files, stored trials and --json output are made of.
// Objects keep the order of insertion. TOML is read into the same type.
// Numbers are written in the shortest form that reads back to the same bits; NaN and
// infinities, which JSON lacks, are written as null and read back as NaN.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "cupel/base/matrix.hpp"

namespace cupel {

class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;

  Json() = default;  ///< null
  Json(bool value) : value_(value) {}
  Json(double value) : value_(value) {}
  Json(int value) : value_(static_cast<std::int64_t>(value)) {}
  Json(std::int64_t value) : value_(value) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(Array value) : value_(std::move(value)) {}
  Json(Object value) : value_(std::move(value)) {}
  Json(const Vector& value);
  Json(const std::vector<double>& value);
  Json(const std::vector<int>& value);
  Json(const std::vector<std::string>& value);

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_bool() const { return std::holds_alternative<bool>(value_); }
  bool is_number() const;
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }

  /// The value as the type asked for. Throws Error{runtime} naming both types otherwise.
  bool as_bool() const;
  double as_number() const;  ///< null gives NaN
  std::int64_t as_integer() const;
  const std::string& as_string() const;
  const Array& as_array() const;
  const Object& as_object() const;
  Vector as_vector() const;
  std::vector<double> as_numbers() const;
  std::vector<int> as_integers() const;
  std::vector<std::string> as_strings() const;

  /// The member `key`; nullptr when absent or when this is not an object.
  const Json* find(std::string_view key) const;
  /// The member `key`. Throws Error{runtime} naming the key when it is absent.
  const Json& at(std::string_view key) const;
  /// The member `key`, made (null) when absent; a null value becomes an object first.
  Json& operator[](std::string_view key);
  /// Appends to an array; a null value becomes an array first.
  void push_back(Json value);

  bool operator==(const Json&) const = default;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
  friend struct JsonWriter;
};

/// Parses one JSON text. Throws Error{runtime} with the place when it is not JSON, or when it
/// is nested deeper than 200. `name` is used in the message (a file name).
Json parse_json(std::string_view text, std::string_view name);
/// indent < 0: one line without spaces; otherwise that many blanks a level.
std::string dump_json(const Json& value, int indent = -1);

/// Parses TOML into the same type (dates become strings). Throws Error{usage} with line and
/// column when it is not TOML.
Json parse_toml(std::string_view text, std::string_view name);

}  // namespace cupel
