#include "lang/report.h"

#include <gtest/gtest.h>

#include "lang/compile.h"

namespace moult::lang {
namespace {

Diagnostic One(std::string_view text, TextSpan span, std::string message = "m") {
  Reporter reporter("f", text, 10);
  reporter.Report(Code::kSyntax, span, std::move(message));
  return reporter.Take().at(0);
}

TEST(PositionOf, CountsLinesAndCodePoints) {
  const std::string_view text = "ab\n\té日x\r\n\nlast";
  const struct {
    uint32_t offset, line, column;
  } cases[] = {{0, 1, 1}, {2, 1, 3}, {3, 2, 1}, {4, 2, 2}, {6, 2, 3}, {9, 2, 4}, {12, 3, 1}, {13, 4, 1}, {17, 4, 5}, {999, 4, 5}};
  for (const auto& c : cases) {
    const Position position = PositionOf(text, c.offset);
    EXPECT_EQ(position.line, c.line) << c.offset;
    EXPECT_EQ(position.column, c.column) << c.offset;
  }
  EXPECT_EQ(PositionOf("", 0).line, 1u);
}

TEST(Render, PutsTheCaretUnderTheSpan) {
  EXPECT_EQ(Render(One("a\nlet x = yy\n", {10, 12})), "f:2:9: error: m [E-syntax]\n 2 | let x = yy\n   |         ^^\n");
  EXPECT_EQ(Render(One("\tx\ty", {3, 4})), "f:1:4: error: m [E-syntax]\n 1 |     x    y\n   |          ^\n");
  EXPECT_EQ(Render(One("é日x", {5, 6})), "f:1:3: error: m [E-syntax]\n 1 | é日x\n   |    ^\n");
  EXPECT_EQ(Render(One("日本", {0, 6})), "f:1:1: error: m [E-syntax]\n 1 | 日本\n   | ^^^^\n");
  EXPECT_EQ(Render(One("e\u0301x", {3, 4})), "f:1:3: error: m [E-syntax]\n 1 | e\u0301x\n   |  ^\n");
  EXPECT_EQ(Render(One("ab", {2, 2})), "f:1:3: error: m [E-syntax]\n 1 | ab\n   |   ^\n");
  EXPECT_EQ(Render(One("ab\ncd", {1, 5})), "f:1:2: error: m [E-syntax]\n 1 | ab\n   |  ^\n");
}

TEST(Render, PrintsNoControlCharacter) {
  Diagnostic d = One("a\x1b[31m\x7f\u0085\u202e\xff", {0, 1}, "m\x1b[2J\n");
  d.file = "f\x07";
  d.hint = "h\rx";
  EXPECT_EQ(Render(d), "f␇:1:1: error: m␛[2J␊ [E-syntax]\n 1 | a␛[31m␡\uFFFD\uFFFD\uFFFD\n   | ^\n   hint: h␍x\n");
}

TEST(Render, KeepsTheNeighbourhoodOfTheSpanInALongLine) {
  const std::string text = std::string(5'000'000, 'a') + "!" + std::string(1000, 'b');
  const Diagnostic d = One(text, {5'000'000, 5'000'001});
  EXPECT_EQ(d.column, 5'000'001u);
  EXPECT_LT(d.source_line.size(), 200u);
  EXPECT_EQ(d.source_line[d.column - d.source_column], '!');
  EXPECT_NE(Render(d).find(" 1 | ..." + d.source_line + "\n   |    " + std::string(d.column - d.source_column, ' ') + "^\n"),
            std::string::npos)
      << Render(d);
}

TEST(Render, ColorIsOnlyWhenAsked) {
  const Diagnostic d = One("a", {0, 1});
  EXPECT_EQ(Render(d).find('\x1b'), std::string::npos);
  EXPECT_NE(Render(d, true).find("\x1b[1;31merror: \x1b[0m"), std::string::npos);
}

TEST(Reporter, SortsByPlaceAndDropsRepetitions) {
  Reporter reporter("f", "a\nb\n", 10);
  reporter.Report(Code::kSyntax, {2, 3}, "second");
  reporter.Report(Code::kSyntax, {0, 1}, "first");
  reporter.Report(Code::kSyntax, {2, 3}, "again");
  reporter.Report(Code::kBadEscape, {2, 3}, "another");
  const Diagnostics diagnostics = reporter.Take();
  ASSERT_EQ(diagnostics.size(), 3u);
  EXPECT_EQ(diagnostics[0].message, "first");
  EXPECT_EQ(diagnostics[1].message, "second");
  EXPECT_EQ(diagnostics[2].message, "another");
  EXPECT_TRUE(reporter.has_errors());
  EXPECT_TRUE(reporter.Take().empty());
}

TEST(Reporter, CountsWhatIsOverTheLimit) {
  const std::string text(100, 'a');
  Reporter reporter("f", text, 3);
  for (uint32_t i = 0; i < 10; ++i) reporter.Report(Code::kSyntax, {i, i + 1}, "m");
  const Diagnostics diagnostics = reporter.Take();
  ASSERT_EQ(diagnostics.size(), 4u);
  EXPECT_EQ(diagnostics[3].code, "E-too-many-errors");
  EXPECT_EQ(diagnostics[3].message, "7 more errors are not shown");
}

TEST(Quoted, ClipsAndEscapes) {
  EXPECT_EQ(Quoted("a b"), "`a b`");
  EXPECT_EQ(Quoted("a\x1b\xff"), "`a\\u001b\\xff`");
  EXPECT_EQ(Quoted(std::string(100, 'x')), "`" + std::string(40, 'x') + "...`");
}

TEST(Nearest, FindsWhatWasMeant) {
  const std::vector<std::string_view> candidates = {"reputation", "created", "id", "verified"};
  EXPECT_EQ(Nearest("reputaton", candidates), "reputation");
  EXPECT_EQ(Nearest("verifeid", candidates), "verified");
  EXPECT_EQ(Nearest("Created", candidates), "created");
  EXPECT_EQ(Nearest("di", candidates), "id");
  EXPECT_EQ(Nearest("country", candidates), "");
  EXPECT_EQ(Nearest("ix", candidates), "");
  EXPECT_EQ(Nearest("i", candidates), "");
  EXPECT_EQ(Nearest("", candidates), "");
  EXPECT_EQ(Nearest(std::string(1000, 'a'), candidates), "");
}

}  // namespace
}  // namespace moult::lang
