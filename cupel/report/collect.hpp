// From a finished design to what people and machines read of it.
#pragma once

#include "cupel/energy/energy_meter.hpp"
#include "cupel/report/report_data.hpp"
#include "cupel/study/design.hpp"

namespace cupel {

/// What a report says besides the result itself.
struct ReportContext {
  std::string command, created;
  std::string study_path, model_path, report_path;
  double elapsed_s = 0;
  EnergyUse energy = {};  ///< of this run; all zero when it was not measured
};

/// Where the test rows come from and what candidates were scored on.
std::string split_sentence(const StudyData& data, const DesignOptions& options);

ReportData collect_report(const StudyData& data, const DesignOptions& options,
                          const DesignResult& result, const ReportContext& context);

/// The JSON that 'cupel design --json' prints.
Json design_json(const StudyData& data, const DesignOptions& options, const DesignResult& result,
                 const ReportContext& context);

/// design_json() without times and paths: part of the canonical export.
Json canonical_result(const StudyData& data, const DesignOptions& options,
                      const DesignResult& result);

Json findings_json(const Table& table, const std::vector<Finding>& findings);

}  // namespace cupel
