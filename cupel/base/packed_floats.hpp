// Many numbers as short text: IEEE single precision, little-endian, in base64 (RFC 4648). In
// Python: numpy.frombuffer(base64.b64decode(text), '<f4').
#pragma once

#include <string>
#include <string_view>

#include "cupel/base/matrix.hpp"

namespace cupel {

/// Each entry rounded to single precision: what comes back from unpack_floats(pack_floats()).
Matrix as_floats(const Matrix& values);

/// Column by column.
std::string pack_floats(const Matrix& values);

/// Throws Error{runtime} when the text is not that of rows x columns finite numbers.
Matrix unpack_floats(std::string_view text, Eigen::Index rows, Eigen::Index columns);

}  // namespace cupel
