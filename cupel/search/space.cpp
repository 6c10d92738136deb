#include "cupel/search/space.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string_view>

#include "cupel/base/error.hpp"
#include "cupel/base/shown_number.hpp"

namespace cupel {
namespace {

/// How many values the gene can take; infinity for a real one with a width.
double gene_size(const Gene& gene) {
  switch (gene.kind) {
    case GeneKind::real:
      return gene.low < gene.up ? std::numeric_limits<double>::infinity() : 1;
    case GeneKind::integer:
      return gene.up - gene.low + 1;
    case GeneKind::category:
      return static_cast<double>(gene.labels.size());
    case GeneKind::set:
      return static_cast<double>(gene.values.size());
  }
  return 0;
}

double nearest_of(const std::vector<double>& values, double value) {
  const auto above = std::lower_bound(values.begin(), values.end(), value);
  if (above == values.begin()) return values.front();
  if (above == values.end()) return values.back();
  return value - above[-1] <= *above - value ? above[-1] : *above;
}

std::string_view kind_name(GeneKind kind) {
  switch (kind) {
    case GeneKind::real:
      return "real";
    case GeneKind::integer:
      return "integer";
    case GeneKind::category:
      return "category";
    case GeneKind::set:
      return "set";
  }
  return "";
}

bool is_whole(double value) { return std::floor(value) == value; }

[[noreturn]] void refuse(const Gene& gene, const std::string& what, const std::string& hint) {
  throw Error(ErrorKind::usage, fmt::format("search space, '{}': {}", gene.name, what), hint);
}

void check_range(const Gene& gene) {
  if (!std::isfinite(gene.low) || !std::isfinite(gene.up))
    refuse(gene, "the range is not finite", "give both ends as numbers");
  if (gene.low > gene.up)
    refuse(gene, fmt::format("the range {} to {} is reversed", gene.low, gene.up),
           "give the lower end first");
  if (gene.kind == GeneKind::integer && !(is_whole(gene.low) && is_whole(gene.up)))
    refuse(
        gene,
        fmt::format("the range {} to {} of whole numbers has a fractional end", gene.low, gene.up),
        "give whole numbers");
}

void check_values(const Gene& gene) {
  if (gene.values.empty()) refuse(gene, "the set has no values", "give at least one value");
  if (!std::all_of(gene.values.begin(), gene.values.end(),
                   [](double v) { return std::isfinite(v); }))
    refuse(gene, "the set has a value that is not finite", "give numbers only");
  if (std::adjacent_find(gene.values.begin(), gene.values.end(), std::greater_equal<>()) !=
      gene.values.end())
    refuse(gene, "the values are not in increasing order", "sort them and remove repetitions");
}

}  // namespace

int Space::find(const std::string& name) const {
  for (int i = 0; i < size(); ++i)
    if (genes[i].name == name) return i;
  return -1;
}

double random_value(const Gene& gene, Rng& rng) {
  const auto index = [&](double count) {
    return count < 1e9 ? rng.below(static_cast<int>(count)) : std::floor(rng.uniform() * count);
  };
  switch (gene.kind) {
    case GeneKind::real:
      return std::min(rng.uniform(gene.low, gene.up), gene.up);
    case GeneKind::integer:
      return gene.low + index(gene.up - gene.low + 1);
    case GeneKind::category:
      return index(static_cast<double>(gene.labels.size()));
    case GeneKind::set:
      return gene.values[rng.below(static_cast<int>(gene.values.size()))];
  }
  return 0;
}

Candidate random_candidate(const Space& space, Rng& rng) {
  Candidate candidate;
  candidate.reserve(space.genes.size());
  for (const Gene& gene : space.genes) candidate.push_back(random_value(gene, rng));
  return candidate;
}

double repair(const Gene& gene, double value) {
  switch (gene.kind) {
    case GeneKind::real:
      return value >= gene.low ? std::min(value, gene.up) : gene.low;  // NaN becomes low
    case GeneKind::integer:
      return value >= gene.low ? std::min(std::round(value), gene.up) : gene.low;
    case GeneKind::category: {
      const auto last = static_cast<double>(gene.labels.size()) - 1;
      return value >= 0 ? std::min(std::round(value), last) : 0;
    }
    case GeneKind::set:
      return nearest_of(gene.values, std::isnan(value) ? gene.values.front() : value);
  }
  return value;
}

void repair(const Space& space, Candidate& candidate) {
  for (int i = 0; i < space.size(); ++i) candidate[i] = repair(space.genes[i], candidate[i]);
}

double space_size(const Space& space) {
  double size = 1;
  for (const Gene& gene : space.genes) size *= gene_size(gene);
  return size;
}

void check_space(const Space& space) {
  std::set<std::string_view> names;
  for (const Gene& gene : space.genes) {
    if (!names.insert(gene.name).second)
      refuse(gene, "the name occurs twice", "give every entry its own name");
    switch (gene.kind) {
      case GeneKind::real:
      case GeneKind::integer:
        check_range(gene);
        break;
      case GeneKind::category:
        if (gene.labels.empty()) refuse(gene, "there are no labels", "give at least one label");
        break;
      case GeneKind::set:
        check_values(gene);
        break;
    }
  }
}

std::string gene_text(const Gene& gene, double value) {
  switch (gene.kind) {
    case GeneKind::real:
      return shown_number(value, gene.up - gene.low, 6);
    case GeneKind::integer:
      return fmt::format("{:.0f}", value);
    case GeneKind::category:
      return gene.labels[static_cast<std::size_t>(repair(gene, value))];
    case GeneKind::set:
      return fmt::format("{}", value);
  }
  return {};
}

Json to_json(const Space& space) {
  Json list{Json::Array{}};
  for (const Gene& gene : space.genes) {
    Json entry{Json::Object{{"name", gene.name}, {"kind", kind_name(gene.kind)}}};
    switch (gene.kind) {
      case GeneKind::real:
      case GeneKind::integer:
        entry["low"] = gene.low;
        entry["up"] = gene.up;
        break;
      case GeneKind::category:
        entry["labels"] = gene.labels;
        break;
      case GeneKind::set:
        entry["values"] = gene.values;
        break;
    }
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace cupel
