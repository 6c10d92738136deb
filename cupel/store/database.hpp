// SQLite as the study file needs it: prepared statements that are kept, values in and out, and
// errors as sentences. Everything else of SQLite stops in database.cpp.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

struct sqlite3;
struct sqlite3_stmt;

namespace cupel {

using Bytes = std::span<const std::uint8_t>;
/// What a statement takes: null, a number, text (not copied), bytes (not copied).
using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string_view, Bytes>;

class SqlConnection {
 public:
  /// `path` must exist, or be ":memory:". Waits half a second for a lock, then gives up.
  /// Ending the connection leaves a write-ahead log as it is.
  explicit SqlConnection(const std::string& path);
  ~SqlConnection();
  SqlConnection(const SqlConnection&) = delete;
  SqlConnection& operator=(const SqlConnection&) = delete;

  /// Runs statements without values or results.
  void execute(const char* sql);
  bool read_only() const;
  /// The whole database as the bytes of its file.
  std::string bytes() const;
  const std::string& path() const { return path_; }

 private:
  friend class SqlQuery;
  sqlite3_stmt* statement(std::string_view sql);

  std::string path_;
  sqlite3* handle_ = nullptr;
  std::map<std::string, sqlite3_stmt*, std::less<>> statements_;
};

/// One use of a statement; the statement is ready for the next use afterwards.
class SqlQuery {
 public:
  SqlQuery(SqlConnection& connection, std::string_view sql,
           std::initializer_list<SqlValue> values = {});
  ~SqlQuery();
  SqlQuery(const SqlQuery&) = delete;
  SqlQuery& operator=(const SqlQuery&) = delete;

  /// Moves to the next row of the result; false behind the last one.
  bool next();

  // A column of the row, valid until next(). A null is 0 or empty.
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string_view text(int column) const;
  Bytes bytes(int column) const;

 private:
  SqlConnection& connection_;
  sqlite3_stmt* statement_;
};

/// All or nothing: rolls back unless commit() was reached.
class SqlTransaction {
 public:
  explicit SqlTransaction(SqlConnection& connection);
  ~SqlTransaction();
  SqlTransaction(const SqlTransaction&) = delete;
  SqlTransaction& operator=(const SqlTransaction&) = delete;
  void commit();

 private:
  SqlConnection& connection_;
  bool open_ = true;
};

}  // namespace cupel
