#include "cupel/base/sealed_json.hpp"

#include <gtest/gtest.h>

namespace cupel {
namespace {

Json sample() {
  return parse_json(R"({"a": 1, "list": [1, 2.5], "checksum": "old", "last": {"b": {"c": "}"}}})",
                    "sample");
}

TEST(SealedJson, IsTheSameObjectWithAChecksumAtItsEnd) {
  for (const int indent : {-1, 1}) {
    const std::string text = sealed_json(sample(), indent);
    EXPECT_EQ(seal_of(text), Seal::whole) << text;
    const Json back = parse_json(text, "back");
    EXPECT_EQ(back.as_object().back().first, "checksum");
    EXPECT_EQ(back.as_object().size(), 4u);
    EXPECT_EQ(back.at("last"), sample().at("last"));
    EXPECT_EQ(sealed_json(back, indent), text);
    EXPECT_TRUE(text.ends_with("}\n"));
  }
  EXPECT_EQ(seal_of(sealed_json(Json::Object{}, 1)), Seal::whole);
}

TEST(SealedJson, NoticesEveryChangeOfOneByteAnywhere) {
  for (const int indent : {-1, 1}) {
    const std::string text = sealed_json(sample(), indent);
    for (std::size_t at = 0; at < text.size(); ++at)
      for (int byte = 0; byte < 256; ++byte) {
        std::string changed = text;
        changed[at] = static_cast<char>(byte);
        ASSERT_EQ(seal_of(changed) == Seal::whole, changed == text) << at << " " << byte;
      }
  }
}

TEST(SealedJson, NoticesBytesThatAreMissingOrAdded) {
  const std::string text = sealed_json(sample(), 1);
  for (std::size_t at = 0; at < text.size(); ++at) {
    EXPECT_NE(seal_of(std::string(text).erase(at, 1)), Seal::whole) << at;
    EXPECT_NE(seal_of(std::string(text).insert(at, " ")), Seal::whole) << at;
    EXPECT_NE(seal_of(text.substr(0, at)), Seal::whole) << at;
  }
  EXPECT_NE(seal_of(text + "\n"), Seal::whole);
}

TEST(SealedJson, TakesOtherTextForUnsealed) {
  EXPECT_EQ(seal_of(""), Seal::none);
  EXPECT_EQ(seal_of(dump_json(sample(), 1) + "\n"), Seal::none);
  EXPECT_EQ(seal_of(R"({"validation": {"checksum": "0123456789abcdef"}})"), Seal::none);
}

}  // namespace
}  // namespace cupel
