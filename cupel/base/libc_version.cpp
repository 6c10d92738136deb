#include "cupel/base/libc_version.hpp"

#include <unistd.h>

namespace cupel {

std::string libc_version() {
#ifdef _CS_GNU_LIBC_VERSION
  char text[64];
  const auto length = confstr(_CS_GNU_LIBC_VERSION, text, sizeof text);
  if (length > 1 && length <= sizeof text) return std::string(text, length - 1);
#endif
  return "unknown";
}

}  // namespace cupel
