// Independent pieces of work on several threads.
#pragma once

#include <functional>

namespace cupel {

/// Calls work(i) once for every i in [0, count), on up to `jobs` threads (the caller's thread
/// is one of them; jobs <= 1 runs in order on it alone). Pieces are started in order of i.
/// The first exception stops further starts and is thrown again here, after all threads ended.
void parallel_for(int count, int jobs, const std::function<void(int)>& work);

/// Logical processors of this machine, at least 1.
int processor_count();

}  // namespace cupel
