// Literals read back as what they were made of.
#include "lang/quote.h"

#include <gtest/gtest.h>

#include <limits>

namespace moult::lang {
namespace {

std::string Json(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

TEST(JsonString, EscapesWhatJsonRequires) {
  EXPECT_EQ(Json(""), R"("")");
  EXPECT_EQ(Json("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(Json("\n\r\t"), R"("\n\r\t")");
  EXPECT_EQ(Json(std::string_view("\0\x1f\x7f", 3)), R"("\u0000\u001f\u007f")");
}

TEST(JsonString, KeepsUtf8AndReplacesWhatIsNot) {
  EXPECT_EQ(Json("für 日本 😀"), "\"für 日本 😀\"");
  EXPECT_EQ(Json("a\xff"
                 "b"),
            R"("a\ufffdb")");
  EXPECT_EQ(Json("\xc3"), R"("\ufffd")");                                // cut off
  EXPECT_EQ(Json("\xc0\x80"), R"("\ufffd\ufffd")");                      // overlong
  EXPECT_EQ(Json("\xed\xa0\x80"), R"("\ufffd\ufffd\ufffd")");            // a surrogate
  EXPECT_EQ(Json("\xf4\x90\x80\x80"), R"("\ufffd\ufffd\ufffd\ufffd")");  // above U+10FFFF
}

TEST(QuoteText, EscapesWhatCannotBeSeen) {
  EXPECT_EQ(QuoteText("a\"b\\c\n"), R"("a\"b\\c\n")");
  EXPECT_EQ(QuoteText("f\u00fcr \u202e"), "\"f\u00fcr \\u202e\"");
  EXPECT_EQ(QuoteText("\xff"), R"("\ufffd")");
}

TEST(RealText, IsADouble) {
  EXPECT_EQ(RealText(1), "1.0");
  EXPECT_EQ(RealText(-0.0), "-0.0");
  EXPECT_EQ(RealText(0.1), "0.1");
  EXPECT_EQ(RealText(1e300), "1e+300");
  EXPECT_EQ(RealText(std::numeric_limits<double>::infinity()), "inf");
}

}  // namespace
}  // namespace moult::lang
