#include "cupel/study/design_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "cupel/base/error.hpp"
#include "cupel/data/nearest_name.hpp"

namespace cupel {
namespace {

using O = DesignOptions;

const std::vector<OptionInfo>& table() {
  static const std::vector<OptionInfo> options = {
      {"output",
       "Run",
       "Path and name of the files to write, without ending (default: the target's name)",
       &O::output,
       0,
       0,
       {},
       false},
      {"recipe", "Run", "Design method; 'cupel recipes' lists them", &O::recipe},
      {"search",
       "Run",
       "Search method; auto: the recipe's",
       &O::search,
       0,
       0,
       {"auto", "nsga2", "genetic", "bayesian", "sweep", "random"}},
      {"protocol",
       "Run",
       "honest: the test part is read once, at the end. as-published: candidates are scored as the "
       "source does, on the test part; its figures are then optimistic",
       &O::protocol,
       0,
       0,
       {"honest", "as-published"}},
      {"budget",
       "Run",
       "How much work to spend: quick, standard, or published (the source's own numbers)",
       &O::budget,
       0,
       0,
       {"quick", "standard", "published"}},
      {"trials", "Run", "Number of candidates to try; 0: from the budget and the size of the data",
       &O::trials, 0, 1e7},
      {"time_limit",
       "Run",
       "Start no further trial after this time (10m, 90s, 1h30m); 0: none",
       &O::time_limit_s,
       0,
       1e9,
       {},
       false},
      {"jobs",
       "Run",
       "Threads; 0: one a processor. Does not change the result",
       &O::jobs,
       0,
       1024,
       {},
       false},
      {"seed", "Run", "The same seed and options give the same result, byte for byte", &O::seed, 0,
       9e15},
      {"confidence", "Run", "Confidence of prediction intervals", &O::confidence, 0.5, 0.999},
      {"intervals",
       "Run",
       "How prediction intervals are made. normalized: from held-out errors, wider where the data "
       "say less; cv+: around the networks of all folds, with a finite-sample guarantee; split: "
       "the same with one fold; jackknife: from the network's own errors and leverages; auto: "
       "normalized, and none with --protocol as-published",
       &O::intervals,
       0,
       0,
       {"auto", "normalized", "cv+", "split", "jackknife"}},
      {"kernels",
       "Run",
       "Instruction set of the arithmetic; all give the same bits",
       &O::kernels,
       0,
       0,
       {"auto", "portable", "v3", "v4"},
       false},
      {"split",
       "Data",
       "How the test part is set aside: random rows, the last rows (ordered), or random with "
       "k-fold scoring (kfold); auto: ordered with a time column, else random",
       &O::split,
       0,
       0,
       {"auto", "random", "ordered", "kfold"}},
      {"test_fraction", "Data", "Share of the rows set aside for the final test", &O::test_fraction,
       0, 0.9},
      {"validation_fraction", "Data",
       "Share of the other rows for scoring candidates, with one fold", &O::validation_fraction,
       0.02, 0.9},
      {"folds", "Data",
       "Folds for scoring candidates; 1: one validation part; 0: by the number of rows", &O::folds,
       0, 50},
      {"gap", "Data", "Ordered rows left out where training meets validation or test", &O::gap, 0,
       1e6},
      {"test", "Data", "A second CSV file with the test rows", &O::test_file},
      {"train_rows", "Data", "File of 0-based row numbers, one a line: the rows for design",
       &O::train_rows},
      {"test_rows", "Data", "File of 0-based row numbers, one a line: the rows for the test",
       &O::test_rows},
      {"window", "Data",
       "Rows in time that a prediction is made from, the last one its own; 0: 10 for recipe namdm "
       "with a time column, else 1",
       &O::window, 0, 1000},
      {"horizon", "Data", "Steps by which predictions lie ahead of the last row of their window",
       &O::horizon, 0, 1000},
      {"step", "Data",
       "Average rows in time to this step first (5m, 1h); empty: the file's own steps", &O::step},
      {"past_targets", "Data", "Earlier values of the targets are inputs, too", &O::past_targets},
      {"scaling",
       "Data",
       "Scaling of inputs and targets; auto: inputs to [-1, 1], targets to mean 0 and deviation 1",
       &O::scaling,
       0,
       0,
       {"auto", "min-max", "standard"}},
      {"log_skewed", "Data", "Take the logarithm of very skewed inputs first", &O::log_skewed},
      {"population", "Search", "Candidates in one generation; 0: the recipe's", &O::population, 0,
       100000},
      {"generations", "Search", "Generations at most; 0: as many as the trials allow",
       &O::generations, 0, 1e6},
      {"tournament", "Search", "Candidates in one tournament; 0: the recipe's", &O::tournament, 0,
       100},
      {"operators",
       "Search",
       "Crossover and mutation: standard (simulated binary, polynomial) or thesis (arithmetic, "
       "reset)",
       &O::operators,
       0,
       0,
       {"auto", "standard", "thesis"}},
      {"acquisition",
       "Search",
       "bayesian: what the next candidate is chosen by; auto: the recipe's",
       &O::acquisition,
       0,
       0,
       {"auto", "expected-improvement", "confidence-bound"}},
      {"kappa", "Search", "bayesian: deviations in the confidence bound", &O::kappa, 0, 100},
      {"selection",
       "Search",
       "genetic: choice of parents",
       &O::selection,
       0,
       0,
       {"tournament", "truncation", "roulette"}},
      {"bit_crossover",
       "Search",
       "genetic: how bit strings are crossed",
       &O::bit_crossover,
       0,
       0,
       {"one-point", "two-point", "uniform"}},
      {"patience", "Search",
       "genetic: ends after so many generations without a better candidate; 0: the recipe's",
       &O::patience, 0, 1e6},
      {"stop_early", "Search",
       "Stop candidates that fall behind a smaller network on the first folds (never as published)",
       &O::stop_early},
      {"crossover", "Search", "Crossover probability; -1: the recipe's", &O::crossover, -1, 1},
      {"mutation", "Search", "Mutation probability of a gene; -1: the recipe's", &O::mutation, -1,
       1},
      {"jumping_genes", "Search", "Probability of jumping genes (NSGA-II-RJG); -1: off",
       &O::jumping_genes, -1, 1},
      {"max_neurons", "Networks", "Most neurons in a hidden layer; 0: the recipe's",
       &O::max_neurons, 0, 500},
      {"hidden_layers", "Networks", "Most hidden layers; 0: the recipe's", &O::hidden_layers, 0, 2},
      {"optimizer",
       "Networks",
       "Training method; auto: the recipe's",
       &O::optimizer,
       0,
       0,
       {"auto", "bfgs", "lbfgs", "levenberg-marquardt", "adam", "momentum"}},
      {"loss",
       "Networks",
       "What training makes small; auto: the recipe's",
       &O::loss,
       0,
       0,
       {"auto", "mse", "alpha-mix", "log-cosh", "huber"}},
      {"alpha", "Networks", "Share of the squared error in alpha-mix", &O::alpha, 0, 1},
      {"families",
       "Networks",
       "Networks on windows to try, of linear, mlp, cnn, lstm, gru, bi-lstm, am-lstm, am-gru; "
       "auto: "
       "all on few rows, linear, mlp, gru and am-gru on many",
       &O::families,
       0,
       0,
       {},
       true,
       "namdm"},
      {"starts", "Networks",
       "Trainings of each candidate from different initial weights; 0: the recipe's", &O::starts, 0,
       1000},
      {"iterations", "Networks", "Iterations of one training at most; 0: the recipe's",
       &O::iterations, 0, 1e6},
      {"max_step", "Networks", "Longest step of the training; 0: the recipe's", &O::max_step, 0,
       1e6},
      {"gradient_tolerance", "Networks",
       "Training ends when the gradient is this small; 0: the recipe's", &O::gradient_tolerance, 0,
       1},
      {"confirm", "Networks",
       "Repeats with which the best candidates are scored again before the pick; -1: from the "
       "budget",
       &O::confirm, -1, 1000},
      {"pick",
       "Pick",
       "Which network of the front to take: the smallest within one standard error of the best, "
       "the knee, the least weighted sum of error and size, or the one nearest to the ideal "
       "(TOPSIS); the report names all four",
       &O::pick,
       0,
       0,
       {"one-standard-error", "knee", "weights", "reference-point"},
       false},
      {"error_weight",
       "Pick",
       "What the error counts against the size: --pick weights and reference-point",
       &O::error_weight,
       0,
       1,
       {},
       false},
      {"mode",
       "Elimination",
       "elimination: connections are removed one by one. paper: the source's own search, an ant "
       "colony over the structures with IPOPT for their weights; slow",
       &O::mode,
       0,
       0,
       {"elimination", "paper"},
       true,
       "oa-ann"},
      {"inner",
       "Elimination",
       "What trains a structure of --mode paper: ipopt, as its source has it, or our own solver, "
       "which is many times faster",
       &O::inner,
       0,
       0,
       {"ipopt", "own"},
       true,
       "oa-ann"},
      {"choose",
       "Elimination",
       "Which network of the paths to take: the one of least error (accuracy), the smallest within "
       "5 % of it (compact), or the one of least parameter variance that trains to --training-rmse "
       "(paper)",
       &O::choose,
       0,
       0,
       {"accuracy", "compact", "paper"},
       true,
       "oa-ann"},
      {"max_connections",
       "Elimination",
       "Most weights and biases of a network",
       &O::max_connections,
       4,
       500,
       {},
       true,
       "oa-ann"},
      {"ridge",
       "Elimination",
       "Ridge on the weights; 0: the best of 0.1, 0.3, 1, 3 and 10 on held-out rows",
       &O::ridge,
       0,
       1e6,
       {},
       true,
       "oa-ann"},
      {"training_rmse",
       "Elimination",
       "Training error that --choose paper and --mode paper allow, in the target's unit; 0: 1.15 "
       "times that of a "
       "fully connected network",
       &O::training_rmse,
       0,
       1e300,
       {},
       true,
       "oa-ann"},
      {"average",
       "Elimination",
       "Networks to average, each from a path of its own",
       &O::average,
       1,
       100,
       {},
       true,
       "oa-ann"},
      {"image_size",
       "Images",
       "Side to which images are resized; 0: their own, up to 32",
       &O::image_size,
       0,
       256,
       {},
       true,
       "tcnas"},
      {"colors",
       "Images",
       "grey or color; auto: grey when every image is",
       &O::colors,
       0,
       0,
       {"auto", "grey", "color"},
       true,
       "tcnas"},
      {"groups",
       "Images",
       "CSV file with a column 'file' and one of objects (named with --group): images of one "
       "object "
       "stay in one part",
       &O::groups,
       0,
       0,
       {},
       true,
       "tcnas"},
      {"cells",
       "Images",
       "TOML file whose table [cells] adds cells: R = \"1x1 O/2, dw, 1x1 O, + proj\"",
       &O::cells,
       0,
       0,
       {},
       true,
       "tcnas"},
      {"objective",
       "Images",
       "weighted: one score of accuracy and cost; pareto: both apart, the pick is the cheapest "
       "within one standard error of the best",
       &O::objective,
       0,
       0,
       {"weighted", "pareto"},
       true,
       "tcnas"},
      {"beta",
       "Images",
       "Weight of the accuracy in the weighted score",
       &O::beta,
       0,
       1,
       {},
       true,
       "tcnas"},
      {"cost",
       "Images",
       "What a network costs; latency is measured on this machine",
       &O::cost,
       0,
       0,
       {"complexity", "parameters", "multiply-adds", "latency"},
       true,
       "tcnas"},
      {"max_parameters",
       "Images",
       "Most parameters of a network; 0: no limit",
       &O::max_parameters,
       0,
       1e9,
       {},
       true,
       "tcnas"},
      {"max_width",
       "Images",
       "Most channels of a cell; 0: from the budget (64, published 256)",
       &O::max_width,
       0,
       256,
       {},
       true,
       "tcnas"},
      {"epochs",
       "Images",
       "Length of a whole training; 0: from the budget",
       &O::epochs,
       0,
       10000,
       {},
       true,
       "tcnas"},
      {"work",
       "Images",
       "Budget in floating-point operations; 0: from --budget",
       &O::work,
       0,
       1e20,
       {},
       true,
       "tcnas"},
      {"augment",
       "Images",
       "How training images are changed at random; auto: what validation prefers, published: none",
       &O::augment,
       0,
       0,
       {"auto", "none", "shifts", "flips"},
       true,
       "tcnas"},
      {"references",
       "Images",
       "Also train well-known networks of the same work; auto: not with the quick budget",
       &O::references,
       0,
       0,
       {"auto", "yes", "no"},
       true,
       "tcnas"},
  };
  return options;
}

[[noreturn]] void refuse(std::string message, std::string hint = {}) {
  throw Error(ErrorKind::usage, std::move(message), std::move(hint));
}

Json value_of(const DesignOptions& options, const OptionInfo& info) {
  return std::visit([&](auto field) { return Json(options.*field); }, info.field);
}

template <class T>
T whole_number(const Json& value) {
  const std::int64_t number = value.as_integer();
  if (number < std::numeric_limits<T>::min() || number > std::numeric_limits<T>::max())
    throw Error(ErrorKind::usage, "the number is too large");
  return static_cast<T>(number);
}

void set_value(DesignOptions& options, const OptionInfo& info, const Json& value) {
  if (info.name == "time_limit" && value.is_string()) {
    options.time_limit_s = parse_duration(value.as_string());
    return;
  }
  try {
    std::visit(
        [&](auto field) {
          using T = std::remove_reference_t<decltype(options.*field)>;
          if constexpr (std::is_same_v<T, bool>)
            options.*field = value.as_bool();
          else if constexpr (std::is_same_v<T, double>)
            options.*field = value.as_number();
          else if constexpr (std::is_same_v<T, std::string>)
            options.*field = value.as_string();
          else
            options.*field = whole_number<T>(value);
        },
        info.field);
  } catch (const Error& error) {
    refuse(fmt::format("option '{}': {}", info.name, error.message()),
           fmt::format("now it is {}", dump_json(value)));
  }
}

void check_value(const DesignOptions& options, const OptionInfo& info) {
  const Json value = value_of(options, info);
  if (value.is_number() && info.low < info.up) {
    const double number = value.as_number();
    if (!(number >= info.low && number <= info.up))
      refuse(fmt::format("option '{}' is {}", info.name, number),
             fmt::format("it must lie between {} and {}", info.low, info.up));
  }
  if (!info.choices.empty() &&
      std::find(info.choices.begin(), info.choices.end(), value.as_string()) == info.choices.end())
    refuse(fmt::format("option '{}' is '{}'", info.name, value.as_string()),
           fmt::format("use one of: {}", fmt::join(info.choices, ", ")));
}

/// What a flow without a search has no use for.
constexpr std::array<std::string_view, 21> kOfSearch = {
    "search",    "budget",       "trials",     "population",    "generations",        "tournament",
    "operators", "crossover",    "mutation",   "jumping_genes", "hidden_layers",      "optimizer",
    "loss",      "alpha",        "iterations", "max_step",      "gradient_tolerance", "confirm",
    "pick",      "error_weight", "stop_early"};

/// What an image recipe reads of the options that are not its own.
constexpr std::array<std::string_view, 14> kOfImages = {
    "output",     "recipe",     "search",  "budget",   "trials",        "time_limit",
    "jobs",       "seed",       "kernels", "protocol", "test_fraction", "validation_fraction",
    "population", "generations"};

/// An option that the recipe does not read, and that is not left as it was, is a mistake.
void check_recipe_reads(const DesignOptions& options, const OptionInfo& info) {
  constexpr std::array<std::string_view, 3> kOfPaper = {"population", "generations", "inner"};
  constexpr std::array<std::string_view, 4> kOfElimination = {"choose", "max_connections", "ridge",
                                                              "average"};
  const bool of_search =
      std::find(kOfSearch.begin(), kOfSearch.end(), info.name) != kOfSearch.end();
  const auto among = [&](const auto& names) {
    return std::find(names.begin(), names.end(), info.name) != names.end();
  };
  const bool own = info.recipe.empty() || info.recipe == options.recipe;
  const bool reads = options.paper() ? among(kOfPaper) || !(of_search || among(kOfElimination))
                     : options.recipe == "oa-ann" ? !of_search && own && info.name != "inner"
                     : options.recipe == "tcnas"  ? among(kOfImages) || info.recipe == "tcnas"
                                                  : own;
  if (reads || dump_json(value_of(options, info)) == dump_json(value_of(DesignOptions{}, info)))
    return;
  std::string flag(info.name);
  std::replace(flag.begin(), flag.end(), '_', '-');
  refuse(fmt::format("recipe '{}'{} has no use for --{}", options.recipe,
                     options.paper() ? " with --mode paper" : "", flag),
         info.recipe.empty() ? "leave it out, or choose another --recipe"
                             : fmt::format("leave it out, or add --recipe {}", info.recipe));
}

}  // namespace

std::span<const OptionInfo> option_table() { return table(); }

void check_options(const DesignOptions& options) {
  for (const OptionInfo& info : table()) {
    check_value(options, info);
    check_recipe_reads(options, info);
  }
  if (options.recipe == "oa-ann" && options.as_published())
    refuse("recipe 'oa-ann' has no --protocol as-published",
           "--mode paper is the published search; it scores on training rows alone");
  if (options.recipe == "tcnas" && options.as_published())
    refuse("recipe 'tcnas' has no --protocol as-published",
           "--budget published takes the source's numbers with the honest protocol");
  const bool rows = !options.train_rows.empty() || !options.test_rows.empty();
  if (rows && !options.test_file.empty())
    refuse("a test file and row numbers exclude each other", "give one of them");
  if (!options.train_rows.empty() != !options.test_rows.empty() && options.test_rows.empty())
    refuse("--train-rows needs --test-rows", "give the rows of the test part as well");
  if (options.as_published() && options.test_fraction == 0 && options.test_file.empty() &&
      options.test_rows.empty())
    refuse("--protocol as-published scores on the test part, and there is none",
           "give --test-fraction above 0, --test or --test-rows");
  if (options.as_published() && options.intervals != "auto" && options.intervals != "jackknife")
    refuse(fmt::format("--intervals {} needs held-out rows, and --protocol as-published keeps none",
                       options.intervals),
           "use --intervals jackknife, or leave out --protocol");
  if (options.optimizer == "levenberg-marquardt" && options.loss != "mse" && options.loss != "auto")
    refuse("levenberg-marquardt minimizes the squared error only",
           "use --optimizer lbfgs for other losses");
  if (options.budget == "published" && options.trials > 0)
    refuse("--budget published sets the trials itself", "leave out --trials, or the budget");
}

Json to_json(const DesignOptions& options) {
  Json json;
  json["data"] = options.data;
  for (const OptionInfo& info : table()) json[info.name] = value_of(options, info);
  json["columns"] = to_json(options.roles);
  return json;
}

DesignOptions options_from_json(const Json& json) {
  DesignOptions options;
  for (const Json::Member& member : json.as_object()) {
    const std::string& name = member.first;
    const Json& value = member.second;
    if (name == "data") {
      options.data = value.as_string();
      continue;
    }
    if (name == "columns") {
      options.roles = roles_from_json(value);
      continue;
    }
    const auto found = std::find_if(table().begin(), table().end(),
                                    [&](const OptionInfo& info) { return info.name == name; });
    if (found == table().end()) {
      std::vector<std::string> names = {"data", "columns"};
      for (const OptionInfo& info : table()) names.emplace_back(info.name);
      const std::string near = nearest_name(name, names);
      refuse(fmt::format("there is no option '{}'", name),
             near.empty() ? "'cupel design --help' lists them; in TOML '-' is written '_'"
                          : fmt::format("did you mean '{}'?", near));
    }
    set_value(options, *found, value);
  }
  check_options(options);
  return options;
}

double parse_duration(std::string_view text) {
  double total = 0;
  const char* at = text.data();
  const char* end = at + text.size();
  bool any = false;
  while (at < end) {
    double number = 0;
    const auto [after, problem] = std::from_chars(at, end, number);
    if (problem != std::errc() || number < 0 || !std::isfinite(number)) break;
    const char unit = after < end ? *after : 's';
    const double factor = unit == 'h' ? 3600 : unit == 'm' ? 60 : unit == 's' ? 1 : 0;
    if (factor == 0) break;
    total += factor * number;
    at = after < end ? after + 1 : after;
    any = true;
  }
  if (!any || at != end)
    refuse(fmt::format("'{}' is not a time", text), "write 90s, 10m, 1h30m or seconds");
  return total;
}

}  // namespace cupel
