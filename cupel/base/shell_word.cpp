#include "cupel/base/shell_word.hpp"

#include <algorithm>
#include <cctype>

namespace cupel {

std::string shell_word(const std::string& text) {
  const bool plain =
      !text.empty() && text[0] != '=' && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 ||
               std::string_view("_.-/,:+@%=").find(static_cast<char>(c)) !=
                   std::string_view::npos ||
               c >= 0x80;
      });
  if (plain) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + '\'';
}

std::string shell_file(const std::string& path) {
  return shell_word(path.starts_with('-') ? "./" + path : path);
}

std::string shell_option(std::string_view option, const std::string& value) {
  return std::string(option) + (value.starts_with('-') ? '=' : ' ') + shell_word(value);
}

}  // namespace cupel
