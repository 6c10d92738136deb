// Rows that must not lie on both sides of a split: repeats, whose inputs are all equal (readings of
// one specimen, copies of a row), and rows of one group. What learned from one of them has seen the
// others: an error on those says nothing of a specimen or batch that is new.
#pragma once

#include <span>
#include <vector>

#include "cupel/base/matrix.hpp"
#include "cupel/data/table.hpp"

namespace cupel {

/// Equal rows get equal numbers, from 0 in order of first appearance. Missing cells equal each
/// other. columns: of one table; rows: those looked at, one number each.
std::vector<int> number_equal_rows(std::span<const Column* const> columns,
                                   std::span<const int> rows);
std::vector<int> number_equal_rows(ConstMatrixRef rows);

/// How many numbers there are.
int count_numbers(std::span<const int> numbers);

/// The units of rows that one of two numberings holds together, directly or through others;
/// numbered likewise. An empty one holds nothing together; one at least is not empty.
std::vector<int> joined_numbers(std::span<const int> one, std::span<const int> other);

/// A unit with more than a fifth of the rows is no rare thing to meet again, and takes a whole
/// part: its rows are numbered apart, by `parts` (empty: each for itself).
std::vector<int> without_large_units(std::span<const int> units, std::span<const int> parts = {});

/// What is known of a data set's repeats.
struct Together {
  /// Of each row: equal numbers stay on one side of every split drawn at random. Empty without
  /// repeats that can be kept together: then groups alone decide.
  std::vector<int> unit = {};
  std::vector<int> setting = {};  ///< number_equal_rows of the inputs; empty without repeats
  int settings = 0;               ///< how many there are
  int repeats = 0;                ///< rows whose inputs an earlier row has
  int apart = 0;                  ///< rows of settings that are not kept together
};

/// Fewer different settings than this are too few to hold some of them out.
constexpr int kFewestSettings = 10;

/// setting: number_equal_rows of the inputs; group: of each row, empty without groups. Groups are
/// never divided, rows with equal inputs where they are more than a fifth of the rows or fewer than
/// kFewestSettings settings.
Together rows_together(std::vector<int> setting, std::span<const int> group);

}  // namespace cupel
