// Any text is an image model that predicts and writes itself back, or an Error.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cupel/base/error.hpp"
#include "cupel/base/sealed_json.hpp"
#include "cupel/model/image_model.hpp"

namespace {

void require(bool claim) {
  if (!claim) std::abort();
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
  cupel::ImageModel model;
  try {
    model = cupel::parse_image_model(text, "fuzz.model");
  } catch (const cupel::Error& error) {
    require(error.kind() == cupel::ErrorKind::runtime && !error.hint().empty());
    return 0;
  }
  require(!model.classes.empty() && model.temperature > 0);
  const std::string once = cupel::image_model_text(model);
  require(cupel::image_model_text(cupel::parse_image_model(once, "again")) == once);
  return 0;
}
