// Puts the sections together into one page that needs nothing from outside.
#include <fmt/format.h>

#include "cupel/report/html.hpp"
#include "cupel/report/page_style.hpp"
#include "cupel/report/report_data.hpp"
#include "cupel/report/sections.hpp"

namespace cupel {
namespace report {
namespace {

struct Section {
  std::string_view id, title;
  std::string (*write)(const ReportData&);
};

constexpr Section kSections[] = {
    {"data", "The data", data_section},
    {"findings", "Findings in the data", findings_section},
    {"front", "Error against size: the front", front_section},
    {"network", "The chosen network", network_section},
    {"fit", "Measured against predicted", fit_section},
    {"residuals", "What remains: the errors", residual_section},
    {"trust", "How far to believe it", trust_section},
    {"effects", "What each input does", effects_section},
    {"comparison", "Comparison with simple methods", comparison_section},
    {"repeat", "How to repeat this", repeat_section},
};

std::string header(const ReportData& data) {
  std::string byline = data.data_file;
  for (const std::string& part : {data.recipe, data.created})
    if (!part.empty()) byline += (byline.empty() ? "" : " · ") + part;
  std::string links;
  int number = 0;
  for (const Section& section : kSections)
    links += fmt::format("<a href=\"#{}\">{} {}</a> ", section.id, ++number, section.title);
  return element("header", "",
                 element("h1", "", escape(data.title.empty() ? "Design report" : data.title)) +
                     paragraph(escape(byline), "byline") + element("nav", "", links)) +
         "\n";
}

std::string body(const ReportData& data) {
  std::string out = header(data);
  if (data.as_published)
    out += warning_section(data) + headline_section(data);
  else
    out += headline_section(data) + warning_section(data);
  int number = 0;
  for (const Section& section : kSections)
    out += element("section", fmt::format("id=\"{}\"", section.id),
                   fmt::format("<h2>{} {}</h2>\n", ++number, section.title) + section.write(data)) +
           "\n";
  return out;
}

}  // namespace
}  // namespace report

std::string html_report(const ReportData& data) {
  using namespace report;
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n";
  page += element("title", "", escape(data.title.empty() ? "Design report" : data.title));
  page += element("style", "", page_style());
  page += "\n</head>\n<body>\n" + element("main", "", body(data)) + "\n";
  page += element("script", "", page_script());
  return page + "\n</body>\n</html>\n";
}

}  // namespace cupel
