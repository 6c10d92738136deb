#include "cupel/data/unit_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "cupel/data/csv_cells.hpp"
#include "cupel/data/csv_grid.hpp"
#include "cupel/data/month_names.hpp"

namespace cupel {
namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at))
    text.replace(at, from.size(), to), at += to.size();
}

/// One spelling for all that mean the same. Capitals stay: mW is not MW.
std::string canonical(std::string_view text) {
  std::string unit(trimmed(text));
  constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kSame = {
      {{"²", "2"},
       {"³", "3"},
       {"^", ""},
       {"**", ""},
       {"·", "."},
       {"*", "."},
       {" ", ""},
       {"\xC2\xA0", ""},
       {"µ", "u"},
       {"μ", "u"},
       {"℃", "degC"},
       {"℉", "degF"},
       {"°", "deg"},
       {"º", "deg"}}};
  for (const auto& [from, to] : kSame) replace_all(unit, from, to);
  const std::string low = lower_case(unit);
  if (low == "degc" || low == "c" || low == "celsius" || low == "gradc" || low == "deg.c")
    return "degC";
  if (low == "degf" || low == "f" || low == "fahrenheit") return "degF";
  if (low == "pct" || low == "percent" || low == "prozent" || low == "perc") return "%";
  if (low == "1" || low == "-" || low == "--" || low == "none") return "";
  return unit;
}

constexpr std::array<std::string_view, 24> kPrefixed = {
    "W", "Wh", "VA", "var", "VAr", "VArh", "Pa",  "bar", "g",   "m",   "s",  "A",
    "V", "Hz", "J",  "N",   "l",   "L",    "mol", "eV",  "cal", "Ohm", "Bq", "S"};
constexpr std::array<std::pair<char, double>, 8> kPrefixes = {{{'k', 1e3},
                                                               {'K', 1e3},
                                                               {'M', 1e6},
                                                               {'G', 1e9},
                                                               {'T', 1e12},
                                                               {'m', 1e-3},
                                                               {'u', 1e-6},
                                                               {'n', 1e-9}}};

struct Prefixed {
  double factor = 1;
  std::string base;
};

std::optional<Prefixed> without_prefix(const std::string& unit) {
  const std::size_t end = std::min(unit.find_first_of("/.0123456789"), unit.size());
  const std::string head = unit.substr(0, end), tail = unit.substr(end);
  if (!tail.empty() && tail[0] != '/') return std::nullopt;  // km2 is no thousand m2
  const auto known = [](std::string_view name) {
    return std::find(kPrefixed.begin(), kPrefixed.end(), name) != kPrefixed.end();
  };
  if (known(head)) return Prefixed{1, unit};
  if (head.size() < 2 || !known(head.substr(1))) return std::nullopt;
  for (const auto& [letter, factor] : kPrefixes)
    if (head[0] == letter) return Prefixed{factor, head.substr(1) + tail};
  return std::nullopt;
}

constexpr std::array<std::string_view, 96> kUnitWords = {
    "degc", "degf",  "c",   "f",   "k",    "%",    "ppm",  "ppb", "bar",  "bara", "barg", "mbar",
    "pa",   "hpa",   "kpa", "mpa", "psi",  "psig", "psia", "atm", "torr", "mmhg", "inhg", "kg",
    "g",    "mg",    "ug",  "ng",  "t",    "lb",   "lbs",  "lbm", "klb",  "oz",   "ton",  "tons",
    "h",    "hr",    "hrs", "min", "mins", "s",    "sec",  "ms",  "d",    "day",  "days", "yr",
    "year", "m",     "cm",  "mm",  "um",   "nm",   "km",   "ft",  "in",   "inch", "mi",   "l",
    "ml",   "ul",    "gal", "gpm", "nm3",  "sm3",  "m3",   "m2",  "cm2",  "cm3",  "ft3",  "rpm",
    "hz",   "khz",   "mhz", "w",   "kw",   "mw",   "kwh",  "mwh", "j",    "kj",   "mj",   "gj",
    "btu",  "mmbtu", "v",   "mv",  "a",    "ma",   "n",    "kn",  "mol",  "kmol", "ph",   "cp"};

}  // namespace

bool same_unit(std::string_view a, std::string_view b) {
  return a == b || canonical(a) == canonical(b);
}

std::optional<double> unit_ratio(std::string_view from, std::string_view to) {
  if (same_unit(from, to)) return 1;
  const auto a = without_prefix(canonical(from)), b = without_prefix(canonical(to));
  if (!a || !b || a->base != b->base) return std::nullopt;
  return a->factor / b->factor;
}

std::optional<double> scale_word(std::string_view text) {
  const std::string word = lower_case(text);
  if (word == "k" || word == "thousand" || word == "tsd") return 1e3;
  if (text == "M" || word == "mil" || word == "mio" || word == "mio." || word == "million" ||
      word == "mill")
    return 1e6;
  if (text == "G" || text == "B" || word == "bil" || word == "bn" || word == "billion" ||
      word == "mrd" || word == "mrd.")
    return 1e9;
  if (text == "T" || word == "tri") return 1e12;
  return std::nullopt;
}

bool looks_like_unit(std::string_view text) {
  std::string unit = canonical(text);
  if (unit.empty() || unit == "%" || unit == "$") return true;
  std::string word;
  bool any = false;
  const auto known = [&] {
    while (!word.empty() && word.back() >= '0' && word.back() <= '9') word.pop_back();
    if (word.empty()) return true;
    any = true;
    const std::string low = lower_case(word);
    return std::find(kUnitWords.begin(), kUnitWords.end(), low) != kUnitWords.end() ||
           without_prefix(word).has_value();
  };
  for (const char c : unit) {
    if (c != '/' && c != '.' && c != '-' && c != '(' && c != ')' && c != '%') {
      word += c;
      continue;
    }
    any = any || c == '%';
    if (!known()) return false;
    word.clear();
  }
  return known() && any;
}

}  // namespace cupel
