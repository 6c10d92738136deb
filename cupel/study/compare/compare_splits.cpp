#include "cupel/study/compare/compare_splits.hpp"

#include <fmt/format.h>

#include <numeric>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"

namespace cupel {
namespace {

constexpr int kFewestTrainRows = 10;

std::vector<int> rows_between(int first, int end) {
  std::vector<int> rows(static_cast<std::size_t>(end - first));
  std::iota(rows.begin(), rows.end(), first);
  return rows;
}

std::vector<RowChoice> rolling_origin(int rows, const CompareSplitOptions& options) {
  const std::int64_t half = rows / 2, tested = rows - half;
  std::vector<RowChoice> splits;
  for (int r = 0; r < options.repeats; ++r) {
    const int first = static_cast<int>(half + tested * r / options.repeats);
    const int end = static_cast<int>(half + tested * (r + 1) / options.repeats);
    const int design = first - options.gap;
    if (design < kFewestTrainRows || end == first)
      throw Error(ErrorKind::usage,
                  fmt::format("{} rows do not suffice for {} test blocks one after another", rows,
                              options.repeats),
                  "use fewer --repeats or a smaller --gap");
    splits.push_back({rows_between(0, design), rows_between(first, end)});
  }
  return splits;
}

}  // namespace

std::vector<RowChoice> compare_splits(const Dataset& data, const CompareSplitOptions& options) {
  if (options.ordered) return rolling_origin(data.rows, options);
  if (!(options.test_fraction > 0))
    throw Error(ErrorKind::usage, "a comparison needs test rows, and the test fraction is 0",
                "give --test-fraction above 0");
  std::vector<RowChoice> splits;
  for (int r = 0; r < options.repeats; ++r) {
    Split split = make_split(
        data, {.test_fraction = options.test_fraction,
               .seed = mix_seed({options.seed, 0xC0117A2E, static_cast<std::uint64_t>(r)})});
    splits.push_back({std::move(split.design), std::move(split.test)});
  }
  return splits;
}

}  // namespace cupel
