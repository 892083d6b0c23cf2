// What is written is JSON, whatever went in.
#include "tools/json_writer.h"

#include <gtest/gtest.h>

#include "tools/utf8.h"

namespace moult::tools {
namespace {

std::string Json(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

TEST(JsonWriter, EscapesWhatJsonRequires) {
  EXPECT_EQ(Json(""), R"("")");
  EXPECT_EQ(Json("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(Json("\n\r\t"), R"("\n\r\t")");
  EXPECT_EQ(Json(std::string_view("\0\x1f\x7f", 3)), R"("\u0000\u001f\u007f")");
}

TEST(JsonWriter, KeepsUtf8AndReplacesWhatIsNot) {
  EXPECT_EQ(Json("für 日本 😀"), "\"für 日本 😀\"");
  EXPECT_EQ(Json("a\xff"
                 "b"),
            R"("a\ufffdb")");
  EXPECT_EQ(Json("\xc3"), R"("\ufffd")");                                // cut off
  EXPECT_EQ(Json("\xc0\x80"), R"("\ufffd\ufffd")");                      // overlong
  EXPECT_EQ(Json("\xed\xa0\x80"), R"("\ufffd\ufffd\ufffd")");            // a surrogate
  EXPECT_EQ(Json("\xf4\x90\x80\x80"), R"("\ufffd\ufffd\ufffd\ufffd")");  // above U+10FFFF
}

TEST(Printable, LetsNothingMoveTheCursor) {
  EXPECT_EQ(Printable("a\x1b[2Jb\n\xc2\x9b"
                      "c\xff"
                      "d"),
            "a?[2Jb??c?d");
  EXPECT_EQ(Printable("für"), "für");
}

}  // namespace
}  // namespace moult::tools
