#include "cupel/study/profile.hpp"

#include "cupel/base/libc_version.hpp"
#include "cupel/base/version.hpp"

namespace cupel {

Json numeric_profile() {
  Json profile;
  profile["cupel"] = kVersion;
  profile["arithmetic"] = "eight lanes, fused multiply-add, fixed tree";
  profile["threads_per_trial"] = 1;
  profile["libc"] = libc_version();
  return profile;
}

}  // namespace cupel
