#include "cupel/search/space.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "cupel/base/error.hpp"
#include "cupel/search/seen.hpp"
#include "tests/support/test_spaces.hpp"

namespace cupel {
namespace {

using test::mixed_space;
using test::tiny_space;

std::string refusal(const Gene& gene) {
  try {
    check_space({{gene}});
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.message();
  }
  return "accepted";
}

TEST(Space, FindsGenesByName) {
  EXPECT_EQ(mixed_space().find("layers"), 1);
  EXPECT_EQ(mixed_space().find("nothing"), -1);
}

TEST(Space, RandomCandidatesAreAllowedAndCoverEveryValue) {
  const Space space = mixed_space();
  Rng rng(1);
  std::vector<std::map<double, int>> counts(space.genes.size());
  for (int i = 0; i < 3000; ++i) {
    const Candidate candidate = random_candidate(space, rng);
    Candidate repaired = candidate;
    repair(space, repaired);
    ASSERT_EQ(candidate, repaired);
    for (int g = 0; g < space.size(); ++g) ++counts[g][candidate[g]];
  }
  for (int gene : {1, 2, 3}) {
    ASSERT_EQ(counts[gene].size(), 3u) << space.genes[gene].name;
    for (const auto& [value, count] : counts[gene]) EXPECT_NEAR(count, 1000, 150) << value;
  }
}

TEST(Space, RepairGivesTheNearestAllowedValue) {
  const Space space = mixed_space();
  const Gene &rate = space.genes[0], &layers = space.genes[1], &kind = space.genes[2],
             &temperature = space.genes[3];
  EXPECT_EQ(repair(rate, -7), -1);
  EXPECT_EQ(repair(rate, 0.3), 0.3);
  EXPECT_EQ(repair(rate, 9), 2);
  EXPECT_EQ(repair(layers, 2.4), 2);
  EXPECT_EQ(repair(layers, 99), 3);
  EXPECT_EQ(repair(kind, 1.6), 2);
  EXPECT_EQ(repair(kind, -1), 0);
  EXPECT_EQ(repair(temperature, 21), 4);
  EXPECT_EQ(repair(temperature, 23), 40);
  EXPECT_EQ(repair(temperature, 1000), 90);
}

TEST(Space, RepairTurnsNaNIntoAnAllowedValue) {
  Candidate candidate(4, std::numeric_limits<double>::quiet_NaN());
  repair(mixed_space(), candidate);
  EXPECT_EQ(candidate, (Candidate{-1, 1, 0, 4}));
}

TEST(Space, SizeIsTheProductAndInfiniteWithARealGene) {
  EXPECT_EQ(space_size(tiny_space()), 12);
  EXPECT_TRUE(std::isinf(space_size(mixed_space())));
  EXPECT_EQ(space_size({}), 1);
  EXPECT_EQ(space_size({{{.name = "fixed", .low = 3, .up = 3}}}), 1);
}

TEST(Space, CheckNamesTheGeneAndWhatIsWrong) {
  EXPECT_EQ(refusal({.name = "T", .low = 1, .up = 0}),
            "search space, 'T': the range 1 to 0 is reversed");
  EXPECT_EQ(refusal({.name = "T", .low = 0, .up = INFINITY}),
            "search space, 'T': the range is not finite");
  EXPECT_EQ(refusal({.name = "n", .kind = GeneKind::integer, .low = 0.5, .up = 3}),
            "search space, 'n': the range 0.5 to 3 of whole numbers has a fractional end");
  EXPECT_EQ(refusal({.name = "k", .kind = GeneKind::category}),
            "search space, 'k': there are no labels");
  EXPECT_EQ(refusal({.name = "s", .kind = GeneKind::set}),
            "search space, 's': the set has no values");
  EXPECT_EQ(refusal({.name = "s", .kind = GeneKind::set, .values = {4, 4}}),
            "search space, 's': the values are not in increasing order");
  EXPECT_THROW(check_space({{{.name = "a"}, {.name = "a"}}}), Error);
  EXPECT_EQ(refusal({.name = "fixed", .low = 1, .up = 1}), "accepted");
  EXPECT_NO_THROW(check_space(mixed_space()));
}

TEST(Space, TextOfAGeneIsWhatAPersonReads) {
  const Space space = mixed_space();
  EXPECT_EQ(gene_text(space.genes[0], 1.0 / 3), "0.333333");
  EXPECT_EQ(gene_text(space.genes[1], 2), "2");
  EXPECT_EQ(gene_text(space.genes[2], 1), "logistic");
  EXPECT_EQ(gene_text(space.genes[3], 40), "40");
}

TEST(Space, JsonHoldsNameKindAndValues) {
  EXPECT_EQ(dump_json(to_json(tiny_space())),
            R"([{"name":"n","kind":"integer","low":1,"up":2},)"
            R"({"name":"kind","kind":"category","labels":["a","b"]},)"
            R"({"name":"T","kind":"set","values":[4,40,90]}])");
}

TEST(SeenCandidates, TellsNewFromKnown) {
  SeenCandidates seen;
  EXPECT_FALSE(seen.contains({1, 2}));
  EXPECT_TRUE(seen.insert({1, 2}));
  EXPECT_FALSE(seen.insert({1, 2}));
  EXPECT_TRUE(seen.insert({2, 1}));
  EXPECT_TRUE(seen.insert({0.0}));
  EXPECT_FALSE(seen.insert({-0.0}));
  EXPECT_TRUE(seen.contains({2, 1}));
  EXPECT_EQ(seen.size(), 3);
}

TEST(SeenCandidates, AgreesWithASetOfCandidates) {
  Rng rng(4);
  SeenCandidates seen;
  std::set<Candidate> naive;
  for (int i = 0; i < 20000; ++i) {
    const Candidate candidate{static_cast<double>(rng.below(100)), rng.below(100) / 7.0};
    ASSERT_EQ(seen.insert(candidate), naive.insert(candidate).second);
  }
  EXPECT_EQ(seen.size(), std::ssize(naive));
}

TEST(DrawUnseen, FindsEveryCandidateOfAFiniteSpaceOnce) {
  const Space space{{{.name = "n", .kind = GeneKind::integer, .low = -20, .up = 29},
                     {.name = "kind", .kind = GeneKind::category, .labels = {"a", "b", "c"}},
                     {.name = "T", .kind = GeneKind::set, .values = {4, 40, 90, 91}},
                     {.name = "fixed", .low = 2, .up = 2}}};
  Rng rng(5);
  SeenCandidates seen;
  std::set<Candidate> drawn;
  for (const Candidate& candidate : draw_unseen(space, 1000, seen, rng)) drawn.insert(candidate);
  EXPECT_EQ(drawn.size(), 600u);
  EXPECT_TRUE(draw_unseen(space, 1, seen, rng).empty());
}

}  // namespace
}  // namespace cupel
