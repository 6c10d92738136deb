// The parts of a zip archive in memory, as workbooks are packed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cupel {

/// Appends the next piece of a part to the text; false at its end.
using PartPieces = std::function<bool(std::string& text)>;
/// The pieces of the part of that name; an empty function where there is none.
using OpenPart = std::function<PartPieces(const std::string& part)>;

class ZipArchive {
 public:
  /// `bytes` and `name` (for messages) must outlive it. Throws Error{bad_data} for a damaged
  /// archive.
  ZipArchive(std::string_view bytes, const std::string& name);

  /// The first `most` names in it.
  std::vector<std::string> names(std::size_t most) const;
  bool has(const std::string& part) const;
  /// The pieces throw Error{bad_data} for damage, a password, and more than 1 GB unpacked.
  PartPieces open(const std::string& part) const;

 private:
  struct Handle;
  std::shared_ptr<Handle> handle_;
};

}  // namespace cupel
