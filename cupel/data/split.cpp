#include "cupel/data/split.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <numeric>
#include <sstream>
#include <tuple>
#include <utility>

#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/data/csv_grid.hpp"

namespace cupel {
namespace {

constexpr int kManyRows = 3000;  ///< from here one random validation part is as good as folds
constexpr int kDefaultFolds = 5;

[[noreturn]] void refuse(std::string message, std::string hint) {
  throw Error(ErrorKind::usage, std::move(message), std::move(hint));
}

void check_options(const SplitOptions& options) {
  const auto in_range = [](double fraction, double low) { return fraction >= low && fraction < 1; };
  if (options.kind != SplitKind::fixed && !in_range(options.test_fraction, 0))
    refuse(fmt::format("the test fraction is {}", options.test_fraction),
           "it must be at least 0 and below 1");
  if (options.folds == 1 &&
      !(in_range(options.validation_fraction, 0) && options.validation_fraction > 0))
    refuse(fmt::format("the validation fraction is {}", options.validation_fraction),
           "it must lie between 0 and 1");
  if (options.folds < 0) refuse(fmt::format("{} folds", options.folds), "use 1 or more");
  if (options.gap < 0) refuse(fmt::format("a gap of {} rows", options.gap), "use 0 or more");
}

/// Rows that must stay together: one row each, all rows of a group, or repeats.
using Units = std::vector<std::vector<int>>;

Units groups_of(const Dataset& data, const std::vector<int>& rows) {
  Units units;
  if (data.group.empty()) {
    for (const int row : rows) units.push_back({row});
    return units;
  }
  std::vector<int> unit_of_group(static_cast<std::size_t>(data.rows), -1);
  for (const int row : rows) {
    int& unit = unit_of_group[static_cast<std::size_t>(data.group[static_cast<std::size_t>(row)])];
    if (unit < 0) {
      unit = static_cast<int>(units.size());
      units.emplace_back();
    }
    units[static_cast<std::size_t>(unit)].push_back(row);
  }
  return units;
}

/// Groups that share repeats become one, at the place of the first of them.
Units with_repeats(const Dataset& data, Units groups) {
  if (data.together.unit.empty()) return groups;
  std::vector<int> place(static_cast<std::size_t>(data.rows), -1);
  Units units;
  for (std::vector<int>& group : groups) {
    const auto first = static_cast<std::size_t>(group.front());
    int& at = place[static_cast<std::size_t>(data.together.unit[first])];
    if (at < 0) {
      at = static_cast<int>(units.size());
      units.push_back(std::move(group));
    } else {
      std::vector<int>& unit = units[static_cast<std::size_t>(at)];
      unit.insert(unit.end(), group.begin(), group.end());
    }
  }
  return units;
}

/// Drawn as if there were no repeats: a few of them change little.
Units shuffled_units(const Dataset& data, const std::vector<int>& rows, Rng& rng) {
  Units groups = groups_of(data, rows), result;
  result.reserve(groups.size());
  for (const int at : rng.permutation(static_cast<int>(groups.size())))
    result.push_back(std::move(groups[static_cast<std::size_t>(at)]));
  return with_repeats(data, std::move(result));
}

std::vector<int> sorted(std::vector<int> rows) {
  std::sort(rows.begin(), rows.end());
  return rows;
}

/// Deals units out until `wanted` rows are taken: those, and the rest. Neither part is empty
/// when there are two units or more.
std::pair<std::vector<int>, std::vector<int>> dealt(const Units& units, int wanted) {
  std::pair<std::vector<int>, std::vector<int>> parts;
  for (std::size_t u = 0; u < units.size(); ++u) {
    const int taken = static_cast<int>(parts.first.size());
    const int size = static_cast<int>(units[u].size());
    // A group goes where it brings the part nearer to the size wanted.
    const bool nearer = taken + size - wanted <= wanted - taken;
    const bool last = u + 1 == units.size();
    const bool take = taken < wanted && (nearer || taken == 0) && !(last && parts.second.empty());
    std::vector<int>& part = take ? parts.first : parts.second;
    part.insert(part.end(), units[u].begin(), units[u].end());
  }
  return {sorted(std::move(parts.first)), sorted(std::move(parts.second))};
}

int rows_for(double fraction, std::size_t rows) {
  if (fraction == 0) return 0;
  return std::max(1, static_cast<int>(std::lround(fraction * static_cast<double>(rows))));
}

/// Rows of `all` (sorted) that are not in `part` (sorted).
std::vector<int> without(const std::vector<int>& all, const std::vector<int>& part) {
  std::vector<int> rest;
  std::set_difference(all.begin(), all.end(), part.begin(), part.end(), std::back_inserter(rest));
  return rest;
}

std::string counted_units(const Dataset& data, std::size_t count) {
  if (!data.group.empty()) return fmt::format("{} groups", count);
  return data.together.unit.empty() ? fmt::format("{} rows", count)
                                    : fmt::format("{} different settings of the inputs", count);
}

std::vector<Fold> random_folds(const Units& units, const std::vector<int>& design, int folds) {
  std::vector<Fold> result(static_cast<std::size_t>(folds));
  for (const std::vector<int>& unit : units) {  // to the smallest fold, for nearly equal sizes
    const auto fold = std::min_element(
        result.begin(), result.end(),
        [](const Fold& a, const Fold& b) { return a.validation.size() < b.validation.size(); });
    fold->validation.insert(fold->validation.end(), unit.begin(), unit.end());
  }
  for (Fold& fold : result) {
    fold.validation = sorted(std::move(fold.validation));
    fold.train = without(design, fold.validation);
  }
  return result;
}

/// One block of `design` as validation; rows within the gap around it are left out.
Fold block_fold(const std::vector<int>& design, std::size_t begin, std::size_t end, int gap) {
  const auto at = [&](std::size_t i) { return design.begin() + static_cast<std::ptrdiff_t>(i); };
  const auto margin = static_cast<std::size_t>(gap);
  Fold fold;
  fold.validation.assign(at(begin), at(end));
  fold.train.assign(design.begin(), at(begin > margin ? begin - margin : 0));
  fold.train.insert(fold.train.end(), at(std::min(end + margin, design.size())), design.end());
  return fold;
}

std::vector<Fold> blocked_folds(const std::vector<int>& design, const SplitOptions& options,
                                int folds) {
  std::vector<Fold> result;
  const std::size_t rows = design.size();
  if (folds == 1) {
    const auto validation = static_cast<std::size_t>(rows_for(options.validation_fraction, rows));
    result.push_back(block_fold(design, rows - std::min(validation, rows), rows, options.gap));
  }
  const auto count = static_cast<std::size_t>(folds);
  for (std::size_t k = 0; folds > 1 && k < count; ++k)
    result.push_back(block_fold(design, rows * k / count, rows * (k + 1) / count, options.gap));
  return result;
}

std::vector<Fold> make_folds(const Dataset& data, const std::vector<int>& design,
                             const SplitOptions& options, Rng& rng) {
  // Ordered data always in blocks over the whole time: the last part alone may be one season.
  const bool ordered = options.kind == SplitKind::ordered || options.ordered_folds;
  const bool few = static_cast<int>(design.size()) < kManyRows;
  const int automatic = few || ordered ? kDefaultFolds : 1;
  int folds = options.folds == 0 ? automatic : options.folds;
  std::vector<Fold> result;
  if (ordered) {
    result = blocked_folds(design, options, folds);
  } else {
    const Units units = shuffled_units(data, design, rng);
    const auto count = static_cast<int>(units.size());
    if (options.folds == 0 && !data.together.unit.empty()) folds = std::clamp(count, 1, folds);
    if (count < folds)
      refuse(fmt::format("{} folds of {}", folds, counted_units(data, units.size())),
             "use fewer folds");
    if (folds > 1) {
      result = random_folds(units, design, folds);
    } else {
      Fold fold;
      std::tie(fold.validation, fold.train) =
          dealt(units, rows_for(options.validation_fraction, design.size()));
      result.push_back(std::move(fold));
    }
  }
  for (const Fold& fold : result)
    if (fold.train.empty() || fold.validation.empty())
      refuse(fmt::format("{} rows leave nothing to {} in one of {} folds", design.size(),
                         fold.train.empty() ? "train with" : "validate with", folds),
             options.gap > 0 ? "use a smaller gap or fewer folds" : "use fewer folds or more rows");
  return result;
}

void split_random(Split& split, const Dataset& data, const SplitOptions& options, Rng& rng) {
  std::vector<int> all(static_cast<std::size_t>(data.rows));
  std::iota(all.begin(), all.end(), 0);
  const Units units = shuffled_units(data, all, rng);
  std::tie(split.test, split.design) = dealt(units, rows_for(options.test_fraction, all.size()));
}

void split_ordered(Split& split, const Dataset& data, const SplitOptions& options) {
  const int test = rows_for(options.test_fraction, static_cast<std::size_t>(data.rows));
  const int first_test = data.rows - test;
  const int design = test == 0 ? data.rows : std::max(0, first_test - options.gap);
  split.design.resize(static_cast<std::size_t>(design));
  std::iota(split.design.begin(), split.design.end(), 0);
  split.test.resize(static_cast<std::size_t>(test));
  std::iota(split.test.begin(), split.test.end(), first_test);
}

/// Sorted; throws when a row does not exist or is named twice.
std::vector<int> checked_rows(const Dataset& data, const std::vector<int>& rows,
                              std::string_view what) {
  std::vector<int> result = sorted(rows);
  if (!result.empty() && (result.front() < 0 || result.back() >= data.rows))
    refuse(fmt::format("{} row {} does not exist: the data have rows 0 to {}", what,
                       result.front() < 0 ? result.front() : result.back(), data.rows - 1),
           "rows are counted from 0");
  const auto twice = std::adjacent_find(result.begin(), result.end());
  if (twice != result.end())
    refuse(fmt::format("{} row {} is named twice", what, *twice), "name every row once");
  return result;
}

void split_fixed(Split& split, const Dataset& data, const SplitOptions& options) {
  split.test = checked_rows(data, options.test_rows, "test");
  split.design = checked_rows(data, options.train_rows, "training");
  std::vector<int> all(static_cast<std::size_t>(data.rows));
  std::iota(all.begin(), all.end(), 0);
  if (split.design.empty()) split.design = without(all, split.test);
  if (options.test_rows.empty()) split.test = without(all, split.design);
  std::vector<int> both;
  std::set_intersection(split.design.begin(), split.design.end(), split.test.begin(),
                        split.test.end(), std::back_inserter(both));
  if (!both.empty())
    refuse(fmt::format("row {} is both in training and in the test", both.front()),
           "a test row must not be trained on");
}

}  // namespace

Split make_split(const Dataset& data, const SplitOptions& options) {
  check_options(options);
  Rng rng(mix_seed({options.seed, 0x5B117}));
  Split split;
  split.kind = options.kind;
  switch (options.kind) {
    case SplitKind::random:
      split_random(split, data, options, rng);
      break;
    case SplitKind::ordered:
      split_ordered(split, data, options);
      break;
    case SplitKind::fixed:
      split_fixed(split, data, options);
      break;
  }
  if (split.design.empty())
    refuse("no rows are left for training", "use a smaller test fraction or gap");
  split.folds = make_folds(data, split.design, options, rng);
  return split;
}

std::vector<Fold> fold_again(const Dataset& data, const Split& split, const SplitOptions& options,
                             std::uint64_t seed) {
  Rng rng(mix_seed({seed, 0xF01D}));
  return make_folds(data, split.design, options, rng);
}

std::vector<Fold> later_folds(const Split& split, const SplitOptions& options) {
  constexpr std::size_t kParts = 5, kFirst = 2, kFewestRows = 25;
  const std::size_t rows = split.design.size();
  std::vector<Fold> result;
  if (rows < kFewestRows) return result;
  for (std::size_t k = kFirst; k < kParts; ++k) {
    Fold fold = block_fold(split.design, rows * k / kParts, rows * (k + 1) / kParts, options.gap);
    std::erase_if(fold.train, [&](int row) { return row > fold.validation.front(); });
    if (kParts * fold.train.size() >= rows) result.push_back(std::move(fold));
  }
  return result;
}

std::vector<int> read_row_numbers(const std::string& path) {
  std::istringstream file(read_whole_file(path, kRowNumbersFile));
  std::vector<int> rows;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    const std::string_view text = trimmed(line);
    if (text.empty()) continue;
    int row = -1;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), row);
    if (problem != std::errc() || end != text.data() + text.size() || row < 0)
      refuse(fmt::format("{}, line {}: '{}' is no row number", path, number, text.substr(0, 30)),
             "one number a line, counted from 0");
    rows.push_back(row);
  }
  if (rows.empty()) refuse(fmt::format("{}: no row numbers", path), "one number a line");
  return rows;
}

}  // namespace cupel
