#include "cupel/energy/energy_meter.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "cupel/energy/rapl.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cupel {
namespace {

/// A powercap tree as the kernel shows it.
struct FakePowercap {
  TemporaryFolder folder;

  std::string path() const { return folder / "powercap"; }
  void set(const std::string& domain, const std::string& name, const std::string& energy_uj) {
    const std::filesystem::path place = std::filesystem::path(path()) / domain;
    std::filesystem::create_directories(place);
    std::ofstream(place / "name") << name << '\n';
    std::ofstream(place / "max_energy_range_uj") << "262143328850\n";
    std::ofstream(place / "energy_uj") << energy_uj << '\n';
  }
};

TEST(EnergyCounters, ArePackagesOnlyAndEachOnce) {
  FakePowercap tree;
  tree.set("intel-rapl:0", "package-0", "500000000");
  tree.set("intel-rapl:0:0", "core", "7");
  tree.set("intel-rapl:1", "psys", "9");
  tree.set("intel-rapl:2", "dram", "9");
  tree.set("intel-rapl-mmio:0", "package-0", "400000000");
  const auto counters = find_energy_counters(tree.path());
  ASSERT_EQ(counters.size(), 1u);
  EXPECT_EQ(counters[0].name, "package-0");
  EXPECT_EQ(read_counter(counters[0]), 4e8) << "of the two, that of mmio";
}

TEST(EnergyCounters, AreThoseOfTheSystemWhereThereIsNoPackage) {
  FakePowercap tree;
  tree.set("intel-rapl:1", "psys", "9");
  ASSERT_EQ(find_energy_counters(tree.path()).size(), 1u);
}

TEST(EnergyCounters, AreNoneWhenOneCannotBeRead) {
  FakePowercap tree;
  tree.set("intel-rapl:0", "package-0", "500000000");
  tree.set("intel-rapl:1", "package-1", "");
  EXPECT_TRUE(find_energy_counters(tree.path()).empty());
  EXPECT_TRUE(find_energy_counters("/nowhere").empty());
}

TEST(EnergyMeter, MeasuresWhereTheCountersCanBeRead) {
  FakePowercap tree;
  tree.set("intel-rapl:0", "package-0", "500000000");
  const EnergyMeter meter({.powercap = tree.path(), .proc = "/nowhere"});
  tree.set("intel-rapl:0", "package-0", "800000000");
  const EnergyUse use = meter.use();
  EXPECT_TRUE(use.measured);
  EXPECT_EQ(use.method, "rapl_package");
  EXPECT_DOUBLE_EQ(use.cpu_j, 300) << "without a known load the whole machine's";
}

TEST(EnergyMeter, EstimatesAndSaysSoWhereTheyCannot) {
  const EnergyMeter meter({.powercap = "/nowhere", .design_w = 65, .pue = 1.5});
  double sum = 0;
  while (meter.use().cpu_s < 0.05) sum += std::sqrt(sum + 1);
  const EnergyUse use = meter.use();
  ASSERT_GT(sum, 0);
  EXPECT_FALSE(use.measured);
  EXPECT_EQ(use.method, "tdp_load_process");
  EXPECT_NEAR(use.cpu_j, 1.5 * 65 / use.processors * use.cpu_s, 1e-9 + 0.01 * use.cpu_j);
  EXPECT_NE(energy_text(use).find("estimated"), std::string::npos);
}

TEST(EnergyMeter, TakesTheGridFromTheEnvironment) {
  setenv("CUPEL_CO2_G_PER_KWH", "50", 1);
  const EnergyUse use = EnergyMeter(energy_options_of_environment()).use();
  EXPECT_EQ(use.grams_per_kwh, 50);
  EXPECT_EQ(use.carbon_origin, "stated");
  setenv("CUPEL_CO2_G_PER_KWH", "clean", 1);
  EXPECT_THROW(energy_options_of_environment(), Error);
  unsetenv("CUPEL_CO2_G_PER_KWH");
}

TEST(Emissions, HaveCodeCarbonsColumnsAndOneHeader) {
  const std::string header = emissions_header();
  EXPECT_EQ(header.rfind("timestamp,project_name,run_id,experiment_id,duration,emissions,"
                         "emissions_rate,cpu_power,gpu_power,ram_power,cpu_energy,gpu_energy,"
                         "ram_energy,energy_consumed,water_consumed,country_name,",
                         0),
            0u);
  EnergyUse use{.method = "tdp_load_process", .duration_s = 10, .cpu_j = 7.2e5};
  use.grams_per_kwh = 475;
  use.processor = "A, \"B\"";
  const std::string row = emissions_row(use, "2026-01-02T03:04:05", "design", "plant");
  EXPECT_NE(row.find(",0.2,"), std::string::npos) << "kWh";
  EXPECT_NE(row.find(",0.095,"), std::string::npos) << "kg";
  EXPECT_NE(row.find("\"A, \"\"B\"\"\""), std::string::npos);
  const TemporaryFolder folder;
  append_emissions(folder / "e.csv", row);
  append_emissions(folder / "e.csv", row);
  EXPECT_EQ(read_whole_file(folder / "e.csv"), header + row + row);
}

}  // namespace
}  // namespace cupel
