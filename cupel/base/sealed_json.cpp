#include "cupel/base/sealed_json.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace cupel {
namespace {

constexpr std::string_view kName = "checksum";

/// FNV-1a, 64 bits: each step is one-to-one, so that no change of one byte goes unnoticed.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

/// How the text ends behind the comma of the last member.
std::string ending(std::uint64_t hash, int indent) {
  if (indent < 0) return fmt::format("\"{}\":\"{:016x}\"}}\n", kName, hash);
  return fmt::format("\n{:{}}\"{}\": \"{:016x}\"\n}}\n", "", indent, kName, hash);
}

bool is_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

/// Whether two endings are the same but for the digits.
bool same_form(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t k = 0; k < a.size(); ++k)
    if (a[k] != b[k] && !(is_digit(a[k]) && is_digit(b[k]))) return false;
  return true;
}

}  // namespace

std::string sealed_json(const Json& object, int indent) {
  Json::Object members;
  for (const Json::Member& member : object.as_object())
    if (member.first != kName) members.push_back(member);
  std::string text = dump_json(members, indent);
  text.pop_back();  // the brace, and the line it stands on
  if (text.back() == '\n') text.pop_back();
  if (!members.empty()) text += ',';
  return text + ending(hash_of(text), indent);
}

Seal seal_of(std::string_view text) {
  // The forms that programs write; another blank before the checksum is a change like any other.
  for (const int indent : {-1, 1}) {
    const std::size_t length = ending(0, indent).size();
    if (text.size() < length) continue;
    const std::string_view head = text.substr(0, text.size() - length);
    const std::string_view tail = text.substr(head.size());
    if (!same_form(tail, ending(0, indent))) continue;
    return tail == ending(hash_of(head), indent) ? Seal::whole : Seal::broken;
  }
  return Seal::none;
}

}  // namespace cupel
