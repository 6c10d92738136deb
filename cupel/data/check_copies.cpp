// What is there twice: rows, columns, and inputs that the other inputs reproduce.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <Eigen/Cholesky>
#include <algorithm>
#include <bit>
#include <cmath>
#include <unordered_map>

#include "cupel/base/matrix.hpp"
#include "cupel/data/check_parts.hpp"

namespace cupel {
namespace {

std::uint64_t mixed(std::uint64_t hash, double value) {
  const std::uint64_t bits = std::isnan(value) ? 1 : std::bit_cast<std::uint64_t>(value + 0.0);
  hash = (hash ^ bits) * 0x9FB21C651E98DF25u;
  return hash ^ (hash >> 29);
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool same_row(const Table& table, int a, int b) {
  return std::all_of(table.columns.begin(), table.columns.end(), [&](const Column& column) {
    return same(column.values[static_cast<std::size_t>(a)],
                column.values[static_cast<std::size_t>(b)]);
  });
}

bool same_column(const Column& a, const Column& b) {
  return a.kind == b.kind && a.words == b.words &&
         std::equal(a.values.begin(), a.values.end(), b.values.begin(), same);
}

void check_duplicate_rows(Examination& exam) {
  constexpr double kMany = 0.05;
  std::vector<std::uint64_t> hash(static_cast<std::size_t>(exam.table.rows), 0);
  for (const Column& column : exam.table.columns)
    for (std::size_t row = 0; row < hash.size(); ++row)
      hash[row] = mixed(hash[row], column.values[row]);
  std::unordered_map<std::uint64_t, int> first_with;
  first_with.reserve(hash.size());
  int count = 0, first = -1;
  for (int row = 0; row < exam.table.rows; ++row) {
    const auto [earlier, is_new] = first_with.emplace(hash[static_cast<std::size_t>(row)], row);
    if (is_new || !same_row(exam.table, earlier->second, row)) continue;
    if (count++ == 0) first = row;
  }
  if (count == 0) return;
  exam.add({.severity = count > kMany * exam.table.rows ? Severity::warning : Severity::note,
            .code = "duplicate_rows",
            .column = {},
            .row = first,
            .what = fmt::format("{} the same as an earlier row in every column",
                                count == 1 ? "1 row is" : fmt::format("{} rows are", count)),
            .advice =
                "if they are copies and not repeated measurements, remove them: what is there "
                "twice counts twice"});
}

void check_duplicate_columns(Examination& exam) {
  std::unordered_map<std::uint64_t, int> first_with;
  for (const int index : exam.remaining_inputs()) {
    std::uint64_t hash = 0;
    for (const double value : exam.column(index).values) hash = mixed(hash, value);
    const auto [earlier, is_new] = first_with.emplace(hash, index);
    if (is_new || !same_column(exam.column(earlier->second), exam.column(index))) continue;
    exam.add({.severity = Severity::warning,
              .code = "duplicate_column",
              .column = exam.column(index).name,
              .what = fmt::format("it is the same as '{}' in every row",
                                  exam.column(earlier->second).name),
              .advice = "it adds nothing and is not used as an input",
              .drop = !exam.kept(index)});
  }
}

/// Columns with mean 0 and length 1, missing cells at the mean: products are correlations.
Matrix standardized(const Examination& exam, const std::vector<int>& inputs) {
  Matrix z(exam.table.rows, static_cast<Eigen::Index>(inputs.size()));
  for (Eigen::Index j = 0; j < z.cols(); ++j) {
    const int index = inputs[static_cast<std::size_t>(j)];
    const std::vector<double>& sorted = exam.facts_of(index).sorted;
    double mean = 0;
    for (const double value : sorted) mean += value / static_cast<double>(sorted.size());
    const std::vector<double>& values = exam.column(index).values;
    for (Eigen::Index i = 0; i < z.rows(); ++i) {
      const double value = values[static_cast<std::size_t>(i)];
      z(i, j) = std::isnan(value) ? 0 : value - mean;
    }
    const double length = z.col(j).norm();
    if (length > 0) z.col(j) /= length;
  }
  return z;
}

/// "'a', 'b' and 'c'", shortened in the middle.
std::string listed(const std::vector<std::string>& names) {
  if (names.size() == 1) return fmt::format("'{}'", names[0]);
  if (names.size() > 8)
    return fmt::format("'{}', '{}', … and '{}' ({} columns)", names[0], names[1], names.back(),
                       names.size());
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += fmt::format("{}'{}'", i == 0 ? "" : i + 1 == names.size() ? " and " : ", ", names[i]);
  return text;
}

void report_collinear(Examination& exam, int index, const std::vector<std::string>& others) {
  exam.add({.severity = others.size() == 1 ? Severity::warning : Severity::note,
            .code = "collinear",
            .column = exam.column(index).name,
            .what = fmt::format("it can be computed from {} (R² > 0.9999)", listed(others)),
            .advice = "one column of this group can be left out without loss"});
}

/// Takes the inputs in file order; one that those before it reproduce is reported and left
/// out. `correlation` is [inputs x inputs]; grows its Cholesky factor row by row.
void find_collinear(Examination& exam, const std::vector<int>& inputs, const Matrix& correlation) {
  constexpr double kUnexplained = 1e-4, kMatters = 0.03;
  Matrix factor = Matrix::Zero(correlation.rows(), correlation.cols());
  std::vector<Eigen::Index> basis;
  for (Eigen::Index j = 0; j < correlation.cols(); ++j) {
    const auto size = static_cast<Eigen::Index>(basis.size());
    Vector right(size);
    for (Eigen::Index k = 0; k < size; ++k) right(k) = correlation(basis[k], j);
    const auto lower = factor.topLeftCorner(size, size).triangularView<Eigen::Lower>();
    const Vector row = lower.solve(right);
    const double unexplained = 1 - row.squaredNorm();
    if (unexplained >= kUnexplained) {
      factor.row(size).head(size) = row.transpose();
      factor(size, size) = std::sqrt(unexplained);
      basis.push_back(j);
      continue;
    }
    const Vector weights = lower.transpose().solve(row);
    std::vector<std::string> others;
    for (Eigen::Index k = 0; k < size; ++k)
      if (std::abs(weights(k)) > kMatters)
        others.push_back(exam.column(inputs[static_cast<std::size_t>(basis[k])]).name);
    if (!others.empty()) report_collinear(exam, inputs[static_cast<std::size_t>(j)], others);
  }
}

void check_collinear(Examination& exam) {
  constexpr std::size_t kMost = 500;  // inputs: the work grows with their square
  const std::vector<int> inputs = exam.numeric_inputs();
  if (inputs.size() < 2 || inputs.size() > kMost) return;
  if (exam.table.rows <= static_cast<int>(inputs.size()) + 1) return;  // always reproducible
  const Matrix z = standardized(exam, inputs);
  const Matrix correlation = z.transpose() * z;
  if (correlation.allFinite()) find_collinear(exam, inputs, correlation);
}

}  // namespace

void check_copies(Examination& exam) {
  check_duplicate_rows(exam);
  check_duplicate_columns(exam);
  check_collinear(exam);
}

}  // namespace cupel
