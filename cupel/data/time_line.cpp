#include "cupel/data/time_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace cupel {
namespace {

constexpr double kHour = 3600, kDay = 86400;
constexpr double kLongStep = 1.5;

std::string counted(int count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// Month (1 … 12) of a time in seconds since 1970 (Hinnant's civil_from_days).
int month_of(double time) {
  const auto days = static_cast<long long>(std::floor(time / kDay)) + 719468;
  const long long era = (days >= 0 ? days : days - 146096) / 146097;
  const long long of_era = days - era * 146097;
  const long long year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const long long of_year = of_era - (365 * year + year / 4 - year / 100);
  const auto month = static_cast<int>((5 * of_year + 2) / 153);
  return month < 10 ? month + 3 : month - 9;
}

/// Whether clocks are changed at such a time: a Sunday before 4 o'clock in spring or autumn.
bool clocks_change(double time) {
  const auto day = static_cast<long long>(std::floor(time / kDay));
  const bool sunday = ((day + 4) % 7 + 7) % 7 == 0;
  const double hour = (time - static_cast<double>(day) * kDay) / kHour;
  const int month = month_of(time);
  const bool season = month == 3 || month == 4 || month >= 9;
  return sunday && hour <= 4 && season && month < 12;
}

/// Half the rows have a longer step, half a shorter one; 0 without a step ahead.
double usual_step(const std::vector<double>& time, const std::vector<Run>& runs) {
  std::vector<double> steps;
  for (const Run& run : runs)
    for (std::size_t k = 1; k < run.rows.size(); ++k) {
      const double step = time[static_cast<std::size_t>(run.rows[k])] -
                          time[static_cast<std::size_t>(run.rows[k - 1])];
      if (step != 0) steps.push_back(std::abs(step));
    }
  if (steps.empty()) return 0;
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

std::vector<Run> runs_by_group(const TimeLineInput& input) {
  std::vector<Run> runs;
  std::map<double, std::size_t> run_of;
  for (int row = 0; row < input.rows; ++row) {
    std::size_t run = runs.size();
    if (input.group != nullptr) {
      const double value = input.group->values[static_cast<std::size_t>(row)];
      if (!std::isnan(value)) run = run_of.try_emplace(value, run).first->second;
    } else {
      run = 0;
    }
    if (run == runs.size()) runs.push_back({{}, row});
    runs[run].rows.push_back(row);
  }
  return runs;
}

/// What is met on the way, by kind: how often, and where first.
struct Met {
  int count = 0, first = -1;
  void note(int row) {
    if (count++ == 0) first = row;
  }
};

class Builder {
 public:
  explicit Builder(const TimeLineInput& input)
      : name_(input.time->name), states_offset_(!input.time->offsets_s.empty()) {
    line_.time = input.time->values;
    line_.runs = runs_by_group(input);
  }

  TimeLine build() {
    for (Run& run : line_.runs) drop_missing(run);
    line_.step_s = usual_step(line_.time, line_.runs);
    // Stamps that state their offset from UTC cannot change their clock.
    if (!states_offset_)
      for (Run& run : line_.runs) undo_clock_changes(run);
    for (Run& run : line_.runs) sort(run);
    std::vector<Run> parts;
    for (const Run& run : line_.runs) cut(run, parts);
    line_.runs = std::move(parts);
    report();
    return std::move(line_);
  }

 private:
  double& time(int row) { return line_.time[static_cast<std::size_t>(row)]; }

  void drop_missing(Run& run) {
    std::erase_if(run.rows, [&](int row) {
      const bool missing = std::isnan(time(row));
      if (missing) missing_.note(row);
      return missing;
    });
  }

  void undo_clock_changes(Run& run) {
    double moved = 0, last = kMissing;
    for (const int row : run.rows) {
      const double stamp = time(row), step = stamp - last;
      last = stamp;
      const double close = 0.25 * std::min(line_.step_s, kHour);
      if (line_.step_s > 0 && line_.step_s <= kHour && clocks_change(stamp)) {
        if (std::abs(step - line_.step_s + kHour) < close) {
          moved += kHour;
          back_.note(row);
        } else if (std::abs(step - line_.step_s - kHour) < close) {
          moved -= kHour;
          ahead_.note(row);
        }
      }
      time(row) = stamp + moved;
    }
  }

  /// In order of time; of equal stamps the last one stays.
  void sort(Run& run) {
    std::stable_sort(run.rows.begin(), run.rows.end(),
                     [&](int a, int b) { return time(a) < time(b); });
    std::vector<int> kept;
    for (const int row : run.rows) {
      if (!kept.empty() && time(kept.back()) == time(row)) {
        repeated_.note(row);
        kept.back() = row;
      } else {
        kept.push_back(row);
      }
    }
    run.rows = std::move(kept);
  }

  void cut(const Run& run, std::vector<Run>& parts) {
    Run part{{}, run.group_row};
    for (const int row : run.rows) {
      const double step = part.rows.empty() ? 0 : time(row) - time(part.rows.back());
      if (step > kLongStep * line_.step_s) {
        gaps_.note(row);
        parts.push_back(std::move(part));
        part = {{}, run.group_row};
      } else if (!part.rows.empty() && step * kLongStep < line_.step_s) {
        short_.note(row);
      }
      part.rows.push_back(row);
    }
    if (!part.rows.empty()) parts.push_back(std::move(part));
  }

  void add(const Met& met, const char* code, std::string what, std::string advice) {
    if (met.count == 0) return;
    line_.findings.push_back({.severity = Severity::warning,
                              .code = code,
                              .column = name_,
                              .row = met.first,
                              .what = std::move(what),
                              .advice = std::move(advice)});
  }

  void report() {
    add(missing_, "window_stamp_missing",
        fmt::format("{} without a time stamp", counted(missing_.count, "row")),
        "they are in no window; fill in their stamps to use them");
    add(repeated_, "window_stamp_repeated",
        fmt::format("{} with the stamp of another", counted(repeated_.count, "row")),
        "the last row of each stamp is used");
    add(back_, "window_clock_back",
        "the clock goes back by an hour: the end of daylight-saving time",
        "the stamps after it are put right; export in UTC to be sure");
    add(ahead_, "window_clock_ahead",
        "the clock goes ahead by an hour: the beginning of daylight-saving time",
        "the stamps after it are put right; export in UTC to be sure");
    add(gaps_, "window_gap",
        fmt::format("{} longer than the usual step of {:.6g} s",
                    gaps_.count == 1 ? "1 step is" : fmt::format("{} steps are", gaps_.count),
                    line_.step_s),
        "no window reaches over such a gap; --step averages rows to a longer step");
    add(short_, "window_uneven",
        fmt::format("{} shorter than the usual step of {:.6g} s",
                    short_.count == 1 ? "1 step is" : fmt::format("{} steps are", short_.count),
                    line_.step_s),
        "windows count rows; --step averages rows to even steps");
  }

  std::string name_;
  bool states_offset_;
  TimeLine line_;
  Met missing_, repeated_, back_, ahead_, gaps_, short_;
};

}  // namespace

TimeLine make_time_line(const TimeLineInput& input) {
  if (input.time != nullptr) return Builder(input).build();
  TimeLine line;
  line.runs = runs_by_group(input);
  return line;
}

}  // namespace cupel
