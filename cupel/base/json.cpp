#include "cupel/base/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

constexpr int kDeepest = 200;

std::string_view type_name(const Json& value) {
  if (value.is_null()) return "null";
  if (value.is_bool()) return "true/false";
  if (value.is_number()) return "a number";
  if (value.is_string()) return "text";
  return value.is_array() ? "a list" : "an object";
}

[[noreturn]] void wrong_type(const Json& value, std::string_view wanted) {
  throw Error(ErrorKind::runtime,
              fmt::format("expected {} but found {}", wanted, type_name(value)));
}

/// Builds a Json from nlohmann's parser events, without recursion.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return add(Json()); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(std::int64_t{value}); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<std::uint64_t>(INT64_MAX)) return add(static_cast<double>(value));
    return add(static_cast<std::int64_t>(value));
  }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(true); }
  bool key(string_t& value) override {
    open_.back().key = std::move(value);
    return true;
  }
  bool end_object() override {
    Json::Object members = std::move(open_.back().members);
    open_.pop_back();
    return has_no_key_twice(members) && add(std::move(members));
  }
  bool start_array(std::size_t) override { return open(false); }
  bool end_array() override {
    Json::Array items = std::move(open_.back().items);
    open_.pop_back();
    return add(std::move(items));
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    // The library's own number of the error, in brackets, tells nobody anything.
    const std::string_view text = error.what();
    const std::size_t bracket = text.find("] ");
    problem = fmt::format("at byte {}: {}", position,
                          bracket == std::string_view::npos ? text : text.substr(bracket + 2));
    return false;
  }

  Json root;
  std::string problem;

 private:
  /// An object or an array whose end has not come.
  struct Level {
    bool is_object;
    std::string key = {};  ///< of the member that comes next
    Json::Object members = {};
    Json::Array items = {};
  };

  bool add(Json value) {
    if (open_.empty())
      root = std::move(value);
    else if (Level& level = open_.back(); level.is_object)
      level.members.emplace_back(std::move(level.key), std::move(value));
    else
      level.items.push_back(std::move(value));
    return true;
  }
  bool open(bool is_object) {
    if (open_.size() >= kDeepest) {
      problem = fmt::format("nested deeper than {} levels", kDeepest);
      return false;
    }
    open_.push_back({is_object});
    return true;
  }
  bool has_no_key_twice(const Json::Object& members) {
    std::vector<std::string_view> keys;
    for (const Json::Member& member : members) keys.push_back(member.first);
    std::sort(keys.begin(), keys.end());
    const auto twice = std::adjacent_find(keys.begin(), keys.end());
    if (twice != keys.end()) problem = fmt::format("the key '{}' occurs twice", *twice);
    return twice == keys.end();
  }

  std::vector<Level> open_;
};

template <class Values>
Json::Array to_array(const Values& values) {
  Json::Array array;
  array.reserve(static_cast<std::size_t>(values.size()));
  for (const auto& value : values) array.emplace_back(value);
  return array;
}

}  // namespace

Json::Json(const Vector& value) : value_(to_array(value)) {}
Json::Json(const std::vector<double>& value) : value_(to_array(value)) {}
Json::Json(const std::vector<int>& value) : value_(to_array(value)) {}
Json::Json(const std::vector<std::string>& value) : value_(to_array(value)) {}

bool Json::is_number() const {
  return std::holds_alternative<double>(value_) || std::holds_alternative<std::int64_t>(value_);
}

bool Json::as_bool() const {
  if (const auto* value = std::get_if<bool>(&value_)) return *value;
  wrong_type(*this, "true/false");
}

double Json::as_number() const {
  if (const auto* value = std::get_if<double>(&value_)) return *value;
  if (const auto* value = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*value);
  if (is_null()) return std::numeric_limits<double>::quiet_NaN();
  wrong_type(*this, "a number");
}

std::int64_t Json::as_integer() const {
  if (const auto* value = std::get_if<std::int64_t>(&value_)) return *value;
  if (const auto* value = std::get_if<double>(&value_);
      value && std::abs(*value) < 9e15 && std::floor(*value) == *value)
    return static_cast<std::int64_t>(*value);
  wrong_type(*this, "a whole number");
}

const std::string& Json::as_string() const {
  if (const auto* value = std::get_if<std::string>(&value_)) return *value;
  wrong_type(*this, "text");
}

const Json::Array& Json::as_array() const {
  if (const auto* value = std::get_if<Array>(&value_)) return *value;
  wrong_type(*this, "a list");
}

const Json::Object& Json::as_object() const {
  if (const auto* value = std::get_if<Object>(&value_)) return *value;
  wrong_type(*this, "an object");
}

std::vector<double> Json::as_numbers() const {
  std::vector<double> numbers;
  for (const Json& value : as_array()) numbers.push_back(value.as_number());
  return numbers;
}

Vector Json::as_vector() const {
  const std::vector<double> numbers = as_numbers();
  return Eigen::Map<const Vector>(numbers.data(), static_cast<Eigen::Index>(numbers.size()));
}

std::vector<int> Json::as_integers() const {
  std::vector<int> integers;
  for (const Json& value : as_array()) {
    const std::int64_t integer = value.as_integer();
    if (integer < INT32_MIN || integer > INT32_MAX) wrong_type(value, "a 32-bit whole number");
    integers.push_back(static_cast<int>(integer));
  }
  return integers;
}

std::vector<std::string> Json::as_strings() const {
  std::vector<std::string> strings;
  for (const Json& value : as_array()) strings.push_back(value.as_string());
  return strings;
}

const Json* Json::find(std::string_view key) const {
  if (const auto* object = std::get_if<Object>(&value_))
    for (const Member& member : *object)
      if (member.first == key) return &member.second;
  return nullptr;
}

const Json& Json::at(std::string_view key) const {
  if (const Json* value = find(key)) return *value;
  throw Error(ErrorKind::runtime, fmt::format("the entry '{}' is missing", key));
}

Json& Json::operator[](std::string_view key) {
  if (is_null()) value_ = Object{};
  auto& object = std::get<Object>(value_);
  for (Member& member : object)
    if (member.first == key) return member.second;
  return object.emplace_back(std::string(key), Json()).second;
}

void Json::push_back(Json value) {
  if (is_null()) value_ = Array{};
  std::get<Array>(value_).push_back(std::move(value));
}

Json parse_json(std::string_view text, std::string_view name) {
  Builder builder;
  const bool complete = nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
  if (!complete)
    throw Error(ErrorKind::runtime, fmt::format("{}: not valid JSON ({})", name, builder.problem));
  return std::move(builder.root);
}

struct JsonWriter {
  std::string text;
  int indent;

  void write(const Json& value, int level) {
    std::visit([&](const auto& held) { write_held(held, level); }, value.value_);
  }

 private:
  void write_held(std::monostate, int) { text += "null"; }
  void write_held(bool value, int) { text += value ? "true" : "false"; }
  void write_held(std::int64_t value, int) { text += fmt::format("{}", value); }
  void write_held(double value, int) {
    if (!std::isfinite(value)) {
      text += "null";
      return;
    }
    if (value == 0 && std::signbit(value)) {  // "-0" would read back as the integer 0
      text += "-0.0";
      return;
    }
    char buffer[40];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    text.append(buffer, end);
  }
  void write_held(const std::string& value, int) {
    text += nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  void write_held(const Json::Array& values, int level) {
    // Lists of plain values stay on one line: weights would fill pages otherwise.
    bool flat = true;
    for (const Json& value : values) flat = flat && !value.is_array() && !value.is_object();
    text += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) text += indent >= 0 && flat ? ", " : ",";
      if (!flat) new_line(level + 1);
      write(values[i], level + 1);
    }
    if (!flat) new_line(level);
    text += ']';
  }
  void write_held(const Json::Object& members, int level) {
    text += '{';
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i > 0) text += ',';
      new_line(level + 1);
      write_held(members[i].first, level);
      text += indent >= 0 ? ": " : ":";
      write(members[i].second, level + 1);
    }
    if (!members.empty()) new_line(level);
    text += '}';
  }
  void new_line(int level) {
    if (indent < 0) return;
    text += '\n';
    text.append(static_cast<std::size_t>(indent * level), ' ');
  }
};

std::string dump_json(const Json& value, int indent) {
  JsonWriter writer{.text = {}, .indent = indent};
  writer.write(value, 0);
  return std::move(writer.text);
}

}  // namespace cupel
