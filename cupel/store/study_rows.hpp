// The rows of a study file: tables, values in and out, a checksum in each row, so that a
// damaged one is known from a whole one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cupel/store/database.hpp"
#include "cupel/store/trial.hpp"

namespace cupel {

/// Makes the tables of a new study. Their text is also what open() expects to find.
void make_tables(SqlConnection& sql);
/// Throws Error{runtime} when the file's tables are not exactly those of make_tables().
void check_tables(SqlConnection& sql);

/// How much the file must hold: rows that vanish with a damaged page are missed.
struct Totals {
  std::int64_t trials = 0, networks = 0, refits = 0, values = 0;
  /// All of it is in the file itself, nothing in a write-ahead log.
  bool settled = true;
  bool operator==(const Totals&) const = default;
};

void write_totals(SqlConnection& sql, const Totals& totals);
Totals read_totals(SqlConnection& sql);

// All reads below throw Error{runtime} for a row whose checksum or contents are wrong.

void write_value(SqlConnection& sql, const std::string& key, const Json& value);
std::optional<Json> read_value(SqlConnection& sql, const std::string& key);
std::vector<std::string> read_keys(SqlConnection& sql);

void insert_trial(SqlConnection& sql, const Trial& trial);
std::optional<Trial> read_trial(SqlConnection& sql, int number);
std::vector<Trial> read_trials(SqlConnection& sql, bool with_networks);
bool has_trial(SqlConnection& sql, int number);

void write_refit(SqlConnection& sql, int trial, const Mlp& network);
std::optional<Mlp> read_refit(SqlConnection& sql, int trial);
void remove_refit(SqlConnection& sql, int trial);
std::vector<int> read_refit_trials(SqlConnection& sql);

}  // namespace cupel
