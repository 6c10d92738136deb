// What the commands do for folders of images and image models.
#pragma once

#include <string>

#include "cli/study_run.hpp"
#include "cupel/study/images/image_data.hpp"

namespace cupel::cli {

/// Findings and what the run will cost, on stderr.
void print_image_start(const ImageStudyData& data, const DesignOptions& options);

/// As data_identity.
Json image_identity(const ImageStudyData& data);

/// As run_study.
int run_image_study(ImageStudyData& data, const DesignOptions& options, StudyFile& study,
                    const RunSettings& settings);

/// Whether a model file is one for images.
bool holds_images(const std::string& model);
/// CSV (or JSON) on stdout: file, class, a probability a class, valid, reason.
int predict_images_file(const std::string& model, const std::string& images, bool json);

/// As `cupel check`, for a folder.
int check_folder(const std::string& folder, bool json);

}  // namespace cupel::cli
