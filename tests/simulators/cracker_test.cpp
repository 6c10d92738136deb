#include "cupel/simulators/cracker.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "cupel/base/error.hpp"
#include "cupel/simulators/cracker_gas.hpp"

namespace cupel {
namespace {

// Computed by an independent program at a tolerance of 1e-9.
struct Check {
  CrackerSettings settings;
  double q, p_in, tau, conversion, ethylene, selectivity, butadiene, fired, fired_co2, sec, co2;
};
constexpr Check kTable[] = {
    {{2265, 0.4, 845, 1.21},
     70.728,
     3.03043,
     0.580806,
     0.649765,
     0.498452,
     0.823767,
     0.0613128,
     17.3081,
     0.949061,
     15.9556,
     0.812562},
    {{1400, 0.25, 800, 1.4},
     33.7043,
     2.03266,
     0.846233,
     0.513532,
     0.407699,
     0.848919,
     0.0421239,
     16.3143,
     0.894565,
     16.065,
     0.814033},
    {{1400, 0.55, 875, 1.4},
     55.0573,
     2.42965,
     0.677527,
     0.821823,
     0.623272,
     0.817501,
     0.0823697,
     17.4325,
     0.95588,
     14.8847,
     0.764332},
    {{2400, 0.25, 800, 2.4},
     53.7626,
     3.40359,
     0.841669,
     0.487547,
     0.353291,
     0.77205,
     0.060083,
     17.5181,
     0.960573,
     16.4457,
     0.840373},
    {{2400, 0.55, 875, 2.4},
     88.5266,
     4.04477,
     0.669416,
     0.795637,
     0.531338,
     0.717968,
     0.123912,
     19.1797,
     1.05169,
     15.6831,
     0.811757},
    {{1900, 0.4, 840, 1.9},
     60.1196,
     2.98204,
     0.738085,
     0.683012,
     0.49728,
     0.781791,
     0.0811684,
     17.5797,
     0.963953,
     15.2942,
     0.785012},
    {{1900, 0.3, 830, 1.6},
     55.7495,
     2.6517,
     0.719525,
     0.631335,
     0.474479,
     0.806264,
     0.0661739,
     17.0852,
     0.936838,
     15.1892,
     0.774477},
    {{2100, 0.35, 860, 1.7},
     72.6185,
     3.01183,
     0.672387,
     0.749551,
     0.536396,
     0.769495,
     0.094613,
     17.8112,
     0.976646,
     14.7452,
     0.754899},
    {{1700, 0.45, 850, 1.5},
     57.9247,
     2.64874,
     0.673965,
     0.721042,
     0.545891,
     0.814331,
     0.07276,
     17.2448,
     0.94559,
     15.1824,
     0.777792},
    {{2300, 0.3, 825, 2.0},
     63.5984,
     3.20371,
     0.731983,
     0.599884,
     0.435099,
     0.7767,
     0.0724623,
     17.5582,
     0.962774,
     15.5422,
     0.79493},
};

void expect_close(double value, double expected) {
  EXPECT_NEAR(value, expected, 1e-4 * std::abs(expected));
}

TEST(Cracker, AgreesWithTheTable) {
  for (const Check& check : kTable) {
    const CrackerResult r = simulate_cracker(check.settings);
    expect_close(r.heat_kw_m2, check.q);
    expect_close(r.inlet_bar, check.p_in);
    expect_close(r.residence_s, check.tau);
    expect_close(r.conversion, check.conversion);
    expect_close(r.ethylene, check.ethylene);
    expect_close(r.selectivity, check.selectivity);
    expect_close(r.butadiene, check.butadiene);
    expect_close(r.fired_gj_t, check.fired);
    expect_close(r.fired_co2_t_t, check.fired_co2);
    expect_close(r.energy_gj_t, check.sec);
    expect_close(r.co2_t_t, check.co2);
  }
}

constexpr CoilInlet kInlet{2265, 0.4, 70, 3.03};

TEST(Cracker, AgreesAlongTheCoilWithoutASearch) {
  const CoilOutlet out = run_coil(kInlet, 1e-9);
  expect_close(out.temperature_c, 843.393);
  expect_close(out.pressure_bar, 1.222329);
  expect_close(out.residence_s, 0.582441);
  const double mol_s[] = {1.605607,  0.1019865, 11.07237, 7.324583, 0.05010267,
                          0.1175851, 0.7004559, 12.24970, 13.96984};
  for (int s = 0; s < species_count; ++s) expect_close(1000 * out.outlet[s], mol_s[s]);
  const CrackerResult result = coil_result(kInlet, out);
  expect_close(result.fired_gj_t, 17.2946);
  expect_close(result.energy_gj_t, 16.0036);
  expect_close(result.co2_t_t, 0.815074);
}

TEST(Cracker, KeepsAtomsMassAndEnergy) {
  const CoilOutlet out = run_coil(kInlet, 1e-10);
  constexpr double carbon[] = {1, 2, 2, 2, 3, 3, 4, 0, 0};
  constexpr double hydrogen[] = {4, 2, 4, 6, 6, 8, 6, 2, 2};
  for (const auto& weight : {carbon, hydrogen, kMolarMass.data()}) {
    double before = 0, after = 0;
    for (int s = 0; s < species_count; ++s) {
      before += weight[s] * out.inlet[s];
      after += weight[s] * out.outlet[s];
    }
    // The masses of the species are rounded to a gram a kmol.
    EXPECT_NEAR(after / before, 1, weight == kMolarMass.data() ? 1e-6 : 1e-12);
  }
  const double rise =
      enthalpy_kw(out.outlet, out.temperature_c + 273.15) - enthalpy_kw(out.inlet, 680 + 273.15);
  EXPECT_NEAR(rise / (70 * std::numbers::pi * 0.108 * 95), 1, 1e-7);
}

TEST(Cracker, SaysWhereTheFlowChokes) {
  EXPECT_TRUE(run_coil({4000, 0.6, 70, 2}).choked);
  EXPECT_THROW(simulate_cracker({-5, 0.4, 840, 1.9}), Error);
}

TEST(Plants, AreFoundByNameAndComputeAllTheirResults) {
  for (const Plant& plant : plants()) {
    std::vector<double> middle;
    for (const PlantVariable& setting : plant.settings)
      middle.push_back((setting.low + setting.up) / 2);
    const auto results = plant.compute(middle);
    ASSERT_EQ(results.size(), plant.results.size());
    for (const double value : results) EXPECT_TRUE(std::isfinite(value) && value > 0);
  }
  EXPECT_THROW(find_plant("reactor"), Error);
}

}  // namespace
}  // namespace cupel
