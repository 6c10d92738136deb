// What was typed and what a TOML file says, put together; names for the files of a run; what a
// stored run must know of itself before it begins.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "cli/options.hpp"
#include "cupel/store/study_file.hpp"

namespace cupel::cli {

/// Options from `file` where it is TOML (otherwise it is the data), and over them what was typed.
/// Throws Error{usage} without data or target, for unknown recipes and search methods.
Json given_options(const std::string& file, const RoleTexts& roles, const OptionTexts& texts);

/// A path stem for which no file with one of the endings exists: files are never overwritten. A
/// default name gets a number; a given one that is taken throws Error{usage}.
std::string free_stem(const DesignOptions& options,
                      std::initializer_list<std::string_view> endings);

/// All that resume needs, before the first trial: the first values of a study.
Json::Object study_description(const DesignOptions& options, const Json& data_identity);

}  // namespace cupel::cli
