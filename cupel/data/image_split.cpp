#include "cupel/data/image_split.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <set>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"

namespace cupel {
namespace {

/// Objects of one class (images where objects are not known), in drawn order.
std::vector<std::vector<int>> drawn_objects(const ImageFolder& folder, std::span<const int> images,
                                            Rng& rng) {
  std::map<int, std::vector<int>> objects;
  for (const int k : images) objects[folder.groups.empty() ? k : folder.groups[k]].push_back(k);
  std::vector<std::vector<int>> list, drawn;
  for (auto& [name, members] : objects) list.push_back(std::move(members));
  for (const int k : rng.permutation(static_cast<int>(list.size())))
    drawn.push_back(std::move(list[static_cast<std::size_t>(k)]));
  return drawn;
}

[[noreturn]] void too_few(const ImageFolder& folder, int label, std::size_t count) {
  throw Error(ErrorKind::bad_data,
              fmt::format("class '{}' has {} image{}{}: too few to train and to check a network",
                          folder.images.classes[static_cast<std::size_t>(label)], count,
                          count == 1 ? "" : "s", folder.groups.empty() ? "" : " or objects"),
              "give every class at least 3 images (some 100 to be of use)");
}

/// Moves about `fraction` of the images, whole objects, at least one, from `from` to `to`.
void draw(const ImageFolder& folder, double fraction, std::vector<int>& from, std::vector<int>& to,
          Rng& rng) {
  std::vector<int> kept;
  for (int label = 0; label < static_cast<int>(folder.images.classes.size()); ++label) {
    std::vector<int> members;
    for (const int k : from)
      if (folder.images.labels[k] == label) members.push_back(k);
    const auto objects = drawn_objects(folder, members, rng);
    if (objects.size() < 2) too_few(folder, label, members.size());
    const double wanted = fraction * static_cast<double>(members.size());
    std::size_t taken = 0, object = 0;
    for (; object + 1 < objects.size(); ++object) {
      const double half = static_cast<double>(objects[object].size()) / 2;
      if (object > 0 && static_cast<double>(taken) + half > wanted) break;
      to.insert(to.end(), objects[object].begin(), objects[object].end());
      taken += objects[object].size();
    }
    for (; object < objects.size(); ++object)
      kept.insert(kept.end(), objects[object].begin(), objects[object].end());
  }
  from = std::move(kept);
  std::sort(from.begin(), from.end());
  std::sort(to.begin(), to.end());
}

void check_part(const ImageFolder& folder, const std::vector<int>& part, const char* name) {
  std::vector<int> counts(folder.images.classes.size());
  for (const int k : part) ++counts[static_cast<std::size_t>(folder.images.labels[k])];
  for (std::size_t label = 0; label < counts.size(); ++label)
    if (counts[label] == 0)
      throw Error(ErrorKind::bad_data,
                  fmt::format("{}: class '{}' has no image in the {} part", folder.path,
                              folder.images.classes[label], name),
                  "put some there, or leave out the folders train, val and test: parts are then "
                  "drawn");
}

/// 64 signs of differences between neighbors on an 8 x 9 grid of means ("difference hash").
std::uint64_t shape_bits(const ImageSet& images, int k) {
  const auto pixels = images.image(k);
  const int size = images.size;
  const auto mean_of = [&](int row, int column) {
    const int top = row * size / 8, bottom = std::max(top + 1, (row + 1) * size / 8);
    const int left = column * size / 9, right = std::max(left + 1, (column + 1) * size / 9);
    int sum = 0;
    for (int y = top; y < bottom; ++y)
      for (int x = left; x < right; ++x) sum += pixels[static_cast<std::size_t>(y * size + x)];
    return static_cast<double>(sum) / ((bottom - top) * (right - left));
  };
  std::uint64_t bits = 0;
  for (int row = 0; row < 8; ++row)
    for (int column = 0; column < 8; ++column)
      bits = bits << 1 | (mean_of(row, column) < mean_of(row, column + 1) ? 1u : 0u);
  return bits;
}

/// Mean difference of grey levels below which two images of the same shape are near-copies.
constexpr double kNearLevels = 3;
constexpr int kNearBits = 4;
/// Beyond so many images only exact copies are looked for.
constexpr int kMostCompared = 20'000;

bool near(const ImageSet& images, int a, int b) {
  const auto first = images.image(a), second = images.image(b);
  int sum = 0;
  for (std::size_t k = 0; k < first.size(); ++k) sum += std::abs(first[k] - second[k]);
  return sum <= kNearLevels * static_cast<double>(first.size());
}

struct Copies {
  int count = 0, first = -1, second = -1;
  void add(int a, int b) {
    if (count++ == 0) {
      first = a;
      second = b;
    }
  }
};

std::string names_of(const ImageSet& images, const Copies& copies) {
  return fmt::format("first: {} and {}", images.files[static_cast<std::size_t>(copies.first)],
                     images.files[static_cast<std::size_t>(copies.second)]);
}

void check_copies(const ImageFolder& folder, std::span<const int> part_of,
                  std::vector<Finding>& findings) {
  const ImageSet& images = folder.images;
  const int count = images.count();
  std::vector<std::uint64_t> bits;
  for (int k = 0; k < count; ++k) bits.push_back(shape_bits(images, k));
  Copies across_parts, across_classes;
  const auto look = [&](int a, int b) {
    const bool parts = part_of[a] != part_of[b], classes = images.labels[a] != images.labels[b];
    if ((!parts && !classes) || !near(images, a, b)) return;
    if (parts) across_parts.add(a, b);
    if (classes) across_classes.add(a, b);
  };
  if (count <= kMostCompared) {
    for (int a = 0; a < count; ++a)
      for (int b = a + 1; b < count; ++b)
        if (__builtin_popcountll(bits[a] ^ bits[b]) <= kNearBits) look(a, b);
  } else {
    std::map<std::uint64_t, int> seen;
    for (int k = 0; k < count; ++k)
      if (const auto [place, fresh] = seen.emplace(bits[k], k); !fresh) look(place->second, k);
  }
  if (across_parts.count > 0)
    findings.push_back(
        {.severity = Severity::warning,
         .code = "copies-across-parts",
         .what = fmt::format("{} pair{} of images are (nearly) the same and stand in different "
                             "parts ({})",
                             across_parts.count, across_parts.count == 1 ? "" : "s",
                             names_of(images, across_parts)),
         .advice =
             "the test is then too kind: keep pictures of one object in one part (--groups)"});
  if (across_classes.count > 0)
    findings.push_back(
        {.severity = Severity::warning,
         .code = "copies-across-classes",
         .what = fmt::format("{} pair{} of images are (nearly) the same and have different classes "
                             "({})",
                             across_classes.count, across_classes.count == 1 ? "" : "s",
                             names_of(images, across_classes)),
         .advice = "one of the two is in the wrong folder"});
}

void check_balance(const ImageFolder& folder, std::vector<Finding>& findings) {
  std::vector<int> counts(folder.images.classes.size());
  for (const int label : folder.images.labels) ++counts[static_cast<std::size_t>(label)];
  const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
  const auto& name = [&](auto place) {
    return folder.images.classes[static_cast<std::size_t>(place - counts.begin())];
  };
  if (*most > 5 * *least)
    findings.push_back({.severity = Severity::warning,
                        .code = "unequal-classes",
                        .what = fmt::format("class '{}' has {} images and class '{}' only {}",
                                            name(most), *most, name(least), *least),
                        .advice = "read the balanced accuracy, and gather more of the rare class"});
  if (*least < 30)
    findings.push_back({.severity = Severity::warning,
                        .code = "few-images",
                        .what = fmt::format("class '{}' has {} images", name(least), *least),
                        .advice = "figures from so few images say little"});
}

void check_objects(const ImageFolder& folder, std::span<const int> part_of,
                   std::vector<Finding>& findings) {
  std::map<int, std::set<int>> parts;
  for (std::size_t k = 0; k < folder.groups.size(); ++k) parts[folder.groups[k]].insert(part_of[k]);
  const auto spread = std::count_if(parts.begin(), parts.end(),
                                    [](const auto& entry) { return entry.second.size() > 1; });
  if (spread > 0)
    findings.push_back({.severity = Severity::warning,
                        .code = "objects-across-parts",
                        .what = fmt::format("{} object{} of the grouping file stand in more than "
                                            "one part",
                                            spread, spread == 1 ? "" : "s"),
                        .advice = "the test is then too kind"});
}

}  // namespace

ImageSplit split_images(const ImageFolder& folder, const ImageSplitOptions& options) {
  ImageSplit split;
  Rng rng(mix_seed({options.seed, 0x1A6E5}));
  if (!folder.has_parts()) {
    split.train.resize(static_cast<std::size_t>(folder.images.count()));
    std::iota(split.train.begin(), split.train.end(), 0);
    if (options.test_fraction > 0)
      draw(folder, options.test_fraction, split.train, split.test, rng);
  } else {
    for (int k = 0; k < folder.images.count(); ++k) {
      const ImagePart part = folder.parts[static_cast<std::size_t>(k)];
      (part == ImagePart::train        ? split.train
       : part == ImagePart::validation ? split.validation
                                       : split.test)
          .push_back(k);
    }
  }
  check_part(folder, split.train, "training");
  if (split.validation.empty())
    draw(folder, options.validation_fraction, split.train, split.validation, rng);
  check_part(folder, split.validation, "validation");
  return split;
}

std::vector<Finding> check_images(const ImageFolder& folder, const ImageSplit& split) {
  std::vector<int> part_of(static_cast<std::size_t>(folder.images.count()));
  for (const int k : split.validation) part_of[static_cast<std::size_t>(k)] = 1;
  for (const int k : split.test) part_of[static_cast<std::size_t>(k)] = 2;
  std::vector<Finding> findings = folder.findings;
  check_balance(folder, findings);
  check_copies(folder, part_of, findings);
  check_objects(folder, part_of, findings);
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
  return findings;
}

}  // namespace cupel
