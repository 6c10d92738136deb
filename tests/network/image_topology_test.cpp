#include "cupel/network/cnn/image_topology.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "cupel/base/error.hpp"
#include "cupel/network/cnn/complexity.hpp"
#include "cupel/network/cnn/reference_networks.hpp"

namespace cupel {
namespace {

CellChain chain(const std::string& cells, const std::string& widths) {
  CellChain made;
  std::istringstream names(cells), numbers(widths);
  for (std::string name; names >> name;) made.cells.push_back(name);
  for (int width; numbers >> width;) made.widths.push_back(width);
  return made;
}

ImageNetworkCost cost(const std::string& cells, const std::string& widths) {
  return cost_of(chain_topology(standard_cells(), chain(cells, widths), 1, 32, 2));
}

TEST(Complexity, OfTheWorkedExampleIsThatOfTheHandCount) {
  const ImageNetworkCost example = cost("Q Q Q M Q Q Q M", "32 32 32 32 32 32 32 32 32");
  EXPECT_EQ(example.topology, 2993);
  EXPECT_EQ(example.parameters, 3776);
}

TEST(Complexity, OfThePublishedNetworksIsThatOfOurCells) {
  const struct {
    const char *cells, *widths;
    std::int64_t topology, parameters;
  } rows[] = {
      {"Q G Q I F Q B O", "192 32 96 128 96 64 32 64 64", 154'761, 171'656},
      {"G G G O F B Q M", "64 128 160 128 96 32 32 96 192", 214'721, 236'728},
      {"Q G Q I Q F F K", "32 160 64 64 96 64 32 32 32", 85'089, 95'080},
      {"G Q G O Q G C I", "160 128 32 192 128 128 64 256 160", 248'881, 263'672},
      {"A A G O G C G M", "256 64 32 32 128 96 32 160 160", 129'377, 147'264},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(cost(row.cells, row.widths).topology, row.topology) << row.cells;
    EXPECT_EQ(cost(row.cells, row.widths).parameters, row.parameters) << row.cells;
  }
}

TEST(Complexity, CountsKnownNetworksOfOneKernelAsPublished) {
  EXPECT_EQ(cost_of(plain_vgg(16, 1, 10)).parameters, 1'906'506);
  EXPECT_EQ(cost_of(plain_vgg(16, 3, 10)).parameters, 14'982'474);
  EXPECT_EQ(cost_of(plain_vgg(19, 1, 10)).parameters, 2'497'610);
  EXPECT_EQ(cost_of(plain_vgg(19, 3, 10)).parameters, 20'292'170);
  EXPECT_EQ(cost_of(plain_resnet(18, 1, 10)).parameters, 1'407'562);
  EXPECT_EQ(cost_of(plain_resnet(18, 3, 10)).parameters, 11'173'962);
  EXPECT_EQ(cost_of(plain_resnet(34, 1, 10)).parameters, 2'537'290);
  EXPECT_EQ(cost_of(plain_resnet(34, 3, 10)).parameters, 21'282'122);
}

TEST(Complexity, CountsTheMultiplyAddsOfEveryPixel) {
  TopologyBuilder builder(1, 8);
  builder.convolution({.width = 4, .kernel = 3, .stride = 2});
  builder.depthwise(1);
  builder.average_pool();
  builder.full(2, false, false);
  EXPECT_EQ(cost_of(builder.finish()).multiply_adds, 9 * 4 * 16 + 9 * 4 * 16 + 8);
}

TEST(CellTable, TakesCellsOfTheUserAsItsOwn) {
  Json added;
  added["X"] = "1x1 2I, dw s2, 1x1 O, + proj s2";
  added["A"] = "3x3 O";
  const CellTable table = with_cells(standard_cells(), added);
  EXPECT_EQ(table.find("X").stride, 2);
  EXPECT_EQ(table.reduction.size(), 9u);
  EXPECT_EQ(table.normal.size(), 8u);
  EXPECT_EQ(table.find("A").steps.size(), 1u);
  const ImageTopology made = chain_topology(table, chain("A X", "32 48 0"), 1, 16, 3);
  EXPECT_EQ(made.layers.back().inputs, 48);
  EXPECT_EQ(made.classes, 3);
}

TEST(CellTable, SaysWhatIsWrongWithACell) {
  for (const char* text : {"", "5x5 O", "1x1", "1x1 2", "1x1 O/0", "dw", "1x1 I", "maxpool, 1x1 O",
                           "1x1 O s2, dw s2", "1x1 O s2, + proj", "1x1 O, + skip"})
    EXPECT_THROW(parse_cell("X", text), Error) << text;
  EXPECT_THROW(parse_cell("Q", "1x1 O"), Error);
  EXPECT_THROW(standard_cells().find("Z"), Error);
}

TEST(ImageTopology, ReadsBackWhatItWrote) {
  const ImageTopology made =
      chain_topology(standard_cells(), chain("A Q E L K", "32 32 48 64 32 16"), 3, 21, 4);
  EXPECT_EQ(image_topology_from_json(to_json(made)), made);
  for (const ReferenceNetwork& reference : reference_networks()) {
    const ImageTopology network = reference.build(3, 32, 5, 4);
    EXPECT_EQ(image_topology_from_json(to_json(network)), network) << reference.name;
  }
}

TEST(ImageTopology, RefusesLayersThatDoNotFit) {
  Json json = to_json(chain_topology(standard_cells(), chain("A J", "32 32 0"), 1, 8, 2));
  json["classes"] = 3;
  EXPECT_THROW(image_topology_from_json(json), Error);
  json["classes"] = 2;
  json["channels"] = 0;
  EXPECT_THROW(image_topology_from_json(json), Error);
}

}  // namespace
}  // namespace cupel
