// The write-ahead log beside an interrupted study, checked frame by frame. SQLite reads a log up
// to the first frame that is wrong and passes over the rest without a word: right after a power
// failure, but a damaged byte would cost all later trials in silence.
#pragma once

#include <string>

namespace cupel {

/// Throws Error{runtime} when a frame of the present log is wrong although a commit follows it.
/// Frames without one are what a transaction that failed, on a full disk, has left.
void check_study_log(const std::string& path);

}  // namespace cupel
