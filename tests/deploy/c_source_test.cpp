#include "cupel/deploy/c_source.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "cupel/base/error.hpp"
#include "tests/deploy/deploy_models.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cupel {
namespace {

using testing::HasSubstr;
using namespace test;

/// Reads rows of numbers and prints what the model says of each.
constexpr const char* kDriver = R"(
#include <stdio.h>
#include "plant.h"
int main(int count, char **arguments) {
  double x[PLANT_INPUTS], y[PLANT_OUTPUTS], low[PLANT_OUTPUTS], up[PLANT_OUTPUTS];
  FILE *file = fopen(arguments[count - 1], "r");
  int i = 0, t;
  double value;
  while (fscanf(file, "%lf", &value) == 1) {
    x[i++] = value;
    if (i < PLANT_INPUTS) continue;
    i = 0;
    plant_predict(x, y);
    for (t = 0; t < PLANT_OUTPUTS; ++t) printf("%.17g ", y[t]);
#ifdef WITH_INTERVAL
    plant_interval(x, y, low, up);
    for (t = 0; t < PLANT_OUTPUTS; ++t) printf("%.17g %.17g ", low[t], up[t]);
#else
    (void)low, (void)up;
#endif
    printf("%.17g\n", plant_distance(x));
  }
  return plant_self_test();
}
)";

class CompiledModel {
 public:
  explicit CompiledModel(const CSource& source, bool interval = true) {
    write("plant.h", source.header);
    write("plant.c", source.source);
    write("driver.c", kDriver);
    std::vector<std::string> command = {
        "/usr/bin/env", "cc", "-std=c99", "-pedantic", "-O1",      "-Wall", "-Wextra",
        "-Werror",      "-o", "program",  "plant.c",   "driver.c", "-lm"};
    if (interval) command.emplace_back("-DWITH_INTERVAL");
    const ProgramResult result = run_program(command, {.folder = folder_ / ""});
    EXPECT_EQ(result.code, 0) << result.err;
  }

  /// Exit code: that of the self test.
  ProgramResult run(const Matrix& rows) const {
    std::string text;
    for (Eigen::Index r = 0; r < rows.rows(); ++r)
      for (Eigen::Index c = 0; c < rows.cols(); ++c) text += fmt::format("{:.17g} ", rows(r, c));
    write("rows.txt", text);
    return run_program({folder_ / "program", "rows.txt"}, {.folder = folder_ / ""});
  }

 private:
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }
  TemporaryFolder folder_;
};

void expect_same(const Model& model, double confidence, const std::string& what) {
  const Matrix rows = drawn_rows(model);
  const Evaluation wanted = evaluate(model, rows, {.confidence = confidence});
  const CSource source = c_source(model, {.name = "plant", .confidence = confidence});
  EXPECT_TRUE(source.left_out.empty()) << what;
  const ProgramResult result = CompiledModel(source).run(rows);
  EXPECT_EQ(result.code, 0) << what << ": the self test";
  std::istringstream found(result.out);
  const auto next = [&] {
    std::string word;
    found >> word;
    return std::strtod(word.c_str(), nullptr);
  };
  const auto same = [&](double value, double expected) {
    if (std::isinf(expected)) return value == expected;
    return std::abs(value - expected) <= 1e-9 * std::max(1.0, std::abs(expected));
  };
  for (Eigen::Index r = 0; r < rows.rows(); ++r) {
    for (Eigen::Index t = 0; t < wanted.outputs.cols(); ++t)
      EXPECT_PRED2(same, next(), wanted.outputs(r, t)) << what << ", row " << r;
    for (Eigen::Index t = 0; t < wanted.outputs.cols(); ++t) {
      EXPECT_PRED2(same, next(), wanted.lower(r, t)) << what << ", row " << r;
      EXPECT_PRED2(same, next(), wanted.upper(r, t)) << what << ", row " << r;
    }
    EXPECT_PRED2(same, next(), wanted.distance[r]) << what << ", row " << r;
  }
}

TEST(CSource, ComputesWhatTheModelDoes) {
  expect_same(sample_model(), 0.9, "one width everywhere");
  expect_same(normalized_model(), 0.8, "spreads");
  ASSERT_TRUE(masked_model().members[0].uncertainty.known());
  expect_same(with_true_vectors(masked_model()), 0.9, "masked");
  expect_same(log_model(), 0.9, "a target by its logarithm");
  expect_same(fitted_normalized(drawn_data(3)), 0.9, "no cloud, no test vectors");
  expect_same(sample_model(), 0.99, "infinite intervals");
}

TEST(CSource, CompilesUnderAnyName) {
  for (const char* name : {"test", "expected", "range", "network", "x"}) {
    const CSource source = c_source(normalized_model(), {.name = name});
    TemporaryFolder folder;
    std::ofstream(folder / (std::string(name) + ".h")) << source.header;
    std::ofstream(folder / (std::string(name) + ".c")) << source.source;
    const ProgramResult result =
        run_program({"/usr/bin/env", "cc", "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror",
                     "-c", std::string(name) + ".c"},
                    {.folder = folder / ""});
    EXPECT_EQ(result.code, 0) << result.err;
  }
}

TEST(CSource, SelfTestFindsAChangedNumber) {
  CSource source = c_source(normalized_model(), {.name = "plant"});
  const std::size_t place = source.source.find("parameters_1[] = {\n") + 21;
  source.source.insert(place, source.source[place] == '-' ? "-7 * " : "7 * ");
  EXPECT_GT(CompiledModel(source).run(Matrix(0, 3)).code, 0);
}

TEST(CSource, SaysWhatItLeavesOut) {
  const CSource folds = c_source(fold_model(5), {.name = "plant"});
  ASSERT_EQ(folds.left_out.size(), 1u);
  EXPECT_THAT(folds.left_out[0], HasSubstr("--intervals normalized"));
  EXPECT_EQ(folds.header.find("plant_interval"), std::string::npos);
  EXPECT_EQ(CompiledModel(folds, false).run(drawn_rows(fold_model(5))).code, 0);

  const CSource plain =
      c_source(normalized_model(), {.name = "plant", .intervals = false, .region = false});
  EXPECT_TRUE(plain.left_out.empty()) << "as asked for";
  EXPECT_LT(plain.source.size(), c_source(normalized_model(), {.name = "plant"}).source.size() / 2);
}

TEST(CSource, KeepsOddNamesInComments) {
  Model model = sample_model();
  model.encoder.columns[0].name = "T */ int x; \\\n NAME_INPUTS";
  model.encoder.columns[0].unit = "°C";
  const CSource source = c_source(model, {.name = "plant"});
  EXPECT_THAT(source.header, HasSubstr("[0] T  / int x;"));
  EXPECT_THAT(source.header, HasSubstr("1 = B"));
  EXPECT_EQ(CompiledModel(source).run(Matrix(0, 3)).code, 0);
}

TEST(CSource, HasEveryFamilyThatReadsWindows) {
  for (const WindowKind kind : {WindowKind::lstm, WindowKind::gru, WindowKind::bi_lstm,
                                WindowKind::am_lstm, WindowKind::am_gru, WindowKind::cnn})
    expect_same(window_model(kind), 0.9, std::string(window_kind_name(kind)));
  Model normalized = window_model(WindowKind::gru);
  normalized.interval_method = IntervalMethod::normalized;
  EXPECT_THAT(c_source(normalized, {}).left_out, testing::SizeIs(1));
}

TEST(CSource, RefusesAnImpossibleConfidence) {
  for (const double confidence : {0.0, 1.0, -1.0, std::nan("")})
    EXPECT_THROW(c_source(sample_model(), {.confidence = confidence}), Error) << confidence;
}

TEST(CName, IsAName) {
  EXPECT_EQ(c_name("yield"), "yield");
  EXPECT_EQ(c_name("2nd yield.v3"), "m_2nd_yield_v3");
  EXPECT_EQ(c_name(""), "m_");
  EXPECT_EQ(c_name("Dampf-Menge ü"), "Dampf_Menge___");
}

}  // namespace
}  // namespace cupel
