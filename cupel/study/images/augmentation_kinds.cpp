#include "cupel/study/images/augmentation_kinds.hpp"

#include <array>

namespace cupel {
namespace {

struct AugmentationKind {
  std::string_view name, text;
  Augmentation changes;  ///< of images of kSmallImage pixels or more a side; shifts halved below
};
constexpr int kSmallImage = 24;
constexpr std::array<AugmentationKind, 4> kAugmentations = {{
    {"none", "none", {}},
    {"shifts", "shifts and brightness", {.shift = 2, .brightness = 0.1}},
    {"flips",
     "flips, shifts and brightness",
     {.flip_sideways = true, .flip_upright = true, .shift = 2, .brightness = 0.1}},
    {"turns",
     "quarter turns, flips, shifts and brightness",
     {.flip_sideways = true,
      .flip_upright = true,
      .transpose = true,
      .shift = 2,
      .brightness = 0.1}},
}};

}  // namespace

std::vector<int> augmentation_kinds(const DesignOptions& options) {
  std::vector<int> kinds;
  for (int k = 0; k < static_cast<int>(kAugmentations.size()); ++k)
    if (options.augment == kAugmentations[static_cast<std::size_t>(k)].name ||
        (options.augment == "auto" && (k == 0 || options.budget != "published")))
      kinds.push_back(k);
  return kinds;
}

Augmentation augmentation_of(int kind, int size) {
  Augmentation augmentation = kAugmentations[static_cast<std::size_t>(kind)].changes;
  if (size < kSmallImage) augmentation.shift /= 2;
  return augmentation;
}

std::vector<std::string> augmentation_names() {
  std::vector<std::string> names;
  for (const auto& kind : kAugmentations) names.emplace_back(kind.name);
  return names;
}

std::string_view augmentation_text(int kind) {
  return kAugmentations[static_cast<std::size_t>(kind)].text;
}

}  // namespace cupel
