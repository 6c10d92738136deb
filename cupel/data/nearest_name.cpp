#include "cupel/data/nearest_name.hpp"

#include <algorithm>
#include <numeric>

#include "cupel/data/csv_cells.hpp"

namespace cupel {
namespace {

/// Insertions, deletions and replacements that turn one into the other (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replace = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replace, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string nearest_name(std::string_view wanted, const std::vector<std::string>& names) {
  constexpr std::size_t kLongest = 200;  // longer names are not typed by hand
  if (wanted.empty() || wanted.size() > kLongest) return {};
  const std::string target = lower_case(wanted);
  std::string best;
  std::size_t best_distance = target.size() / 3 + 2;  // farther names are no typing errors
  for (const std::string& name : names) {
    if (name.size() > kLongest) continue;
    const std::string candidate = lower_case(name);
    // "yield" for "yield_C2H4": a beginning counts as near.
    const bool begins = target.size() >= 2 && candidate.rfind(target, 0) == 0;
    const std::size_t distance = begins ? 1 : edit_distance(target, candidate);
    // A name that shares no letter with the wanted one is no typing error of it.
    if (distance >= best_distance || distance >= std::max(target.size(), candidate.size()))
      continue;
    best_distance = distance;
    best = name;
  }
  return best;
}

std::string missing_column_hint(const Table& table, std::string_view wanted,
                                const std::vector<std::string>& needed) {
  std::vector<std::string> free;
  for (const Column& column : table.columns)
    if (std::find(needed.begin(), needed.end(), column.name) == needed.end())
      free.push_back(column.name);
  const std::string near = nearest_name(wanted, free);
  return near.empty() ? "the file must have all columns that the model was made from"
                      : "rename '" + near + "', if that is the column that is meant";
}

}  // namespace cupel
