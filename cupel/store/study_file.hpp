// NAME.study: one SQLite database that holds everything about a study: resolved options, the
// data's fingerprint, the numeric profile, every trial, the refitted networks of the front, the
// results. A trial is committed as it ends; a killed process loses only trials that were running.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/store/trial.hpp"

namespace cupel {

constexpr int kStudyFormat = 1;

class StudyFile {
 public:
  /// Makes a study that holds `values`. The file gets its name when all of that is in it, so that
  /// a killed process leaves a study that can be gone on with, or none. Empty when something has
  /// the name; throws Error{usage} when a log without its study lies there, Error{runtime} when the
  /// file cannot be written.
  static std::optional<StudyFile> try_create(const std::string& path,
                                             const Json::Object& values = {});
  /// The same; throws Error{usage} when the file exists already.
  static StudyFile create(const std::string& path, const Json::Object& values = {});
  /// Throws Error{runtime}: no such file, not a study (foreign or damaged), from a newer program,
  /// or in use by another process; each with its own message. Checks the whole file's integrity.
  static StudyFile open(const std::string& path);
  /// Whether no run has begun in what lies there: an empty file, or a study without trials and
  /// without one of kDescription, as programs before this one could leave it when killed.
  static bool is_unbegun(const std::string& path);
  /// In memory, for tests and throw-away runs.
  static StudyFile in_memory();

  StudyFile(StudyFile&&) noexcept;
  StudyFile& operator=(StudyFile&&) noexcept;
  ~StudyFile();

  const std::string& path() const;

  /// Named JSON values: "options", "data", "profile", "space", "result", …
  void set(const std::string& key, const Json& value);
  std::optional<Json> get(const std::string& key) const;

  /// Commits one trial. Throws Error{runtime} (disk full, …) and then holds what it held before,
  /// or when a trial of this number exists already.
  void add_trial(const Trial& trial);
  /// Commits several at once.
  void add_trials(std::span<const Trial> trials);
  std::optional<Trial> trial(int number) const;
  /// All trials by number. Without networks unless asked for.
  std::vector<Trial> trials(bool with_networks = false) const;
  int trial_count() const;

  /// The network of a front member trained again on all design rows.
  void set_refit(int trial, const Mlp& network);
  std::optional<Mlp> refit(int trial) const;
  /// Removes all other refits: a study cut off by a time limit had another front.
  void keep_refits(std::span<const int> trials);

  /// Moves everything into the one file (no -wal beside it). Called on a normal end.
  void settle();

 private:
  struct Database;
  explicit StudyFile(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

/// Values that a study has from its beginning: with them it can be gone on with.
inline constexpr const char* kDescription[] = {"options", "profile", "data", "command"};

/// Members that canonical_export leaves out of the options, because they do not decide the
/// result (names of files do not: what stands in them is in "data"), and, at any depth, of
/// everything, because they differ between runs.
inline constexpr std::string_view kNotInOptions[] = {
    "jobs", "output",     "time_limit", "time_limit_s", "kernels", "data",
    "test", "train_rows", "test_rows",  "groups",       "cells"};
inline constexpr std::string_view kNotInExport[] = {"elapsed_s", "energy_j", "path",
                                                    "paths",     "host",     "created"};

/// The study's contents that must not depend on threads, kills and resumes, as text: options
/// that matter, profile, space, trials (number, candidate, seed, state, reason, objectives,
/// measures, weights with all digits), refits, result. No times, energy, host names, paths.
std::string canonical_export(const StudyFile& study);

}  // namespace cupel
