#include "cupel/study/design_options.hpp"

#include <gtest/gtest.h>

#include <set>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

/// A value that differs from the default and is allowed.
Json another_value(const DesignOptions& options, const OptionInfo& info) {
  return std::visit(
      [&](auto field) -> Json {
        const auto& value = options.*field;
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, bool>) return Json(!value);
        if constexpr (std::is_same_v<T, std::string>) {
          if (info.choices.empty()) return Json("another");
          return Json(std::string(info.choices.back() == value ? info.choices.front()
                                                               : info.choices.back()));
        } else if constexpr (std::is_same_v<T, double>) {
          return Json(value == info.up ? info.low : info.up);
        } else {
          return Json(value == static_cast<T>(info.up) ? static_cast<T>(info.low)
                                                       : static_cast<T>(info.up));
        }
      },
      info.field);
}

Error error_of(const auto& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was refused";
  return Error(ErrorKind::runtime, "");
}

TEST(DesignOptions, EveryOptionHasHelpASectionAndADefaultInRange) {
  std::set<std::string_view> names;
  for (const OptionInfo& info : option_table()) {
    SCOPED_TRACE(std::string(info.name));
    EXPECT_TRUE(names.insert(info.name).second) << "twice";
    EXPECT_GE(info.help.size(), 10u);
    EXPECT_FALSE(info.section.empty());
    EXPECT_LE(info.low, info.up);
  }
  EXPECT_NO_THROW(check_options({}));
}

TEST(DesignOptions, ComeBackFromJsonOneByOne) {
  for (const OptionInfo& info : option_table()) {
    if (info.name == "budget") continue;  // excludes --trials; below
    SCOPED_TRACE(std::string(info.name));
    Json json = Json::Object{};
    const Json value = another_value({}, info);
    json[info.name] = value;
    if (info.name == "train_rows") json["test_rows"] = "rows";
    if (!info.recipe.empty()) json["recipe"] = listed_names(info.recipe).front();
    if (info.name == "inner") json["mode"] = "paper";
    const DesignOptions options = options_from_json(json);
    EXPECT_EQ(dump_json(to_json(options).at(info.name)), dump_json(value));
    EXPECT_NE(dump_json(to_json(options)), dump_json(to_json(DesignOptions{})));
    EXPECT_EQ(dump_json(to_json(options_from_json(to_json(options)))), dump_json(to_json(options)));
  }
}

TEST(DesignOptions, KeepRolesAndTheFile) {
  DesignOptions options;
  options.data = "a b.csv";
  options.budget = "published";
  options.roles = {.targets = {"y", "z"},
                   .inputs = {"a"},
                   .ignore = {"b"},
                   .keep = {"c"},
                   .time = "t",
                   .group = "g",
                   .units = {{"y", "%"}}};
  const DesignOptions back = options_from_json(to_json(options));
  EXPECT_EQ(dump_json(to_json(back)), dump_json(to_json(options)));
  EXPECT_EQ(back.roles.units, options.roles.units);
  EXPECT_EQ(back.data, "a b.csv");
  EXPECT_EQ(back.budget, "published");
}

TEST(DesignOptions, RefuseAnUnknownNameAndSuggestTheNearest) {
  const Error error = error_of([] {
    Json json;
    json["populaton"] = 3;
    options_from_json(json);
  });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_NE(error.message().find("'populaton'"), std::string::npos);
  EXPECT_NE(error.hint().find("'population'"), std::string::npos);
}

TEST(DesignOptions, RefuseAValueOfTheWrongKindNamingTheOption) {
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, Json>>{{"trials", Json("many")},
                                                 {"trials", Json(2.5)},
                                                 {"log_skewed", Json(3)},
                                                 {"recipe", Json(1)}}) {
    const Error error = error_of([&] {
      Json json;
      json[name] = value;
      options_from_json(json);
    });
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(error.message().find(name), std::string::npos) << error.message();
  }
}

TEST(DesignOptions, RefuseNumbersOutOfRangeAndUnknownChoices) {
  DesignOptions options;
  options.confidence = 0.3;
  EXPECT_NE(error_of([&] { check_options(options); }).hint().find("0.5"), std::string::npos);
  options = {};
  options.alpha = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(check_options(options), Error);
  options = {};
  options.split = "shuffled";
  EXPECT_NE(error_of([&] { check_options(options); }).hint().find("kfold"), std::string::npos);
}

TEST(DesignOptions, RefuseOptionsThatExcludeEachOther) {
  DesignOptions options;
  options.test_file = "t.csv";
  options.test_rows = "t.txt";
  EXPECT_THROW(check_options(options), Error);
  options = {};
  options.train_rows = "t.txt";
  EXPECT_THROW(check_options(options), Error);
  options = {};
  options.budget = "published";
  options.trials = 10;
  EXPECT_THROW(check_options(options), Error);
  options = {};
  options.optimizer = "levenberg-marquardt";
  EXPECT_NO_THROW(check_options(options));
  options.loss = "huber";
  EXPECT_THROW(check_options(options), Error);
  options = {};
  options.test_fraction = 0;
  EXPECT_NO_THROW(check_options(options));
  options.protocol = "as-published";
  EXPECT_THROW(check_options(options), Error);
  options.test_file = "t.csv";
  EXPECT_NO_THROW(check_options(options));
}

TEST(Duration, ReadsHoursMinutesAndSeconds) {
  EXPECT_EQ(parse_duration("10m"), 600);
  EXPECT_EQ(parse_duration("90s"), 90);
  EXPECT_EQ(parse_duration("1h30m"), 5400);
  EXPECT_EQ(parse_duration("45"), 45);
  EXPECT_EQ(parse_duration("0.5m"), 30);
  EXPECT_EQ(parse_duration("1h0m5s"), 3605);
  EXPECT_EQ(parse_duration("0"), 0);
}

TEST(Duration, RefusesWhatIsNone) {
  for (const char* text : {"", "m", "10x", "-5", "1h-5m", "ten", "10m x", "nan", "inf", "1e999"})
    EXPECT_THROW(parse_duration(text), Error) << text;
}

}  // namespace
}  // namespace cupel
