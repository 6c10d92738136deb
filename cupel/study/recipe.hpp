// A recipe is one published design method as a value in a table: the space of its candidates,
// how a candidate is trained and scored, the operators it searches with, and its source. One
// file each in recipes/.
#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "cupel/model/model.hpp"
#include "cupel/search/method.hpp"
#include "cupel/store/trial.hpp"
#include "cupel/study/study_data.hpp"

namespace cupel {

struct DesignRun;
class Race;
struct ImageStudyData;

/// Where the search part of a study is: what a recipe's functions may read.
struct RecipeContext {
  const StudyData* data = nullptr;
  const DesignOptions* options = nullptr;
  std::stop_token stop{};  ///< trainings end: the user wants it, or the time is over
  /// Networks that a candidate of the search must not fall behind; null: trained to the end.
  const Race* race = nullptr;
  const ImageStudyData* images = nullptr;  ///< of an image recipe, in place of `data`
  std::optional<std::stop_token> asked{};  ///< the user wants the end; none: `stop` says no more

  bool interrupted() const { return asked.value_or(stop).stop_requested(); }
};

/// A candidate as a network to be trained.
struct NetworkPlan {
  Topology topology;
  std::vector<int> features;  ///< which features of the encoder it reads, in order
  double ridge = 0;
  int iterations = 300;
};

struct Recipe {
  std::string_view name, summary, source;
  std::span<const std::string_view> objectives;  ///< names, for tables
  /// From nothing to a front of trained networks and a pick: search_and_confirm, or its own way.
  void (*flow)(DesignRun&) = nullptr;
  std::string_view search = "nsga2";  ///< its own method, where the user names none
  Space (*space)(const RecipeContext&);
  /// The recipe's own settings of the search, before the user's.
  MethodOptions (*search_options)(const RecipeContext&);
  /// Trials of its published run.
  int published_trials = 0;
  NetworkPlan (*plan)(const RecipeContext&, const Candidate&);
  /// Work of one trial: products of weights and rows, over all trainings.
  double (*work)(const RecipeContext&, const Candidate&);
  /// Trains and scores on one repeat's folds. Fills everything of the trial but its number,
  /// seed and candidate, which are given. Throws nothing for a failed training: state and reason.
  void (*run)(const RecipeContext&, int repeat, Trial& trial);
  /// The one form among candidates that mean the same network. May be null: all differ.
  Candidate (*canonical)(const RecipeContext&, const Candidate&) = nullptr;
  /// Parts of the space that are searched one after the other, each with an equal share of the
  /// trials, as designs to compare; empty: the whole space. May be null.
  std::vector<Space> (*parts)(const RecipeContext&) = nullptr;
  /// Trains a candidate on all design rows; `trial` is its trial. NaN parameters: it failed.
  Mlp (*refit)(const RecipeContext&, const Trial& trial, int starts, std::uint64_t seed);
  /// Networks that were trained for a trial as members of a model: what feeds them, and which
  /// targets they predict.
  std::vector<Member> (*members)(const RecipeContext&, const Trial& trial,
                                 std::vector<Mlp> networks);
  /// The report compares the pick with a fully connected network too.
  bool against_full_network = false;
};

/// The search method of a run: the user's, or the recipe's.
std::string_view search_of(const Recipe& recipe, const DesignOptions& options);

/// Recipes for tables.
std::span<const Recipe> recipes();
/// Recipes for folders of images: of Recipe they have texts, search, work and run only; see
/// images/image_design.hpp for their flow.
std::span<const Recipe> image_recipes();
bool is_image_recipe(std::string_view name);
/// Among both.
/// Throws Error{usage} listing the names.
const Recipe& find_recipe(std::string_view name);

/// "13 inputs, 12 + 5 neurons".
std::string structure_text(const NetworkPlan& plan);

}  // namespace cupel
