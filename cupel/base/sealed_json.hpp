// JSON text that knows its own contents: the last member, "checksum", covers every byte before it,
// and what follows is fixed. Any one changed byte of the file is noticed, blanks included.
#pragma once

#include <string>
#include <string_view>

#include "cupel/base/json.hpp"

namespace cupel {

/// An object as text (`indent` as in dump_json) with its checksum and a line end; a member of that
/// name that it has already is replaced.
std::string sealed_json(const Json& object, int indent);

enum class Seal {
  none,    ///< the text does not end as sealed_json() ends it
  whole,   ///< it is as it was written
  broken,  ///< it was changed
};

Seal seal_of(std::string_view text);

}  // namespace cupel
