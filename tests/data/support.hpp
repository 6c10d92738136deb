// Tables for the tests of this folder, made in a line or two.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/base/error.hpp"
#include "cupel/data/read_table.hpp"

namespace cupel {

inline Column number_column(const std::string& name, std::vector<double> values) {
  Column column;
  column.name = name;
  column.values = std::move(values);
  return column;
}

inline Column generated(const std::string& name, int rows,
                        const std::function<double(int)>& value) {
  std::vector<double> values;
  for (int row = 0; row < rows; ++row) values.push_back(value(row));
  return number_column(name, values);
}

inline Column text_column(const std::string& name, const std::vector<std::string>& cells) {
  Column column;
  column.name = name;
  column.kind = ColumnKind::text;
  for (const std::string& cell : cells) {
    std::size_t code = 0;
    while (code < column.words.size() && column.words[code] != cell) ++code;
    if (code == column.words.size() && !cell.empty()) column.words.push_back(cell);
    column.values.push_back(cell.empty() ? kMissing : static_cast<double>(code));
  }
  return column;
}

inline Table table_of(std::vector<Column> columns) {
  Table table;
  table.source = "test.csv";
  table.rows = static_cast<int>(columns.at(0).values.size());
  table.columns = std::move(columns);
  return table;
}

inline const Column& column_of(const Table& table, const std::string& name) {
  return table.columns.at(static_cast<std::size_t>(table.find(name)));
}

/// Message and hint of the Error that `action` throws; the test fails when it throws none or
/// one of another kind.
inline std::string error_of(ErrorKind kind, const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace cupel
