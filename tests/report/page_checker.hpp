// A small reader of our own pages: are tags balanced, what do texts and attributes say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cupel::test {

struct PageParts {
  std::string problem;     ///< empty: every tag is closed in order
  std::string text;        ///< outside tags, styles and scripts
  std::string attributes;  ///< inside tags, with the tags' names
};

inline bool is_raw(const std::string& tag) { return tag == "style" || tag == "script"; }

inline PageParts read_page(std::string_view page) {
  PageParts out;
  std::vector<std::string> open;
  std::size_t at = 0;
  while (at < page.size()) {
    if (!open.empty() && is_raw(open.back())) at = page.find("</" + open.back(), at);
    const std::size_t start = page.find('<', at);
    if (start == std::string_view::npos) break;
    out.text += std::string(page.substr(at, start - at)) + "\n";
    const std::size_t end = page.find('>', start);
    if (end == std::string_view::npos)
      return {.problem = "a tag without end", .text = {}, .attributes = {}};
    const std::string tag(page.substr(start + 1, end - start - 1));
    at = end + 1;
    if (tag.starts_with("!")) continue;
    if (tag.starts_with("/")) {
      if (open.empty() || open.back() != tag.substr(1)) {
        out.problem = "unexpected <" + tag + "> inside <" + (open.empty() ? "" : open.back()) + ">";
        return out;
      }
      open.pop_back();
      continue;
    }
    out.attributes += tag + "\n";
    if (!tag.ends_with("/")) open.push_back(tag.substr(0, tag.find_first_of(" \n")));
  }
  if (!open.empty()) out.problem = "<" + open.back() + "> is never closed";
  return out;
}

inline int count_of(std::string_view text, std::string_view part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

/// Whether `word` stands in `text` without letters beside it, in any case.
inline bool has_word(std::string_view text, std::string_view word) {
  const auto letter = [&](std::size_t i) {
    return i < text.size() && ((text[i] | 32) >= 'a' && (text[i] | 32) <= 'z');
  };
  for (std::size_t at = 0; at + word.size() <= text.size(); ++at) {
    bool same = true;
    for (std::size_t k = 0; k < word.size() && same; ++k) same = (text[at + k] | 32) == word[k];
    if (same && !letter(at + word.size()) && (at == 0 || !letter(at - 1))) return true;
  }
  return false;
}

}  // namespace cupel::test
