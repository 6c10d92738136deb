#include "cupel/store/study_rows.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"

namespace cupel {
namespace {

struct TableText {
  const char *name, *sql;
};

constexpr std::array kTables = {
    TableText{"meta",
              "CREATE TABLE meta(key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL, "
              "checksum INTEGER NOT NULL) STRICT"},
    TableText{"networks",
              "CREATE TABLE networks(trial INTEGER NOT NULL, part INTEGER NOT NULL, "
              "topology TEXT NOT NULL, parameters BLOB NOT NULL, mask BLOB NOT NULL, "
              "checksum INTEGER NOT NULL, PRIMARY KEY(trial, part)) STRICT"},
    TableText{"refits",
              "CREATE TABLE refits(trial INTEGER PRIMARY KEY, topology TEXT NOT NULL, "
              "parameters BLOB NOT NULL, mask BLOB NOT NULL, checksum INTEGER NOT NULL) STRICT"},
    TableText{"totals",
              "CREATE TABLE totals(id INTEGER PRIMARY KEY, trials INTEGER NOT NULL, "
              "networks INTEGER NOT NULL, refits INTEGER NOT NULL, meta INTEGER NOT NULL, "
              "settled INTEGER NOT NULL, checksum INTEGER NOT NULL) STRICT"},
    TableText{"trials",
              "CREATE TABLE trials(number INTEGER PRIMARY KEY, seed INTEGER NOT NULL, "
              "candidate TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, "
              "score TEXT NOT NULL, measures TEXT NOT NULL, elapsed_s REAL NOT NULL, "
              "checksum INTEGER NOT NULL) STRICT"},
};

[[noreturn]] void damaged(const SqlConnection& sql, const std::string& where) {
  throw Error(ErrorKind::runtime, fmt::format("{}: the study is damaged ({})", sql.path(), where),
              "take a copy of the file from a backup, or start the study again");
}

std::uint64_t add_bytes(std::uint64_t sum, const void* data, std::size_t size) {
  const auto* bytes = static_cast<const unsigned char*>(data);
  sum = mix_seed({sum, size});
  for (std::size_t i = 0; i < size; i += 8) {
    std::uint64_t word = 0;
    for (std::size_t k = 0; k < 8 && i + k < size; ++k)
      word |= std::uint64_t{bytes[i + k]} << (8 * k);
    sum = mix_seed({sum, word});
  }
  return sum;
}

/// Of a row's values, in order; the same on every machine.
std::int64_t checksum(std::initializer_list<SqlValue> values) {
  std::uint64_t sum = 0;
  for (const SqlValue& value : values) {
    if (const auto* integer = std::get_if<std::int64_t>(&value))
      sum = mix_seed({sum, static_cast<std::uint64_t>(*integer)});
    if (const auto* real = std::get_if<double>(&value))
      sum = mix_seed({sum, std::bit_cast<std::uint64_t>(*real)});
    if (const auto* text = std::get_if<std::string_view>(&value))
      sum = add_bytes(sum, text->data(), text->size());
    if (const auto* bytes = std::get_if<Bytes>(&value))
      sum = add_bytes(sum, bytes->data(), bytes->size());
  }
  return static_cast<std::int64_t>(sum);
}

std::vector<std::uint8_t> to_bytes(const Vector& values) {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(values.size()) * 8);
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    const auto word = std::bit_cast<std::uint64_t>(values[i]);
    for (int k = 0; k < 8; ++k)
      bytes[static_cast<std::size_t>(i * 8 + k)] = static_cast<std::uint8_t>(word >> (8 * k));
  }
  return bytes;
}

Vector from_bytes(Bytes bytes) {
  Vector values(static_cast<Eigen::Index>(bytes.size() / 8));
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    std::uint64_t word = 0;
    for (int k = 0; k < 8; ++k)
      word |= std::uint64_t{bytes[static_cast<std::size_t>(i * 8 + k)]} << (8 * k);
    values[i] = std::bit_cast<double>(word);
  }
  return values;
}

/// The network in columns `first` … of a row: topology, parameters, mask.
Mlp network_from(const SqlQuery& row, int first) {
  Mlp network;
  network.topology = topology_from_json(parse_json(row.text(first), "topology"));
  const auto count = static_cast<std::size_t>(parameter_count(network.topology));
  const Bytes parameters = row.bytes(first + 1), mask = row.bytes(first + 2);
  if (parameters.size() != count * 8 || (!mask.empty() && mask.size() != count))
    throw Error(ErrorKind::runtime, "a network whose parameters do not fit its layers");
  network.parameters = from_bytes(parameters);
  network.mask.assign(mask.begin(), mask.end());
  return network;
}

constexpr std::string_view kTrialColumns =
    "SELECT number, seed, candidate, state, reason, score, measures, elapsed_s, checksum "
    "FROM trials";

std::string_view state_name(TrialState state) {
  return state == TrialState::complete ? "complete" : "failed";
}

TrialState state_from(std::string_view name) {
  if (name == "complete") return TrialState::complete;
  if (name == "failed") return TrialState::failed;
  throw Error(ErrorKind::runtime, "an unknown state");
}

Trial trial_from(const SqlQuery& row) {
  const std::int64_t sum = checksum({row.integer(0), row.integer(1), row.text(2), row.text(3),
                                     row.text(4), row.text(5), row.text(6), row.real(7)});
  if (sum != row.integer(8)) throw Error(ErrorKind::runtime, "the checksum is wrong");
  return {.number = static_cast<int>(row.integer(0)),
          .seed = static_cast<std::uint64_t>(row.integer(1)),
          .candidate = parse_json(row.text(2), "candidate").as_numbers(),
          .state = state_from(row.text(3)),
          .reason = std::string(row.text(4)),
          .score = score_from_json(parse_json(row.text(5), "score")),
          .measures = parse_json(row.text(6), "measures"),
          .networks = {},
          .elapsed_s = row.real(7)};
}

std::vector<Mlp> networks_of(SqlConnection& sql, int trial) {
  SqlQuery row(sql,
               "SELECT part, topology, parameters, mask, checksum FROM networks "
               "WHERE trial = ? ORDER BY part",
               {std::int64_t{trial}});
  std::vector<Mlp> networks;
  while (row.next()) {
    const auto part = static_cast<std::int64_t>(networks.size());
    const std::int64_t sum =
        checksum({std::int64_t{trial}, row.integer(0), row.text(1), row.bytes(2), row.bytes(3)});
    if (row.integer(0) != part || sum != row.integer(4))
      throw Error(ErrorKind::runtime, "the checksum of a network is wrong");
    networks.push_back(network_from(row, 1));
  }
  return networks;
}

void insert_network(SqlConnection& sql, int trial, int part, const Mlp& network) {
  const std::string topology = dump_json(to_json(network.topology));
  const std::vector<std::uint8_t> parameters = to_bytes(network.parameters);
  const std::int64_t sum = checksum(
      {std::int64_t{trial}, std::int64_t{part}, topology, Bytes(parameters), Bytes(network.mask)});
  SqlQuery(sql, "INSERT INTO networks VALUES(?, ?, ?, ?, ?, ?)",
           {std::int64_t{trial}, std::int64_t{part}, topology, Bytes(parameters),
            Bytes(network.mask), sum})
      .next();
}

/// Runs `read`; trouble with a row's contents becomes one about the study, naming the row.
template <class Read>
auto reading(const SqlConnection& sql, const std::string& what, Read read) {
  try {
    return read();
  } catch (const Error& error) {
    if (error.message().starts_with(sql.path() + ":")) throw;
    damaged(sql, fmt::format("{}: {}", what, error.message()));
  }
}

}  // namespace

void make_tables(SqlConnection& sql) {
  for (const TableText& table : kTables) sql.execute(table.sql);
  write_totals(sql, {});
}

void check_tables(SqlConnection& sql) {
  SqlQuery row(sql, "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name");
  for (const TableText& table : kTables)
    if (!row.next() || row.text(0) != table.name || row.text(1) != table.sql)
      damaged(sql, fmt::format("the table '{}' is not as it should be", table.name));
  if (row.next()) damaged(sql, "there are tables that do not belong here");
}

void write_totals(SqlConnection& sql, const Totals& totals) {
  const std::int64_t settled = totals.settled ? 1 : 0;
  SqlQuery(sql, "INSERT OR REPLACE INTO totals VALUES(0, ?, ?, ?, ?, ?, ?)",
           {totals.trials, totals.networks, totals.refits, totals.values, settled,
            checksum({totals.trials, totals.networks, totals.refits, totals.values, settled})})
      .next();
}

Totals read_totals(SqlConnection& sql) {
  SqlQuery row(sql, "SELECT trials, networks, refits, meta, settled, checksum FROM totals");
  if (!row.next()) damaged(sql, "the totals are missing");
  const std::int64_t sum =
      checksum({row.integer(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4)});
  if (sum != row.integer(5)) damaged(sql, "the totals have a wrong checksum");
  return {.trials = row.integer(0),
          .networks = row.integer(1),
          .refits = row.integer(2),
          .values = row.integer(3),
          .settled = row.integer(4) == 1};
}

void write_value(SqlConnection& sql, const std::string& key, const Json& value) {
  const std::string text = dump_json(value);
  SqlQuery(sql, "INSERT OR REPLACE INTO meta VALUES(?, ?, ?)", {key, text, checksum({key, text})})
      .next();
}

std::optional<Json> read_value(SqlConnection& sql, const std::string& key) {
  SqlQuery row(sql, "SELECT value, checksum FROM meta WHERE key = ?", {key});
  if (!row.next()) return std::nullopt;
  if (checksum({key, row.text(0)}) != row.integer(1))
    damaged(sql, fmt::format("the checksum of '{}' is wrong", key));
  return reading(sql, key, [&] { return parse_json(row.text(0), key); });
}

std::vector<std::string> read_keys(SqlConnection& sql) {
  std::vector<std::string> keys;
  SqlQuery row(sql, "SELECT key FROM meta ORDER BY key");
  while (row.next()) keys.emplace_back(row.text(0));
  return keys;
}

void insert_trial(SqlConnection& sql, const Trial& trial) {
  const std::string candidate = dump_json(Json(trial.candidate)),
                    score = dump_json(to_json(trial.score)), measures = dump_json(trial.measures);
  const auto seed = static_cast<std::int64_t>(trial.seed);
  const double elapsed_s = std::isnan(trial.elapsed_s) ? 0 : trial.elapsed_s;
  const std::string_view state = state_name(trial.state);
  const std::int64_t sum = checksum({std::int64_t{trial.number}, seed, candidate, state,
                                     trial.reason, score, measures, elapsed_s});
  SqlQuery(sql, "INSERT INTO trials VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
           {std::int64_t{trial.number}, seed, candidate, state, trial.reason, score, measures,
            elapsed_s, sum})
      .next();
  int part = 0;
  for (const Mlp& network : trial.networks) insert_network(sql, trial.number, part++, network);
}

std::optional<Trial> read_trial(SqlConnection& sql, int number) {
  return reading(sql, fmt::format("trial {}", number), [&]() -> std::optional<Trial> {
    SqlQuery row(sql, fmt::format("{} WHERE number = ?", kTrialColumns), {std::int64_t{number}});
    if (!row.next()) return std::nullopt;
    Trial trial = trial_from(row);
    trial.networks = networks_of(sql, number);
    return trial;
  });
}

std::vector<Trial> read_trials(SqlConnection& sql, bool with_networks) {
  std::vector<Trial> trials;
  SqlQuery row(sql, fmt::format("{} ORDER BY number", kTrialColumns));
  while (row.next()) {
    const auto number = row.integer(0);
    reading(sql, fmt::format("trial {}", number), [&] {
      trials.push_back(trial_from(row));
      if (with_networks) trials.back().networks = networks_of(sql, trials.back().number);
    });
  }
  return trials;
}

bool has_trial(SqlConnection& sql, int number) {
  return SqlQuery(sql, "SELECT 1 FROM trials WHERE number = ?", {std::int64_t{number}}).next();
}

void write_refit(SqlConnection& sql, int trial, const Mlp& network) {
  const std::string topology = dump_json(to_json(network.topology));
  const std::vector<std::uint8_t> parameters = to_bytes(network.parameters);
  const std::int64_t sum =
      checksum({std::int64_t{trial}, topology, Bytes(parameters), Bytes(network.mask)});
  SqlQuery(sql, "INSERT OR REPLACE INTO refits VALUES(?, ?, ?, ?, ?)",
           {std::int64_t{trial}, topology, Bytes(parameters), Bytes(network.mask), sum})
      .next();
}

std::optional<Mlp> read_refit(SqlConnection& sql, int trial) {
  return reading(sql, fmt::format("refit of trial {}", trial), [&]() -> std::optional<Mlp> {
    SqlQuery row(sql, "SELECT topology, parameters, mask, checksum FROM refits WHERE trial = ?",
                 {std::int64_t{trial}});
    if (!row.next()) return std::nullopt;
    if (checksum({std::int64_t{trial}, row.text(0), row.bytes(1), row.bytes(2)}) != row.integer(3))
      throw Error(ErrorKind::runtime, "the checksum is wrong");
    return network_from(row, 0);
  });
}

void remove_refit(SqlConnection& sql, int trial) {
  SqlQuery(sql, "DELETE FROM refits WHERE trial = ?", {std::int64_t{trial}}).next();
}

std::vector<int> read_refit_trials(SqlConnection& sql) {
  std::vector<int> numbers;
  SqlQuery row(sql, "SELECT trial FROM refits ORDER BY trial");
  while (row.next()) numbers.push_back(static_cast<int>(row.integer(0)));
  return numbers;
}

}  // namespace cupel
