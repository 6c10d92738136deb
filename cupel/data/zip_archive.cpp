#include "cupel/data/zip_archive.hpp"

#include <fmt/format.h>
#include <zip.h>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 18;
constexpr std::size_t kMostUnpacked = std::size_t{1} << 30;

struct CloseArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct ClosePart {
  void operator()(zip_file_t* part) const { zip_fclose(part); }
};

[[noreturn]] void refuse_damaged(const std::string& name) {
  throw Error(ErrorKind::bad_data, fmt::format("{}: the workbook or zip archive is damaged", name),
              "copy or download it again, or open it in a spreadsheet program and save it anew");
}

}  // namespace

struct ZipArchive::Handle {
  std::unique_ptr<zip_t, CloseArchive> archive;
  std::string name;
  std::size_t unpacked = 0;
};

ZipArchive::ZipArchive(std::string_view bytes, const std::string& name)
    : handle_(std::make_shared<Handle>()) {
  handle_->name = name;
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, nullptr);
  if (source == nullptr) throw std::bad_alloc();
  handle_->archive.reset(zip_open_from_source(source, ZIP_RDONLY, nullptr));
  if (!handle_->archive) {
    zip_source_free(source);
    refuse_damaged(name);
  }
}

std::vector<std::string> ZipArchive::names(std::size_t most) const {
  std::vector<std::string> names;
  const auto count = static_cast<zip_uint64_t>(zip_get_num_entries(handle_->archive.get(), 0));
  for (zip_uint64_t k = 0; k < count && names.size() < most; ++k)
    if (const char* one = zip_get_name(handle_->archive.get(), k, 0)) names.emplace_back(one);
  return names;
}

bool ZipArchive::has(const std::string& part) const {
  return zip_name_locate(handle_->archive.get(), part.c_str(), ZIP_FL_NOCASE) >= 0;
}

PartPieces ZipArchive::open(const std::string& part) const {
  zip_t* archive = handle_->archive.get();
  const zip_int64_t at = zip_name_locate(archive, part.c_str(), ZIP_FL_NOCASE);
  if (at < 0) return {};
  zip_stat_t about;
  zip_stat_init(&about);
  zip_stat_index(archive, static_cast<zip_uint64_t>(at), 0, &about);
  if ((about.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && about.encryption_method != ZIP_EM_NONE)
    throw Error(ErrorKind::bad_data, fmt::format("{}: protected by a password", handle_->name),
                "save or pack it without one");
  const std::shared_ptr<zip_file_t> file(zip_fopen_index(archive, static_cast<zip_uint64_t>(at), 0),
                                         [](zip_file_t* one) {
                                           if (one != nullptr) ClosePart()(one);
                                         });
  if (!file) refuse_damaged(handle_->name);
  return [file, handle = handle_](std::string& text) {
    const std::size_t before = text.size();
    text.resize(before + kPiece);
    const zip_int64_t got = zip_fread(file.get(), text.data() + before, kPiece);
    if (got < 0) refuse_damaged(handle->name);
    text.resize(before + static_cast<std::size_t>(got));
    handle->unpacked += static_cast<std::size_t>(got);
    if (handle->unpacked > kMostUnpacked)
      throw Error(ErrorKind::bad_data,
                  fmt::format("{}: more than 1 GB when unpacked", handle->name),
                  "save the table as CSV text, or take a part of the rows");
    return got > 0;
  };
}

}  // namespace cupel
