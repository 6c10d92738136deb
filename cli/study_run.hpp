// What 'design' and 'resume' share: run a study to its end and write what comes out.
#pragma once

#include <chrono>
#include <string>

#include "cupel/energy/energy_meter.hpp"
#include "cupel/report/collect.hpp"
#include "cupel/store/study_file.hpp"
#include "cupel/study/design_options.hpp"
#include "cupel/study/study_data.hpp"

namespace cupel::cli {

struct RunSettings {
  bool json = false;
  bool quiet = false;
  std::string stem;                        ///< of study, model and report
  std::string command;                     ///< to be shown in the report
  Clock::time_point begun = Clock::now();  ///< of the time limit: before the data were read
};

/// What a study remembers of its data, to know them again: hashes of the cells and of the rows
/// that are for design and for the test.
Json data_identity(const StudyData& data);

/// When the time limit ends the run; none without one.
std::optional<Clock::time_point> limit_end(const DesignOptions& options,
                                           const RunSettings& settings);

/// Prints the result to stdout. Returns the exit code: 0, 5 (time limit), 130 (interrupted).
int run_study(StudyData& data, const DesignOptions& options, StudyFile& study,
              const RunSettings& settings);

/// Measures a run, and says how it ended.
class RunClock {
 public:
  explicit RunClock(std::string stem);
  /// Keeps what is there. Returns the exit code.
  int interrupted(StudyFile& study) const;
  /// Notes the energy; what the report is told.
  ReportContext ended(StudyFile& study, const RunSettings& settings) const;

 private:
  std::string stem_;
  std::chrono::steady_clock::time_point start_;
  EnergyMeter meter_;
};

/// Into the study and to its file.
void keep_report(StudyFile& study, const std::string& page, const std::string& path);

/// Says that the time limit ended the study after so many `trials`. Returns the exit code.
int out_of_time(const StudyFile& study, const std::string& trials);

/// Every run of a study adds to its list, and a line to STEM.emissions.csv.
void note_energy(StudyFile& study, const EnergyUse& use, const std::string& stem);

std::string local_time();

/// How many rows are for what, on stderr.
/// What was typed for columns, where it was not their full name.
void print_full_names(const std::vector<std::string>& typed, const std::vector<std::string>& full);
void print_split(const StudyData& data, const DesignOptions& options);

/// Findings as lines on stderr, errors and warnings only unless `all`.
void print_findings(const Table& table, const std::vector<Finding>& findings, bool all);

}  // namespace cupel::cli
