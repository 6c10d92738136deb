#include "cupel/store/trial.hpp"

#include <cmath>
#include <limits>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

/// JSON has no infinities: they are words here, so that a stored score is the score.
Json exact_number(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

double number_from(const Json& json) {
  if (!json.is_string()) return json.as_number();
  const std::string& word = json.as_string();
  if (word == "inf") return std::numeric_limits<double>::infinity();
  if (word == "-inf") return -std::numeric_limits<double>::infinity();
  if (word == "nan") return std::numeric_limits<double>::quiet_NaN();
  throw Error(ErrorKind::runtime, "a score that is not a number");
}

}  // namespace

Json to_json(const Score& score) {
  Json json;
  json["objectives"] = Json::Array{};
  for (const double objective : score.objectives)
    json["objectives"].push_back(exact_number(objective));
  json["violation"] = exact_number(score.violation);
  json["failed"] = score.failed;
  return json;
}

Score score_from_json(const Json& json) {
  Score score{.objectives = {},
              .violation = number_from(json.at("violation")),
              .failed = json.at("failed").as_bool()};
  for (const Json& objective : json.at("objectives").as_array())
    score.objectives.push_back(number_from(objective));
  return score;
}

}  // namespace cupel
