// The C library that the program runs with: its exp, log and pow are part of a result's bits.
#pragma once

#include <string>

namespace cupel {

/// For example "glibc 2.36"; "unknown" where the system does not tell.
std::string libc_version();

}  // namespace cupel
