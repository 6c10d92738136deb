// The numeric profile: all that, besides options and data, decides the bits of a result.
#pragma once

#include "cupel/base/json.hpp"

namespace cupel {

/// Program version, arithmetic (virtual lanes), C library. The kernel set is not in it: portable,
/// v3 and v4 give the same bits. Numbers of threads are not either.
Json numeric_profile();

}  // namespace cupel
