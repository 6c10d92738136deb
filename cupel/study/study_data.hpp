// A study's data, ready for training: the file checked and split, cells encoded for the whole
// design part and for each fold apart (every fold's scalers see its own training rows only).
#pragma once

#include <vector>

#include "cupel/data/calendar.hpp"
#include "cupel/data/check.hpp"
#include "cupel/data/encoder.hpp"
#include "cupel/data/split.hpp"
#include "cupel/data/windows.hpp"
#include "cupel/study/design_options.hpp"

namespace cupel {

/// One fold, encoded by an encoder fitted on its own training rows.
struct FoldData {
  Encoder encoder;
  Matrix train_inputs, train_targets;  ///< features, scaled targets
  Matrix validation_inputs;
  std::vector<int> validation_rows;  ///< positions in Split::design
};

/// In place of the number of a repeat: StudyData::later.
constexpr int kLaterRows = -1;

struct StudyData {
  Table table;
  std::vector<Finding> findings;
  Dataset data;
  Calendar calendar = {};  ///< whose columns were added to `table`
  Windows windows;         ///< any(): rows of `data` are windows of `table`
  /// Targets known when a window ends, own units, rows as `data`: the last ones, the newest first
  /// (windows.hpp), and that of the day before; empty without windows.
  std::vector<Matrix> past_targets;
  Matrix day_before;
  SplitOptions split_options;
  Split split;
  EncodingOptions encoding;
  Encoder encoder;  ///< fitted on all design rows
  Matrix design_inputs, design_targets;
  Matrix design_values;  ///< targets of the design rows, own units
  Matrix test_inputs, test_values;
  /// [repeat][fold]: repeat 0 scores the search; the others (other folds) confirm.
  std::vector<std::vector<FoldData>> repeats;
  /// Rows in time order: folds that learn from what came before their held-out rows (later_folds of
  /// split.hpp). Empty until add_later_folds().
  std::vector<FoldData> later;

  const std::vector<FoldData>& folds_of(int repeat) const {
    return repeat == kLaterRows ? later : repeats[static_cast<std::size_t>(repeat)];
  }
  int targets() const { return static_cast<int>(data.targets.size()); }
  bool ordered() const {
    return split_options.kind == SplitKind::ordered || split_options.ordered_folds;
  }
};

/// Reads, checks, splits and encodes. Throws Error{bad_data} with all errors that the check
/// found, or what the reader, the roles or the split refuse.
StudyData load_study_data(const DesignOptions& options);

/// The same from a table. Rows from `first_test_row` on are the test file's, where there is one.
StudyData make_study_data(Table table, int first_test_row, const DesignOptions& options);

/// Rows of a Dataset that the caller has chosen.
struct RowChoice {
  std::vector<int> design, test;
};

/// The same with design and test rows given; folds as the options say.
StudyData make_study_data(Table table, const RowChoice& rows, const DesignOptions& options);

/// What a trial on one repeat's folds trains on: of a fold's training rows at most kManyRows, in
/// the search (repeat 0) at most kSearchRows, evenly spaced. To rank structures, these are enough.
constexpr int kSearchRows = 6000;
/// Of more rows than this, only so many are looked at where they say as much as all:
/// docs/decisions/0014-a-million-rows.md.
constexpr int kManyRows = 40'000;
Matrix rows_of_repeat(const Matrix& rows, int repeat);
/// Of some columns only.
Matrix rows_of_repeat(const Matrix& rows, const std::vector<int>& columns, int repeat);
/// At most kManyRows, evenly spaced.
Matrix some_rows(const Matrix& rows);

/// Takes one fold's encoder for that of all design rows, and encodes these and the test rows anew:
/// for networks that were trained on that fold.
void encode_as(StudyData& data, const Encoder& encoder);

/// Encodes further repeats, until there are `count` besides the first.
void add_repeats(StudyData& data, int count, std::uint64_t seed);

/// Fills `later`, where rows have an order.
void add_later_folds(StudyData& data);

}  // namespace cupel
