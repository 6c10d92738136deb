// The data and what the data doctor found in it; the warnings that stand at the top.
#include <fmt/format.h>

#include <algorithm>

#include "cupel/report/html.hpp"
#include "cupel/report/sections.hpp"

namespace cupel::report {
namespace {

std::string severity_mark(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "<span class=\"note-mark\">note</span>";
    case Severity::warning:
      return "<span class=\"warn-mark\">▲ warning</span>";
    case Severity::error:
      return "<span class=\"warn-mark\">■ error</span>";
  }
  return {};
}

std::string where_text(const ReportData& data, const Finding& finding) {
  std::string text = finding.column;
  if (finding.row >= 0)
    text += fmt::format("{}row {}", text.empty() ? "" : ", ",
                        count_text(std::int64_t{finding.row} + data.header_lines + 1));
  return text;
}

std::string split_text(const ReportData& data) {
  std::string text = fmt::format("{} in ‘{}’: {} for the design", count_text(data.rows, "row"),
                                 data.data_file, count_text(data.design_rows));
  if (data.test_rows > 0)
    text += fmt::format(", {} kept aside as a test", count_text(data.test_rows));
  if (data.rows_without_target > 0)
    text += fmt::format(", {} left out because a target, or every input, is missing",
                        count_text(data.rows_without_target));
  return text + ".";
}

Cell column_number(const ColumnSummary& column, double value) {
  return column.kind == "number" ? number_cell(value) : Cell{};
}

}  // namespace

std::string warning_section(const ReportData& data) {
  std::string items;
  if (data.as_published)
    items += element("li", "",
                     "<strong>The figures on this page are optimistic.</strong> As in the "
                     "published method, the test rows took part in the search. Expect "
                     "larger errors on new data.");
  const auto serious = [](const Finding& f) { return f.severity != Severity::note; };
  int shown = 0;
  for (const Finding& finding : data.findings)
    if (serious(finding) && shown++ < 8) {
      const std::string where = where_text(data, finding);
      items += element("li", "",
                       (where.empty() ? "" : element("strong", "", escape(where)) + ": ") +
                           escape(finding.what));
    }
  if (items.empty()) return {};
  if (shown > 8)
    items += element("li", "", fmt::format("and {} more in section 2.", count_text(shown - 8)));
  return element(
             "section", "class=\"warnings\" id=\"warnings\"",
             "<h2>Before you rely on this</h2><ul>" + items + "</ul>" +
                 (shown > 0 ? paragraph("Section 2 says what to do about each.", "small") : "")) +
         "\n";
}

std::string data_section(const ReportData& data) {
  std::string out = paragraph(escape(split_text(data)) + " " + escape(data.split));
  if (data.columns.empty()) return out;
  HtmlTable table({{"Column"},
                   {"Unit"},
                   {"Role"},
                   {"Kind"},
                   {"Lowest", true},
                   {"Median", true},
                   {"Highest", true},
                   {"Missing cells", true}});
  for (const ColumnSummary& column : data.columns) {
    const std::string kind = column.kind == "text"
                                 ? "text, " + count_text(column.levels, "different word")
                                 : column.kind;
    table.row(
        {text_cell(column.name), text_cell(column.unit), text_cell(column.role), text_cell(kind),
         column_number(column, column.low), column_number(column, column.median),
         column_number(column, column.high), count_cell(column.missing)},
        column.role == "target"    ? "hit"
        : column.role == "ignored" ? "faint"
                                   : "");
  }
  return out + table.html();
}

std::string findings_section(const ReportData& data) {
  if (data.findings.empty()) return paragraph("Nothing suspicious was found in the file.");
  HtmlTable table({{"Severity"}, {"Column"}, {"Row", true}, {"What"}, {"What to do"}});
  for (const Finding& finding : data.findings)
    table.row(
        {{.html = severity_mark(finding.severity), .sort = -static_cast<double>(finding.severity)},
         text_cell(finding.column.empty() ? "whole file" : finding.column),
         finding.row < 0 ? Cell{} : count_cell(std::int64_t{finding.row} + data.header_lines + 1),
         text_cell(finding.what),
         text_cell(finding.drop ? finding.advice + " (not used as an input)" : finding.advice)});
  return paragraph(
             "Row numbers are those a spreadsheet shows when it opens the file; where a "
             "finding concerns several rows, it is the first one.",
             "small") +
         table.html();
}

}  // namespace cupel::report
