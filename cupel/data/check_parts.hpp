// The examinations that check_table is made of, one a topic, and what they share.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cupel/data/check.hpp"
#include "cupel/data/column_roles.hpp"
#include "cupel/data/together.hpp"

namespace cupel {

/// Found out once for every column that has a role.
struct ColumnFacts {
  std::vector<double> sorted;  ///< values without the missing ones (text: word numbers)
  int missing = 0;
  int distinct = 0;
};

struct Examination {
  const Table& table;
  const Roles& roles;
  ColumnRoles resolved;
  std::vector<ColumnFacts> facts;  ///< one a column; empty for ignored ones
  std::vector<Finding> findings;
  /// Rows that have every target, and repeats among them; known after check_repeats().
  std::vector<int> complete_rows = {};
  Together together = {};
  std::vector<std::pair<int, int>> leaking = {};  ///< input and target: see leaks()

  const Column& column(int index) const { return table.columns[static_cast<std::size_t>(index)]; }
  const ColumnFacts& facts_of(int index) const { return facts[static_cast<std::size_t>(index)]; }
  bool kept(int index) const;
  /// True when a finding so far drops the column.
  bool dropped(int index) const;
  /// True when a finding so far says that the input alone gives the target away.
  bool leaks(int input, int target) const;
  /// Inputs that no finding so far drops.
  std::vector<int> remaining_inputs() const;
  /// Those of them that hold numbers.
  std::vector<int> numeric_inputs() const;
  /// Inputs and targets that hold numbers.
  std::vector<int> numeric_columns() const;
  void add(Finding finding) { findings.push_back(std::move(finding)); }
};

void check_reading(Examination& exam);      ///< what the reader met
void check_targets(Examination& exam);      ///< text, constant, missing
void check_inputs(Examination& exam);       ///< missing, constant, too many levels, counters
void check_tags(Examination& exam);         ///< stuck values, outliers
void check_copies(Examination& exam);       ///< duplicated rows and columns, collinear inputs
void check_coded(Examination& exam);        ///< inputs that are another one, coded
void check_repeats(Examination& exam);      ///< rows with equal inputs
void check_leaks(Examination& exam);        ///< inputs that give the target away
void check_joint_leaks(Examination& exam);  ///< the same of several together
void check_time(Examination& exam);         ///< steps of the time column; order without one
void check_batches(Examination& exam);      ///< rows that belong together, without a group
void check_row_count(Examination& exam);    ///< enough rows for the inputs

/// A name as it is typed after an option: in quotes where it needs them.
std::string typed_name(const std::string& name);
/// The same of a list, separated by commas.
std::string typed_names(const std::vector<std::string>& names);

/// "1 cell", "3 cells".
std::string counted(long count, const char* noun);
/// "3 %", "0.2 %", "less than 0.1 %".
std::string percent(double share);

}  // namespace cupel
