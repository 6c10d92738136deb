#include "cupel/data/csv_time.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace cupel {
namespace {

constexpr double kMarch = 1709251200;  // 2024-03-01 00:00 UTC

double seconds_of(const std::string& text, DayOrder order = DayOrder::day_first) {
  const auto stamp = parse_time_stamp(text);
  if (!stamp) return std::nan("");
  return to_seconds(*stamp, order).value_or(std::nan(""));
}

TEST(TimeStamp, IsReadInManyForms) {
  for (const char* text :
       {"2024-03-01 13:45:00", "2024-03-01T13:45:00Z", "2024-03-01 13:45:00 UTC",
        "2024-03-01T15:45:00+02:00", "2024-03-01 14:45 CET", "01/03/2024 01:45:00 p. m.",
        "01/03/2024 1:45\xE2\x80\xAF"
        "PM",
        "01.03.2024 13.45.00", "01-Mrz-24 13:45", "1 mars 2024 13:45", "March 1, 2024 1:45 PM",
        "Fri Mar 1 2024 13:45", "1. M\xC3\xA4rz 2024 13:45", "20240301134500", "20240301T134500Z",
        "2024-03-01 13:45:00 [UTC]", "2024-03-01 13:45:00 GMT+0", "viernes, 1 mar 2024 13:45",
        "2024-03-01T10:45:00-0300"})
    EXPECT_EQ(seconds_of(text), kMarch + 13 * 3600 + 45 * 60) << text;
  EXPECT_EQ(seconds_of("20240301"), kMarch);
  EXPECT_EQ(seconds_of("2024-03"), kMarch);
  EXPECT_EQ(seconds_of("03/2024"), kMarch);
}

TEST(TimeStamp, IsNotReadWhereThereIsNone) {
  for (const char* text : {"1:30", "10X", "2024", "12345678901234567890", "2024-13-01 10:00",
                           "31.02.2024", "1-2-3-4", "kg/h 12-12-12", "2024-03-01 25:61"})
    EXPECT_TRUE(std::isnan(seconds_of(text))) << text;
}

TEST(TimeStamp, KnowsMonthsInManyLanguages) {
  for (const char* month : {"Mai", "mayo", "maio", "maggio", "May", "mei", "maj"})
    EXPECT_EQ(seconds_of(std::string("05-") + month + "-24"), 1714867200) << month;
  for (const char* month : {"Dez",
                            "d\xC3\xA9"
                            "c.",
                            "dic", "dezembro", "Dec",
                            "D\xC3\x89"
                            "CEMBRE"})
    EXPECT_EQ(seconds_of(std::string("05 ") + month + " 2024"), 1733356800) << month;
}

TEST(TimeStamp, SaysWhichClockItFollows) {
  EXPECT_FALSE(parse_time_stamp("2024-03-01 13:45")->offset_s);
  EXPECT_EQ(parse_time_stamp("2024-03-01T13:45Z")->offset_s, 0);
  EXPECT_EQ(parse_time_stamp("2024-03-01T13:45-05:30")->offset_s, -5.5 * 3600);
}

TEST(ClockTime, IsReadWithPointsAndHalfDays) {
  EXPECT_EQ(parse_clock("18.00.00")->seconds, 64800);
  EXPECT_EQ(parse_clock("6:00 p. m.")->seconds, 64800);
  EXPECT_EQ(parse_clock("12:00 AM")->seconds, 0);
  EXPECT_TRUE(parse_clock("6:00 pm")->half_day);
  EXPECT_EQ(parse_clock("26:10:00")->seconds, 26 * 3600 + 600);
  EXPECT_EQ(parse_clock("1 d 02:00")->seconds, 86400 + 7200);
  for (const char* text : {"18.00", "15-15-15", "1:75", "13:45x", "a:b"})
    EXPECT_FALSE(parse_clock(text)) << text;
}

}  // namespace
}  // namespace cupel
