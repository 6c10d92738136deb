#include "cupel/report/network_drawing.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/report/page_checker.hpp"

namespace cupel::report {
namespace {

using test::count_of;

/// Two inputs, one hidden unit, one output: weights 2, -1, bias, 0.5, bias.
Mlp small_network() {
  Mlp network;
  network.topology = {2, {{1, Activation::tanh}, {1, Activation::linear}}};
  network.parameters.resize(5);
  network.parameters << 2, -1, 0.3, 0.5, 0.1;
  return network;
}

TEST(NetworkDrawing, DrawsEveryConnectionWithItsSignAndNoBias) {
  const NetworkDrawing drawing = draw_network(small_network(), {{"T", "p"}, {"yield"}, {}});
  EXPECT_EQ(drawing.connections, 3);
  EXPECT_EQ(drawing.drawn, 3);
  EXPECT_EQ(count_of(drawing.svg, "class=\"w-plus\""), 2);
  EXPECT_EQ(count_of(drawing.svg, "class=\"w-minus\""), 1);
  for (const char* name : {">T</text>", ">p</text>", ">yield</text>"})
    EXPECT_EQ(count_of(drawing.svg, name), 1) << name;
}

TEST(NetworkDrawing, MakesLinesAsWideAsTheirShareOfTheLayersStrongestWeight) {
  const std::string svg = draw_network(small_network(), {{"T", "p"}, {"yield"}, {}}).svg;
  EXPECT_EQ(count_of(svg, "stroke-width=\"4.50\""), 2);  // the strongest of each layer
  EXPECT_EQ(count_of(svg, "stroke-width=\"2.40\""), 1);  // half as strong
}

TEST(NetworkDrawing, LeavesOutRemovedConnectionsAndGreysTheirInputs) {
  Mlp network = small_network();
  network.mask = {1, 0, 1, 1, 1};
  const NetworkDrawing drawing = draw_network(network, {{"T", "p"}, {"yield"}, {"dropped"}});
  EXPECT_EQ(drawing.connections, 2);
  EXPECT_EQ(count_of(drawing.svg, "class=\"unit off\""), 2);  // p and the dropped feature
  EXPECT_EQ(count_of(drawing.svg, ">dropped</text>"), 1);
}

TEST(NetworkDrawing, KeepsTheStrongestLinesOfALargeNetwork) {
  Mlp network;
  network.topology = {100, {{60, Activation::tanh}, {1, Activation::linear}}};
  network.parameters.setConstant(parameter_count(network.topology), 0.01);
  network.parameters[5 * 100 + 7] = -3;
  const NetworkDrawing drawing = draw_network(network, {});
  EXPECT_EQ(drawing.connections, 6060);
  EXPECT_EQ(drawing.drawn, 300);
  EXPECT_EQ(drawing.hidden_units, 52 + 12);
  EXPECT_EQ(count_of(drawing.svg, "class=\"w-minus\" stroke-width=\"4.50\""), 1);
}

TEST(NetworkDrawing, IsEmptyWithoutANetworkAndWhenParametersDoNotFit) {
  EXPECT_EQ(draw_network({}, {}).svg, "");
  Mlp network = small_network();
  network.parameters.conservativeResize(4);
  EXPECT_EQ(draw_network(network, {}).svg, "");
}

TEST(NetworkDrawing, ShortensLongNamesAndKeepsThemWholeAsATitle) {
  const std::string name = "a_very_long_name_of_a_column_from_a_historian";
  const std::string svg = draw_network(small_network(), {{name, "p"}, {"yield"}, {}}).svg;
  EXPECT_EQ(count_of(svg, "<title>" + name + "</title>"), 1);
  EXPECT_EQ(count_of(svg, name + "</text>"), 0);
}

}  // namespace
}  // namespace cupel::report
