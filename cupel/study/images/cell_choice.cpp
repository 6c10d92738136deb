#include "cupel/study/images/cell_choice.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace cupel {

CellChoice all_cells(const CellTable& table) {
  CellChoice choice;
  for (const Cell& cell : table.normal) {
    choice[0].push_back(cell.name);
    choice[1].push_back(cell.name);
  }
  for (const Cell& cell : table.reduction) choice[2].push_back(cell.name);
  return choice;
}

CellChoice with_empty_cell(CellChoice choice) {
  choice[0].emplace_back(kEmptyCell);
  choice[1].emplace_back(kEmptyCell);
  return choice;
}

double Effectiveness::probability(int sub_space, std::size_t cell) const {
  const auto s = static_cast<std::size_t>(sub_space);
  return uses[s][cell] == 0 ? 0.0 : static_cast<double>(best_uses[s][cell]) / uses[s][cell];
}

Effectiveness effectiveness_of(const CellChoice& cells,
                               const std::vector<std::vector<std::string>>& networks, int best) {
  Effectiveness result{.cells = cells};
  for (std::size_t s = 0; s < kSubSpaces; ++s) {
    result.uses[s].resize(cells[s].size());
    result.best_uses[s].resize(cells[s].size());
  }
  for (std::size_t n = 0; n < networks.size(); ++n)
    for (std::size_t place = 0; place < networks[n].size(); ++place) {
      const auto s = static_cast<std::size_t>(sub_space_of(static_cast<int>(place)));
      const auto found = std::find(cells[s].begin(), cells[s].end(), networks[n][place]);
      if (found == cells[s].end()) continue;
      const auto cell = static_cast<std::size_t>(found - cells[s].begin());
      ++result.uses[s][cell];
      if (n < static_cast<std::size_t>(best)) ++result.best_uses[s][cell];
    }
  return result;
}

std::vector<std::size_t> largest(const std::vector<double>& values, int keep) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
  order.resize(std::min(order.size(), static_cast<std::size_t>(keep)));
  return order;
}

CellChoice keep_best_cells(const Effectiveness& effectiveness, int keep) {
  CellChoice kept;
  for (int s = 0; s < kSubSpaces; ++s) {
    const auto& cells = effectiveness.cells[static_cast<std::size_t>(s)];
    std::vector<double> probabilities;
    for (std::size_t cell = 0; cell < cells.size(); ++cell)
      probabilities.push_back(effectiveness.probability(s, cell));
    for (const std::size_t cell : largest(probabilities, keep))
      kept[static_cast<std::size_t>(s)].push_back(cells[cell]);
  }
  return with_empty_cell(std::move(kept));
}

}  // namespace cupel
