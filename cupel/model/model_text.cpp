// A model as JSON text and back; every size is checked against every other on the way back.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "cupel/base/error.hpp"
#include "cupel/base/sealed_json.hpp"
#include "cupel/base/version.hpp"
#include "cupel/model/model.hpp"

namespace cupel {
namespace {

[[noreturn]] void refuse(const std::string& what) { throw Error(ErrorKind::runtime, what); }

Json member_json(const Member& member) {
  Json json;
  json["features"] = member.features;
  json["weights"] = member.weights;
  if (!member.targets.empty()) json["targets"] = member.targets;
  json["network"] = to_json(member.network);
  if (member.uncertainty.known()) json["uncertainty"] = to_json(member.uncertainty);
  return json;
}

Member member_from(const Json& json) {
  Member member{.network = mlp_from_json(json.at("network")),
                .weights = json.at("weights").as_vector(),
                .features = json.at("features").as_integers()};
  if (const Json* targets = json.find("targets")) member.targets = targets->as_integers();
  if (const Json* uncertainty = json.find("uncertainty"))
    member.uncertainty = uncertainty_from_json(*uncertainty, member.network);
  return member;
}

Json members_json(const std::vector<Member>& members) {
  Json::Array list;
  for (const Member& member : members) list.push_back(member_json(member));
  return list;
}

std::vector<Member> members_from(const Json& json) {
  std::vector<Member> members;
  for (const Json& member : json.as_array()) members.push_back(member_from(member));
  return members;
}

Json fold_json(const FoldModel& fold) {
  Json json;
  json["encoder"] = to_json(fold.encoder);
  json["members"] = members_json(fold.members);
  json["rows"] = fold.rows;
  json["residuals"] = to_json(ResidualIntervals{fold.residuals}).at("residuals");
  return json;
}

FoldModel fold_from(const Json& json) {
  return {.encoder = encoder_from_json(json.at("encoder")),
          .members = members_from(json.at("members")),
          .rows = static_cast<int>(json.at("rows").as_integer()),
          .residuals = intervals_from_json(json).residuals};
}

Json test_vector_json(const TestVector& vector) {
  Json json;
  json["cells"] = vector.cells;
  json["outputs"] = vector.outputs;
  if (!vector.distance) return json;
  json["lower"] = vector.lower;
  json["upper"] = vector.upper;
  json["distance"] = *vector.distance;
  json["valid"] = vector.valid;
  return json;
}

TestVector test_vector_from(const Json& json) {
  TestVector vector{.cells = json.at("cells").as_strings(),
                    .outputs = json.at("outputs").as_numbers()};
  const Json* distance = json.find("distance");
  if (distance == nullptr) return vector;
  vector.lower = json.at("lower").as_numbers();
  vector.upper = json.at("upper").as_numbers();
  vector.distance = distance->as_number();
  vector.valid = json.at("valid").as_bool();
  return vector;
}

void check_encoder(const Encoder& encoder) {
  if (encoder.targets.empty()) refuse("the model has no target");
  std::set<std::string_view> names;
  for (const EncodedColumn& column : encoder.columns) {
    if (!names.insert(column.name).second)
      refuse(fmt::format("the input '{}' occurs twice", column.name));
    if (column.text && column.levels.empty())
      refuse(fmt::format("the input '{}' has no words", column.name));
    if (!(column.log_scale >= 0) || !(column.low <= column.up))
      refuse(fmt::format("the range of '{}' is reversed", column.name));
  }
}

void check_member(const Member& member, const Encoder& encoder) {
  const Topology& topology = member.network.topology;
  const auto targets = std::ssize(encoder.targets);
  const auto predicted = member.targets.empty() ? targets : std::ssize(member.targets);
  if (std::ssize(member.features) != topology.inputs || topology.outputs() != predicted)
    refuse("a network does not fit the model's inputs and targets");
  for (const int target : member.targets)
    if (target < 0 || target >= targets) refuse("a network predicts an unknown target");
  for (const int feature : member.features)
    if (feature < 0 || feature >= encoder.inputs()) refuse("a network has an unknown input");
  if (member.weights.size() != predicted || !member.weights.allFinite())
    refuse("the weights of a network do not fit the targets");
}

void check_members(const std::vector<Member>& members, const Encoder& encoder) {
  if (members.empty()) refuse("the model has no network");
  Vector sum = Vector::Zero(std::ssize(encoder.targets));
  for (const Member& member : members) {
    check_member(member, encoder);
    for (Eigen::Index k = 0; k < member.weights.size(); ++k)
      sum[target_of(member, k)] += member.weights[k];
  }
  if (!((sum.array() - 1).abs() < 1e-6).all())
    refuse("the weights of the networks do not sum to 1");
}

bool fold_fits(const FoldModel& fold, const Encoder& encoder) {
  return fold.rows > 0 && fold.encoder.columns.size() == encoder.columns.size() &&
         fold.encoder.targets.size() == encoder.targets.size() &&
         fold.residuals.size() == encoder.targets.size() &&
         std::none_of(fold.residuals.begin(), fold.residuals.end(),
                      [](const std::vector<double>& residuals) { return residuals.empty(); });
}

void check_intervals(const Model& model) {
  const std::size_t intervals = model.intervals.residuals.size();
  if (intervals != 0 && intervals != model.encoder.targets.size())
    refuse("the intervals do not fit the targets");
  const bool folds = model.interval_method == IntervalMethod::cv_plus ||
                     model.interval_method == IntervalMethod::split;
  if (folds == model.folds.empty() || (folds && intervals != 0))
    refuse("the intervals do not fit their method");
  for (const FoldModel& fold : model.folds) {
    if (!fold_fits(fold, model.encoder)) refuse("a fold does not fit the model");
    for (std::size_t c = 0; c < fold.encoder.columns.size(); ++c)
      if (fold.encoder.columns[c].text != model.encoder.columns[c].text)
        refuse("a fold does not fit the model");
    check_encoder(fold.encoder);
    check_members(fold.members, fold.encoder);
  }
  if (model.interval_method != IntervalMethod::normalized) return;
  for (const Member& member : model.members)
    if (!member.uncertainty.known()) refuse("a network without the noise that its intervals need");
}

void check_sizes(const Model& model) {
  check_encoder(model.encoder);
  const Windows& windows = model.windows;
  if (windows.any() &&
      (windows.inputs.size() + windows.targets.size()) * static_cast<std::size_t>(windows.steps) !=
          model.encoder.columns.size())
    refuse("the windows do not fit the inputs");
  check_members(model.members, model.encoder);
  check_intervals(model);
  const std::size_t targets = model.encoder.targets.size();
  for (const TestVector& vector : model.test_vectors) {
    if (vector.cells.size() != model.encoder.columns.size() || vector.outputs.size() != targets)
      refuse("a test vector does not fit the model");
    for (const std::vector<double>* ends : {&vector.lower, &vector.upper})
      if (!ends->empty() && ends->size() != targets)
        refuse("an interval of a test vector does not fit the model");
    for (const double output : vector.outputs)
      if (!std::isfinite(output)) refuse("a test vector is not finite");
  }
}

Model model_from(const Json& json) {
  Model model;
  model.encoder = encoder_from_json(json.at("encoder"));
  if (const Json* reading = json.find("reading")) model.reading = reading_from_json(*reading);
  if (const Json* calendar = json.find("calendar")) model.calendar = calendar_from_json(*calendar);
  if (const Json* windows = json.find("windows")) model.windows = windows_from_json(*windows);
  model.members = members_from(json.at("members"));
  model.intervals = intervals_from_json(json.at("intervals"));
  if (const Json* method = json.at("intervals").find("method"))
    model.interval_method = interval_method_from_name(method->as_string());
  if (const Json* folds = json.at("intervals").find("folds"))
    for (const Json& fold : folds->as_array()) model.folds.push_back(fold_from(fold));
  model.region = region_from_json(json.at("region"), model.encoder.inputs());
  model.provenance = json.at("provenance");
  for (const Json& vector : json.at("test_vectors").as_array())
    model.test_vectors.push_back(test_vector_from(vector));
  check_sizes(model);
  return model;
}

/// Throws unless the text says that it is a model of a known format.
void check_format(const Json& json, const std::string& name) {
  const Json* format = json.find("format");
  const Json* program = json.find("cupel");
  if (format == nullptr || program == nullptr || !format->is_number() || !program->is_string())
    throw Error(ErrorKind::runtime, fmt::format("{}: this is not a model", name),
                "name a .model file that cupel has written");
  const double number = format->as_number();
  if (number > kModelFormat)
    throw Error(ErrorKind::runtime,
                fmt::format("{}: the model has format {}, this program reads up to {}", name,
                            number, kModelFormat),
                fmt::format("get version {} of cupel or a newer one (this is {})",
                            program->as_string(), kVersion));
  if (number != std::floor(number) || number < 1)
    throw Error(ErrorKind::runtime,
                fmt::format("{}: the model is damaged (there never was a format {})", name, number),
                "copy the file again, or design the model again");
}

/// From format 6 on a checksum ends the text; where there is one it must be right.
void check_seal(std::string_view text, const Json& json, const std::string& name) {
  constexpr int kFirstSealed = 6;
  const Seal seal = seal_of(text);
  if (seal == Seal::whole) return;
  if (seal == Seal::none && json.at("format").as_number() < kFirstSealed) return;
  throw Error(ErrorKind::runtime,
              fmt::format("{}: the model is damaged (its checksum is wrong: it is not as it was "
                          "written)",
                          name),
              "copy the file again, byte for byte, or design the model again");
}

}  // namespace

std::string model_text(const Model& model) {
  Json::Array vectors, folds;
  for (const TestVector& vector : model.test_vectors) vectors.push_back(test_vector_json(vector));
  Json json;
  json["format"] = kModelFormat;
  json["cupel"] = kVersion;
  if (model.calendar.any()) json["calendar"] = to_json(model.calendar);
  if (model.windows.any()) json["windows"] = to_json(model.windows);
  if (model.reading.any()) json["reading"] = to_json(model.reading);
  json["encoder"] = to_json(model.encoder);
  json["members"] = members_json(model.members);
  json["intervals"] = to_json(model.intervals);
  json["intervals"]["method"] = interval_method_name(model.interval_method);
  for (const FoldModel& fold : model.folds) folds.push_back(fold_json(fold));
  if (!folds.empty()) json["intervals"]["folds"] = std::move(folds);
  json["region"] = to_json(model.region);
  json["test_vectors"] = std::move(vectors);
  json["provenance"] = model.provenance;
  return sealed_json(json, 1);
}

Model parse_model(std::string_view text, const std::string& name) {
  Json json;
  try {
    json = parse_json(text, name);
  } catch (const Error& error) {
    if (!text.starts_with('{'))
      throw Error(ErrorKind::runtime, fmt::format("{}: this is not a model", name),
                  "name the .model file first, then the data: cupel predict NAME.model DATA.csv");
    throw Error(
        ErrorKind::runtime,
        fmt::format("{}: this is not a model, or a damaged one ({})", name, error.message()),
        "name a .model file that cupel has written, or copy it again");
  }
  check_format(json, name);
  check_seal(text, json, name);
  try {
    return model_from(json);
  } catch (const Error& error) {
    throw Error(ErrorKind::runtime,
                fmt::format("{}: the model is damaged ({})", name, error.message()),
                "copy the file again, or design the model again");
  }
}

}  // namespace cupel
