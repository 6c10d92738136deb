#include "cupel/network/topology.hpp"

#include <gtest/gtest.h>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

const Topology kExample{
    6, {{12, Activation::tanh}, {17, Activation::logistic}, {5, Activation::linear}}};

TEST(Topology, CountsWeightsAndBiases) {
  EXPECT_EQ(parameter_count(kExample), 12 * 7 + 17 * 13 + 5 * 18);
  EXPECT_EQ(layer_offset(kExample, 0), 0);
  EXPECT_EQ(layer_offset(kExample, 2), 12 * 7 + 17 * 13);
}

TEST(Topology, IsWrittenInOneLine) {
  EXPECT_EQ(topology_text(kExample), "6-12 tanh-17 logistic-5 linear");
}

TEST(Topology, SurvivesJson) {
  EXPECT_EQ(topology_from_json(parse_json(dump_json(to_json(kExample)), "test")), kExample);
}

TEST(Topology, EveryActivationHasANameThatReadsBack) {
  using enum Activation;
  for (const Activation one : {linear, tanh, logistic, clipped_symmetric, clipped_unit})
    EXPECT_EQ(activation_from_name(activation_name(one)), one);
  EXPECT_THROW(activation_from_name("swish"), Error);
}

}  // namespace
}  // namespace cupel
