// Which images are for training, validation and the final test; what the folders leave open is
// drawn, class by class, objects kept together.
#pragma once

#include <cstdint>
#include <vector>

#include "cupel/data/image_folder.hpp"

namespace cupel {

struct ImageSplit {
  std::vector<int> train, validation, test;  ///< increasing; test may be empty
};

struct ImageSplitOptions {
  double test_fraction = 0.25;
  double validation_fraction = 0.2;  ///< of what is not test
  std::uint64_t seed = 1;
};

/// Folders that name parts decide; a validation part they lack is drawn from the training part.
/// Throws Error{bad_data} naming the class when it has too few images for a part.
ImageSplit split_images(const ImageFolder& folder, const ImageSplitOptions& options);

/// What may spoil the result: few or unequal classes, copies and near-copies of an image in two
/// parts, objects in two parts, copies in two classes.
std::vector<Finding> check_images(const ImageFolder& folder, const ImageSplit& split);

}  // namespace cupel
