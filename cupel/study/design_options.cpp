#include "cupel/study/design_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "cupel/base/error.hpp"
#include "cupel/data/nearest_name.hpp"
#include "cupel/data/read_table.hpp"
#include "cupel/study/recipe.hpp"

namespace cupel {
namespace {

[[noreturn]] void refuse(std::string message, std::string hint = {}) {
  throw Error(ErrorKind::usage, std::move(message), std::move(hint));
}

Json value_of(const DesignOptions& options, const OptionInfo& info) {
  return std::visit([&](auto field) { return Json(options.*field); }, info.field);
}

template <class T>
T whole_number(const Json& value) {
  const std::int64_t number = value.as_integer();
  if (number < std::numeric_limits<T>::min() || number > std::numeric_limits<T>::max())
    throw Error(ErrorKind::usage, "the number is too large");
  return static_cast<T>(number);
}

void set_value(DesignOptions& options, const OptionInfo& info, const Json& value) {
  if (info.name == "time_limit" && value.is_string()) {
    options.time_limit_s = parse_duration(value.as_string());
    return;
  }
  try {
    std::visit(
        [&](auto field) {
          using T = std::remove_reference_t<decltype(options.*field)>;
          if constexpr (std::is_same_v<T, bool>)
            options.*field = value.as_bool();
          else if constexpr (std::is_same_v<T, double>)
            options.*field = value.as_number();
          else if constexpr (std::is_same_v<T, std::string>)
            options.*field = value.as_string();
          else
            options.*field = whole_number<T>(value);
        },
        info.field);
  } catch (const Error& error) {
    refuse(fmt::format("option '{}': {}", info.name, error.message()),
           fmt::format("now it is {}", dump_json(value)));
  }
}

void check_value(const DesignOptions& options, const OptionInfo& info) {
  const Json value = value_of(options, info);
  if (value.is_number() && info.low < info.up) {
    const double number = value.as_number();
    if (!(number >= info.low && number <= info.up))
      refuse(fmt::format("option '{}' is {}", info.name, number),
             fmt::format("it must lie between {} and {}", info.low, info.up));
  }
  if (!info.choices.empty() &&
      std::find(info.choices.begin(), info.choices.end(), value.as_string()) == info.choices.end())
    refuse(fmt::format("option '{}' is '{}'", info.name, value.as_string()),
           fmt::format("use one of: {}", fmt::join(info.choices, ", ")));
}

/// What a flow without a search has no use for.
constexpr std::array<std::string_view, 22> kOfSearch = {
    "search",    "budget",       "trials",     "population",    "generations",        "tournament",
    "operators", "crossover",    "mutation",   "jumping_genes", "hidden_layers",      "optimizer",
    "loss",      "alpha",        "iterations", "max_step",      "gradient_tolerance", "confirm",
    "pick",      "error_weight", "stop_early", "stop_margin"};

/// What an image recipe reads of the options that are not its own.
constexpr std::array<std::string_view, 20> kOfImages = {
    "output",     "recipe",      "search",     "budget",    "trials",        "time_limit",
    "jobs",       "seed",        "kernels",    "protocol",  "test_fraction", "validation_fraction",
    "population", "generations", "tournament", "selection", "bit_crossover", "patience",
    "crossover",  "mutation"};

/// An option that the recipe does not read, and that is not left as it was, is a mistake.
void check_recipe_reads(const DesignOptions& options, const OptionInfo& info) {
  constexpr std::array<std::string_view, 3> kOfPaper = {"population", "generations", "inner"};
  constexpr std::array<std::string_view, 4> kOfElimination = {"choose", "max_connections", "ridge",
                                                              "average"};
  const bool of_search =
      std::find(kOfSearch.begin(), kOfSearch.end(), info.name) != kOfSearch.end();
  const auto among = [&](const auto& names) {
    return std::find(names.begin(), names.end(), info.name) != names.end();
  };
  const auto names_recipe = [&](const std::vector<std::string>& names) {
    return names.empty() || std::find(names.begin(), names.end(), options.recipe) != names.end();
  };
  const bool own = names_recipe(listed_names(info.recipe));
  const bool reads = options.paper() ? among(kOfPaper) || !(of_search || among(kOfElimination))
                     : options.recipe == "oa-ann" ? !of_search && own && info.name != "inner"
                     : is_image_recipe(options.recipe)
                         ? among(kOfImages) || (own && !info.recipe.empty())
                         : own;
  if (reads || dump_json(value_of(options, info)) == dump_json(value_of(DesignOptions{}, info)))
    return;
  std::string flag(info.name);
  std::replace(flag.begin(), flag.end(), '_', '-');
  refuse(fmt::format("recipe '{}'{} has no use for --{}", options.recipe,
                     options.paper() ? " with --mode paper" : "", flag),
         info.recipe.empty()
             ? "leave it out, or choose another --recipe"
             : fmt::format("leave it out, or add --recipe {}", listed_names(info.recipe).front()));
}

}  // namespace

ReadOptions read_options(const DesignOptions& options) {
  ReadOptions read{.sheet = options.sheet, .header = header_line(options.header)};
  if (!options.decimal_mark.empty()) read.decimal_mark = decimal_mark(options.decimal_mark);
  return read;
}

std::vector<std::string> listed_names(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    std::string name(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    name.erase(0, std::min(name.find_first_not_of(' '), name.size()));
    name.erase(name.find_last_not_of(' ') + 1);
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(std::move(name));
  }
  return names;
}

void check_options(const DesignOptions& options) {
  for (const OptionInfo& info : option_table()) {
    check_value(options, info);
    check_recipe_reads(options, info);
  }
  if (options.recipe == "oa-ann" && options.as_published())
    refuse("recipe 'oa-ann' has no --protocol as-published",
           "--mode paper is the published search; it scores on training rows alone");
  if (is_image_recipe(options.recipe) && options.as_published())
    refuse(fmt::format("recipe '{}' has no --protocol as-published", options.recipe),
           "--budget published takes the source's numbers with the honest protocol");
  const bool rows = !options.train_rows.empty() || !options.test_rows.empty();
  if (rows && !options.test_file.empty())
    refuse("a test file and row numbers exclude each other", "give one of them");
  if (!options.train_rows.empty() != !options.test_rows.empty() && options.test_rows.empty())
    refuse("--train-rows needs --test-rows", "give the rows of the test part as well");
  if (options.as_published() && options.test_fraction == 0 && options.test_file.empty() &&
      options.test_rows.empty())
    refuse("--protocol as-published scores on the test part, and there is none",
           "give --test-fraction above 0, --test or --test-rows");
  if (options.as_published() && options.intervals != "auto" && options.intervals != "jackknife")
    refuse(fmt::format("--intervals {} needs held-out rows, and --protocol as-published keeps none",
                       options.intervals),
           "use --intervals jackknife, or leave out --protocol");
  if (options.optimizer == "levenberg-marquardt" && options.loss != "mse" && options.loss != "auto")
    refuse("levenberg-marquardt minimizes the squared error only",
           "use --optimizer lbfgs for other losses");
  if (options.budget == "published" && options.trials > 0)
    refuse("--budget published sets the trials itself", "leave out --trials, or the budget");
}

Json to_json(const DesignOptions& options) {
  Json json;
  json["data"] = options.data;
  for (const OptionInfo& info : option_table()) json[info.name] = value_of(options, info);
  json["columns"] = to_json(options.roles);
  return json;
}

DesignOptions options_from_json(const Json& json) {
  DesignOptions options;
  for (const Json::Member& member : json.as_object()) {
    const std::string& name = member.first;
    const Json& value = member.second;
    if (name == "data") {
      options.data = value.as_string();
      continue;
    }
    if (name == "columns") {
      options.roles = roles_from_json(value);
      continue;
    }
    const auto found = std::find_if(option_table().begin(), option_table().end(),
                                    [&](const OptionInfo& info) { return info.name == name; });
    if (found == option_table().end()) {
      std::vector<std::string> names = {"data", "columns"};
      for (const OptionInfo& info : option_table()) names.emplace_back(info.name);
      const std::string near = nearest_name(name, names);
      refuse(fmt::format("there is no option '{}'", name),
             near.empty() ? "'cupel design --help' lists them; in TOML '-' is written '_'"
                          : fmt::format("did you mean '{}'?", near));
    }
    set_value(options, *found, value);
  }
  check_options(options);
  return options;
}

double parse_duration(std::string_view text) {
  double total = 0;
  const char* at = text.data();
  const char* end = at + text.size();
  bool any = false;
  while (at < end) {
    double number = 0;
    const auto [after, problem] = std::from_chars(at, end, number);
    if (problem != std::errc() || number < 0 || !std::isfinite(number)) break;
    const char unit = after < end ? *after : 's';
    const double factor = unit == 'h' ? 3600 : unit == 'm' ? 60 : unit == 's' ? 1 : 0;
    if (factor == 0) break;
    total += factor * number;
    at = after < end ? after + 1 : after;
    any = true;
  }
  if (!any || at != end)
    refuse(fmt::format("'{}' is not a time", text), "write 90s, 10m, 1h30m or seconds");
  return total;
}

}  // namespace cupel
