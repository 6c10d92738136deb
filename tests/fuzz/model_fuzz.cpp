// Any text either becomes a model that predicts and writes itself, or an Error of kind runtime.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cupel/base/error.hpp"
#include "cupel/base/sealed_json.hpp"
#include "cupel/data/csv.hpp"
#include "cupel/model/model.hpp"

namespace {

void require(bool claim) {
  if (!claim) std::abort();
}

/// One column for each input of the model: a number, a word, nothing.
cupel::Table table_for(const cupel::Model& model) {
  cupel::Table table;
  table.source = "fuzz.csv";
  table.rows = 3;
  for (const cupel::EncodedColumn& encoded : model.encoder.columns) {
    cupel::Column column;
    column.name = encoded.name;
    column.kind = encoded.text ? cupel::ColumnKind::text : cupel::ColumnKind::number;
    column.values = {encoded.text ? 0.0 : 17.5, encoded.text ? 1.0 : -1e300, cupel::kMissing};
    if (encoded.text) column.words = {encoded.levels.at(0), "?"};
    table.columns.push_back(std::move(column));
  }
  return table;
}

void use(const cupel::Model& model) {
  const cupel::Prediction prediction = cupel::predict(model, table_for(model));
  require(prediction.outputs.rows() == 3 && prediction.invalid.size() == 3);
  const std::string text = cupel::model_text(model);
  require(cupel::model_text(cupel::parse_model(text, "again")) == text);
  try {
    cupel::check_test_vectors(model, "fuzz.model");
  } catch (const cupel::Error& error) {
    require(error.kind() == cupel::ErrorKind::runtime);
  }
}

/// With a right checksum, so that what lies behind it is reached.
std::string sealed(std::string_view text) {
  try {
    const cupel::Json json = cupel::parse_json(text, "fuzz");
    if (json.is_object()) return cupel::sealed_json(json, -1);
  } catch (const cupel::Error&) {
  }
  return std::string(text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text = sealed({reinterpret_cast<const char*>(bytes), size});
  cupel::Model model;
  try {
    model = cupel::parse_model(text, "fuzz.model");
  } catch (const cupel::Error& error) {
    require(error.kind() == cupel::ErrorKind::runtime && !error.hint().empty());
    return 0;
  }
  use(model);
  return 0;
}
