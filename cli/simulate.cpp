#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>

#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cupel/base/csv_cell.hpp"
#include "cupel/base/error.hpp"
#include "cupel/base/file_writer.hpp"
#include "cupel/base/json.hpp"
#include "cupel/parallel/parallel_for.hpp"
#include "cupel/simulators/experiment.hpp"

namespace cupel::cli {
namespace {

struct Arguments {
  std::string plant, design = "lhs", output;
  std::vector<std::string> at, ranges;
  int rows = 400, levels = 5, jobs = 0;
  std::int64_t seed = 1;
  double noise = 0;
  bool list = false, json = false;
};

double number_of(const std::string& text, const std::string& where) {
  std::size_t used = 0;
  double value = 0;
  try {
    value = std::stod(text, &used);
  } catch (const std::exception&) {
    used = 0;
  }
  if (used != text.size() || text.empty() || !std::isfinite(value))
    throw Error(ErrorKind::usage, fmt::format("'{}' in '{}' is not a number", text, where));
  return value;
}

int setting_of(const Plant& plant, const std::string& text, std::size_t name_length) {
  std::string names;
  for (std::size_t k = 0; k < plant.settings.size(); ++k) {
    if (plant.settings[k].name == text.substr(0, name_length)) return static_cast<int>(k);
    names += (k > 0 ? ", " : "") + std::string(plant.settings[k].name);
  }
  throw Error(ErrorKind::usage, fmt::format("'{}': {} has no such setting", text, plant.name),
              fmt::format("its settings are: {}", names));
}

/// NAME=VALUE or NAME=LOW:UP over the usual ranges.
std::vector<SettingRange> ranges_of(const Plant& plant, const std::vector<std::string>& texts) {
  std::vector<SettingRange> ranges = usual_ranges(plant);
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos)
      throw Error(ErrorKind::usage, fmt::format("'{}' has no '='", text),
                  "write NAME=VALUE or NAME=LOW:UP");
    const int k = setting_of(plant, text, equals);
    const std::size_t colon = text.find(':', equals);
    ranges[k].low = number_of(text.substr(equals + 1, colon - equals - 1), text);
    ranges[k].up =
        colon == std::string::npos ? ranges[k].low : number_of(text.substr(colon + 1), text);
    if (ranges[k].low > ranges[k].up)
      throw Error(ErrorKind::usage, fmt::format("'{}': the lower end is above the upper", text));
  }
  return ranges;
}

Matrix compute_rows(const Plant& plant, const Matrix& settings, int jobs) {
  Matrix results(settings.rows(), std::ssize(plant.results));
  parallel_for(static_cast<int>(settings.rows()), jobs > 0 ? jobs : processor_count(), [&](int r) {
    const Vector row = settings.row(r);
    const std::vector<double> values =
        plant.compute({row.data(), static_cast<std::size_t>(row.size())});
    for (std::size_t k = 0; k < values.size(); ++k)
      results(r, static_cast<Eigen::Index>(k)) = values[k];
  });
  return results;
}

std::string heading(const PlantVariable& variable) {
  return variable.unit == "-" ? std::string(variable.name)
                              : fmt::format("{} [{}]", variable.name, variable.unit);
}

std::string csv_of(const Plant& plant, const Matrix& settings, const Matrix& results) {
  std::string text;
  for (const auto& part : {plant.settings, plant.results})
    for (const PlantVariable& variable : part)
      text += (text.empty() ? "" : ",") + csv_text(heading(variable));
  text += '\n';
  for (Eigen::Index r = 0; r < settings.rows(); ++r) {
    for (Eigen::Index c = 0; c < settings.cols(); ++c)
      text += (c > 0 ? "," : "") + csv_number(settings(r, c));
    for (Eigen::Index c = 0; c < results.cols(); ++c) text += ',' + csv_number(results(r, c));
    text += '\n';
  }
  return text;
}

int list_plants(bool as_json) {
  Json json = Json::Array{};
  for (const Plant& plant : plants()) {
    Json item;
    item["name"] = plant.name;
    item["summary"] = plant.summary;
    if (!as_json) print(fmt::format("{}: {}\n", plant.name, plant.summary));
    for (const PlantVariable& s : plant.settings) {
      item["settings"][s.name] = std::vector<double>{s.low, s.up};
      if (!as_json)
        print(fmt::format("  {:<14} {:>6} {:>8} ... {:<8} {}\n", s.name, s.unit, s.low, s.up,
                          s.meaning));
    }
    for (const PlantVariable& r : plant.results) {
      item["results"][r.name] = r.unit;
      if (!as_json)
        print(fmt::format("  {:<14} {:>6} {:>21} {}\n", r.name, r.unit, "->", r.meaning));
    }
    json.push_back(std::move(item));
  }
  if (as_json) print(fmt::format("{}\n", dump_json(json, 2)));
  return 0;
}

/// One point, for people or as JSON.
int show_point(const Plant& plant, const Arguments& arguments) {
  const std::vector<SettingRange> ranges = ranges_of(plant, arguments.at);
  std::vector<double> point;
  for (std::size_t k = 0; k < ranges.size(); ++k) {
    if (ranges[k].low != ranges[k].up)
      throw Error(ErrorKind::usage, fmt::format("--at leaves '{}' open", plant.settings[k].name),
                  "state every setting: --at NAME=VALUE for each");
    point.push_back(ranges[k].low);
  }
  const std::vector<double> results = plant.compute(point);
  Json json;
  for (std::size_t k = 0; k < point.size(); ++k)
    json["settings"][plant.settings[k].name] = point[k];
  for (std::size_t k = 0; k < results.size(); ++k) {
    json["results"][plant.results[k].name] = results[k];
    if (!arguments.json)
      print(fmt::format("{:<14} {:>12.6g} {:<8} {}\n", plant.results[k].name, results[k],
                        plant.results[k].unit, plant.results[k].meaning));
  }
  if (arguments.json) print(fmt::format("{}\n", dump_json(json, 2)));
  return 0;
}

int simulate(const Arguments& arguments) {
  if (arguments.plant.empty()) return list_plants(arguments.json);
  const Plant& plant = find_plant(arguments.plant);
  if (!arguments.at.empty()) return show_point(plant, arguments);
  if (arguments.rows < 1 || arguments.levels < 1 || !(arguments.noise >= 0))
    throw Error(ErrorKind::usage, "--rows and --levels start at 1, --noise at 0");
  const std::vector<SettingRange> ranges = ranges_of(plant, arguments.ranges);
  const auto seed = static_cast<std::uint64_t>(arguments.seed);
  Rng draw(mix_seed({seed, 0xD4A}));
  const Matrix settings = arguments.design == "grid"
                              ? full_grid(plant, ranges, arguments.levels)
                              : latin_hypercube(plant, ranges, arguments.rows, draw);
  Matrix results = compute_rows(plant, settings, arguments.jobs);
  if (arguments.noise > 0) {
    Rng noise(mix_seed({seed, 0x401}));
    add_noise(results, arguments.noise, noise);
  }
  const std::string text = csv_of(plant, settings, results);
  if (arguments.output.empty()) {
    print(text);
  } else {
    refuse_taken(arguments.output, "remove it, or choose another --output FILE",
                 [&](std::string_view old) { return old == text; });
    replace_whole_file(arguments.output, text);
    say(fmt::format("{} rows written to {}\n", settings.rows(), arguments.output));
  }
  return 0;
}

}  // namespace

void add_simulate(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "simulate",
      "Compute a first-principles plant: data as CSV, or one point; no PLANT lists them");
  command->add_option("PLANT", arguments->plant, "ethane-cracker or styrene");
  command->add_option("--at", arguments->at, "One point: NAME=VALUE for every setting")
      ->type_name("NAME=VALUE");
  command
      ->add_option("--range", arguments->ranges,
                   "Over a setting's usual range: NAME=LOW:UP, or NAME=VALUE to fix it")
      ->type_name("NAME=LOW:UP");
  command->add_option("--design", arguments->design, "lhs (Latin hypercube) or grid [lhs]")
      ->check(CLI::IsMember({"lhs", "grid"}));
  command->add_option("--rows", arguments->rows, "Points of the Latin hypercube [400]");
  command->add_option("--levels", arguments->levels, "Values of each setting in a grid [5]");
  command->add_option("--noise", arguments->noise,
                      "Relative noise on the results, one standard deviation, such as 0.01 [0]");
  command->add_option("--seed", arguments->seed, "Of the draws [1]");
  command->add_option("--jobs", arguments->jobs, "Threads; 0: all processors [0]");
  command->add_option("--output", arguments->output, "CSV file to write, in place of stdout");
  command->add_flag("--json", arguments->json, "Print the list or the point as JSON");
  command->callback(
      [arguments, &action] { action = [arguments] { return simulate(*arguments); }; });
}

}  // namespace cupel::cli
