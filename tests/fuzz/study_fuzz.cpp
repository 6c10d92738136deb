// Any bytes are either a study, that can be read to the end and written to, or an Error of kind
// runtime. The file lies in memory where the machine has a folder for that.
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "cupel/base/error.hpp"
#include "cupel/store/study_file.hpp"

namespace {

void require(bool claim) {
  if (!claim) std::abort();
}

std::string temporary_path() {
  const std::filesystem::path memory = "/dev/shm";
  const auto folder =
      std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path();
  return folder / ("cupel_fuzz_" + std::to_string(::getpid()) + ".study");
}

void use(const std::string& path) {
  cupel::StudyFile study = cupel::StudyFile::open(path);
  const auto trials = study.trials(true);
  require(static_cast<int>(trials.size()) == study.trial_count());
  const std::string text = cupel::canonical_export(study);
  require(text.size() >= trials.size());
  study.set("options", cupel::Json("fuzz"));
  require(study.get("options") == cupel::Json("fuzz"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const std::string path = temporary_path();
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(bytes), static_cast<std::streamsize>(size));
  try {
    use(path);
  } catch (const cupel::Error& error) {
    require(error.kind() == cupel::ErrorKind::runtime && !error.hint().empty());
  }
  for (const char* ending : {"", "-wal", "-shm", "-journal"})
    std::filesystem::remove(path + ending);
  return 0;
}
