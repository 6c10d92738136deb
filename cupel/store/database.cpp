#include "cupel/store/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

constexpr int kBusyTimeoutMs = 500;
constexpr std::uint8_t kNothing[1] = {};  ///< where empty bytes stand: a null pointer means null

struct Sentence {
  std::string what, hint;
};

Sentence input_output_sentence(sqlite3* handle, int code) {
  const int problem = sqlite3_system_errno(handle);
  if (problem == ENOSPC || problem == EDQUOT || problem == EFBIG)
    return {fmt::format("the disk is full ({})", std::strerror(problem)),
            "make room on the disk, then resume: nothing that was reported is lost"};
  if (code == SQLITE_IOERR_WRITE)
    return {"writing failed: the disk is full, a limit is reached, or the disk fails",
            "make room on the disk or check it, then resume: nothing that was reported is lost"};
  return {fmt::format("reading or writing failed ({})",
                      problem != 0 ? std::strerror(problem) : sqlite3_errmsg(handle)),
          "check the disk, then resume: nothing that was reported is lost"};
}

/// SQLite's result code as a person needs it.
Sentence sentence_for(sqlite3* handle, int code) {
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {"the study is in use by another process",
              "wait until the other run has ended, or stop it first"};
    case SQLITE_FULL:
      return {"the disk is full",
              "make room on the disk, then resume: nothing that was reported is lost"};
    case SQLITE_IOERR:
      return input_output_sentence(handle, code);
    case SQLITE_READONLY:
      return {"the study cannot be written", "get the right to write the file and its folder"};
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {"the study cannot be opened", "check the name, the folder and your rights"};
    case SQLITE_NOMEM:
      return {"out of memory", "close other programs, or raise the limit ('ulimit -v')"};
    default:
      return {fmt::format("the study is damaged ({})",
                          handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code)),
              "take a copy of the file from a backup, or start the study again"};
  }
}

[[noreturn]] void fail(sqlite3* handle, const std::string& path, int code) {
  Sentence sentence = sentence_for(handle, code);
  throw Error(ErrorKind::runtime, fmt::format("{}: {}", path, sentence.what),
              std::move(sentence.hint));
}

int bind(sqlite3_stmt* statement, int place, const SqlValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value))
    return sqlite3_bind_int64(statement, place, *number);
  if (const auto* number = std::get_if<double>(&value))
    return sqlite3_bind_double(statement, place, *number);
  if (const auto* text = std::get_if<std::string_view>(&value))  // an empty text is no null
    return sqlite3_bind_text64(statement, place, text->empty() ? "" : text->data(), text->size(),
                               SQLITE_STATIC, SQLITE_UTF8);
  if (const auto* bytes = std::get_if<Bytes>(&value))
    return sqlite3_bind_blob64(statement, place, bytes->empty() ? kNothing : bytes->data(),
                               bytes->size(), SQLITE_STATIC);
  return sqlite3_bind_null(statement, place);
}

}  // namespace

SqlConnection::SqlConnection(const std::string& path) : path_(path) {
  const int code =
      sqlite3_open_v2(path.c_str(), &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) {
    const Sentence sentence = sentence_for(handle_, code);
    sqlite3_close_v2(std::exchange(handle_, nullptr));
    throw Error(ErrorKind::runtime, fmt::format("{}: {}", path, sentence.what), sentence.hint);
  }
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_busy_timeout(handle_, kBusyTimeoutMs);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  // The file may come from a stranger: nothing in it is to be run.
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
}

SqlConnection::~SqlConnection() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close_v2(handle_);
}

void SqlConnection::execute(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(handle_, path_, code);
}

bool SqlConnection::read_only() const { return sqlite3_db_readonly(handle_, "main") == 1; }

std::string SqlConnection::bytes() const {
  sqlite3_int64 size = 0;
  unsigned char* data = sqlite3_serialize(handle_, "main", &size, 0);
  if (data == nullptr) fail(handle_, path_, SQLITE_NOMEM);
  std::string bytes(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
  sqlite3_free(data);
  return bytes;
}

sqlite3_stmt* SqlConnection::statement(std::string_view sql) {
  if (const auto found = statements_.find(sql); found != statements_.end()) return found->second;
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) fail(handle_, path_, code);
  return statements_.emplace(std::string(sql), statement).first->second;
}

SqlQuery::SqlQuery(SqlConnection& connection, std::string_view sql,
                   std::initializer_list<SqlValue> values)
    : connection_(connection), statement_(connection.statement(sql)) {
  int place = 0;
  for (const SqlValue& value : values) {
    const int code = bind(statement_, ++place, value);
    if (code != SQLITE_OK) fail(connection_.handle_, connection_.path_, code);
  }
}

SqlQuery::~SqlQuery() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

bool SqlQuery::next() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail(connection_.handle_, connection_.path_, code);
  return false;
}

std::int64_t SqlQuery::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

double SqlQuery::real(int column) const { return sqlite3_column_double(statement_, column); }

std::string_view SqlQuery::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return {text == nullptr ? "" : text,
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Bytes SqlQuery::bytes(int column) const {
  const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

SqlTransaction::SqlTransaction(SqlConnection& connection) : connection_(connection) {
  connection_.execute("BEGIN IMMEDIATE");
}

SqlTransaction::~SqlTransaction() {
  if (!open_) return;
  try {
    connection_.execute("ROLLBACK");
  } catch (const Error&) {
    // SQLite has rolled back by itself, as it does on a full disk.
  }
}

void SqlTransaction::commit() {
  connection_.execute("COMMIT");
  open_ = false;
}

}  // namespace cupel
