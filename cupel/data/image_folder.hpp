// A folder of images: one sub-folder a class, or train, val(idation) and test over the classes.
// Files that cannot be read are named and left out; nothing is left out in silence.
#pragma once

#include <string>
#include <vector>

#include "cupel/data/check.hpp"
#include "cupel/data/images.hpp"

namespace cupel {

enum class ImagePart { undecided, train, validation, test };
enum class ImageColors { automatic, grey, color };

struct ImageFolderOptions {
  int size = 0;                                 ///< side to resize to; 0: the images' own up to 32
  ImageColors colors = ImageColors::automatic;  ///< automatic: grey when every image is
  /// CSV file that names the object on each image: a column of files (paths below the folder) and
  /// `group_column`. Images of one object stay in one part. Empty: none.
  std::string groups;
  std::string group_column = "group";
};

struct ImageFolder {
  std::string path;
  ImageSet images;                  ///< by class and name
  std::vector<ImagePart> parts;     ///< one an image, as the folders say
  std::vector<int> groups;          ///< one an image; empty without a grouping file
  ImageReading reading;             ///< how the files were read
  std::vector<std::string> doubts;  ///< of new images: why not to trust each; mostly empty
  std::vector<Finding> findings;
  std::string fingerprint;  ///< of all pixels and labels

  bool has_parts() const;
};

/// Throws Error{bad_data}: no such folder, no classes, no image that can be read, one class only,
/// a class without images. Throws Error{usage} for a grouping file that does not fit.
ImageFolder read_image_folder(const std::string& path, const ImageFolderOptions& options);

/// Images below a folder whatever their class, as `like` says (size, channels), for prediction.
/// Files that cannot be read are findings; so are levels above those of `reading`.
ImageFolder read_unlabeled_images(const std::string& path, int size, int channels,
                                  const ImageReading& reading);

}  // namespace cupel
