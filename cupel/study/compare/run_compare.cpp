#include "cupel/study/compare/run_compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <mutex>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/baselines/baselines.hpp"
#include "cupel/energy/thread_energy.hpp"
#include "cupel/parallel/parallel_for.hpp"
#include "cupel/study/compare/compare_splits.hpp"
#include "cupel/study/held_out.hpp"

namespace cupel {
namespace {

struct Cell {
  int split = 0;
  int method = 0;  ///< index into Comparison::methods
};

std::string key_of(const Comparison& comparison, const Cell& cell) {
  return fmt::format("split {} {}", cell.split,
                     comparison.methods[static_cast<std::size_t>(cell.method)].name);
}

/// Every split has its own seed, so that no recipe's luck repeats itself.
DesignOptions options_of(const CompareOptions& options, int split) {
  DesignOptions one = options.design;
  const std::uint64_t seed =
      mix_seed({static_cast<std::uint64_t>(one.seed), 0xC3117, static_cast<std::uint64_t>(split)});
  one.seed = static_cast<std::int64_t>(seed >> 12);
  one.jobs = 1;  // splits and recipes run beside each other
  return one;
}

std::vector<ErrorFigures> figures(const Matrix& measured, const Matrix& predicted) {
  std::vector<ErrorFigures> all;
  for (Eigen::Index t = 0; t < measured.cols(); ++t)
    all.push_back(error_figures(measured.col(t), predicted.col(t)));
  return all;
}

MethodScore score_baseline(const Baseline& baseline, const StudyData& data) {
  const auto start = Clock::now();
  const ThreadEnergy energy;
  MethodScore score;
  score.test = figures(
      data.test_values,
      decode_targets(data.encoder,
                     baseline.predict(data.design_inputs, data.design_targets, data.test_inputs)));
  score.elapsed_s = std::chrono::duration<double>(Clock::now() - start).count();
  score.energy_j = energy.joules();
  return score;
}

/// Root mean square over targets of RMSE / spread.
double error_of(const MethodScore& score, const std::vector<ComparedTarget>& targets) {
  if (score.test.empty()) return std::numeric_limits<double>::quiet_NaN();
  double sum = 0;
  for (std::size_t t = 0; t < targets.size(); ++t)
    sum += std::pow(score.test[t].rmse / targets[t].spread, 2);
  return std::sqrt(sum / static_cast<double>(targets.size()));
}

std::vector<ComparedTarget> targets_of(const Dataset& data) {
  std::vector<ComparedTarget> targets;
  for (const Column& column : data.targets) {
    const Eigen::Map<const Vector> all(column.values.data(),
                                       static_cast<Eigen::Index>(column.values.size()));
    const double spread =
        (all.array() - all.mean()).matrix().norm() / std::sqrt(static_cast<double>(all.size()));
    targets.push_back({column.name, column.unit, spread > 0 ? spread : 1});
  }
  return targets;
}

/// Everything but the scores.
Comparison begin_comparison(const StudyData& whole, const CompareOptions& options,
                            const std::vector<RowChoice>& splits) {
  Comparison comparison{.data = std::filesystem::path(whole.table.source).filename().string(),
                        .rows = whole.data.rows,
                        .ordered = whole.ordered(),
                        .targets = targets_of(whole.data)};
  for (const RowChoice& rows : splits)
    comparison.splits.push_back(
        {static_cast<int>(rows.design.size()), static_cast<int>(rows.test.size())});
  for (const std::string& name : options.recipes)
    comparison.methods.push_back({name, true, std::vector<MethodScore>(splits.size())});
  for (const Baseline& baseline : baselines())
    comparison.methods.push_back(
        {std::string(baseline.name), false, std::vector<MethodScore>(splits.size())});
  return comparison;
}

}  // namespace

Json to_json(const CompareOptions& options) {
  Json json;
  json["recipes"] = options.recipes;
  json["repeats"] = options.repeats;
  return json;
}

CompareOptions compare_options_from_json(const Json& json) {
  return {.recipes = json.at("recipes").as_strings(),
          .repeats = static_cast<int>(json.at("repeats").as_integer())};
}

std::vector<std::string> compared_recipes(const std::string& text) {
  std::vector<std::string> names;
  if (text == "all") {
    for (const Recipe& recipe : recipes()) names.emplace_back(recipe.name);
    return names;
  }
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    std::string name = text.substr(at, end - at);
    name.erase(0, name.find_first_not_of(' '));
    name.erase(name.find_last_not_of(' ') + 1);
    find_recipe(name);
    if (is_image_recipe(name))
      throw Error(ErrorKind::usage, fmt::format("recipe '{}' is for folders of images", name),
                  "compare takes recipes for tables; 'cupel design FOLDER --references yes' trains "
                  "well-known image networks beside the pick");
    if (std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(std::move(name));
    at = end + 1;
  }
  return names;
}

std::optional<MethodScore> score_recipe(const std::string& recipe, StudyData data,
                                        const DesignOptions& given, std::stop_token stop) {
  DesignOptions options = given;
  options.recipe = recipe;
  const auto start = Clock::now();
  const ThreadEnergy energy;
  MethodScore score;
  try {
    StudyFile study = StudyFile::in_memory();
    const DesignResult result = run_design(data, options, study, {.stop = stop});
    if (result.end == DesignEnd::interrupted || stop.stop_requested()) return std::nullopt;
    const FrontMember& pick = picked_member(result);
    score.test = pick.test;
    score.parameters = pick.parameters;
    score.structure = pick.structure;
  } catch (const Error& error) {
    const bool of_the_recipe =
        error.kind() == ErrorKind::infeasible || error.kind() == ErrorKind::usage;
    if (!of_the_recipe) throw;
    score.failure = error.message();
  }
  score.elapsed_s = std::chrono::duration<double>(Clock::now() - start).count();
  score.energy_j = energy.joules();
  return score;
}

CompareRun run_compare(const Table& table, const CompareOptions& options, StudyFile& file,
                       const ProgressSink& sink, std::stop_token stop) {
  const StudyData whole = make_study_data(table, table.rows, options.design);
  const std::vector<RowChoice> splits =
      compare_splits(whole.data, {.repeats = options.repeats,
                                  .ordered = whole.ordered(),
                                  .test_fraction = options.design.test_fraction,
                                  .gap = options.design.gap,
                                  .seed = static_cast<std::uint64_t>(options.design.seed)});
  CompareRun run{.comparison = begin_comparison(whole, options, splits)};
  Comparison& comparison = run.comparison;
  std::vector<Cell> cells;
  for (int split = 0; split < static_cast<int>(splits.size()); ++split)
    for (int m = 0; m < static_cast<int>(comparison.methods.size()); ++m)
      cells.push_back({split, m});
  Progress progress{.stage = "compare", .total = static_cast<int>(cells.size())};
  std::mutex guard;
  const int jobs = options.design.jobs > 0 ? options.design.jobs : processor_count();
  parallel_for(static_cast<int>(cells.size()), jobs, [&](int k) {
    const Cell cell = cells[static_cast<std::size_t>(k)];
    MethodScores& method = comparison.methods[static_cast<std::size_t>(cell.method)];
    const std::string key = key_of(comparison, cell);
    std::optional<MethodScore> score;
    bool stored = false;
    {
      const std::lock_guard lock(guard);
      if (const auto known = file.get(key)) {
        score = method_score_from_json(*known);
        stored = true;
      }
    }
    if (!stored && stop.stop_requested()) return;
    if (!stored) {
      const DesignOptions one = options_of(options, cell.split);
      StudyData data = make_study_data(table, splits[static_cast<std::size_t>(cell.split)], one);
      if (method.recipe)
        score = score_recipe(method.name, std::move(data), one, stop);
      else
        score = score_baseline(
            baselines()[static_cast<std::size_t>(cell.method) - options.recipes.size()], data);
      if (!score) return;
      score->error = error_of(*score, comparison.targets);
    }
    const std::lock_guard lock(guard);
    if (!stored) file.set(key, to_json(*score));
    method.splits[static_cast<std::size_t>(cell.split)] = std::move(*score);
    ++progress.done;
    progress.stored += stored;
    if (sink) sink(progress);
  });
  run.interrupted = progress.done < progress.total;
  return run;
}

}  // namespace cupel
