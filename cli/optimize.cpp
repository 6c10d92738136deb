#include "cupel/process/optimize.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <ctime>
#include <filesystem>

#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/options.hpp"
#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "cupel/base/file_writer.hpp"
#include "cupel/base/shown_number.hpp"
#include "cupel/data/read_table.hpp"
#include "cupel/energy/energy_meter.hpp"
#include "cupel/model/model_inputs.hpp"
#include "cupel/process/problem_text.hpp"
#include "cupel/process/tune.hpp"
#include "cupel/report/operating_report.hpp"
#include "cupel/report/truth_check.hpp"

namespace cupel::cli {
namespace {

constexpr int kInfeasibleCode = 4;

struct Arguments {
  std::vector<std::string> files;  ///< models, or one problem file
  ProblemTexts problem;
  OptimizeOptions options;
  ReadTexts reading;
  std::string operators = "standard", output, truth, from, tune;
  std::int64_t seed = 1;
  int jobs = 0, row = 0;
  bool extrapolate = false, no_polish = false, json = false;
};

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

/// [search] of a problem file.
void apply_search(const Json& table, const std::string& file, Arguments& arguments) {
  MethodOptions& search = arguments.options.search;
  for (const auto& [key, value] : table.as_object()) {
    if (key == "method")
      arguments.options.method = value.as_string();
    else if (key == "population")
      search.population = static_cast<int>(value.as_integer());
    else if (key == "generations")
      search.generations = static_cast<int>(value.as_integer());
    else if (key == "seed")
      arguments.seed = value.as_integer();
    else if (key == "operators")
      arguments.operators = value.as_string();
    else if (key == "crossover")
      search.crossover_probability = value.as_number();
    else if (key == "mutation")
      search.mutation_probability = value.as_number();
    else if (key == "jumping_genes")
      search.jumping_gene_probability = value.as_number();
    else
      throw Error(
          ErrorKind::usage, fmt::format("{}: search.{} is not known", file, key),
          "known are: method, population, generations, seed, operators, crossover, mutation, "
          "jumping_genes");
  }
}

/// A problem file's texts come first, those of the command line are added.
void read_problem_file(Arguments& arguments) {
  const std::string file = arguments.files.front();
  const Json toml = parse_toml(read_whole_file(file, kOptionsFile), file);
  ProblemTexts texts = texts_from_toml(toml, file);
  if (const Json* search = toml.find("search")) apply_search(*search, file, arguments);
  arguments.files.clear();
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  for (const std::string& model : texts.models)
    arguments.files.push_back((folder / model).string());
  if (arguments.files.empty())
    throw Error(ErrorKind::usage, fmt::format("{}: 'models' is missing", file),
                "add a line such as: models = [\"yield.model\"]");
  const ProblemTexts& typed = arguments.problem;
  for (const auto list : {&ProblemTexts::vary, &ProblemTexts::fix, &ProblemTexts::disturb,
                          &ProblemTexts::current, &ProblemTexts::move, &ProblemTexts::maximize,
                          &ProblemTexts::minimize, &ProblemTexts::target, &ProblemTexts::range,
                          &ProblemTexts::limits, &ProblemTexts::formulas})
    append(texts.*list, typed.*list);
  if (typed.interval != ProblemTexts{}.interval) texts.interval = typed.interval;
  if (typed.confidence != ProblemTexts{}.confidence) texts.confidence = typed.confidence;
  arguments.problem = std::move(texts);
}

int row_in(const Table& table, const Arguments& arguments) {
  int row = 0;
  while (row < table.rows && sheet_row(table, row) != arguments.row) ++row;
  if (row == table.rows)
    throw Error(ErrorKind::usage,
                fmt::format("{} has no data in row {}", arguments.from, arguments.row),
                "count rows as a spreadsheet shows them, headings included");
  return row;
}

/// The inputs of a row of a data file (as a spreadsheet numbers it) as the current point; the file
/// is read as each model's was.
void take_row(const std::vector<Model>& models, Arguments& arguments) {
  for (const Model& model : models) {
    const Table table =
        read_table(arguments.from,
                   read_options(arguments.reading, reading_options(model, ReadFor::prediction)));
    const int row = row_in(table, arguments);
    for (const EncodedColumn& input : model.encoder.columns) {
      if (plain_name(model.windows, input.name) != input.name) continue;  // the last step says it
      const int at = table.find(input.name);
      if (at < 0 || std::isnan(table.columns[at].values[row]))
        throw Error(ErrorKind::bad_data, fmt::format("{}, row {}: '{}' is missing", arguments.from,
                                                     arguments.row, input.name));
      const Column& column = table.columns[at];
      const double value = column.values[row];
      arguments.problem.current.push_back(input.name + "=" +
                                          (column.kind == ColumnKind::text
                                               ? column.words[static_cast<std::size_t>(value)]
                                               : fmt::format("{}", value)));
    }
  }
}

Problem read_problem(Arguments& arguments) {
  if (arguments.files.size() == 1 && arguments.files[0].ends_with(".toml"))
    read_problem_file(arguments);
  std::vector<Model> models;
  for (const std::string& file : arguments.files) models.push_back(load_model(file));
  if (!arguments.from.empty()) take_row(models, arguments);
  if (arguments.extrapolate) arguments.problem.inside_data = false;
  arguments.options.search.thesis_operators = arguments.operators == "thesis";
  if (arguments.options.search.thesis_operators && arguments.options.search.tournament == 2)
    arguments.options.search.tournament = 3;
  arguments.options.seed = static_cast<std::uint64_t>(arguments.seed);
  arguments.options.polish = !arguments.no_polish;
  return parse_problem(arguments.problem, std::move(models));
}

std::string band_text(const Band& band) {
  if (band.low == band.up) return shown_number(band.middle, 0, 5);
  const auto shown = [&](double value) { return shown_number(value, band.up - band.low, 5); };
  return fmt::format("{} ({} ... {})", shown(band.middle), shown(band.low), shown(band.up));
}

/// Units of all models' outputs, in order.
std::vector<std::string> output_units(const Problem& problem) {
  std::vector<std::string> units;
  for (const Model& model : problem.models)
    for (const TargetScale& target : model.encoder.targets) units.push_back(target.unit);
  return units;
}

void print_point(const Problem& problem, const PointState& point) {
  const std::vector<bool> matters = variables_that_matter(problem);
  for (std::size_t v = 0; v < problem.variables.size(); ++v) {
    const Variable& variable = problem.variables[v];
    print(fmt::format("  {:<20} {:>12} {}{}\n", variable.name,
                      gene_text(variable.gene, point.settings[v]), variable.unit,
                      matters[v] ? "" : "  (any: nothing here depends on it)"));
  }
  const std::vector<std::string> outputs = output_names(problem), units = output_units(problem);
  for (std::size_t k = 0; k < outputs.size(); ++k)
    print(fmt::format("  {:<20} {} {}\n", outputs[k], band_text(point.outputs[k]), units[k]));
  for (std::size_t k = 0; k < problem.objectives.size(); ++k) {
    const Objective& objective = problem.objectives[k];
    if (std::find(outputs.begin(), outputs.end(), objective.expression) == outputs.end())
      print(
          fmt::format("  {:<20} {}\n", objective_text(objective), band_text(point.objectives[k])));
  }
  for (std::size_t k = 0; k < problem.limits.size(); ++k)
    print(fmt::format("  {:<20} {}\n", problem.limits[k].text, band_text(point.limits[k].value)));
  if (!problem.limits.empty() && allows_for_search(problem))
    print(fmt::format(
        "  {:<20} {}\n", "",
        "(limits count with a wider interval: they must hold wherever the search goes)"));
  print(fmt::format("  {:<20} {:.3g} (valid up to 1)\n", "distance to the data", point.distance));
  std::string limits;
  for (const std::string& reason : what_limits(problem, point))
    limits += (limits.empty() ? "" : ", ") + reason;
  print(fmt::format("  {:<20} {}\n", "limited by", limits.empty() ? "nothing" : limits));
}

void print_truth(const Problem& problem, const TruthCheck& check) {
  print(fmt::format("\nAgainst the simulated plant ({} simulations):\n", check.simulations));
  if (std::isfinite(check.hypervolume_ratio))
    print(fmt::format(
        "  of all that the best settings gain over ordinary operation, these points gain {:.1f} % "
        "(ratio of hypervolumes {:.4f})\n",
        100 * check.hypervolume_ratio, check.hypervolume_ratio));
  if (std::isfinite(check.own_box_ratio))
    print(fmt::format("  measured from the ends of the plant's best front alone: {:.4f}\n",
                      check.own_box_ratio));
  if (std::isfinite(check.regret))
    print(fmt::format("  best point off the plant's best by {:.2g}\n", check.regret));
  for (std::size_t k = 0; k < check.broken.size(); ++k)
    print(fmt::format("  '{}' broken in truth by {} of {} points ({} may at a confidence of {})\n",
                      problem.limits[k].text, check.broken[k], check.points.size(),
                      check.most_broken, problem.confidence));
}

void print_infeasible(const OptimizeResult& result) {
  say(fmt::format("cupel: nothing meets all limits. {}:\n", result.clashes.size() == 1
                                                                ? "This one cannot be met"
                                                                : "These cannot hold together"));
  for (const Clash& clash : result.clashes)
    if (std::isfinite(clash.relaxation))
      say(fmt::format("  {}: would have to give way by {:.4g} {}{}\n", clash.limit,
                      clash.relaxation, clash.unit_note,
                      std::isnan(clash.bound) ? "" : fmt::format(", to {:.5g}", clash.bound)));
    else
      say(fmt::format("  {}: giving way alone does not help\n", clash.limit));
  if (result.feasible_as_predicted)
    say("  as predicted it would be feasible: the intervals are too wide; more data, a lower "
        "--confidence, or --confidence 0\n");
}

int tune_search(const Problem& problem, const Arguments& arguments) {
  TuneGrid grid;
  if (arguments.tune == "quick")
    grid = {{50, 100}, {50, 100}, {0.5, 0.9}, {0.03, 0.2, 0.8}, {0.1, 0.3, 0.5}};
  const std::vector<TuneStage> stages = tune(problem, grid, arguments.options.seed);
  if (arguments.json) {
    print(fmt::format("{}\n", dump_json(to_json(stages), 2)));
    return 0;
  }
  for (const TuneStage& stage : stages) {
    print(fmt::format("{}\n{:>6} {:>6} {:>5} {:>5} {:>6} {:>9} {:>9} {:>8} {:>10} {:>9}\n",
                      stage.name, "N_pop", "N_gen", "P_C", "P_M", "P_RJG", "C_t [s]", "S", "CS w/l",
                      "sol_perf", "hypervol."));
    for (int k = 0; k < std::ssize(stage.rows); ++k) {
      const TuneRow& row = stage.rows[k];
      print(fmt::format(
          "{:>6} {:>6} {:>5.2f} {:>5.2f} {:>6.2f} {:>9.4f} {:>9.5f} {:>4}/{:<3} {:>10.6f} "
          "{:>9.5f}{}{}{}\n",
          row.options.population, row.options.generations, row.options.crossover_probability,
          row.options.mutation_probability, row.options.jumping_gene_probability, row.time_s,
          row.spacing, row.won, row.lost, row.sol_perf, row.hypervolume,
          k == stage.chain_winner ? "  chain" : "", k == stage.best_perf ? "  sol_perf" : "",
          k == stage.compromise ? "  <- taken" : ""));
    }
    print("\n");
  }
  print("Choices count evaluations; the times are shown only.\n");
  return 0;
}

int optimize_process(Arguments& arguments) {
  const EnergyMeter meter(energy_options_of_environment());
  const auto start = std::chrono::steady_clock::now();
  if (!arguments.output.empty())
    refuse_taken(arguments.output + ".html", "remove it, or choose another --output NAME");
  const Problem problem = read_problem(arguments);
  for (const std::string& note : problem.notes) say(fmt::format("note: {}\n", note));
  if (!arguments.tune.empty()) return tune_search(problem, arguments);
  const OptimizeResult result = optimize(problem, arguments.options);
  const double elapsed_s =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const std::time_t now = std::time(nullptr);
  OperatingReport page{.title = "Operating points",
                       .command = command_line(),
                       .created = fmt::format("{:%Y-%m-%d %H:%M}", fmt::localtime(now))};
  if (!arguments.truth.empty() && !result.front.empty()) {
    say(fmt::format("simulating {} points and looking for the plant's own best\n",
                    result.front.size()));
    page.truth = check_against(find_plant(arguments.truth), problem, result,
                               {.seed = arguments.options.seed, .jobs = arguments.jobs});
  }
  for (const std::string& file : arguments.files)
    page.models += (page.models.empty() ? "" : ", ") + file;
  page.energy = energy_text(meter.use());
  if (!arguments.output.empty()) {
    replace_whole_file(arguments.output + ".html", operating_report(problem, result, page));
    const std::string unnoted = append_emissions(
        arguments.output + ".emissions.csv",
        emissions_row(meter.use(), fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::localtime(now)),
                      "optimize", arguments.output));
    if (!unnoted.empty()) say(fmt::format("warning: the energy is not noted: {}\n", unnoted));
  }
  if (arguments.json) {
    Json json = to_json(problem, result);
    json["elapsed_s"] = elapsed_s;
    json["energy"] = to_json(meter.use());
    if (page.truth) json["truth"] = to_json(problem, *page.truth);
    print(fmt::format("{}\n", dump_json(json, 2)));
  }
  if (result.recommended < 0) {
    print_infeasible(result);
    return kInfeasibleCode;
  }
  if (arguments.json) return 0;
  print(fmt::format("{} operating point{} from {} evaluations in {:.2g} s. Recommended, {}:\n\n",
                    result.front.size(), result.front.size() == 1 ? "" : "s", result.evaluations,
                    elapsed_s, result.why));
  print_point(problem, result.front[result.recommended]);
  if (page.truth) print_truth(problem, *page.truth);
  if (!arguments.output.empty())
    print(fmt::format("\nreport  {}.html\n", arguments.output));
  else if (result.front.size() > 1)
    print(fmt::format("\nThe other {} points: --output NAME writes a report, --json prints them.\n",
                      result.front.size() - 1));
  return 0;
}

void add_problem_options(CLI::App& command, ProblemTexts& texts) {
  const auto list = [&](const char* name, std::vector<std::string>& to, const char* form,
                        const char* help) {
    command.add_option(name, to, help)->type_name(form)->allow_extra_args(false);
  };
  list("--vary", texts.vary, "NAME=LOW:UP",
       "An input to set: T=50:110, n=1:5:integer, c={4,40}; alone: over its data");
  list("--fix", texts.fix, "NAME=VALUE", "An input that stays where it is");
  list("--disturb", texts.disturb, "NAME=LOW:UP", "An input nobody sets: its worst counts");
  list("--current", texts.current, "NAME=VALUE", "Where the plant runs now");
  list("--move", texts.move, "NAME=MOST", "Largest change from the current value");
  list("--maximize", texts.maximize, "FORMULA", "A goal, such as yield");
  list("--minimize", texts.minimize, "FORMULA", "A goal, such as cost");
  list("--target", texts.target, "FORMULA=VALUE", "A goal: as near to the value as possible");
  list("--range", texts.range, "FORMULA=LOW:UP", "A goal: inside the range");
  list("--limit", texts.limits, "A<=B", "What must hold: 'pressure<=3', '0.2<=x<=0.4'");
  list("--formula", texts.formulas, "NAME [UNIT]=FORMULA",
       "A named formula: 'cost [EUR/t] = 3*feed'");
  command.add_option(
      "--confidence", texts.confidence,
      "Of each end of an interval: goals and limits count there; 0: as predicted [0.9]");
  command
      .add_option("--interval", texts.interval,
                  "Of one reading, or of the plant's true value, where the scatter is the sensors' "
                  "[reading]")
      ->check(CLI::IsMember({"reading", "plant"}));
}

}  // namespace

void add_optimize(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("optimize", "Find operating points on one or more models");
  command->add_option("FILES", arguments->files, "Models, or one problem.toml")->required();
  add_problem_options(*command, arguments->problem);
  MethodOptions& search = arguments->options.search;
  command->add_flag("--extrapolate", arguments->extrapolate,
                    "Also where the model has seen no data");
  command->add_option("--method", arguments->options.method,
                      "nsga2, random, descent, moead, nspso or mhaco [nsga2]");
  command->add_option("--population", search.population, "Points of a generation [100]");
  command->add_option("--generations", search.generations, "[100]");
  command->add_option("--operators", arguments->operators, "standard or thesis [standard]")
      ->check(CLI::IsMember({"standard", "thesis"}));
  command->add_option("--crossover", search.crossover_probability, "Probability [0.9]");
  command->add_option("--mutation", search.mutation_probability,
                      "Probability of each gene; 0: 1 / number of genes [0]");
  command->add_option("--jumping-genes", search.jumping_gene_probability, "Probability [0]");
  command->add_flag("--no-polish", arguments->no_polish, "Leave out the gradient steps at the end");
  command->add_option("--seed", arguments->seed, "[1]");
  command->add_option("--jobs", arguments->jobs, "Threads of --check; 0: all processors [0]");
  command->add_option(
      "--from", arguments->from,
      "File with a table: its row --row is the current point; 'change' may be minimized");
  add_read_options(*command, arguments->reading);
  command->add_option("--row", arguments->row, "As a spreadsheet numbers it");
  command
      ->add_option("--tune", arguments->tune,
                   "Study the control parameters of NSGA-II instead: published or quick")
      ->check(CLI::IsMember({"published", "quick"}))
      ->expected(0, 1)
      ->default_str("published");
  command->add_option("--check", arguments->truth,
                      "Simulate every point and the best possible: ethane-cracker or styrene");
  command->add_option("--output", arguments->output, "Write the report OUTPUT.html");
  command->add_flag("--json", arguments->json, "Print the result as JSON");
  command->callback(
      [arguments, &action] { action = [arguments] { return optimize_process(*arguments); }; });
}

}  // namespace cupel::cli
