#include <fmt/format.h>

#include "cupel/data/fingerprint.hpp"
#include "cupel/study/images/augmentation_kinds.hpp"
#include "cupel/study/images/image_design.hpp"

namespace cupel {
namespace {

Json figures_json(const ClassFigures& figures) {
  Json json;
  json["accuracy"] = figures.accuracy;
  json["balanced_accuracy"] = figures.balanced_accuracy;
  json["f1"] = figures.f1;
  json["recall"] = figures.recall;
  json["log_loss"] = figures.log_loss;
  return json;
}

Json member_json(const ImageMember& member) {
  Json json;
  json["trial"] = member.trial;
  json["cells"] = member.candidate.chain.cells;
  json["widths"] = member.candidate.chain.widths;
  json["complexity"] = member.cost.topology;
  json["parameters"] = member.cost.parameters;
  json["multiply_adds"] = member.cost.multiply_adds;
  json["score"] = member.score;
  json["validation"]["accuracy"] = member.accuracy;
  json["validation"]["f1"] = member.f1;
  json["validation"]["recall"] = member.recall;
  return json;
}

std::string hash_of(const ImageNetwork& network) {
  Fingerprint print;
  for (const auto* numbers : {&network.parameters, &network.statistics})
    print.add(std::string_view(reinterpret_cast<const char*>(numbers->data()),
                               numbers->size() * sizeof(float)));
  return print.hex();
}

Json members_json(const std::vector<ImageMember>& members) {
  Json list = Json::Array{};
  for (const ImageMember& member : members) list.push_back(member_json(member));
  return list;
}

Json effectiveness_json(const Effectiveness& effectiveness) {
  Json list = Json::Array{};
  for (int s = 0; s < kSubSpaces; ++s) {
    Json row;
    const auto& cells = effectiveness.cells[static_cast<std::size_t>(s)];
    for (std::size_t c = 0; c < cells.size(); ++c) row[cells[c]] = effectiveness.probability(s, c);
    list.push_back(std::move(row));
  }
  return list;
}

}  // namespace

Json image_result_json(const ImageStudyData& data, const DesignOptions& options,
                       const ImageDesignResult& result) {
  Json json;
  json["recipe"] = options.recipe;
  json["seed"] = options.seed;
  json["trials"] = static_cast<int>(result.trials.size());
  json["failed_trials"] = result.failed_trials;
  json["stop_reason"] = end_name(result.end);
  json["classes"] = data.images().classes;
  json["pick"] = member_json(result.pick());
  json["pick"]["why"] = result.why;
  json["pick"]["validation"] = figures_json(result.validation);
  if (result.test) json["pick"]["test"] = figures_json(*result.test);
  json["pick"]["weights"] = hash_of(result.model.network);
  json["pick"]["temperature"] = result.model.temperature;
  json["pick"]["calibration_error"] = result.calibration_after;
  json["front"] = members_json(result.front);
  json["ranked"] = members_json(result.ranked);
  json["augmentation"] = augmentation_text(result.augmentation);
  if (result.effectiveness) json["effectiveness"] = effectiveness_json(*result.effectiveness);
  for (const BetaRow& row : result.beta_sweep) {
    Json item;
    item["beta"] = row.beta;
    item["accuracy"] = row.accuracy;
    item["parameters"] = row.parameters;
    item["complexity"] = row.topology;
    item["score"] = row.score;
    json["beta_sweep"].push_back(std::move(item));
  }
  for (const ReferenceResult& reference : result.references) {
    Json item;
    item["name"] = reference.name;
    item["width_divisor"] = reference.scale;
    item["parameters"] = reference.cost.parameters;
    item["complexity"] = reference.cost.topology;
    item["multiply_adds"] = reference.cost.multiply_adds;
    item["validation"] = figures_json(reference.validation);
    if (reference.test) item["test"] = figures_json(*reference.test);
    json["references"].push_back(std::move(item));
  }
  return json;
}

}  // namespace cupel
