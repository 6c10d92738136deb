// What sources printed for data sets that anyone can have: a report on such a data set shows it
// beside its own figures. A data set is known by its number of rows and the mean and standard
// deviation of its target; nothing but the report looks here.
#pragma once

#include "cupel/report/report_data.hpp"
#include "cupel/study/design.hpp"
#include "cupel/study/study_data.hpp"

namespace cupel {

/// Fills `published` and `published_source` where the study's data are a published data set; where
/// the pick was found by the published objective, the pick comes first. `report` has its front.
void add_published_figures(const StudyData& data, const DesignResult& result, ReportData& report);

}  // namespace cupel
