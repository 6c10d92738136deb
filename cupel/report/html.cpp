#include "cupel/report/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cupel::report {
namespace {

std::string superscript(int exponent) {
  static constexpr std::string_view kDigits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string out = exponent < 0 ? "⁻" : "";
  for (char c : fmt::format("{}", std::abs(exponent))) out += kDigits[c - '0'];
  return out;
}

/// Power of ten of the first digit, after rounding to `digits` digits.
int exponent_of(double value, int digits) {
  const std::string text = fmt::format("{:.{}e}", std::fabs(value), digits - 1);
  return std::stoi(text.substr(text.find('e') + 1));
}

std::string without_trailing_zeros(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

/// "-12345.6" becomes "−12,345.6"; "-0.0" becomes "0.0".
std::string grouped(std::string digits) {
  const bool zero = digits.find_first_of("123456789") == std::string::npos;
  const bool negative = digits.front() == '-';
  if (negative) digits.erase(0, 1);
  const std::size_t whole = std::min(digits.find('.'), digits.size());
  if (whole > 3)
    for (std::size_t at = whole - 3;; at -= 3) {
      digits.insert(at, ",");
      if (at <= 3) break;
    }
  return (negative && !zero ? "−" : "") + digits;
}

std::string not_finite_text(double value) {
  return std::isnan(value) ? "–" : value > 0 ? "∞" : "−∞";
}

std::string scientific(double value, int digits) {
  const std::string text = fmt::format("{:.{}e}", value, digits - 1);
  const std::size_t e = text.find('e');
  return grouped(without_trailing_zeros(text.substr(0, e))) + "×10" +
         superscript(std::stoi(text.substr(e + 1)));
}

bool needs_exponent(double value, int digits) {
  const int exponent = exponent_of(value, digits);
  return value != 0 && (exponent >= 7 || exponent <= -4);
}

/// Bytes of the UTF-8 character at `at`.
std::size_t character_size(std::string_view text, std::size_t at) {
  std::size_t size = 1;
  while (at + size < text.size() && (static_cast<unsigned char>(text[at + size]) & 0xC0) == 0x80)
    ++size;
  return size;
}

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F)
      out += ' ';
    else
      out += c;
  }
  return out;
}

std::string number_text(double value, int digits) {
  if (!std::isfinite(value)) return not_finite_text(value);
  if (needs_exponent(value, digits)) return scientific(value, digits);
  const int decimals = value == 0 ? 0 : std::max(0, digits - 1 - exponent_of(value, digits));
  return grouped(without_trailing_zeros(fmt::format("{:.{}f}", value, decimals)));
}

std::vector<std::string> aligned_texts(std::span<const double> values, int digits) {
  std::vector<double> sizes;
  for (double v : values)
    if (std::isfinite(v) && v != 0) sizes.push_back(std::fabs(v));
  std::sort(sizes.begin(), sizes.end());
  const bool alike = !sizes.empty() && !needs_exponent(sizes.back(), digits) &&
                     !needs_exponent(sizes.front(), digits) && sizes.back() < 1e5 * sizes.front();
  std::vector<std::string> out;
  for (double v : values) {
    if (!std::isfinite(v) || !alike) {
      out.push_back(number_text(v, digits));
      continue;
    }
    const int decimals = std::max(0, digits - 1 - exponent_of(sizes[sizes.size() / 2], digits));
    out.push_back(grouped(fmt::format("{:.{}f}", v, decimals)));
  }
  return out;
}

std::string count_text(std::int64_t count) { return grouped(fmt::format("{}", count)); }

std::string count_text(std::int64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count_text(count), noun, count == 1 ? "" : "s");
}

std::string percent_text(double percent) {
  if (!std::isfinite(percent)) return not_finite_text(percent);
  const bool small = std::fabs(percent) < 9.95;
  return grouped(without_trailing_zeros(fmt::format("{:.{}f}", percent, small ? 1 : 0))) + " %";
}

std::string r2_text(double r2) {
  return std::isfinite(r2) && std::fabs(r2) < 1000 ? grouped(fmt::format("{:.3f}", r2))
                                                   : number_text(r2, 3);
}

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) return "–";
  if (seconds < 60) return number_text(seconds, 2) + " s";
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", count_text(whole / 3600), whole / 60 % 60);
}

std::string label_text(std::string_view name, std::string_view unit) {
  return unit.empty() ? std::string(name) : fmt::format("{} [{}]", name, unit);
}

std::string quantity_text(double value, std::string_view unit, int digits) {
  const std::string number = number_text(value, digits);
  return unit.empty() || !std::isfinite(value) ? number : fmt::format("{} {}", number, unit);
}

std::string shortened_text(std::string_view text, int longest) {
  std::size_t at = 0, last_kept = 0;
  for (int n = 0; at < text.size(); ++n) {
    if (n == longest) return std::string(text.substr(0, last_kept)) + "…";
    if (n == longest - 1) last_kept = at;
    at += character_size(text, at);
  }
  return std::string(text);
}

std::string list_text(std::span<const std::string> names, int most) {
  const int count = static_cast<int>(names.size());
  const int shown = count > most + 1 ? most : count;
  std::string out;
  for (int i = 0; i < shown; ++i) {
    if (i > 0) out += i == count - 1 ? " and " : ", ";
    out += names[i];
  }
  if (shown < count) out += fmt::format(" and {} more", count_text(count - shown));
  return out;
}

std::string element(std::string_view tag, std::string_view attributes, std::string_view content) {
  return fmt::format("<{0}{1}{2}>{3}</{0}>", tag, attributes.empty() ? "" : " ", attributes,
                     content);
}

std::string paragraph(std::string_view content, std::string_view css) {
  return element("p", css.empty() ? "" : fmt::format("class=\"{}\"", css), content) + "\n";
}

Cell text_cell(std::string_view text) { return {.html = escape(text)}; }

Cell number_cell(double value, int digits) {
  return {.html = number_text(value, digits), .sort = value};
}

Cell count_cell(std::int64_t count) {
  return {.html = count_text(count), .sort = static_cast<double>(count)};
}

void HtmlTable::row(const std::vector<Cell>& cells, std::string_view css) {
  rows_ += css.empty() ? "<tr>" : fmt::format("<tr class=\"{}\">", css);
  for (std::size_t i = 0; i < cells.size() && i < headings_.size(); ++i) {
    std::string attributes = headings_[i].number ? "class=\"n\"" : "";
    if (std::isfinite(cells[i].sort))
      attributes += fmt::format(" data-v=\"{:.6g}\"", cells[i].sort);
    rows_ += element("td", attributes, cells[i].html);
  }
  rows_ += "</tr>\n";
}

std::string HtmlTable::html() const {
  std::string head;
  for (const Heading& heading : headings_)
    head += element("th", heading.number ? "class=\"n\" scope=\"col\"" : "scope=\"col\"",
                    escape(heading.text));
  return "<div class=\"scroll\"><table>\n<thead><tr>" + head + "</tr></thead>\n<tbody>\n" + rows_ +
         "</tbody></table></div>\n";
}

std::string bar(double share, std::string_view css) {
  const double width = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) * 100 : 0;
  return fmt::format(
      "<svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
      "<rect class=\"{}\" x=\"0\" y=\"0\" width=\"{:.1f}\" height=\"10\"/></svg>",
      css, width);
}

}  // namespace cupel::report
