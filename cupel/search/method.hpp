// A search method is one function. It proposes batches of candidates, `evaluate` scores them
// (in parallel, from the store, counting the budget), and says when to stop. A method decides
// by scores and by its seed alone, never by the clock or the number of threads, so running it
// again on stored scores takes the same way (resume is replay).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/search/space.hpp"

namespace cupel {

/// All objectives are minimised.
struct Score {
  std::vector<double> objectives = {};
  double violation = 0;  ///< sum of limits broken; 0 = feasible
  bool failed = false;   ///< no objectives; ranks behind everything
};

struct Evaluated {
  Candidate candidate;
  Score score;
};

/// Scores, in order, for a prefix of the batch: shorter than the batch when the budget or the
/// time ended or the user stopped. A method returns soon after a short answer.
using EvaluateBatch = std::function<std::vector<Score>(std::span<const Candidate>)>;

enum class Acquisition {
  expected_improvement,
  confidence_bound,  ///< mean - kappa deviations (an upper bound where one maximizes)
};
enum class Selection { tournament, truncation, roulette };
enum class BitCrossover { one_point, two_point, uniform };

/// The candidates that a new one was made from; none for a random one.
using Parents = std::vector<Candidate>;

/// Every method reads what it needs and passes over the rest.
struct MethodOptions {
  int population = 40;            ///< candidates in one batch
  int generations = 1'000'000;    ///< batches with the first; a budget mostly ends the run
  int tournament = 2;             ///< candidates in one tournament (thesis: 3)
  bool thesis_operators = false;  ///< arithmetic crossover and reset mutation
  double crossover_probability = 0.9;
  double mutation_probability = 0;               ///< of each gene; 0 = 1 / number of genes
  double crossover_eta = 20, mutation_eta = 20;  ///< simulated binary, polynomial
  double jumping_gene_probability = 0;           ///< RJG; 0 = off
  bool reject_duplicates = true;      ///< a child that was evaluated before is made again
  std::vector<Candidate> first = {};  ///< candidates that open the first population, repaired
  // bayesian
  int opening = 0;  ///< random candidates of the first batch; 0 = population
  Acquisition acquisition = Acquisition::expected_improvement;
  double kappa = 2.576;
  // genetic
  Selection selection = Selection::tournament;
  BitCrossover bit_crossover = BitCrossover::two_point;
  int patience = 0;  ///< ends after so many generations without a better candidate; 0 = never
  /// Told before a batch is evaluated: the parents of each candidate. May be empty.
  std::function<void(std::span<const Parents>)> on_parents = {};
};

/// One search method, as the CLI and the web form list it.
struct Method {
  std::string_view name, summary;
  /// The final population (nsga2, genetic) or everything evaluated (the others).
  std::vector<Evaluated> (*run)(const Space&, const EvaluateBatch&, const MethodOptions&,
                                std::uint64_t seed);
};

std::span<const Method> methods();
/// Throws Error{usage} listing the names when there is no such method.
const Method& find_method(std::string_view name);

}  // namespace cupel
