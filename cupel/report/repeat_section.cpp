// How to get the same result again.
#include <fmt/format.h>

#include <cmath>

#include "cupel/report/html.hpp"
#include "cupel/report/sections.hpp"

namespace cupel::report {
namespace {

std::string value_text(const Json& value) {
  if (value.is_null()) return "–";
  if (value.is_string()) return value.as_string();
  if (value.is_bool()) return value.as_bool() ? "yes" : "no";
  if (value.is_number() && !std::isfinite(value.as_number())) return number_text(value.as_number());
  if (!value.is_array()) return dump_json(value);
  std::string text;
  for (const Json& item : value.as_array()) text += (text.empty() ? "" : ", ") + value_text(item);
  return text;
}

/// Members of members as "search.population".
void add_options(HtmlTable& table, const Json& options, const std::string& prefix) {
  for (const auto& [key, value] : options.as_object()) {
    const std::string name = prefix.empty() ? key : prefix + "." + key;
    if (value.is_object())
      add_options(table, value, name);
    else
      table.row({text_cell(name), text_cell(value_text(value))});
  }
}

}  // namespace

std::string repeat_section(const ReportData& data) {
  HtmlTable facts({{"What"}, {"Value"}});
  const auto fact = [&](std::string_view what, std::string_view value) {
    if (!value.empty()) facts.row({text_cell(what), text_cell(value)});
  };
  fact("Data file", data.data_file);
  fact("Fingerprint of the data", data.fingerprint);
  fact("Method", data.recipe + (data.recipe_summary.empty() ? "" : ": " + data.recipe_summary));
  fact("Seed", fmt::format("{}", data.seed));
  fact("Program version", data.program_version);
  fact("Made on", data.created);
  fact("Time taken", duration_text(data.elapsed_s));
  fact("Energy used", data.energy);
  fact("Networks tried",
       fmt::format("{}{}", count_text(std::ssize(data.trials)),
                   data.failed_trials > 0
                       ? fmt::format(", {} failed", count_text(data.failed_trials))
                       : ", none failed"));
  fact("Ended because", data.stop_reason);
  std::string out;
  if (!data.command.empty())
    out += paragraph("The same command, data and seed give the same result:") +
           element("pre", "", escape(data.command)) + "\n";
  out += element("div", "class=\"facts\"", facts.html());
  if (data.options.is_object() && !data.options.as_object().empty()) {
    HtmlTable options({{"Option"}, {"Value"}});
    add_options(options, data.options, "");
    out += "<h3>All options</h3>\n" + element("div", "class=\"facts\"", options.html());
  }
  return out;
}

}  // namespace cupel::report
