// Recipe namdm: Bayesian optimization of a network's units, epochs, batch and of the loss αMixLoss.
// Written out in docs/methods/namdm.md with what the honest protocol changes.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/study/held_out.hpp"
#include "cupel/study/recipes/all.hpp"
#include "cupel/study/recipes/single_network.hpp"
#include "cupel/study/recipes/window_families.hpp"
#include "cupel/study/search_flow.hpp"

namespace cupel {
namespace {

constexpr std::array<std::string_view, 1> kObjectives = {"nmse"};

/// Most rows x epochs of a training by default: the published epochs are for some 200 rows.
constexpr double kMostVisits = 300 * 600;
/// Shortest training that is worth it.
constexpr double kFewestEpochs = 15;

constexpr std::string_view kMixed = "alpha-mix";
constexpr std::array<std::string_view, 4> kLosses = {kMixed, "mse", "log-cosh", "huber"};

bool on_windows(const RecipeContext& context) { return context.data->data.steps > 1; }

/// The published epochs, and as many fewer as there are more rows.
Gene epochs_gene(const RecipeContext& context) {
  Gene gene{.name = "epochs", .kind = GeneKind::integer, .low = 300, .up = 600};
  const double fixed = context.options->iterations;
  if (fixed > 0) {
    gene.low = gene.up = fixed;
  } else if (on_windows(context) && !context.options->as_published()) {
    const double most = kMostVisits / static_cast<double>(context.data->design_inputs.rows());
    gene.up = std::round(std::clamp(most, 2 * kFewestEpochs, gene.up));
    gene.low = std::round(gene.up / 2);
  }
  return gene;
}

/// Losses of which each is a design of its own; empty: one design.
std::vector<std::string> losses_of(const DesignOptions& options) {
  std::vector<std::string> losses = listed_names(options.losses);
  if (!losses.empty() && options.loss != "auto")
    throw Error(ErrorKind::usage, "--loss and --losses exclude each other", "give one of them");
  for (const std::string& name : losses)
    if (std::find(kLosses.begin(), kLosses.end(), name) == kLosses.end())
      throw Error(ErrorKind::usage, fmt::format("there is no loss '{}'", name),
                  fmt::format("the losses are: {}", fmt::join(kLosses, ", ")));
  return losses;
}

/// α is there unless the user fixes the loss. On windows besides: which network, how many of the
/// window's rows it reads, and the penalty on its weights.
Space space(const RecipeContext& context) {
  const DesignOptions& options = *context.options;
  const double most = options.max_neurons > 0 ? options.max_neurons : 32;
  Space space{{{.name = "units", .kind = GeneKind::integer, .low = std::min(3.0, most), .up = most},
               epochs_gene(context),
               {.name = "batch_rows", .kind = GeneKind::integer, .low = 4, .up = 64}}};
  const std::vector<std::string> losses = losses_of(options);
  if (!losses.empty())
    space.genes.push_back({.name = "loss", .kind = GeneKind::category, .labels = losses});
  if (options.loss == "auto")
    space.genes.push_back({.name = "alpha", .kind = GeneKind::real, .low = 0, .up = 1});
  if (!on_windows(context)) return space;
  Gene family{.name = "family", .kind = GeneKind::category};
  family.labels = families_of(options, context.data->data);
  space.genes.push_back(std::move(family));
  if (options.as_published()) return space;
  // The number of rows and the penalty (a power of ten) count in ratios.
  space.genes.push_back(window_rows_gene(context.data->data.steps));
  space.genes.push_back({.name = "log_ridge", .kind = GeneKind::real, .low = -3, .up = 3});
  return space;
}

void fix(Gene& gene, double value) {
  gene = {.name = gene.name, .kind = GeneKind::set, .values = {value}};
}

/// With --losses: the space of each family with each of them.
std::vector<Space> parts(const RecipeContext& context) {
  const Space whole = space(context);
  std::vector<Space> all;
  const int loss = whole.find("loss"), family = whole.find("family"), alpha = whole.find("alpha");
  if (loss < 0) return all;
  const auto gene = [&](int place) { return static_cast<std::size_t>(place); };
  const std::size_t families = family < 0 ? 1 : whole.genes[gene(family)].labels.size();
  for (std::size_t f = 0; f < families; ++f)
    for (std::size_t l = 0; l < whole.genes[gene(loss)].labels.size(); ++l) {
      Space part = whole;
      if (family >= 0) fix(part.genes[gene(family)], static_cast<double>(f));
      fix(part.genes[gene(loss)], static_cast<double>(l));
      if (whole.genes[gene(loss)].labels[l] != kMixed) fix(part.genes[gene(alpha)], 1);
      all.push_back(std::move(part));
    }
  return all;
}

/// On windows every family opens with penalized networks that read most of the window: random
/// candidates alone may show a family at its worst, and the search then never returns to it. Planes
/// cost next to nothing: they open with several windows and penalties.
std::vector<Candidate> first_of_each_family(const Space& space, int steps) {
  const int family = space.find("family");
  if (family < 0 || space.find("log_ridge") < 0) return {};
  Candidate usual;
  for (const Gene& gene : space.genes)
    usual.push_back(gene.kind == GeneKind::real ? 0.5 * (gene.low + gene.up) : gene.low);
  const auto at = [&](Candidate& candidate, const char* gene) -> double& {
    return candidate[static_cast<std::size_t>(space.find(gene))];
  };
  const Gene& units = space.genes[static_cast<std::size_t>(space.find("units"))];
  const auto& families = space.genes[static_cast<std::size_t>(family)].labels;
  std::vector<Candidate> all;
  for (std::size_t f = 0; f < families.size(); ++f) {
    const bool plane = families[f] == "linear";
    for (const double rows : plane ? std::vector{1.0, 1.5, 2.25} : std::vector{1.0})
      for (const double log_ridge : plane ? std::vector{0.0, 1.0, 2.0} : std::vector{-0.5, 1.0}) {
        Candidate one = usual;
        at(one, "units") = std::round(0.25 * units.low + 0.75 * units.up);
        at(one, "batch_rows") = 64;
        at(one, "family") = static_cast<double>(f);
        at(one, "window_rows") = std::round(steps / rows);
        at(one, "log_ridge") = log_ridge;
        all.push_back(std::move(one));
      }
  }
  return all;
}

/// Published: 5 random candidates, then 25 one by one. By default four at a time.
MethodOptions search_options(const RecipeContext& context) {
  MethodOptions options;
  options.population = context.options->as_published() ? 1 : 4;
  options.opening = context.options->as_published() ? 5 : 12;
  options.acquisition = Acquisition::confidence_bound;
  if (losses_of(*context.options).empty()) {
    options.first = first_of_each_family(space(context), context.data->data.steps);
    options.opening += static_cast<int>(options.first.size());
  }
  return options;
}

/// A candidate's genes by name.
class Genes {
 public:
  Genes(const RecipeContext& context, const Candidate& candidate)
      : space_(space(context)), candidate_(&candidate) {}
  bool has(const char* name) const { return space_.find(name) >= 0; }
  double of(const char* name) const {
    return (*candidate_)[static_cast<std::size_t>(space_.find(name))];
  }
  int whole(const char* name) const { return static_cast<int>(of(name)); }
  const std::string& label(const char* name) const {
    return space_.genes[static_cast<std::size_t>(space_.find(name))]
        .labels[static_cast<std::size_t>(of(name))];
  }

 private:
  Space space_;
  const Candidate* candidate_;
};

/// The loss's name: the candidate's own, αMixLoss where it has an α, or the user's.
std::string loss_name(const RecipeContext& context, const Genes& genes) {
  if (genes.has("loss")) return genes.label("loss");
  return genes.has("alpha") ? std::string(kMixed) : context.options->loss;
}

/// A plane has one best place, which Levenberg-Marquardt reaches at once where errors are squared.
/// Where nothing else is asked for, they are.
void train_plane(const Genes& genes, const std::string& loss, TrainOptions& options) {
  const bool squared = loss == "mse" || (genes.has("alpha") && !genes.has("loss"));
  if (squared) options.loss = {};
  options.optimizer = squared ? Optimizer::levenberg_marquardt : Optimizer::lbfgs;
  options.max_iterations = squared ? 10 : 300;
}

SingleTraining training_of(const RecipeContext& context, const Candidate& candidate) {
  const Genes genes(context, candidate);
  const int all = context.data->encoder.inputs(), steps = context.data->data.steps;
  const int read = genes.has("window_rows") ? genes.whole("window_rows") : steps;
  const std::string family = genes.has("family") ? genes.label("family") : "mlp";
  SingleTraining training;
  training.plan.features = last_steps(all, steps, read);
  training.plan.topology =
      family_topology(family, read, all / steps, genes.whole("units"), context.data->targets());
  TrainOptions options;
  options.optimizer = Optimizer::adam;
  // The published rate; a higher one by default, as rows are fewer than windows.
  options.learning_rate = context.options->as_published() ? 0.0005 : 0.003;
  options.initial_range = 0;
  options.max_iterations = genes.whole("epochs");
  options.batch_rows = genes.whole("batch_rows");
  const std::string loss = loss_name(context, genes);
  if (genes.has("alpha")) options.loss = loss_named(loss, genes.of("alpha"));
  if (genes.has("log_ridge")) options.ridge = std::pow(10, genes.of("log_ridge"));
  if (family == "linear") train_plane(genes, loss, options);
  training.plan.ridge = options.ridge;
  training.options = with_given(options, context);
  if (family == "linear") training.options.max_iterations = options.max_iterations;
  return training;
}

/// What a plane has no use for takes its lowest value.
Candidate canonical(const RecipeContext& context, const Candidate& candidate) {
  const Space all = space(context);
  const int family = all.find("family");
  if (family < 0) return candidate;
  const auto label = static_cast<std::size_t>(candidate[static_cast<std::size_t>(family)]);
  if (all.genes[static_cast<std::size_t>(family)].labels[label] != "linear") return candidate;
  Candidate form = candidate;
  const bool mixed = all.find("loss") >= 0;  // then a plane has use for α
  for (const std::string name : {"units", "epochs", "batch_rows", "alpha"})
    if (const int at = all.find(name); at >= 0 && !(mixed && name == "alpha"))
      form[static_cast<std::size_t>(at)] = all.genes[static_cast<std::size_t>(at)].low;
  return form;
}

NetworkPlan plan(const RecipeContext& context, const Candidate& candidate) {
  return training_of(context, candidate).plan;
}

double work(const RecipeContext& context, const Candidate& candidate) {
  return work_of(context, training_of(context, candidate));
}

/// For the report's table of families.
void record_family(const RecipeContext& context, Trial& trial) {
  const Genes genes(context, trial.candidate);
  const std::string loss = loss_name(context, genes);
  trial.measures["family"] = genes.has("family") ? genes.label("family") : "mlp";
  trial.measures["loss"] = loss;
  if (loss == kMixed && genes.has("alpha")) trial.measures["alpha"] = genes.of("alpha");
}

void run(const RecipeContext& context, int repeat, Trial& trial) {
  record_family(context, trial);
  score_single(context, repeat, training_of(context, trial.candidate), trial);
  // The error alone is searched for.
  if (trial.score.objectives.size() > 1)
    trial.score.objectives = std::vector<double>{trial.score.objectives.front()};
}

Mlp refit(const RecipeContext& context, const Trial& trial, int starts, std::uint64_t seed) {
  return refit_single(context, training_of(context, trial.candidate), trial, starts, seed);
}

std::vector<Member> members(const RecipeContext& context, const Trial& trial,
                            std::vector<Mlp> networks) {
  return members_of(context, training_of(context, trial.candidate), std::move(networks));
}

}  // namespace

const Recipe& namdm_recipe() {
  static const Recipe recipe = {
      .name = "namdm",
      .summary =
          "Bayesian optimization of networks, on windows in time where there are any, and of "
          "αMixLoss",
      .source = "Namdm: mixed-loss neural networks of petrochemical plants (docs/methods/namdm.md)",
      .objectives = kObjectives,
      .flow = search_and_confirm,
      .search = "bayesian",
      .space = space,
      .search_options = search_options,
      .published_trials = 30,
      .plan = plan,
      .work = work,
      .run = run,
      .canonical = canonical,
      .parts = parts,
      .refit = refit,
      .members = members};
  return recipe;
}

}  // namespace cupel
