#include "cupel/data/together.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <unordered_map>

namespace cupel {
namespace {

constexpr std::size_t kLargeShare = 5;  ///< a unit of more than one in so many rows is large

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

void mix(std::uint64_t& hash, double value) {
  // Both zeros are one value, and so are all ways to be missing.
  const std::uint64_t bits = std::isnan(value) ? 1 : std::bit_cast<std::uint64_t>(value + 0.0);
  hash = (hash ^ bits) * 0x9FB21C651E98DF25u;
  hash ^= hash >> 29;
}

/// hash: one a row; equal(a, b): whether two rows are equal indeed.
template <class Equal>
std::vector<int> numbered(std::vector<std::uint64_t> hash, const Equal& equal) {
  std::unordered_map<std::uint64_t, std::size_t> first_with;
  first_with.reserve(hash.size());
  std::vector<int> numbers(hash.size());
  int next = 0;
  for (std::size_t row = 0; row < hash.size(); ++row)
    for (std::uint64_t key = hash[row];; ++key) {  // the next key after a collision
      const auto [found, is_new] = first_with.emplace(key, row);
      if (!is_new && !equal(found->second, row)) continue;
      numbers[row] = is_new ? next++ : numbers[found->second];
      break;
    }
  return numbers;
}

/// Numbers from 0 in order of first appearance in place of any from 0 on.
std::vector<int> in_order(std::span<const int> numbers) {
  std::vector<int> number_of(static_cast<std::size_t>(count_numbers(numbers)), -1), result;
  result.reserve(numbers.size());
  int next = 0;
  for (const int number : numbers) {
    int& ordered = number_of[static_cast<std::size_t>(number)];
    if (ordered < 0) ordered = next++;
    result.push_back(ordered);
  }
  return result;
}

/// Sets of rows that grow together; each is known by its first row.
class Sets {
 public:
  explicit Sets(std::size_t rows) : first_(rows) { std::iota(first_.begin(), first_.end(), 0); }
  int first(int row) {
    int& above = first_[static_cast<std::size_t>(row)];
    while (above != first_[static_cast<std::size_t>(above)])
      above = first_[static_cast<std::size_t>(above)];
    return above;
  }
  void join(int a, int b) {
    const int of_a = first(a), of_b = first(b);
    first_[static_cast<std::size_t>(std::max(of_a, of_b))] = std::min(of_a, of_b);
  }
  void join_equal(std::span<const int> numbers) {
    std::vector<int> first_with(static_cast<std::size_t>(count_numbers(numbers)), -1);
    for (std::size_t row = 0; row < numbers.size(); ++row) {
      int& earlier = first_with[static_cast<std::size_t>(numbers[row])];
      if (earlier < 0) earlier = static_cast<int>(row);
      join(earlier, static_cast<int>(row));
    }
  }

 private:
  std::vector<int> first_;
};

std::vector<int> sizes_of(std::span<const int> numbers) {
  std::vector<int> sizes(static_cast<std::size_t>(count_numbers(numbers)), 0);
  for (const int number : numbers) ++sizes[static_cast<std::size_t>(number)];
  return sizes;
}

/// Rows of settings that have several and do not lie in one unit.
int repeats_apart(std::span<const int> setting, std::span<const int> unit) {
  const std::vector<int> sizes = sizes_of(setting);
  std::vector<int> unit_of(setting.size(), -1);
  std::vector<bool> divided(setting.size(), unit.empty());
  for (std::size_t row = 0; row < unit.size(); ++row) {
    const auto s = static_cast<std::size_t>(setting[row]);
    if (unit_of[s] >= 0 && unit_of[s] != unit[row]) divided[s] = true;
    unit_of[s] = unit[row];
  }
  int apart = 0;
  for (std::size_t s = 0; s < sizes.size(); ++s)
    if (divided[s] && sizes[s] > 1) apart += sizes[s];
  return apart;
}

}  // namespace

std::vector<int> number_equal_rows(std::span<const Column* const> columns,
                                   std::span<const int> rows) {
  std::vector<std::uint64_t> hash(rows.size(), 0);
  for (const Column* column : columns)
    for (std::size_t k = 0; k < rows.size(); ++k)
      mix(hash[k], column->values[static_cast<std::size_t>(rows[k])]);
  return numbered(std::move(hash), [&](std::size_t a, std::size_t b) {
    return std::all_of(columns.begin(), columns.end(), [&](const Column* column) {
      return same(column->values[static_cast<std::size_t>(rows[a])],
                  column->values[static_cast<std::size_t>(rows[b])]);
    });
  });
}

std::vector<int> number_equal_rows(ConstMatrixRef rows) {
  std::vector<std::uint64_t> hash(static_cast<std::size_t>(rows.rows()), 0);
  for (Eigen::Index column = 0; column < rows.cols(); ++column)
    for (Eigen::Index row = 0; row < rows.rows(); ++row)
      mix(hash[static_cast<std::size_t>(row)], rows(row, column));
  return numbered(std::move(hash), [&](std::size_t a, std::size_t b) {
    for (Eigen::Index column = 0; column < rows.cols(); ++column)
      if (!same(rows(static_cast<Eigen::Index>(a), column),
                rows(static_cast<Eigen::Index>(b), column)))
        return false;
    return true;
  });
}

int count_numbers(std::span<const int> numbers) {
  return numbers.empty() ? 0 : 1 + *std::max_element(numbers.begin(), numbers.end());
}

std::vector<int> joined_numbers(std::span<const int> one, std::span<const int> other) {
  Sets sets(std::max(one.size(), other.size()));
  sets.join_equal(one);
  sets.join_equal(other);
  std::vector<int> firsts(std::max(one.size(), other.size()));
  for (std::size_t row = 0; row < firsts.size(); ++row)
    firsts[row] = sets.first(static_cast<int>(row));
  return in_order(firsts);
}

std::vector<int> without_large_units(std::span<const int> units, std::span<const int> parts) {
  const std::vector<int> sizes = sizes_of(units);
  const auto large = [&](int unit) {
    return kLargeShare * static_cast<std::size_t>(sizes[static_cast<std::size_t>(unit)]) >
           units.size();
  };
  // A row that stays is known by its unit's first row, another by its part's or by itself.
  std::vector<int> first_of_unit(sizes.size(), -1), firsts;
  std::vector<int> first_of_part(static_cast<std::size_t>(count_numbers(parts)), -1);
  for (std::size_t row = 0; row < units.size(); ++row) {
    int* first = &first_of_unit[static_cast<std::size_t>(units[row])];
    int itself = static_cast<int>(row);
    if (large(units[row]))
      first = parts.empty() ? &itself : &first_of_part[static_cast<std::size_t>(parts[row])];
    if (*first < 0) *first = static_cast<int>(row);
    firsts.push_back(*first);
  }
  return in_order(firsts);
}

Together rows_together(std::vector<int> setting, std::span<const int> group) {
  Together together;
  together.settings = count_numbers(setting);
  together.repeats = static_cast<int>(setting.size()) - together.settings;
  if (together.repeats == 0) return together;
  if (together.settings >= kFewestSettings)
    together.unit = without_large_units(joined_numbers(setting, group), group);
  together.apart = repeats_apart(setting, together.unit);
  together.setting = std::move(setting);
  return together;
}

}  // namespace cupel
