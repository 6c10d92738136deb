// The report page of an image study: one HTML file that needs nothing from outside.
#pragma once

#include <string>

#include "cupel/report/collect.hpp"
#include "cupel/study/images/image_design.hpp"

namespace cupel {

std::string image_html_report(const ImageStudyData& data, const DesignOptions& options,
                              const ImageDesignResult& result, const ReportContext& context);

}  // namespace cupel
