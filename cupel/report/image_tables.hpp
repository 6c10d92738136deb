// Tables and charts of an image study's report; the search tables have the columns of the
// source's (docs/methods/tcnas.md).
#pragma once

#include <string>
#include <vector>

#include "cupel/study/images/image_design.hpp"

namespace cupel::report {

/// Rows: the right class; columns: what the network says.
std::string confusion_table(const std::vector<std::string>& classes, const ClassFigures& figures);
/// Precision, recall and F1 of each class.
std::string class_table(const std::vector<std::string>& classes, const ClassFigures& figures);
/// What the cells of a chain are made of.
std::string cells_table(const CellTable& table, const CellChain& chain);
/// Accuracy against cost, the networks by S, means by β, effectiveness of the cells.
std::string image_search_tables(const ImageStudyData& data, const DesignOptions& options,
                                const ImageDesignResult& result);
/// Known networks trained with as many images as the pick.
std::string references_table(const DesignOptions& options, const ImageDesignResult& result);

}  // namespace cupel::report
