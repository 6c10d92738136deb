// A model as JSON text and back; every size is checked against every other on the way back.
#include <fmt/format.h>

#include <cmath>
#include <set>

#include "cupel/base/error.hpp"
#include "cupel/base/version.hpp"
#include "cupel/model/model.hpp"

namespace cupel {
namespace {

[[noreturn]] void refuse(const std::string& what) { throw Error(ErrorKind::runtime, what); }

Json member_json(const Member& member) {
  Json json;
  json["features"] = member.features;
  json["weights"] = member.weights;
  json["network"] = to_json(member.network);
  return json;
}

Member member_from(const Json& json) {
  return {.network = mlp_from_json(json.at("network")),
          .weights = json.at("weights").as_vector(),
          .features = json.at("features").as_integers()};
}

Json test_vector_json(const TestVector& vector) {
  Json json;
  json["cells"] = vector.cells;
  json["outputs"] = vector.outputs;
  return json;
}

TestVector test_vector_from(const Json& json) {
  return {.cells = json.at("cells").as_strings(), .outputs = json.at("outputs").as_numbers()};
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
  if (std::ssize(member.features) != topology.inputs || topology.outputs() != targets)
    refuse("a network does not fit the model's inputs and targets");
  for (const int feature : member.features)
    if (feature < 0 || feature >= encoder.inputs()) refuse("a network has an unknown input");
  if (member.weights.size() != targets || !member.weights.allFinite())
    refuse("the weights of a network do not fit the targets");
}

void check_members(const Model& model) {
  if (model.members.empty()) refuse("the model has no network");
  Vector sum = Vector::Zero(std::ssize(model.encoder.targets));
  for (const Member& member : model.members) {
    check_member(member, model.encoder);
    sum += member.weights;
  }
  if (!((sum.array() - 1).abs() < 1e-6).all())
    refuse("the weights of the networks do not sum to 1");
}

void check_sizes(const Model& model) {
  check_encoder(model.encoder);
  check_members(model);
  const std::size_t targets = model.encoder.targets.size();
  const std::size_t intervals = model.intervals.residuals.size();
  if (intervals != 0 && intervals != targets) refuse("the intervals do not fit the targets");
  for (const TestVector& vector : model.test_vectors) {
    if (vector.cells.size() != model.encoder.columns.size() || vector.outputs.size() != targets)
      refuse("a test vector does not fit the model");
    for (const double output : vector.outputs)
      if (!std::isfinite(output)) refuse("a test vector is not finite");
  }
}

Model model_from(const Json& json) {
  Model model{.encoder = encoder_from_json(json.at("encoder")),
              .members = {},
              .intervals = intervals_from_json(json.at("intervals")),
              .region = region_from_json(json.at("region")),
              .test_vectors = {},
              .provenance = json.at("provenance")};
  for (const Json& member : json.at("members").as_array())
    model.members.push_back(member_from(member));
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
  if (number != kModelFormat)
    throw Error(ErrorKind::runtime,
                fmt::format("{}: the model is damaged (there never was a format {})", name, number),
                "copy the file again, or design the model again");
}

}  // namespace

std::string model_text(const Model& model) {
  Json::Array members, vectors;
  for (const Member& member : model.members) members.push_back(member_json(member));
  for (const TestVector& vector : model.test_vectors) vectors.push_back(test_vector_json(vector));
  Json json;
  json["format"] = kModelFormat;
  json["cupel"] = kVersion;
  json["encoder"] = to_json(model.encoder);
  json["members"] = std::move(members);
  json["intervals"] = to_json(model.intervals);
  json["region"] = to_json(model.region);
  json["test_vectors"] = std::move(vectors);
  json["provenance"] = model.provenance;
  return dump_json(json, 1) + "\n";
}

Model parse_model(std::string_view text, const std::string& name) {
  Json json;
  try {
    json = parse_json(text, name);
  } catch (const Error& error) {
    throw Error(
        ErrorKind::runtime,
        fmt::format("{}: this is not a model, or a damaged one ({})", name, error.message()),
        "name a .model file that cupel has written, or copy it again");
  }
  check_format(json, name);
  try {
    return model_from(json);
  } catch (const Error& error) {
    throw Error(ErrorKind::runtime,
                fmt::format("{}: the model is damaged ({})", name, error.message()),
                "copy the file again, or design the model again");
  }
}

}  // namespace cupel
