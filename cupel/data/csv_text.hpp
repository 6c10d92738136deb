// From the bytes of a file to UTF-8 text and its separator: the first stage of reading a CSV.
#pragma once

#include <string>
#include <string_view>

namespace cupel {

struct DecodedText {
  std::string owned;       ///< the text when the bytes had to be converted
  std::string_view bytes;  ///< the text when they had not
  std::string note;        ///< "read as Latin-1 …"; empty when the bytes are UTF-8 already

  /// UTF-8 without byte-order mark; lives as long as this and the bytes given.
  std::string_view view() const { return note.empty() ? bytes : std::string_view(owned); }
};

/// Understands UTF-8, UTF-16 (either order, with or without mark) and Latin-1 (with the
/// Windows-1252 signs). Throws Error{bad_data} for content that is not text.
DecodedText decode_text(std::string_view bytes, const std::string& name);

/// The separator that splits the most lines of the first megabyte into as many fields as the header
/// line has;
/// '\0' when no candidate occurs in the header (a single column). `text` begins at the header.
char detect_separator(std::string_view text);

/// Throws Error{bad_data} naming the first line longer than `longest` bytes.
void refuse_long_lines(std::string_view bytes, const std::string& name, std::size_t longest);

}  // namespace cupel
