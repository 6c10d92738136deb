#include "cupel/data/yes_no.hpp"

#include <algorithm>
#include <array>

#include "cupel/data/month_names.hpp"

namespace cupel {
namespace {

constexpr std::array<std::string_view, 23> kYes = {
    "yes", "y",    "true", "t",    "on",        "1",   "ja",  "j",    "wahr",  "ein", "an", "oui",
    "o",   "vrai", "si",   "vero", "verdadero", "sim", "tak", "evet", "kylla", "da",  "1.0"};
constexpr std::array<std::string_view, 20> kNo = {
    "no",   "n",     "false", "f",   "off",   "0",  "nein", "falsch", "aus", "non",
    "faux", "falso", "nao",   "nie", "hayir", "ei", "nee",  "nej",    "ne",  "0.0"};

}  // namespace

std::optional<bool> yes_or_no(std::string_view text) {
  if (text.empty() || text.size() > 10) return std::nullopt;
  const std::string word = plain_letters(text);
  if (std::find(kYes.begin(), kYes.end(), word) != kYes.end()) return true;
  if (std::find(kNo.begin(), kNo.end(), word) != kNo.end()) return false;
  return std::nullopt;
}

}  // namespace cupel
