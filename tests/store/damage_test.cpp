// What happens to a study when the disk, the file or the process fails.
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <fstream>
#include <thread>

#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "tests/store/sample_trials.hpp"

namespace cupel {
namespace {

void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A settled study of `trials` trials, with values and a refit.
void write_study(const std::string& path, int trials) {
  StudyFile study = StudyFile::create(path);
  study.set("options", parse_json(R"({"recipe": "qnn", "seed": 7})", "options"));
  for (int number = 0; number < trials; ++number) study.add_trial(sample_trial(number));
  study.set_refit(1, sample_network(1));
  study.settle();
}

/// The whole contents; empty when an Error (with a hint) says that there are none.
std::string contents(const std::string& path) {
  try {
    const StudyFile study = StudyFile::open(path);
    return canonical_export(study);
  } catch (const Error& error) {
    EXPECT_TRUE(contains(error.message(), path)) << error.message();
    EXPECT_FALSE(error.hint().empty()) << error.message();
    return {};
  }
}

TEST(Damage, ATruncatedFileIsAlwaysNoticed) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.study";
  write_study(path, 8);
  const std::string whole = read_whole_file(path);
  for (std::size_t size = 0; size < whole.size(); size += 512) {
    write_bytes(path, whole.substr(0, size));
    EXPECT_EQ(contents(path), "") << size << " of " << whole.size() << " bytes";
  }
}

TEST(Damage, AFlippedByteIsNoticedOrDoesNotMatter) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.study";
  write_study(path, 8);
  const std::string whole = read_whole_file(path), expected = contents(path);
  ASSERT_FALSE(expected.empty());
  Rng rng(5);
  int noticed = 0;
  const int places = 500;
  for (int k = 0; k < places; ++k) {
    const int place = k < 200 ? k : rng.below(static_cast<int>(whole.size()));
    std::string changed = whole;
    changed[static_cast<std::size_t>(place)] ^= static_cast<char>(1 << rng.below(8));
    write_bytes(path, changed);
    const std::string found = contents(path);
    noticed += found.empty();
    EXPECT_TRUE(found.empty() || found == expected) << "byte " << place;
    std::filesystem::remove(path + "-wal");
  }
  EXPECT_GT(noticed, places / 10);
}

TEST(Damage, ZerosInPlaceOfASectorAreNoticedOrDoNotMatter) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.study";
  write_study(path, 8);
  const std::string whole = read_whole_file(path), expected = contents(path);
  for (std::size_t place = 0; place + 512 <= whole.size(); place += 512) {
    write_bytes(path, std::string(whole).replace(place, 512, 512, '\0'));
    const std::string found = contents(path);
    EXPECT_TRUE(found.empty() || found == expected) << "sector at " << place;
    std::filesystem::remove(path + "-wal");
  }
}

TEST(Damage, ACopyWithoutTheLogOfARunningStudyIsNotTakenForTheWhole) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.study", copy = folder / "copy.study";
  write_study(path, 3);
  StudyFile study = StudyFile::open(path);
  study.add_trial(sample_trial(3));
  std::filesystem::copy_file(path, copy);
  try {
    StudyFile::open(copy);
    FAIL() << "opened with " << StudyFile::open(copy).trial_count() << " trials";
  } catch (const Error& error) {
    EXPECT_TRUE(contains(error.message(), "copy.study-wal")) << error.message();
  }
  std::filesystem::copy_file(path + "-wal", copy + "-wal",
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(StudyFile::open(copy).trial_count(), 4);
}

TEST(Damage, AFlippedByteInTheLogOfAnInterruptedStudyIsNoticed) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.study", copy = folder / "copy.study";
  StudyFile study = StudyFile::create(path);
  for (int number = 0; number < 8; ++number) study.add_trial(sample_trial(number));
  const std::string file = read_whole_file(path), log = read_whole_file(path + "-wal");
  const std::string expected = canonical_export(study);
  // The last transaction may also have been under way when the process ended.
  const int last_commit = static_cast<int>(log.size()) - 12 * (4096 + 24);
  ASSERT_GT(last_commit, 10 * 4096);
  Rng rng(6);
  for (int k = 0; k < 150; ++k) {
    std::string changed = log;
    const int place = k < 60 ? k : rng.below(last_commit);
    if (k > 0) changed[static_cast<std::size_t>(place)] ^= static_cast<char>(1 << rng.below(8));
    write_bytes(copy, file);
    write_bytes(copy + "-wal", changed);
    const std::string found = contents(copy);
    EXPECT_TRUE(k == 0 ? found == expected : found.empty() || found == expected)
        << "byte " << place;
  }
}

/// Adds trials until killed, reporting each committed number through the pipe.
[[noreturn]] void add_until_killed(const std::string& path, bool fresh, int report) {
  StudyFile study = fresh ? StudyFile::create(path) : StudyFile::open(path);
  for (int number = study.trial_count();; ++number) {
    study.add_trial(sample_trial(number));
    if (number % 7 == 6) study.settle();
    if (write(report, &number, sizeof number) < 0) _exit(1);
  }
}

TEST(Damage, AKilledProcessLosesNoReportedTrial) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.study";
  Rng rng(std::chrono::steady_clock::now().time_since_epoch().count());
  int reported = -1;
  for (int kill_number = 0; kill_number < 25; ++kill_number) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) add_until_killed(path, kill_number == 0, ends[1]);
    close(ends[1]);
    int number = 0;
    ASSERT_EQ(read(ends[0], &number, sizeof number), static_cast<ssize_t>(sizeof number));
    reported = std::max(reported, number);
    std::this_thread::sleep_for(std::chrono::microseconds(rng.below(30000)));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    while (read(ends[0], &number, sizeof number) == static_cast<ssize_t>(sizeof number))
      reported = std::max(reported, number);
    close(ends[0]);
    const StudyFile study = StudyFile::open(path);
    ASSERT_GE(study.trial_count(), reported + 1);
    ASSERT_LE(study.trial_count(), reported + 2);  // one may be committed but not yet reported
  }
  const StudyFile study = StudyFile::open(path);
  for (const Trial& trial : study.trials(true))
    EXPECT_EQ(dump_json(trial.measures), dump_json(sample_trial(trial.number).measures));
}

/// Runs `work` in a process whose files cannot grow beyond `bytes`; true when it ended with 0.
template <class Work>
bool with_small_disk(rlim_t bytes, Work work) {
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, bytes};
    setrlimit(RLIMIT_FSIZE, &limit);
    _exit(work() ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(Damage, AFileThatMayNotGrowSaysThatTheDiskIsFullAndKeepsEveryTrial) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.study", count = folder / "count";
  EXPECT_TRUE(with_small_disk(200000, [&] {
    StudyFile study = StudyFile::create(path);
    int number = 0;
    try {
      for (; number < 10000; ++number) study.add_trial(sample_trial(number));
    } catch (const Error& error) {
      std::ofstream(count) << number;
      return contains(error.message(), "disk is full") && contains(error.hint(), "make room") &&
             study.trial_count() == number && static_cast<int>(study.trials(true).size()) == number;
    }
    return false;
  }));
  const int stored = std::stoi(read_whole_file(count));
  EXPECT_GT(stored, 5);
  StudyFile study = StudyFile::open(path);
  EXPECT_EQ(study.trial_count(), stored);
  study.add_trial(sample_trial(stored));  // there is room again
  EXPECT_EQ(study.trial_count(), stored + 1);
}

TEST(Damage, AStudyThatFindsNoRoomLeavesNothingBehind) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.study";
  for (const rlim_t bytes : {0, 4096, 20000})
    with_small_disk(bytes, [&] {
      try {
        StudyFile::create(path);
      } catch (const Error&) {
        return true;
      }
      return false;
    });
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_FALSE(std::filesystem::exists(path + "-wal"));
}

// A file system whose writes and syncs fail from the n-th on: the default one, wrapped.
int writes_left = -1;  // -1: all succeed
int failure_code = SQLITE_FULL;

struct FailingFile {
  sqlite3_file base;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

sqlite3_file* real(sqlite3_file* file) { return reinterpret_cast<FailingFile*>(file)->real(); }

bool fails() {
  if (writes_left < 0) return false;
  if (writes_left > 0) --writes_left;
  return writes_left == 0;
}

int failing_close(sqlite3_file* f) {
  return real(f)->pMethods != nullptr ? real(f)->pMethods->xClose(real(f)) : SQLITE_OK;
}
int failing_read(sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
  return real(f)->pMethods->xRead(real(f), to, n, at);
}
int failing_write(sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
  return fails() ? failure_code : real(f)->pMethods->xWrite(real(f), from, n, at);
}
int failing_truncate(sqlite3_file* f, sqlite3_int64 n) {
  return real(f)->pMethods->xTruncate(real(f), n);
}
int failing_sync(sqlite3_file*, int) {  // without the disk: that would take most of the time
  return fails() ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}
int failing_size(sqlite3_file* f, sqlite3_int64* n) {
  return real(f)->pMethods->xFileSize(real(f), n);
}
int failing_lock(sqlite3_file* f, int kind) { return real(f)->pMethods->xLock(real(f), kind); }
int failing_unlock(sqlite3_file* f, int kind) { return real(f)->pMethods->xUnlock(real(f), kind); }
int failing_reserved(sqlite3_file* f, int* out) {
  return real(f)->pMethods->xCheckReservedLock(real(f), out);
}
int failing_control(sqlite3_file* f, int what, void* value) {
  return real(f)->pMethods->xFileControl(real(f), what, value);
}
int failing_sector(sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); }
int failing_device(sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); }

// Version 1: without shared memory, which a study does not need.
const sqlite3_io_methods kFailingMethods = {1,
                                            failing_close,
                                            failing_read,
                                            failing_write,
                                            failing_truncate,
                                            failing_sync,
                                            failing_size,
                                            failing_lock,
                                            failing_unlock,
                                            failing_reserved,
                                            failing_control,
                                            failing_sector,
                                            failing_device,
                                            nullptr,
                                            nullptr,
                                            nullptr,
                                            nullptr,
                                            nullptr,
                                            nullptr};

class FailingDisk {
 public:
  FailingDisk() {
    default_ = sqlite3_vfs_find(nullptr);
    vfs_ = *default_;
    vfs_.zName = "failing";
    vfs_.pAppData = default_;
    vfs_.szOsFile = static_cast<int>(sizeof(FailingFile)) + default_->szOsFile;
    vfs_.xOpen = [](sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
      auto* under = static_cast<sqlite3_vfs*>(vfs->pAppData);
      const int code = under->xOpen(under, name, real(file), flags, out);
      file->pMethods = code == SQLITE_OK ? &kFailingMethods : nullptr;
      return code;
    };
    sqlite3_vfs_register(&vfs_, 1);
  }
  ~FailingDisk() {
    writes_left = -1;
    sqlite3_vfs_register(default_, 1);
    sqlite3_vfs_unregister(&vfs_);
  }

 private:
  sqlite3_vfs* default_;
  sqlite3_vfs vfs_;
};

struct Outcome {
  int reported = 0;  ///< trials whose storing succeeded
  bool failed = false;
  std::string message;
};

/// Adds trials while the disk fails from the n-th write on; then it works again, and the study
/// must go on.
Outcome add_on_failing_disk(const std::string& path, int n) {
  StudyFile study = StudyFile::create(path);
  Outcome outcome;
  writes_left = n;
  try {
    for (; outcome.reported < 8; ++outcome.reported) {
      study.add_trial(sample_trial(outcome.reported));
      if (outcome.reported % 3 == 2) study.settle();
    }
  } catch (const Error& error) {
    outcome.message = error.what();
  }
  outcome.failed = writes_left == 0;
  writes_left = -1;
  EXPECT_GE(study.trial_count(), outcome.reported) << "write " << n;
  EXPECT_EQ(static_cast<int>(study.trials(true).size()), study.trial_count()) << "write " << n;
  study.add_trial(sample_trial(100));
  return outcome;
}

void expect_reported_trials_survive_every_failure(int code, const char* words) {
  const FailingDisk disk;
  failure_code = code;
  int failures = 0;
  for (int n = 1;; ++n) {
    const TemporaryFolder folder;
    const std::string path = folder / "a.study";
    const Outcome outcome = add_on_failing_disk(path, n);
    if (!outcome.failed) break;
    ++failures;
    const std::string& message = outcome.message;
    EXPECT_TRUE(contains(message, words) || contains(message, "reading or writing failed"))
        << "write " << n << ": " << message;
    const StudyFile study = StudyFile::open(path);
    EXPECT_GE(study.trial_count(), outcome.reported + 1) << "write " << n;
    EXPECT_LE(study.trial_count(), outcome.reported + 2) << "write " << n;
    EXPECT_TRUE(study.trial(100)) << "write " << n;
  }
  EXPECT_GT(failures, 30);
}

TEST(Damage, AFullDiskAtAnyWriteLosesNoReportedTrial) {
  expect_reported_trials_survive_every_failure(SQLITE_FULL, "disk is full");
}

TEST(Damage, AFailingDiskAtAnyWriteLosesNoReportedTrial) {
  expect_reported_trials_survive_every_failure(SQLITE_IOERR_WRITE, "writing failed");
}

}  // namespace
}  // namespace cupel
