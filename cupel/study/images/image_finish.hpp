// After the search of an image study: the pick and the front, the last training on all design
// images, calibrated probabilities, the region, one look at the test images, reference networks.
#pragma once

#include "cupel/study/images/image_design.hpp"

namespace cupel {

/// A design under way.
struct ImageDesignRun {
  ImageStudyData* data;
  const DesignOptions* options;
  const Recipe* recipe;
  StudyFile* study;
  TrialRunner* runner;
  ProgressSink sink;
  std::stop_token stop;   ///< trainings end: the user wants it, or the time is over
  std::stop_token asked;  ///< the user wants it
  ImageDesignResult result = {};
  std::size_t objectives() const;
};

/// `best`: trials of the last stage, the best first.
void finish_images(ImageDesignRun& run, const std::vector<Trial>& best);

}  // namespace cupel
