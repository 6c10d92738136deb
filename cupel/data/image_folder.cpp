#include "cupel/data/image_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <optional>

#include "cupel/base/error.hpp"
#include "cupel/data/csv_cells.hpp"
#include "cupel/data/fingerprint.hpp"
#include "cupel/data/folder_walk.hpp"
#include "cupel/data/image_file.hpp"
#include "cupel/data/read_table.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;

constexpr int kUsualSize = 32, kSmallestSize = 8;
/// Longer side over shorter side from which it is said that shapes change.
constexpr double kStretch = 1.5;

[[noreturn]] void refuse(std::string message, std::string hint) {
  throw Error(ErrorKind::bad_data, std::move(message), std::move(hint));
}

std::optional<ImagePart> part_of(const fs::path& folder) {
  const std::string name = lower_case(folder.filename().string());
  if (name == "train" || name == "training") return ImagePart::train;
  if (name == "val" || name == "valid" || name == "validation") return ImagePart::validation;
  if (name == "test" || name == "testing") return ImagePart::test;
  return std::nullopt;
}

struct Source {
  fs::path file;
  int label;
  ImagePart part;
};

struct Loaded {
  Source source;
  RawImage image;     ///< as read, or already resized where it was larger
  int width, height;  ///< as read
  int brightest = 0;  ///< of a file with 16 bits a channel
};

/// Class folders with their parts; a class is a name, whatever part it stands in.
class Sources {
 public:
  Sources(const fs::path& folder, FolderWalk& walk) : walk_(&walk) {
    const std::vector<fs::path> inner = walk.folders_in(folder);
    if (inner.empty())
      refuse(fmt::format("{}: there are no sub-folders", folder.string()),
             "put the images of each class into a sub-folder named after the class");
    const bool parts = std::all_of(inner.begin(), inner.end(),
                                   [](const fs::path& path) { return part_of(path).has_value(); });
    for (const fs::path& path : inner)
      if (parts)
        for (const fs::path& kind : walk.folders_in(path))
          class_folders_.push_back({kind, *part_of(path)});
      else
        class_folders_.push_back({path, ImagePart::undecided});
    std::vector<std::string> names;
    for (const auto& [path, part] : class_folders_) names.push_back(path.filename().string());
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    classes = names;
  }

  std::vector<Source> all() const {
    std::vector<Source> sources;
    for (const auto& [path, part] : class_folders_) walk_->claim(path);
    for (std::size_t label = 0; label < classes.size(); ++label)
      for (const auto& [path, part] : class_folders_)
        if (path.filename().string() == classes[label])
          for (const fs::path& file : walk_->files_below(path))
            sources.push_back({file, static_cast<int>(label), part});
    return sources;
  }

  std::vector<std::string> classes;

 private:
  FolderWalk* walk_;
  std::vector<std::pair<fs::path, ImagePart>> class_folders_;
};

/// Reads what can be read; the rest becomes findings.
/// Camera pictures are made small at once: a folder of them may not fit into memory.
std::vector<Loaded> load(const std::vector<Source>& sources, int size, bool upright,
                         std::vector<Finding>& findings) {
  std::vector<Loaded> loaded;
  std::map<std::string, std::pair<int, std::string>> notes;  // what: how many, the first
  for (const Source& source : sources) {
    try {
      RawImage image = read_image(source.file.string(), upright);
      const int width = image.width, height = image.height;
      const auto brightest = std::max_element(image.deep.begin(), image.deep.end());
      const int level = brightest == image.deep.end() ? 0 : *brightest;
      if (std::max(width, height) > size) image = shrunk(image, size);
      loaded.push_back({source, std::move(image), width, height, level});
      const std::string& note = loaded.back().image.note;
      if (note.empty()) continue;
      auto& [count, first] = notes[note];
      if (count++ == 0) first = source.file.string();
    } catch (const Error& error) {
      findings.push_back({.severity = Severity::warning,
                          .code = "unreadable-image",
                          .what = error.message() + "; left out",
                          .advice = error.hint()});
    }
  }
  for (const auto& [note, where] : notes)
    findings.push_back({.code = "image-changed",
                        .what = fmt::format("{} image{}: {} (first: {})", where.first,
                                            where.first == 1 ? "" : "s", note, where.second)});
  return loaded;
}

/// White of the bits that the files with 16 bits a channel use all together; a camera of 12 bits
/// stores 0 … 4095 in them.
int white_level_of(const std::vector<Loaded>& loaded, std::vector<Finding>& findings) {
  int brightest = 0, bits = 8;
  for (const Loaded& one : loaded) brightest = std::max(brightest, one.brightest);
  if (brightest == 0) return ImageReading{}.white_level;
  while (brightest >= 1 << bits) ++bits;
  const int white = (1 << bits) - 1;
  if (bits < 16)
    findings.push_back({.code = "image-levels",
                        .what = fmt::format("files with 16 bits a channel use {} of them (up to "
                                            "{}): 0 ... {} are read as black to white",
                                            bits, brightest, white)});
  return white;
}

/// Names what is brighter than all that a model knows: it is cut.
std::vector<std::string> check_levels(const std::vector<Loaded>& loaded, int white_level,
                                      std::vector<Finding>& findings) {
  std::vector<std::string> doubts;
  for (const Loaded& one : loaded) {
    std::string& doubt = doubts.emplace_back();
    if (one.brightest <= white_level) continue;
    doubt = fmt::format("levels up to {}, the model knows 0 ... {}", one.brightest, white_level);
    findings.push_back(
        {.severity = Severity::warning,
         .code = "image-levels",
         .what = fmt::format("{}: {}; read as white above", one.source.file.string(), doubt),
         .advice = "predict pictures of the camera and the gain that the model was "
                   "designed with"});
  }
  return doubts;
}

void to_eight_bits(std::vector<Loaded>& loaded, int white_level) {
  for (Loaded& one : loaded) one.image = in_eight_bits(std::move(one.image), white_level);
}

void append(std::vector<Finding>& to, const std::vector<Finding>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

int usual_size(const std::vector<Loaded>& loaded) {
  std::vector<int> sides;
  for (const Loaded& one : loaded) sides.push_back(std::max(one.width, one.height));
  std::nth_element(sides.begin(), sides.begin() + static_cast<long>(sides.size() / 2), sides.end());
  return std::clamp(sides[sides.size() / 2], kSmallestSize, kUsualSize);
}

void note_shapes(const std::vector<Loaded>& loaded, int size, std::vector<Finding>& findings) {
  int stretched = 0, smaller = 0;
  for (const Loaded& one : loaded) {
    const auto [low, up] = std::minmax(one.width, one.height);
    stretched += up > kStretch * low;
    smaller += up < size;
  }
  if (stretched > 0)
    findings.push_back({.severity = Severity::warning,
                        .code = "stretched",
                        .what = fmt::format("{} of {} images are not square: they are squeezed to "
                                            "{} x {} pixels",
                                            stretched, loaded.size(), size, size),
                        .advice = "cut square pieces where shapes matter"});
  if (smaller > 0)
    findings.push_back({.code = "enlarged",
                        .what = fmt::format("{} of {} images are smaller than {} x {} pixels and "
                                            "are enlarged",
                                            smaller, loaded.size(), size, size)});
}

/// Whether all are grey; a mixture is reported: it may come from another camera, or give a class
/// away.
bool all_grey(const std::vector<Loaded>& loaded, std::vector<Finding>& findings) {
  std::vector<const Loaded*> colored;
  for (const Loaded& one : loaded)
    if (!is_grey(one.image)) colored.push_back(&one);
  if (!colored.empty() && colored.size() < loaded.size())
    findings.push_back(
        {.severity = Severity::warning,
         .code = "mixed-colors",
         .what = fmt::format("{} of {} images {} in color, the others grey (the first in color: "
                             "{}); all are read in color",
                             colored.size(), loaded.size(), colored.size() == 1 ? "is" : "are",
                             colored.front()->source.file.string()),
         .advice = "if color says nothing of the classes: --colors grey"});
  return colored.empty();
}

ImageSet as_set(const std::vector<Loaded>& loaded, const fs::path& folder, int size, int channels) {
  ImageSet set{.channels = channels, .size = size};
  for (const Loaded& one : loaded) {
    RawImage image = channels == 1 ? as_grey(one.image) : one.image;
    std::vector<std::uint8_t> pixels = resize_square(image, size);
    const int copies = channels == 3 && image.channels == 1 ? 3 : 1;
    for (int copy = 0; copy < copies; ++copy)
      set.pixels.insert(set.pixels.end(), pixels.begin(), pixels.end());
    set.labels.push_back(one.source.label);
    set.files.push_back(one.source.file.lexically_relative(folder).generic_string());
  }
  return set;
}

void check_classes(const Sources& sources, const std::vector<Loaded>& loaded,
                   const std::string& path) {
  if (loaded.empty())
    refuse(fmt::format("{}: no image could be read", path),
           "put PNG, JPEG or BMP files into one sub-folder a class");
  for (std::size_t label = 0; label < sources.classes.size(); ++label)
    if (std::none_of(loaded.begin(), loaded.end(), [&](const Loaded& one) {
          return one.source.label == static_cast<int>(label);
        }))
      refuse(
          fmt::format("{}: class '{}' has no image that can be read", path, sources.classes[label]),
          "add images to its folder, or remove the folder");
  if (sources.classes.size() < 2)
    refuse(fmt::format("{}: there is one class only ('{}')", path, sources.classes.front()),
           "two or more classes are needed: one sub-folder each");
}

std::vector<int> read_groups(const ImageFolderOptions& options, const ImageSet& images) {
  const Table table = read_table(options.groups);
  const auto usage = [&](const std::string& what, const std::string& hint) {
    throw Error(ErrorKind::usage, fmt::format("{}: {}", options.groups, what), hint);
  };
  const int file = table.find("file"), group = table.find(options.group_column);
  if (file < 0 || group < 0)
    usage(fmt::format("there is no column '{}'", file < 0 ? "file" : options.group_column),
          "a grouping file has a column 'file' (paths below the image folder) and one of objects; "
          "--group names the latter");
  std::map<std::string, int> of_file;
  const Column& files = table.columns[static_cast<std::size_t>(file)];
  const Column& groups = table.columns[static_cast<std::size_t>(group)];
  if (files.kind != ColumnKind::text) usage("column 'file' holds no paths", "");
  for (int row = 0; row < table.rows; ++row)
    if (files.values[row] == files.values[row])  // not missing
      of_file[files.words[static_cast<std::size_t>(files.values[row])]] =
          static_cast<int>(groups.values[row]);
  std::vector<int> result;
  for (const std::string& name : images.files) {
    const auto found = of_file.find(name);
    if (found == of_file.end())
      usage(fmt::format("there is no row for the image '{}'", name),
            "every image needs its object; paths are written with '/' and start below the folder");
    result.push_back(found->second);
  }
  return result;
}

std::string fingerprint_of(const ImageSet& images, const std::vector<ImagePart>& parts) {
  Fingerprint print;
  print.add(
      std::string_view(reinterpret_cast<const char*>(images.pixels.data()), images.pixels.size()));
  for (std::size_t k = 0; k < images.labels.size(); ++k) {
    print.add(static_cast<std::uint64_t>(images.labels[k]));
    print.add(static_cast<std::uint64_t>(parts[k]));
  }
  for (const std::string& name : images.classes) print.add(name);
  return print.hex();
}

void check_folder(const fs::path& path) {
  if (!fs::exists(path)) refuse(fmt::format("{}: there is no such folder", path.string()), "");
  if (!fs::is_directory(path))
    refuse(fmt::format("{}: this is a file, not a folder of images", path.string()), "");
  std::error_code problem;
  const fs::directory_iterator first(path, problem);
  if (problem)
    throw Error(ErrorKind::runtime,
                fmt::format("{}: the folder cannot be read ({})", path.string(), problem.message()),
                "check that you may read it");
}

}  // namespace

bool ImageFolder::has_parts() const {
  return std::any_of(parts.begin(), parts.end(),
                     [](ImagePart part) { return part != ImagePart::undecided; });
}

ImageFolder read_image_folder(const std::string& path, const ImageFolderOptions& options) {
  check_folder(path);
  ImageFolder folder{.path = path};
  FolderWalk walk;
  const Sources sources(path, walk);
  const std::vector<Source> files = sources.all();
  append(folder.findings, walk.left_out);
  std::vector<Loaded> loaded = load(files, options.size > 0 ? options.size : kUsualSize,
                                    folder.reading.upright, folder.findings);
  check_classes(sources, loaded, path);
  folder.reading.white_level = white_level_of(loaded, folder.findings);
  to_eight_bits(loaded, folder.reading.white_level);
  const bool grey = options.colors == ImageColors::grey ||
                    (options.colors == ImageColors::automatic && all_grey(loaded, folder.findings));
  const int size = options.size > 0 ? options.size : usual_size(loaded);
  note_shapes(loaded, size, folder.findings);
  folder.images = as_set(loaded, path, size, grey ? 1 : 3);
  folder.images.classes = sources.classes;
  for (const Loaded& one : loaded) folder.parts.push_back(one.source.part);
  if (!options.groups.empty()) folder.groups = read_groups(options, folder.images);
  folder.fingerprint = fingerprint_of(folder.images, folder.parts);
  return folder;
}

ImageFolder read_unlabeled_images(const std::string& path, int size, int channels,
                                  const ImageReading& reading) {
  ImageFolder folder{.path = path, .reading = reading};
  std::vector<Source> sources;
  const bool is_file = fs::is_regular_file(path);
  if (is_file) {
    sources.push_back({path, -1, ImagePart::undecided});
  } else {
    check_folder(path);
    FolderWalk walk;
    for (const fs::path& file : walk.files_below(path))
      sources.push_back({file, -1, ImagePart::undecided});
    append(folder.findings, walk.left_out);
  }
  std::vector<Loaded> loaded = load(sources, size, reading.upright, folder.findings);
  folder.doubts = check_levels(loaded, reading.white_level, folder.findings);
  to_eight_bits(loaded, reading.white_level);
  const fs::path base = is_file ? fs::path(path).parent_path() : fs::path(path);
  folder.images = as_set(loaded, base.empty() ? "." : base, size, channels);
  folder.parts.assign(loaded.size(), ImagePart::undecided);
  return folder;
}

}  // namespace cupel
