// Several data sets: ranks of the methods that ran on all of them.
#include <fmt/format.h>

#include <algorithm>

#include "cupel/study/compare/verdict.hpp"

namespace cupel {
namespace {

const MethodScores* find(const Comparison& comparison, const std::string& name) {
  for (const MethodScores& method : comparison.methods)
    if (method.name == name) return failed_somewhere(method) ? nullptr : &method;
  return nullptr;
}

std::string rank_sentence(const AcrossData& across) {
  const auto& ranks = across.ranks.mean_ranks;
  const auto best =
      static_cast<std::size_t>(std::min_element(ranks.begin(), ranks.end()) - ranks.begin());
  std::string equal, worse;
  for (std::size_t m = 0; m < ranks.size(); ++m) {
    if (m == best) continue;
    std::string& list = ranks[m] - ranks[best] > across.ranks.critical_difference ? worse : equal;
    list += (list.empty() ? "" : ", ") + across.methods[m];
  }
  std::string text = fmt::format("{} has the best mean rank ({:.2f} of {})", across.methods[best],
                                 ranks[best], ranks.size());
  if (!worse.empty()) text += fmt::format("; it is better than {} beyond chance", worse);
  if (!equal.empty()) text += fmt::format("; it cannot be told from {}", equal);
  return text + ".";
}

}  // namespace

AcrossData across_data(const std::vector<Comparison>& comparisons) {
  AcrossData across;
  if (comparisons.empty()) return across;
  for (const MethodScores& method : comparisons.front().methods)
    if (std::all_of(comparisons.begin(), comparisons.end(),
                    [&](const Comparison& other) { return find(other, method.name) != nullptr; }))
      across.methods.push_back(method.name);
  for (const Comparison& comparison : comparisons) {
    across.data.push_back(comparison.data);
    across.errors.emplace_back();
    for (const std::string& name : across.methods)
      across.errors.back().push_back(mean_error(*find(comparison, name)));
  }
  across.ranks = friedman_nemenyi(across.errors, kTestLevel);
  if (across.data.size() < 2 || across.methods.size() < 2) {
    across.sentences.push_back("Ranks need two data sets and two methods that ran on all of them.");
    return across;
  }
  if (across.ranks.p >= kTestLevel)
    across.sentences.push_back(fmt::format(
        "Over {} data sets the methods cannot be told apart (Friedman's test, p = {:.2g}).",
        across.data.size(), across.ranks.p));
  else
    across.sentences = {fmt::format("Over {} data sets the methods differ (Friedman's test, "
                                    "p = {:.2g}).",
                                    across.data.size(), across.ranks.p),
                        rank_sentence(across)};
  return across;
}

Json to_json(const AcrossData& across) {
  Json json;
  json["data"] = across.data;
  json["methods"] = across.methods;
  json["errors"] = Json::Array{};
  for (const auto& row : across.errors) json["errors"].push_back(row);
  json["mean_ranks"] = across.ranks.mean_ranks;
  json["friedman_chi_squared"] = across.ranks.chi_squared;
  json["friedman_p"] = across.ranks.p;
  json["critical_difference"] = across.ranks.critical_difference;
  json["nemenyi_p"] = Json::Array{};
  for (const auto& row : across.ranks.pair_p) json["nemenyi_p"].push_back(row);
  json["verdict"] = across.sentences;
  return json;
}

}  // namespace cupel
