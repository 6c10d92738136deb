#include "cupel/store/study_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <mutex>

#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "cupel/base/file_writer.hpp"
#include "cupel/store/database.hpp"
#include "cupel/store/study_header.hpp"
#include "cupel/store/study_log.hpp"
#include "cupel/store/study_rows.hpp"

namespace cupel {
namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& what,
                         const std::string& hint = {}) {
  throw Error(ErrorKind::runtime, fmt::format("{}: {}", path, what), hint);
}

/// Keeps other processes out until the connection ends.
void lock(SqlConnection& sql) {
  sql.execute("PRAGMA locking_mode=EXCLUSIVE");
  if (!sql.read_only()) sql.execute("BEGIN EXCLUSIVE; COMMIT");
}

void fill_new(SqlConnection& sql) {
  SqlTransaction transaction(sql);
  sql.execute(fmt::format("PRAGMA application_id={}", kStudyApplication).c_str());
  make_tables(sql);
  sql.execute(fmt::format("PRAGMA user_version={}", kStudyFormat).c_str());
  transaction.commit();
}

/// The bytes of a study's file.
std::string new_study(const Json::Object& values) {
  SqlConnection sql(":memory:");
  fill_new(sql);
  Totals totals;
  for (const auto& [key, value] : values) {
    write_value(sql, key, value);
    ++totals.values;
  }
  write_totals(sql, totals);
  return sql.bytes();
}

/// SQLite would take a log that lies beside a new file for that file's own.
void refuse_lone_log(const std::string& path) {
  const std::string log = path + "-wal";
  if (is_taken(log) && !is_taken(path))
    throw Error(ErrorKind::usage, fmt::format("{}: the log of a study that is not here", log),
                "put it beside its study, remove it, or choose another name");
}

void check_pages(SqlConnection& sql) {
  SqlQuery row(sql, "PRAGMA integrity_check(1)");
  if (!row.next() || row.text(0) != "ok")
    refuse(sql.path(), fmt::format("the study is damaged ({})", row.text(0)),
           "take a copy of the file from a backup, or start the study again");
}

/// Reads every row, so that later reads can rely on it, and counts.
Totals count_rows(SqlConnection& sql) {
  Totals found;
  for (const Trial& trial : read_trials(sql, true)) {
    ++found.trials;
    found.networks += static_cast<std::int64_t>(trial.networks.size());
  }
  for (const int trial : read_refit_trials(sql)) {
    read_refit(sql, trial);
    ++found.refits;
  }
  for (const std::string& key : read_keys(sql)) {
    read_value(sql, key);
    ++found.values;
  }
  return found;
}

Totals check_rows(SqlConnection& sql) {
  const Totals totals = read_totals(sql);
  Totals found = count_rows(sql);
  found.settled = totals.settled;
  if (found != totals)
    refuse(sql.path(),
           fmt::format("the study is damaged ({} trials are there, {} were stored)", found.trials,
                       totals.trials),
           "take a copy of the file from a backup, or start the study again");
  return totals;
}

}  // namespace

struct StudyFile::Database {
  explicit Database(const std::string& path) : sql(path) {}

  /// From here on trials go to a write-ahead log. The file itself says so before the first one
  /// does: a copy without the log is known as incomplete.
  void start_writing() {
    if (in_memory || (logging && !totals.settled)) return;
    if (sql.read_only())
      refuse(sql.path(), "the study cannot be written",
             "get the right to write the file and its folder");
    const bool after_failure = logging;
    set_journal("wal");
    sql.execute("PRAGMA wal_autocheckpoint=4000");
    logging = true;
    change([](Totals& changed) { changed.settled = false; });
    try {
      sql.execute("PRAGMA wal_checkpoint(FULL)");
    } catch (const Error&) {
      // SQLite may still hold what a failed settle() began; the next checkpoint writes it.
      if (!after_failure) throw;
    }
  }

  void settle() {
    if (!logging) return;
    if (!totals.settled) change([](Totals& changed) { changed.settled = true; });
    sql.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    set_journal("delete");
    logging = false;
  }

  /// One transaction: `work` writes rows and counts them; all of it is kept or nothing.
  template <class Work>
  void change(Work work) {
    SqlTransaction transaction(sql);
    Totals changed = totals;
    work(changed);
    write_totals(sql, changed);
    transaction.commit();
    totals = changed;
  }

  void set_journal(const std::string& mode) {
    SqlQuery row(sql, fmt::format("PRAGMA journal_mode={}", mode));
    if (!row.next() || row.text(0) != mode)
      refuse(sql.path(), fmt::format("the journal cannot be changed to '{}'", mode),
             "keep the study on a local disk");
  }

  SqlConnection sql;
  bool in_memory = false;
  bool logging = false;  ///< in write-ahead mode; still so after a settle() that failed
  Totals totals;
  std::mutex mutex;  ///< trials end on several threads
};

StudyFile::StudyFile(std::unique_ptr<Database> database) : database_(std::move(database)) {}
StudyFile::StudyFile(StudyFile&&) noexcept = default;
StudyFile& StudyFile::operator=(StudyFile&&) noexcept = default;

StudyFile::~StudyFile() {
  if (!database_) return;
  try {
    database_->settle();
  } catch (const Error&) {
    // Nothing is lost: the log stays beside the file and open() reads it.
  }
}

std::optional<StudyFile> StudyFile::try_create(const std::string& path,
                                               const Json::Object& values) {
  refuse_lone_log(path);
  if (!create_whole_file(path, new_study(values))) return std::nullopt;
  StudyFile study = open(path);
  try {
    study.database_->start_writing();
    return study;
  } catch (const Error&) {
    study.database_.reset();
    for (const char* ending : {"", "-wal"}) ::unlink((path + ending).c_str());
    throw;
  }
}

StudyFile StudyFile::create(const std::string& path, const Json::Object& values) {
  if (std::optional<StudyFile> study = try_create(path, values)) return std::move(*study);
  throw Error(ErrorKind::usage, fmt::format("{}: the file exists already", path),
              "resume that study, remove it, or choose another name");
}

bool StudyFile::is_unbegun(const std::string& path) {
  try {
    if (FileReader(path, kAnyFile).is_empty()) return true;
    const StudyFile study = open(path);
    return study.trial_count() == 0 &&
           std::any_of(std::begin(kDescription), std::end(kDescription),
                       [&](const char* key) { return !study.get(key); });
  } catch (const Error&) {
    return false;
  }
}

StudyFile StudyFile::open(const std::string& path) {
  const StudyHeader header = read_study_header(path);
  auto database = std::make_unique<Database>(path);
  SqlConnection& sql = database->sql;
  lock(sql);  // first, so that a log is read without shared memory
  if (header.has_log) check_study_log(path);
  sql.execute("PRAGMA cell_size_check=ON; PRAGMA synchronous=NORMAL");
  check_tables(sql);
  check_pages(sql);
  database->totals = check_rows(sql);
  if (header.log_missing && !database->totals.settled)
    refuse(path, fmt::format("the newest trials are missing: they stand in {}-wal", path),
           "put that file beside the study; it belongs to it until the run has ended");
  database->logging = header.has_log && !sql.read_only();
  return StudyFile(std::move(database));
}

StudyFile StudyFile::in_memory() {
  auto database = std::make_unique<Database>(":memory:");
  database->in_memory = true;
  fill_new(database->sql);
  return StudyFile(std::move(database));
}

const std::string& StudyFile::path() const { return database_->sql.path(); }

void StudyFile::set(const std::string& key, const Json& value) {
  const std::scoped_lock guard(database_->mutex);
  database_->start_writing();
  SqlConnection& sql = database_->sql;
  const bool is_new = !read_value(sql, key);
  database_->change([&](Totals& totals) {
    write_value(sql, key, value);
    totals.values += is_new;
  });
}

std::optional<Json> StudyFile::get(const std::string& key) const {
  const std::scoped_lock guard(database_->mutex);
  return read_value(database_->sql, key);
}

void StudyFile::add_trial(const Trial& trial) { add_trials({&trial, 1}); }

void StudyFile::add_trials(std::span<const Trial> trials) {
  const std::scoped_lock guard(database_->mutex);
  database_->start_writing();
  SqlConnection& sql = database_->sql;
  database_->change([&](Totals& totals) {
    for (const Trial& trial : trials) {
      if (has_trial(sql, trial.number))
        refuse(sql.path(), fmt::format("trial {} is stored already", trial.number));
      insert_trial(sql, trial);
      totals.trials += 1;
      totals.networks += static_cast<std::int64_t>(trial.networks.size());
    }
  });
}

std::optional<Trial> StudyFile::trial(int number) const {
  const std::scoped_lock guard(database_->mutex);
  return read_trial(database_->sql, number);
}

std::vector<Trial> StudyFile::trials(bool with_networks) const {
  const std::scoped_lock guard(database_->mutex);
  return read_trials(database_->sql, with_networks);
}

int StudyFile::trial_count() const {
  const std::scoped_lock guard(database_->mutex);
  return static_cast<int>(database_->totals.trials);
}

void StudyFile::set_refit(int trial, const Mlp& network) {
  const std::scoped_lock guard(database_->mutex);
  database_->start_writing();
  SqlConnection& sql = database_->sql;
  const bool is_new = !read_refit(sql, trial);
  database_->change([&](Totals& totals) {
    write_refit(sql, trial, network);
    totals.refits += is_new;
  });
}

std::optional<Mlp> StudyFile::refit(int trial) const {
  const std::scoped_lock guard(database_->mutex);
  return read_refit(database_->sql, trial);
}

void StudyFile::keep_refits(std::span<const int> trials) {
  const std::scoped_lock guard(database_->mutex);
  SqlConnection& sql = database_->sql;
  std::vector<int> others = read_refit_trials(sql);
  std::erase_if(others, [&](int trial) {
    return std::find(trials.begin(), trials.end(), trial) != trials.end();
  });
  if (others.empty()) return;
  database_->start_writing();
  database_->change([&](Totals& totals) {
    for (const int trial : others) remove_refit(sql, trial);
    totals.refits -= std::ssize(others);
  });
}

void StudyFile::settle() {
  const std::scoped_lock guard(database_->mutex);
  database_->settle();
}

}  // namespace cupel
