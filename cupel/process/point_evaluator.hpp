// A problem made ready to be computed: candidate settings → outputs with intervals, objectives and
// limits on the interval's unfavourable ends.
//
// An expression counts at the ends of its range over the intervals of the outputs it reads, extrema
// between their ends included (formula_range.hpp), and, with disturbances, at the worst of their
// ends and middles.
// A limit counts at the farther of the interval and of what allows for the search (Problem).
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "cupel/process/formula_range.hpp"
#include "cupel/process/formulas.hpp"
#include "cupel/process/problem.hpp"
#include "cupel/search/method.hpp"

namespace cupel {

/// Smallest, predicted and largest value.
struct Band {
  double low = 0, middle = 0, up = 0;
};

/// A violation that counts as none.
constexpr double kMet = 1e-9;

struct LimitState {
  double slack = 0;  ///< distance to the nearer bound, share of its scale; negative: broken
  Band value;
};

struct PointState {
  std::vector<double> settings;          ///< one a variable; disturbances at their middle
  std::vector<Band> outputs;             ///< one an output, over the disturbances too
  std::vector<Band> objectives;          ///< of the expressions
  std::vector<double> worst_objectives;  ///< as minimised
  std::vector<LimitState> limits;
  double distance = 0;  ///< from the data, the largest of all models; valid up to 1
  double violation = 0;
  bool failed = false;  ///< something is not a number
};

/// Where outputs come from, when not from the models: rows [rows x variables] → their outputs
/// [rows x outputs], taken as certain.
using OutputSource = std::function<Matrix(const Matrix& rows)>;

class PointEvaluator {
 public:
  explicit PointEvaluator(const Problem& problem, OutputSource source = {});

  /// Candidates of search_space().
  std::vector<PointState> states(std::span<const Candidate> candidates);
  std::vector<Score> scores(std::span<const Candidate> candidates);
  /// Broken limits count with these weights (1 at first); one a limit, then the region.
  std::vector<double> limit_weights;

 private:
  struct Expression {
    RangeQuery query;          ///< `free` to be set
    std::vector<int> outputs;  ///< that it reads, directly or through named formulas
  };
  Expression compile(const std::string& text, const std::string& label);
  Matrix scenario_rows(std::span<const Candidate> candidates) const;
  void judge(PointState& state) const;
  Band band(const Expression& expression, std::span<const Band> outputs);
  /// Of every row, row by row.
  struct OutputBands {
    std::vector<Band> outputs, for_limits;
    Vector distance;
  };
  void compute_outputs(const Matrix& rows, OutputBands& bands) const;

  const Problem* problem_;
  OutputSource source_;
  Formulas formulas_;
  int inputs_ = 0, outputs_ = 0;
  std::vector<Expression> named_, objectives_, limits_;
  std::vector<std::vector<int>> columns_;       ///< of each model: variable of each encoder column
  std::vector<std::vector<double>> scenarios_;  ///< values of the disturbances
};

Score score_of(const PointState& state);

}  // namespace cupel
