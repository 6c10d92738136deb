#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>

#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/image_run.hpp"
#include "cli/options.hpp"
#include "cupel/base/csv_cell.hpp"
#include "cupel/data/column_roles.hpp"
#include "cupel/data/read_table.hpp"
#include "cupel/model/model.hpp"
#include "cupel/model/model_inputs.hpp"

namespace cupel::cli {
namespace {

struct Arguments {
  std::string model, file;
  std::vector<std::string> units;
  ReadTexts reading;
  double confidence = 0.9;
  bool json = false;
};

/// Empty where there are too few held-out rows for an interval.
std::string end_of(const Matrix& ends, Eigen::Index row, Eigen::Index target) {
  return ends.size() > 0 ? csv_number(ends(row, target)) : "";
}

void print_csv(const Model& model, const Table& table, const Prediction& prediction) {
  std::string text = "row,";
  for (const TargetScale& target : model.encoder.targets)
    text += fmt::format("{},{},{},", csv_text(target.name), csv_text(target.name + "_lower"),
                        csv_text(target.name + "_upper"));
  text += "valid,reason\n";
  for (Eigen::Index row = 0; row < prediction.outputs.rows(); ++row) {
    text += fmt::format("{},", sheet_row(table, static_cast<int>(row)));
    for (Eigen::Index t = 0; t < prediction.outputs.cols(); ++t) {
      text += csv_number(prediction.outputs(row, t)) + ',';
      text += end_of(prediction.lower, row, t) + ',' + end_of(prediction.upper, row, t) + ',';
    }
    const std::string& reason = prediction.invalid[row];
    text += fmt::format("{},{}\n", reason.empty() ? 1 : 0, csv_text(reason));
  }
  print(text);
}

void print_json(const Model& model, const Table& table, const Prediction& prediction) {
  Json rows = Json::Array{};
  for (Eigen::Index row = 0; row < prediction.outputs.rows(); ++row) {
    Json item;
    item["row"] = sheet_row(table, static_cast<int>(row));
    for (Eigen::Index t = 0; t < prediction.outputs.cols(); ++t) {
      const std::string& target = model.encoder.targets[t].name;
      item[target] = prediction.outputs(row, t);
      const bool known = prediction.lower.size() > 0;
      item[target + "_lower"] = known ? Json(prediction.lower(row, t)) : Json();
      item[target + "_upper"] = known ? Json(prediction.upper(row, t)) : Json();
    }
    item["valid"] = prediction.invalid[row].empty() ? 1 : 0;
    item["reason"] = prediction.invalid[row];
    rows.push_back(std::move(item));
  }
  print(fmt::format("{}\n", dump_json(rows, 1)));
}

void set_units(Table& table, const std::vector<std::string>& texts) {
  Roles roles;
  apply_roles({.units = texts}, roles);
  resolve_roles(table, roles);  // refuses names that are no columns
  for (const auto& [name, unit] : roles.units) table.columns[table.find(name)].unit = unit;
}

/// Cells of the model's inputs that are no numbers, and lines that are no rows.
void print_unreadable(const Model& model, const Table& table) {
  for (const ReadNote& note : table.notes) {
    const auto is_input = [&](const EncodedColumn& column) { return column.name == note.column; };
    if (note.unreadable && note.column.empty()) say(fmt::format("warning: {}\n", note.what));
    if (!note.unreadable ||
        std::none_of(model.encoder.columns.begin(), model.encoder.columns.end(), is_input))
      continue;
    say(fmt::format("warning: column '{}', row {}: {}\n", note.column, sheet_row(table, note.row),
                    note.what));
  }
}

int predict_file(const Arguments& arguments) {
  if (holds_images(arguments.model))
    return predict_images_file(arguments.model, arguments.file, arguments.json);
  const Model model = load_model(arguments.model);
  Table table = read_table(
      arguments.file, read_options(arguments.reading, reading_options(model, ReadFor::prediction)));
  set_units(table, arguments.units);
  const Prediction prediction = predict(model, table, arguments.confidence);
  if (arguments.json)
    print_json(model, table, prediction);
  else
    print_csv(model, table, prediction);
  print_unreadable(model, table);
  if (const int filled = prediction.notes.filled; filled > 0)
    say(fmt::format("{} missing cell{} replaced by the training median or most frequent word\n",
                    filled, filled == 1 ? " was" : "s were"));
  const auto outside = std::count_if(prediction.invalid.begin(), prediction.invalid.end(),
                                     [](const std::string& reason) { return !reason.empty(); });
  if (outside > 0)
    say(
        fmt::format("{} of {} rows cannot be trusted (outside the data the model was made from, or "
                    "with missing inputs): see the last column\n",
                    outside, prediction.invalid.size()));
  return 0;
}

}  // namespace

void add_predict(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("predict", "Predict new rows with a model; CSV on stdout");
  command->add_option("MODEL", arguments->model, "NAME.model")->required();
  command
      ->add_option("FILE", arguments->file,
                   "File with the input columns (CSV, .xlsx, .arff, .gz; '-': standard input); for "
                   "image models a folder or one image")
      ->required();
  command->add_option("--confidence", arguments->confidence, "Confidence of the interval [0.9]");
  command
      ->add_option("--units", arguments->units,
                   "COLUMN=UNIT, over the file's own (may be repeated)")
      ->type_name("COLUMN=UNIT");
  add_read_options(*command, arguments->reading);
  command->add_flag("--json", arguments->json, "Print the rows as JSON");
  command->callback(
      [arguments, &action] { action = [arguments] { return predict_file(*arguments); }; });
}

}  // namespace cupel::cli
