#include <fmt/format.h>

#include "cupel/base/error.hpp"
#include "cupel/process/problem_text.hpp"

namespace cupel {
namespace {

[[noreturn]] void refuse(const std::string& what, const std::string& hint = {}) {
  throw Error(ErrorKind::usage, what, hint);
}

std::vector<std::string> list_of(const Json& value, const std::string& where) {
  if (value.is_string()) return {value.as_string()};
  if (!value.is_array()) refuse(fmt::format("{} must be a text or a list of texts", where));
  for (const Json& item : value.as_array())
    if (!item.is_string()) refuse(fmt::format("{} must be a list of texts", where));
  return value.as_strings();
}

/// A TOML value as it stands behind NAME= on the command line.
std::string value_text(const Json& value, const std::string& where) {
  if (value.is_string()) return value.as_string();
  if (value.is_number()) return fmt::format("{}", value.as_number());
  if (value.is_array() && value.as_array().size() == 2 && value.as_array()[0].is_number() &&
      value.as_array()[1].is_number())
    return fmt::format("{}:{}", value.as_array()[0].as_number(), value.as_array()[1].as_number());
  if (value.is_object()) {
    if (const Json* values = value.find("values")) {
      std::string text;
      for (const double v : values->as_numbers())
        text += fmt::format("{}{}", text.empty() ? "{" : ",", v);
      return text + "}";
    }
    if (const Json* range = value.find("range")) {
      const Json* whole = value.find("integer");
      return value_text(*range, where) + (whole && whole->as_bool() ? ":integer" : "");
    }
  }
  refuse(
      fmt::format("{} must be a number, a range [LOW, UP], {{range = [LOW, UP], integer = true}} "
                  "or {{values = [...]}}",
                  where));
}

}  // namespace

ProblemTexts texts_from_toml(const Json& toml, const std::string& name) {
  ProblemTexts texts;
  const auto pairs = [&](const std::string& key, const Json& table, std::vector<std::string>& to) {
    if (!table.is_object()) refuse(fmt::format("{}: [{}] must be a table", name, key));
    for (const auto& [item, value] : table.as_object())
      to.push_back(item + "=" + value_text(value, fmt::format("{}: {}.{}", name, key, item)));
  };
  for (const auto& [key, value] : toml.as_object()) {
    const std::string where = fmt::format("{}: '{}'", name, key);
    if (key == "models")
      texts.models = list_of(value, where);
    else if (key == "maximize")
      texts.maximize = list_of(value, where);
    else if (key == "minimize")
      texts.minimize = list_of(value, where);
    else if (key == "limits")
      texts.limits = list_of(value, where);
    else if (key == "vary")
      pairs(key, value, texts.vary);
    else if (key == "fix")
      pairs(key, value, texts.fix);
    else if (key == "disturb")
      pairs(key, value, texts.disturb);
    else if (key == "current")
      pairs(key, value, texts.current);
    else if (key == "move")
      pairs(key, value, texts.move);
    else if (key == "target")
      pairs(key, value, texts.target);
    else if (key == "range")
      pairs(key, value, texts.range);
    else if (key == "formulas")
      pairs(key, value, texts.formulas);
    else if (key == "confidence" && value.is_number())
      texts.confidence = value.as_number();
    else if (key == "interval" && value.is_string())
      texts.interval = value.as_string();
    else if (key == "inside_data" && value.is_bool())
      texts.inside_data = value.as_bool();
    else if (key != "search")
      refuse(fmt::format("{} is not known, or of the wrong kind", where),
             "known are: models, vary, fix, disturb, current, move, maximize, minimize, target, "
             "range, limits, formulas, confidence, interval, inside_data, search");
  }
  return texts;
}

}  // namespace cupel
