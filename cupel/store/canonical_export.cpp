// A study as text that must be the same, byte for byte, for any number of threads, kills and
// resumes: one JSON object a line.
#include <algorithm>
#include <array>
#include <span>

#include "cupel/store/study_file.hpp"

namespace cupel {
namespace {

using Keys = std::span<const std::string_view>;

Json without(const Json& json, Keys keys) {
  if (json.is_array()) {
    Json::Array kept;
    for (const Json& item : json.as_array()) kept.push_back(without(item, keys));
    return kept;
  }
  if (!json.is_object()) return json;
  Json::Object kept;
  for (const auto& [key, value] : json.as_object())
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
      kept.emplace_back(key, without(value, keys));
  return kept;
}

Json networks_json(const std::vector<Mlp>& networks) {
  Json::Array list;
  for (const Mlp& network : networks) list.push_back(to_json(network));
  return list;
}

Json trial_json(const Trial& trial) {
  Json json;
  json["trial"] = trial.number;
  json["seed"] = std::to_string(trial.seed);  // 64 bits are more than a JSON number holds
  json["candidate"] = trial.candidate;
  json["state"] = trial.state == TrialState::complete ? "complete" : "failed";
  json["reason"] = trial.reason;
  json["score"] = to_json(trial.score);
  json["measures"] = without(trial.measures, kNotInExport);
  json["networks"] = networks_json(trial.networks);
  return json;
}

std::string value_line(const StudyFile& study, const std::string& key) {
  const std::optional<Json> value = study.get(key);
  if (!value) return {};
  Json kept = without(*value, kNotInExport);
  if (key == "options") kept = without(kept, kNotInOptions);
  Json line;
  line[key] = std::move(kept);
  return dump_json(line) + "\n";
}

}  // namespace

std::string canonical_export(const StudyFile& study) {
  std::string text;
  for (const char* key : {"options", "compare", "data", "profile", "space"}) text += value_line(study, key);
  const std::vector<Trial> trials = study.trials(true);
  for (const Trial& trial : trials) text += dump_json(trial_json(trial)) + "\n";
  for (const Trial& trial : trials)
    if (const std::optional<Mlp> network = study.refit(trial.number)) {
      Json line;
      line["refit"] = trial.number;
      line["network"] = to_json(*network);
      text += dump_json(line) + "\n";
    }
  return text + value_line(study, "result");
}

}  // namespace cupel
