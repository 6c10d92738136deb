#include "cupel/energy/power.hpp"

#include <gtest/gtest.h>

namespace cupel {
namespace {

TEST(Power, CountsJoulesOverOneWrap) {
  EXPECT_DOUBLE_EQ(counter_joules(5e8, 8e8, 262143328850.0), 300);
  EXPECT_NEAR(counter_joules(2.6e11, 1e9, 262143328850.0), 3143.33, 0.005);
  EXPECT_NEAR(counter_joules(2.6e11, 1e9, 262143328850.0) / kJoulesPerKwh, 8.7315e-4, 1e-8);
}

TEST(Power, GivesAProcessItsShareOfTheDesignPower) {
  EXPECT_DOUBLE_EQ(process_watts(65, 120, 60, 4), 32.5);
  EXPECT_DOUBLE_EQ(process_watts(65, 1000, 60, 4), 65) << "never above the design power";
  EXPECT_EQ(process_watts(65, 1, 0, 4), 0);
}

TEST(Power, OfTheMachineGrowsWithTheCubeOfTheLoad) {
  EXPECT_DOUBLE_EQ(machine_watts(65, 0.5), 13.8125);
  EXPECT_DOUBLE_EQ(machine_watts(65, 1), 65);
}

TEST(Power, OfMemoryGoesByModules) {
  EXPECT_DOUBLE_EQ(memory_watts(1), 10) << "one module, but the least is 10 W";
  EXPECT_DOUBLE_EQ(memory_watts(24), 20);
  EXPECT_DOUBLE_EQ(memory_watts(100), 38) << "four in full, four at nine tenths";
}

TEST(Power, BecomesCarbonByTheGrid) {
  const double joules = 100 * 3600 * 1.5;  // 100 W for an hour at a PUE of 1.5
  EXPECT_DOUBLE_EQ(joules / kJoulesPerKwh, 0.15);
  EXPECT_DOUBLE_EQ(carbon_kg(joules, 475), 0.07125);
}

}  // namespace
}  // namespace cupel
