#include "cupel/trust/data_cloud.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>

#include "cupel/base/error.hpp"
#include "cupel/base/evenly_spaced.hpp"
#include "cupel/base/packed_floats.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/data/together.hpp"

namespace cupel {
namespace {

constexpr int kFewestRows = 10;
constexpr int kMostRows = 5000;  ///< looked at; evenly spaced ones of more
constexpr int kParts = 5;
constexpr double kLimitShare = 0.98;
constexpr double kSmallestVariance = 1e-4;
/// Least limits: rows on a grid repeat one another exactly.
constexpr double kLeastMeanLimit = 1, kLeastRowLimit = 0.25;

void set_center(DataCloud& cloud, const Matrix& rows) {
  cloud.mean = rows.colwise().mean();
  const Matrix centered = rows.rowwise() - cloud.mean.transpose();
  const auto count = static_cast<double>(rows.rows() - 1);
  cloud.deviation = (centered.colwise().squaredNorm() / count).cwiseSqrt();
  // Constant here, though not in all rows: any change counts.
  cloud.deviation = (cloud.deviation.array() > 0).select(cloud.deviation, 1e-6);
  const Matrix z = centered * cloud.deviation.cwiseInverse().asDiagonal();
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(z.transpose() * z / count);
  const Vector variance = solver.eigenvalues().cwiseMax(kSmallestVariance);
  cloud.whitening = as_floats(variance.cwiseSqrt().cwiseInverse().asDiagonal() *
                              solver.eigenvectors().transpose());
}

Matrix standardized(const DataCloud& cloud, const Matrix& rows) {
  return (rows.rowwise() - cloud.mean.transpose()) * cloud.deviation.cwiseInverse().asDiagonal();
}

/// Rows that cover the others: each next one is the farthest from those chosen (Gonzalez 1985).
Matrix covering_rows(const Matrix& z, int most) {
  if (z.rows() <= most) return as_floats(z);
  Matrix chosen(most, z.cols());
  Eigen::Index next = 0;
  z.rowwise().squaredNorm().minCoeff(&next);
  Vector nearest = Vector::Constant(z.rows(), std::numeric_limits<double>::infinity());
  for (int k = 0; k < most; ++k) {
    chosen.row(k) = z.row(next);
    nearest = nearest.cwiseMin((z.rowwise() - z.row(next)).rowwise().squaredNorm());
    nearest.maxCoeff(&next);
  }
  return as_floats(chosen);
}

double nearest_row(const DataCloud& cloud, const Vector& z, Eigen::Index& place) {
  return std::sqrt((cloud.rows.rowwise() - z.transpose()).rowwise().squaredNorm().minCoeff(&place));
}

void set_rows(DataCloud& cloud, const Matrix& rows) {
  set_center(cloud, rows);
  cloud.rows = covering_rows(standardized(cloud, rows), DataCloud::kKept);
}

/// Units that are left out as a whole, in order of their first rows: groups and rows alike (a
/// repeat that stays behind would make every distance 0).
std::vector<std::vector<int>> units_of(const Matrix& rows, const std::vector<int>& groups) {
  static_assert(kParts == 5);  // what without_large_units takes for large is what fills a part
  const std::vector<int> unit =
      without_large_units(joined_numbers(number_equal_rows(rows), groups));
  std::vector<std::vector<int>> units(static_cast<std::size_t>(count_numbers(unit)));
  for (std::size_t k = 0; k < unit.size(); ++k)
    units[static_cast<std::size_t>(unit[k])].push_back(static_cast<int>(k));
  return units;
}

/// The part of each row: blocks of neighbors, or units at random.
std::vector<int> parts_of(const Matrix& rows, const CloudOptions& options) {
  const auto count = static_cast<int>(rows.rows());
  std::vector<int> part(static_cast<std::size_t>(count));
  const auto part_at = [&](int place) {
    return static_cast<int>(static_cast<std::int64_t>(place) * kParts / count);
  };
  for (int k = 0; k < count; ++k) part[static_cast<std::size_t>(k)] = part_at(k);
  if (options.ordered) return part;
  const std::vector<std::vector<int>> units = units_of(rows, options.groups);
  Rng rng(options.seed);
  int dealt = 0;
  for (const int unit : rng.permutation(static_cast<int>(units.size()))) {
    const std::vector<int>& together = units[static_cast<std::size_t>(unit)];
    for (const int row : together) part[static_cast<std::size_t>(row)] = part_at(dealt);
    dealt += static_cast<int>(together.size());
  }
  return part;
}

double limit_of(std::vector<double> distances, double least) {
  std::sort(distances.begin(), distances.end());
  const auto n = static_cast<double>(distances.size());
  const double rank = std::min(std::ceil((n + 1) * kLimitShare - 1e-9), n);
  return std::max(least, distances[static_cast<std::size_t>(rank) - 1]);
}

void set_limits(DataCloud& cloud, const Matrix& rows, const CloudOptions& options) {
  const std::vector<int> part = parts_of(rows, options);
  std::vector<double> from_mean, from_rows;
  for (int p = 0; p < kParts; ++p) {
    std::vector<int> in, out;
    for (int k = 0; k < static_cast<int>(part.size()); ++k)
      (part[static_cast<std::size_t>(k)] == p ? out : in).push_back(k);
    if (out.empty()) continue;  // a unit of rows may reach over a part
    DataCloud others;
    set_rows(others, rows(in, Eigen::all));
    const Matrix z = standardized(others, rows(out, Eigen::all));
    for (Eigen::Index k = 0; k < z.rows(); ++k) {
      Eigen::Index place = 0;
      from_mean.push_back((others.whitening * z.row(k).transpose()).norm());
      from_rows.push_back(nearest_row(others, z.row(k).transpose(), place));
    }
  }
  cloud.mean_limit = limit_of(std::move(from_mean), kLeastMeanLimit);
  cloud.row_limit = limit_of(std::move(from_rows), kLeastRowLimit);
}

void check(bool fits) {
  if (!fits) throw Error(ErrorKind::runtime, "the rows of the valid region do not fit its inputs");
}

}  // namespace

DataCloud fit_cloud(ConstMatrixRef features, const std::vector<int>& used,
                    const CloudOptions& options) {
  DataCloud cloud;
  if (features.rows() < kFewestRows) return cloud;
  for (const int f : used)
    if (features.col(f).maxCoeff() > features.col(f).minCoeff()) cloud.features.push_back(f);
  if (cloud.features.empty()) return cloud;
  const std::vector<int> looked_at = evenly_spaced(features.rows(), kMostRows);
  const Matrix rows = features(looked_at, cloud.features);
  CloudOptions of_rows = options;
  if (!options.groups.empty()) {
    of_rows.groups.clear();
    for (const int row : looked_at)
      of_rows.groups.push_back(options.groups[static_cast<std::size_t>(row)]);
  }
  set_rows(cloud, rows);
  set_limits(cloud, rows, of_rows);
  return cloud;
}

CloudDistance cloud_distance(const DataCloud& cloud, ConstVectorRef features) {
  const Vector x = features(cloud.features);
  const Vector z = (x - cloud.mean).cwiseQuotient(cloud.deviation);
  const Vector white = cloud.whitening * z;
  Eigen::Index place = 0;
  CloudDistance result;
  const double from_mean = white.norm(), from_row = nearest_row(cloud, z, place);
  result.mean_ratio = from_mean / cloud.mean_limit;
  result.row_ratio = from_row / cloud.row_limit;
  Vector slope;  // of half the squared distance, by z
  Vector offset;
  if (result.mean_ratio >= result.row_ratio) {
    slope = cloud.whitening.transpose() * white;
    offset = z;
  } else {
    offset = slope = z - cloud.rows.row(place).transpose();
  }
  const double distance = result.mean_ratio >= result.row_ratio ? from_mean : from_row;
  const double limit = result.mean_ratio >= result.row_ratio ? cloud.mean_limit : cloud.row_limit;
  const double scale = distance > 0 ? 1 / distance : 0;
  result.shares = offset.cwiseProduct(slope) * scale * scale;
  result.gradient = Vector::Zero(features.size());
  result.gradient(cloud.features) = slope.cwiseQuotient(cloud.deviation) * scale / limit;
  return result;
}

Vector cloud_ratios(const DataCloud& cloud, ConstMatrixRef features) {
  const Matrix z = standardized(cloud, features(Eigen::all, cloud.features));
  const Vector from_mean = (z * cloud.whitening.transpose()).rowwise().norm();
  Vector ratios(features.rows());
  for (Eigen::Index row = 0; row < z.rows(); ++row) {
    Eigen::Index place = 0;
    ratios[row] = std::max(from_mean[row] / cloud.mean_limit,
                           nearest_row(cloud, z.row(row).transpose(), place) / cloud.row_limit);
  }
  return ratios;
}

Json to_json(const DataCloud& cloud) {
  Json json;
  json["features"] = cloud.features;
  json["mean"] = cloud.mean;
  json["deviation"] = cloud.deviation;
  json["mean_limit"] = cloud.mean_limit;
  json["row_limit"] = cloud.row_limit;
  json["whitening"] = pack_floats(cloud.whitening);
  json["row_count"] = static_cast<std::int64_t>(cloud.rows.rows());
  json["rows"] = pack_floats(cloud.rows);
  return json;
}

DataCloud cloud_from_json(const Json& json, int encoder_features) {
  DataCloud cloud{.features = json.at("features").as_integers(),
                  .mean = json.at("mean").as_vector(),
                  .deviation = json.at("deviation").as_vector()};
  cloud.mean_limit = json.at("mean_limit").as_number();
  cloud.row_limit = json.at("row_limit").as_number();
  const auto size = static_cast<Eigen::Index>(cloud.features.size());
  check(size > 0 && cloud.mean.size() == size && cloud.deviation.size() == size);
  for (const int f : cloud.features) check(f >= 0 && f < encoder_features);
  check(cloud.mean.allFinite() && cloud.deviation.allFinite() &&
        (cloud.deviation.array() > 0).all());
  check(cloud.mean_limit > 0 && cloud.row_limit > 0 && std::isfinite(cloud.mean_limit) &&
        std::isfinite(cloud.row_limit));
  cloud.whitening = unpack_floats(json.at("whitening").as_string(), size, size);
  const std::int64_t count = json.at("row_count").as_integer();
  check(count > 0 && count <= DataCloud::kKept);
  cloud.rows = unpack_floats(json.at("rows").as_string(), count, size);
  return cloud;
}

}  // namespace cupel
