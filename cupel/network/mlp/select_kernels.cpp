#include <fmt/format.h>

#include "cupel/base/error.hpp"
#include "cupel/network/mlp/kernels.hpp"

namespace cupel {

namespace portable_set {
extern const Kernels kernels;
}
#if defined(__x86_64__)
namespace v3_set {
extern const Kernels kernels;
}
namespace v4_set {
extern const Kernels kernels;
}
#endif

namespace {

bool has_v3() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return false;
#endif
}

bool has_v4() {
#if defined(__x86_64__)
  return has_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
#else
  return false;
#endif
}

}  // namespace

const Kernels& select_kernels(std::string_view name) {
  const bool automatic = name == "auto";
  if (!automatic && name != "portable" && name != "v3" && name != "v4")
    throw Error(ErrorKind::usage, fmt::format("there is no kernel set '{}'", name),
                "use auto, portable, v3 or v4");
#if defined(__x86_64__)
  if (name == "v4" || (automatic && has_v4())) {
    if (has_v4()) return v4_set::kernels;
  } else if (name == "v3" || (automatic && has_v3())) {
    if (has_v3()) return v3_set::kernels;
  }
#endif
  if (automatic || name == "portable") return portable_set::kernels;
  throw Error(ErrorKind::usage, fmt::format("this processor cannot run the kernel set '{}'", name),
              "use auto or portable: the results are the same to the last bit");
}

}  // namespace cupel
