#include "cupel/base/json.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <chrono>
#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"

namespace cupel {
namespace {

TEST(Json, DoublesComeBackToTheSameBits) {
  Rng rng(1);
  for (int k = 0; k < 20000; ++k) {
    const double value = std::bit_cast<double>(rng.next());
    if (!std::isfinite(value)) continue;
    const Json read = parse_json(dump_json(Json(value)), "test");
    ASSERT_EQ(std::bit_cast<std::uint64_t>(read.as_number()), std::bit_cast<std::uint64_t>(value))
        << dump_json(Json(value));
  }
}

TEST(Json, KeepsTheOrderOfMembers) {
  const std::string text = R"({"z":1,"a":{"k":[1,2.5,"x",null,true]},"m":[]})";
  EXPECT_EQ(dump_json(parse_json(text, "test")), text);
}

TEST(Json, EscapesWhatMustBeEscaped) {
  const Json value(std::string("a\"b\\c\n\x01 é"));
  EXPECT_EQ(parse_json(dump_json(value), "test"), value);
}

TEST(Json, NotANumberIsWrittenAsNullAndReadAsNaN) {
  const std::string text = dump_json(Json(std::nan("")));
  EXPECT_EQ(text, "null");
  EXPECT_TRUE(std::isnan(parse_json(text, "test").as_number()));
}

TEST(Json, WrongKindsAndMissingEntriesAreErrorsThatNameThem) {
  const Json json = parse_json(R"({"a": "text"})", "test");
  try {
    json.at("b");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("'b'"), std::string::npos);
  }
  EXPECT_THROW(json.at("a").as_number(), Error);
  EXPECT_THROW(parse_json("1.5", "test").as_integer(), Error);
}

TEST(Json, RefusesWhatIsNotJson) {
  for (const char* text : {"", "{", "[1,]", "{\"a\":}", "nul", "[1] 2", "\"\xff\""})
    EXPECT_THROW(parse_json(text, "test"), Error) << text;
}

TEST(Json, RefusesTooDeepNestingWithoutCrashing) {
  EXPECT_THROW(parse_json(std::string(100000, '['), "test"), Error);
  EXPECT_NO_THROW(parse_json(std::string(150, '[') + std::string(150, ']'), "test"));
}

TEST(Toml, ReadsTablesArraysAndNumbers) {
  const Json json = parse_toml("a = 1\nb = 2.5\nc = [\"x\", \"y\"]\n[t]\nok = true\n", "test");
  EXPECT_EQ(json.at("a").as_integer(), 1);
  EXPECT_EQ(json.at("b").as_number(), 2.5);
  EXPECT_EQ(json.at("c").as_strings(), (std::vector<std::string>{"x", "y"}));
  EXPECT_TRUE(json.at("t").at("ok").as_bool());
}

/// A dotted key nests without a bracket: the parser itself has no limit there.
TEST(Toml, RefusesTooDeepNestingWithoutCrashing) {
  std::string dotted = "a", quoted = "'a'", inlined = "a.b = 1";
  for (int k = 0; k < 200'000; ++k) dotted += ".a", quoted += " . \"a\"";
  for (int k = 0; k < 150; ++k) inlined = "a.b = {" + inlined + "}";
  for (const std::string& text : {dotted + " = 1", quoted + " = 1", "[" + dotted + "]", inlined}) {
    try {
      parse_toml(text, "deep.toml");
      FAIL() << text.substr(0, 40);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      EXPECT_EQ(error.message().rfind("deep.toml: ", 0), 0U) << error.message();
    }
  }
}

TEST(Toml, DotsOutsideOfKeysAreNotCounted) {
  const std::string dots(60, '.');
  const Json value = parse_toml("# " + dots + "\na = \"" + dots + "\\\"" + dots + "\"\nb = '" +
                                    dots + "'\nc = \"\"\"\n" + dots + "\n\"\"\"\nd = [" +
                                    "0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5,\n" +
                                    "0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]\n",
                                "run.toml");
  EXPECT_EQ(value.at("b").as_string(), dots);
  EXPECT_EQ(value.at("d").as_array().size(), 20U);
}

TEST(Toml, AnErrorNamesFileAndLine) {
  try {
    parse_toml("a = 1\nb = = 2\n", "run.toml");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(error.message().find("run.toml, line 2"), std::string::npos) << error.message();
  }
}

TEST(Error, EveryKindHasItsExitCode) {
  EXPECT_EQ(exit_code(ErrorKind::runtime), 1);
  EXPECT_EQ(exit_code(ErrorKind::usage), 2);
  EXPECT_EQ(exit_code(ErrorKind::bad_data), 3);
  EXPECT_EQ(exit_code(ErrorKind::infeasible), 4);
}

TEST(Json, ReadsAnObjectOfManyKeysInTimeThatGrowsWithItsSize) {
  std::string text = "{";
  for (int k = 0; k < 300000; ++k) text += "\"key" + std::to_string(k) + "\":1,";
  const auto start = std::chrono::steady_clock::now();
  const Json json = parse_json(text + "\"last\":2}", "many");
  EXPECT_EQ(json.as_object().size(), 300001u);
  EXPECT_EQ(json.at("last").as_integer(), 2);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(Json, RefusesAKeyThatOccursTwice) {
  try {
    parse_json(R"({"a": 1, "b": {"c": 1, "d": 2, "c": 3}})", "x.json");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("'c' occurs twice"), std::string::npos) << error.message();
  }
  EXPECT_NO_THROW(parse_json(R"({"a": {"a": 1}, "b": {"a": 1}})", "x.json"));
}

}  // namespace
}  // namespace cupel
