// What recipes share that design one network and train it by the options they choose: training on
// every fold, the scores, the last training, and what a user may override.
#pragma once

#include "cupel/study/recipe.hpp"
#include "cupel/training/train.hpp"

namespace cupel {

/// A candidate as a network and the way in which it is trained.
struct SingleTraining {
  NetworkPlan plan;
  TrainOptions options;
};

/// The user's loss, optimizer, starts, iterations and tolerances in place of the recipe's.
TrainOptions with_given(TrainOptions recipe, const RecipeContext& context);

/// Every feature of the encoder, in order.
std::vector<int> all_features(const Encoder& encoder);

/// Trains on the repeat's folds and sets the objectives: error (mean over targets of squared error
/// / variance on held-out rows) and weights. As published: trained on the design part, scored on
/// the test part.
void score_single(const RecipeContext& context, int repeat, const SingleTraining& training,
                  Trial& trial);

/// Trained on all design rows to follow several starts; as published, the trial's own network.
Mlp refit_single(const RecipeContext& context, SingleTraining training, const Trial& trial,
                 int starts, std::uint64_t seed);

/// Trained on all design rows by train_follower(); of more than kManyRows on so many, and then from
/// there on all, for about as much work again. NaN parameters: it failed.
Mlp network_of_all_rows(const RecipeContext& context, const SingleTraining& training,
                        std::uint64_t seed);

/// Work of a trial; a mini-batch of few rows costs more than its rows.
double work_of(const RecipeContext& context, const SingleTraining& training);

/// Networks that were trained so, as members of a model.
std::vector<Member> members_of(const RecipeContext& context, const SingleTraining& training,
                               std::vector<Mlp> networks);

/// Why a training that ended with StopReason::not_finite fails its trial.
constexpr std::string_view kInfiniteError = "training failed: the error became infinite";

void fail_trial(Trial& trial, std::string_view reason);

}  // namespace cupel
