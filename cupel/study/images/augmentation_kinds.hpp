// The ways in which training images may be changed at random; a study chooses one of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cupel/study/design_options.hpp"
#include "cupel/training/train_images.hpp"

namespace cupel {

/// Names of the kinds, milder ones first; a kind is its place among them.
std::vector<std::string> augmentation_names();
/// Kinds that the options leave open.
std::vector<int> augmentation_kinds(const DesignOptions& options);
/// size: pixels a side.
Augmentation augmentation_of(int kind, int size);
/// What a kind does, in words.
std::string_view augmentation_text(int kind);

}  // namespace cupel
