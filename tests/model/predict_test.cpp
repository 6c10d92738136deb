#include <gtest/gtest.h>

#include <functional>

#include "cupel/base/error.hpp"
#include "cupel/model/model_inputs.hpp"
#include "tests/model/sample_model.hpp"

namespace cupel {
namespace {

/// Message and hint; empty when nothing is thrown.
std::string problem(ErrorKind kind, const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind);
    return error.what();
  }
  return {};
}

std::string data_problem(const std::string& csv) {
  const Table table = parse_csv(csv, "new.csv");
  return problem(ErrorKind::bad_data, [&] { predict(sample_model(), table); });
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Straight from the definition, for one row.
Vector by_hand(const Model& model, double t, const std::string& catalyst) {
  const Vector features{
      {-2.25 + 2.5 * std::log1p(t / 40), catalyst == "B" ? 1.0 : 0.0, catalyst == "C" ? 1.0 : 0.0}};
  Vector scaled = Vector::Zero(2);
  for (const Member& member : model.members) {
    Matrix input(1, static_cast<Eigen::Index>(member.features.size()));
    for (std::size_t i = 0; i < member.features.size(); ++i)
      input(0, static_cast<Eigen::Index>(i)) = features[member.features[i]];
    scaled += member.weights.cwiseProduct(predict(member.network, input).row(0).transpose());
  }
  return Vector{{(scaled[0] + 5) / 0.1, scaled[1] / 2}};
}

TEST(Predict, FollowsTheDefinition) {
  const Model model = sample_model();
  const Table table = parse_csv("T,catalyst,p\n60,A,2\n70.5,B,2\n99,C,1\n", "new.csv");
  const Prediction prediction = predict(model, table);
  const std::vector<std::pair<double, std::string>> rows = {{60, "A"}, {70.5, "B"}, {99, "C"}};
  for (int row = 0; row < 3; ++row) {
    const Vector expected = by_hand(model, rows[row].first, rows[row].second);
    EXPECT_NEAR(prediction.outputs(row, 0), expected[0], 1e-10);
    EXPECT_NEAR(prediction.outputs(row, 1), expected[1], 1e-12);
    EXPECT_EQ(prediction.invalid[static_cast<std::size_t>(row)], "");
  }
}

TEST(Predict, DoesNotVouchForRowsWithAMissingInput) {
  const Prediction found =
      predict(sample_model(), parse_csv("T,catalyst,p\n,,2\n60,,2\n60,A,\n", "new.csv"));
  EXPECT_EQ(found.invalid[0], "missing: T, catalyst");
  EXPECT_EQ(found.invalid[1], "missing: catalyst");
  EXPECT_EQ(found.invalid[2], "") << "no network reads p";
}

TEST(Predict, AsksForNoInputToBeRenamed) {
  const auto hint = [](const std::string& text) {
    try {
      predict(sample_model(), parse_csv(text, "new.csv"));
    } catch (const Error& error) {
      return error.hint();
    }
    return std::string("nothing was thrown");
  };
  EXPECT_EQ(hint("T1,catalyst,p\n60,A,2\n"), "rename 'T1', if that is the column that is meant");
  EXPECT_EQ(hint("catalyst,p\nA,2\n"),
            "the file must have all columns that the model was made from");
}

TEST(Predict, FindsColumnsByNameAndPassesOverOthers) {
  const Model model = sample_model();
  const Prediction a = predict(model, parse_csv("T,catalyst,p\n60,A,2\n70.5,B,2\n", "a.csv"));
  const Prediction b =
      predict(model, parse_csv("note,p,catalyst,T\nx,2,A,60\ny,2,B,70.5\n", "b.csv"));
  EXPECT_EQ(a.outputs, b.outputs);
}

TEST(Predict, MatchesWordsNotTheirOrder) {
  const Model model = sample_model();
  const Prediction a = predict(model, parse_csv("T,catalyst,p\n60,A,2\n60,C,2\n", "a.csv"));
  const Prediction b = predict(model, parse_csv("T,catalyst,p\n60,C,2\n60,A,2\n", "b.csv"));
  EXPECT_EQ(a.outputs.row(0), b.outputs.row(1));
  EXPECT_EQ(a.outputs.row(1), b.outputs.row(0));
  EXPECT_NE(a.outputs(0, 0), a.outputs(1, 0));
}

TEST(Predict, CentersIntervalsWithTheAskedConfidence) {
  const Model model = sample_model();
  const Table table = parse_csv("T,catalyst,p\n60,A,2\n", "new.csv");
  const Prediction prediction = predict(model, table, 0.9);
  EXPECT_NEAR(prediction.upper(0, 0) - prediction.outputs(0, 0), 28, 1e-9);  // ceil(31 x 0.9)
  EXPECT_NEAR(prediction.outputs(0, 1) - prediction.lower(0, 1), 0.28, 1e-9);
  EXPECT_NEAR(predict(model, table, 0.5).upper(0, 0) - prediction.outputs(0, 0), 16, 1e-9);
  EXPECT_TRUE(std::isinf(predict(model, table, 0.99).upper(0, 0)));
  Model without = model;
  without.intervals = {};
  EXPECT_EQ(predict(without, table).lower.size(), 0);
}

TEST(Predict, RefusesImpossibleConfidence) {
  const Table table = parse_csv("T,catalyst,p\n60,A,2\n", "new.csv");
  for (const double confidence : {0.0, 1.0, -1.0, 90.0, std::nan("")})
    EXPECT_NE(problem(ErrorKind::usage, [&] { predict(sample_model(), table, confidence); }), "");
}

TEST(Predict, PredictsRowsOutsideButSaysWhy) {
  const Prediction prediction = predict(
      sample_model(), parse_csv("T [degC],catalyst,p\n60,A,2\n131,A,2\n60,D,2\n60,A,9\n", "n.csv"));
  EXPECT_TRUE(prediction.outputs.allFinite());
  EXPECT_EQ(prediction.invalid[0], "");
  EXPECT_EQ(prediction.invalid[1], "T = 131 degC is outside 50 to 110 degC by more than 10 %");
  EXPECT_EQ(prediction.invalid[2], "catalyst = 'D' was not in the training data");
  EXPECT_EQ(prediction.invalid[3], "");  // no network uses p, and it is not far
  EXPECT_EQ(prediction.notes.unseen_levels, 1);
}

TEST(Predict, CountsFilledCells) {
  const Prediction prediction =
      predict(sample_model(), parse_csv("T,catalyst,p\n60,A,2\n,B,2\n80,B,\n", "new.csv"));
  EXPECT_EQ(prediction.notes.filled, 2);
  EXPECT_EQ(prediction.outputs.row(1), prediction.outputs.row(2));  // T is filled with 80
}

TEST(Predict, NamesTheMissingColumnAndTheNearestName) {
  const std::string message = data_problem("T,Catalist,p\n60,A,2\n70,B,2\n");
  EXPECT_TRUE(contains(message, "new.csv: there is no column 'catalyst'")) << message;
  EXPECT_TRUE(contains(message, "'Catalist'")) << message;
}

TEST(Predict, DoesWithoutAnInputThatNoNetworkUses) {
  const Model model = sample_model();
  const Prediction a = predict(model, parse_csv("T,catalyst,p\n60,A,2\n", "a.csv"));
  const Prediction b = predict(model, parse_csv("T,catalyst\n60,A\n", "b.csv"));
  EXPECT_EQ(a.outputs, b.outputs);
  EXPECT_EQ(b.notes.filled, 0);
}

TEST(Predict, DoesNotVouchForAnUnreadInputFarOutsideItsRange) {
  const Model model = sample_model();  // p was 1 to 3
  const Prediction found =
      predict(model, parse_csv("T,catalyst,p\n60,A,3\n60,A,9\n60,A,9.5\n60,A,-200\n", "n.csv"));
  EXPECT_EQ(found.invalid[1], "");
  EXPECT_EQ(found.invalid[2],
            "p = 9.5 bar is far outside 1 to 3 bar: no network reads it, but what it does there is "
            "unknown");
  EXPECT_TRUE(contains(found.invalid[3], "p = -200 bar"));
  EXPECT_EQ(found.distance[1], found.distance[0]);
  EXPECT_GT(found.distance[2], 1);
  EXPECT_EQ(found.outputs.row(0), found.outputs.row(3));
}

TEST(Predict, WatchesInputsThatWereConstantOrCopies) {
  Model model = sample_model();
  model.region.watched = {{"steam", "bar", 6, 6}, {"copy", "", 50, 110}, {"line", "", 0, 0}};
  model = parse_model(model_text(model), "watched");
  const auto reason = [&](const std::string& columns, const std::string& cells) {
    return predict(model, parse_csv("T,catalyst" + columns + "\n60,A" + cells + "\n", "n.csv"))
        .invalid[0];
  };
  EXPECT_EQ(reason("", ""), "");
  EXPECT_EQ(reason(",steam,copy,line", ",6.4,200,0"), "");
  EXPECT_TRUE(contains(reason(",steam", ",0"), "steam = 0 bar is far outside 6 to 6 bar"));
  EXPECT_TRUE(contains(reason(",copy", ",400"), "copy = 400 is far outside 50 to 110"));
  EXPECT_TRUE(contains(reason(",line", ",2"), "line = 2"));
  EXPECT_EQ(reason(",steam", ","), "");
  EXPECT_EQ(reason(",steam [kPa]", ",600"), "");
}

TEST(Predict, TakesNoOffenceAtAnUnreadColumnOfAnotherKind) {
  const Model model = sample_model();
  const Prediction a = predict(model, parse_csv("T,catalyst,p\n60,A,2\n", "a.csv"));
  const Prediction b = predict(model, parse_csv("T,catalyst,p\n60,A,off\n60,A,on\n", "b.csv"));
  const Prediction c = predict(model, parse_csv("T,catalyst,p [kPa]\n60,A,200\n", "c.csv"));
  EXPECT_EQ(a.outputs.row(0), b.outputs.row(0));
  EXPECT_EQ(a.outputs, c.outputs);
  EXPECT_EQ(c.invalid[0], "");
}

TEST(Predict, NeedsNoTimeWhereNoNetworkReadsTheCalendar) {
  Model model = sample_model();
  model.calendar = {.time = "stamp", .periods = {"day"}};
  const Table without = parse_csv("T,catalyst\n60,A\n", "a.csv");
  EXPECT_EQ(predict(model, without).outputs, predict(sample_model(), without).outputs);
  model.encoder.columns[0].name = "stamp_day_sin";
  EXPECT_TRUE(contains(problem(ErrorKind::bad_data, [&] { predict(model, without); }),
                       "'stamp' is missing"));
}

TEST(Predict, RefusesWordsForNumbersAndTheReverse) {
  const std::string words = data_problem("T,catalyst,p\nhot,A,2\ncold,B,2\n");
  EXPECT_TRUE(contains(words, "column 'T' holds words, the model takes numbers (row 2: 'hot')"))
      << words;
  const std::string numbers = data_problem("T,catalyst,p\n60,1,2\n60,2,2\n");
  EXPECT_TRUE(contains(numbers, "column 'catalyst' holds numbers")) << numbers;
  EXPECT_TRUE(contains(data_problem("T,catalyst,p\n2024-01-01,A,2\n2024-01-02,B,2\n"), "'T'"));
}

TEST(Predict, ReadsOddCellsOfAColumnOfNumbersAsMissing) {
  const Model model = sample_model();
  const char* rows = "T,catalyst,p\nhot,A,2\n60,B,2\n";
  const Prediction read =
      predict(model, parse_csv(rows, "new.csv", reading_options(model, ReadFor::prediction)));
  EXPECT_NE(read.invalid[0].find("missing: T"), std::string::npos) << read.invalid[0];
  EXPECT_TRUE(read.invalid[1].empty()) << read.invalid[1];
}

TEST(Predict, TakesAnEmptyColumnAsMissingWhateverItsKind) {
  EXPECT_EQ(data_problem("T,catalyst,p\n60,,2\n70,,2\n"), "");
  EXPECT_EQ(data_problem("T,catalyst,p\n,A,2\n,B,2\n"), "");
}

TEST(Predict, RefusesAnotherUnitButNotAnUnknownOne) {
  const std::string message = data_problem("T [K],catalyst,p\n340,A,2\n350,B,2\n");
  EXPECT_TRUE(contains(message, "column 'T' is in 'K', the model takes it in 'degC'")) << message;
  EXPECT_TRUE(contains(message, "--units 'T=degC'")) << message;
  EXPECT_EQ(data_problem("T,catalyst,p\n60,A,2\n70,B,2\n"), "");
}

}  // namespace
}  // namespace cupel
