#include "tests/support/formatting.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "lang/ast_print.h"
#include "lang/format.h"
#include "lang/format_tokens.h"
#include "lang/parse.h"

namespace moult::lang::test {
namespace {

// What a text is read into, or the errors in it.
struct Reading {
  Ast ast;
  std::string tree;
  std::string form;
  std::string errors;
};

Reading Read(const std::string& text) {
  Reporter reporter("policy.moult", text, 20), again("policy.moult", text, 20);
  Reading reading;
  reading.ast = Parse(text, {}, reporter);
  if (!reporter.has_errors()) {
    reading.tree = Print(reading.ast);
    reading.form = Format(text, {}, again);
  }
  if (reporter.has_errors() || again.has_errors()) reading.errors = Render(reporter.Take()) + Render(again.Take());
  return reading;
}

std::string MustFormat(const std::string& text) {
  const Reading reading = Read(text);
  EXPECT_EQ(reading.errors, "") << text;
  return reading.form;
}

void ExpectSameMeaning(const std::string& text) { EXPECT_EQ(FormatComplaint(text), "") << text; }

std::vector<FormatToken> TokensOf(const std::string& text) {
  Reporter reporter("policy.moult", text, 20);
  return FormatTokens(text, reporter);
}

// In order, a line each.
std::string CommentsOf(const std::string& text) {
  std::string comments;
  for (const FormatToken& token : TokensOf(text)) {
    for (const Comment& comment : token.above) comments += std::string(comment.text) + "\n";
    for (std::string_view comment : token.trailing) comments += std::string(comment) + "\n";
  }
  return comments;
}

// White space for between two tokens. Where a new line may mean something there is one, and nowhere else an empty one.
std::string Gap(const std::string& gap, bool declaration, bool comments, std::mt19937_64& random) {
  const auto newlines = std::count(gap.begin(), gap.end(), '\n');
  const size_t choice = random() % 8;
  const bool commented = comments && choice < 2;
  std::string out = gap.find("//") != std::string::npos ? gap : newlines > 0 ? "\n" : gap;
  if (newlines > 1 && out == "\n") out += "\n";
  if (newlines == 0 && choice == 7) out += "\n";
  if (commented) out += choice == 0 ? " // a comment \n" : " // one,\n // two\n";
  if (out.empty()) out += choice == 3 ? "\t " : choice == 4 ? "\r\n " : "";
  if (!declaration) out += choice == 5 ? "          " : out.find('\n') != std::string::npos ? "   " : "";
  return out;
}

// What follows these on their line means something else on the next one: a keyword behind a dot, what a test expects.
constexpr std::string_view kBeforeSameLine[] = {".", "expect", "because", "not", "score", "tags", "reason", "shadow", "errors", "emits"};

}  // namespace

std::string FormatComplaint(const std::string& text) {
  const Reading before = Read(text), after = Read(before.form);
  const auto complain = [&](const char* what, const std::string& was, const std::string& is) {
    return was == is ? "" : std::string(what) + ": " + was + "\n--- became\n" + is + "\n--- in the form\n" + before.form;
  };
  if (!before.errors.empty()) return before.errors;
  if (!after.errors.empty()) return after.errors + "--- in the form\n" + before.form;
  std::string complaint = complain("another tree", before.tree, after.tree);
  if (complaint.empty()) complaint = complain("other comments", CommentsOf(text), CommentsOf(before.form));
  if (complaint.empty()) complaint = complain("another form", before.form, after.form);
  return complaint;
}

std::string Scramble(const std::string& text, std::mt19937_64& random, bool comments) {
  std::vector<uint32_t> declarations;
  for (const TextSpan& span : Read(text).ast.declarations) declarations.push_back(span.begin);
  std::string out;
  std::string_view last;
  size_t end = 0;
  for (const FormatToken& token : TokensOf(text)) {
    const bool declaration = std::find(declarations.begin(), declarations.end(), token.begin) != declarations.end();
    const std::string gap = text.substr(end, token.begin - end);
    const bool same_line = gap.find('\n') == std::string::npos &&
                           std::find(std::begin(kBeforeSameLine), std::end(kBeforeSameLine), last) != std::end(kBeforeSameLine);
    out += same_line ? gap : Gap(end == 0 ? "\n" + gap : gap, declaration, comments, random);
    out += token.text;
    last = token.text;
    end = token.begin + token.text.size();
  }
  return out;
}

void ExpectFormats(const std::string& text, std::mt19937_64& random) {
  const std::string formatted = MustFormat(text);
  ExpectSameMeaning(text);
  if (CommentsOf(text).empty()) {
    const std::string moved = Scramble(text, random, false);
    EXPECT_EQ(MustFormat(moved), formatted) << moved;
  }
  for (int k = 0; k < 2 && !testing::Test::HasFailure(); ++k) {
    ExpectSameMeaning(Scramble(text, random, true));
  }
}

}  // namespace moult::lang::test
