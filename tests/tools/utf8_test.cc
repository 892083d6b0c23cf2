// What is shown cannot move the cursor.
#include "tools/utf8.h"

#include <gtest/gtest.h>

namespace moult::tools {
namespace {

TEST(Printable, LetsNothingMoveTheCursor) {
  EXPECT_EQ(Printable("a\x1b[2Jb\n\xc2\x9b"
                      "c\xff"
                      "d"),
            "a?[2Jb??c?d");
  EXPECT_EQ(Printable("für"), "für");
}

}  // namespace
}  // namespace moult::tools
