// Tests in the policy's file.
//
//   test       = "test" STRING ["for" parameters "in" "[" {row ","} "]"] "{" {given | with | expect} "}"
//   row        = "(" (expression | "_") {","...} ")" {expect}
//   given      = "given" "{" fields "}"
//   with       = "with" NAME ["(" (expression | "_") {","...} ")"] ("=" expression | "fails")
//   expect     = "expect" (VERDICT | because | "score" INT | "tags" STRING{","...} | "reason" STRING | "shadow" rules | "errors" rules)
//                {because}
//   because    = ["not"] "because" rules
#include <fmt/format.h>

#include "lang/parser.h"

namespace moult::lang {

void Parser::ParseTest() {
  const Token word = Advance();
  TestDecl test;
  test.name = ParseText("the test's name in quotes");
  if (AcceptWord("for")) ParseTestRows(test);
  test.broken = panic_;
  ParseTestBody(test);
  test.broken = test.broken || panic_;
  test.span = From(word.span.begin);
  ast_.tests.push_back(std::move(test));
}

// (age: int, count: int) in [ rows ]
void Parser::ParseTestRows(TestDecl& test) {
  const Token open_parameters = Peek();
  test.parameters = ParseParameters();
  if (test.parameters.empty() && !panic_) {
    FailAt(Code::kSyntax, open_parameters.span, "a test with rows has parameters", "write `for (name: type, ...) in [...]`");
  }
  ExpectWord("in");
  const Token open = Peek();
  Expect(TokenKind::kLeftBracket);
  while (!panic_ && !At(TokenKind::kRightBracket)) {
    TestRow row = ParseTestRow();
    if (!panic_) test.rows.push_back(std::move(row));
    if (!Accept(TokenKind::kComma)) break;
  }
  ExpectClosing(TokenKind::kRightBracket, open, "`,` or ");
}

TestRow Parser::ParseTestRow() {
  TestRow row;
  const Token open = Peek();
  if (!Expect(TokenKind::kLeftParen)) return row;
  ParseElements(TokenKind::kRightParen, open, false, row.values);
  row.span = From(open.span.begin);
  while (!panic_ && AcceptWord("expect")) ParseExpect(row.expects);
  return row;
}

void Parser::ParseTestBody(TestDecl& test) {
  const Token open = Peek();
  if (!Expect(TokenKind::kLeftBrace)) return;
  const uint32_t depth = brace_depth_;
  while (!At(TokenKind::kRightBrace) && Peek().kind != TokenKind::kEnd && !AtDeclaration()) {
    ParseTestClause(test);
    if (!panic_) continue;
    test.broken = true;
    RecoverClause(depth, {"given", "with", "expect"});
  }
  ExpectClosing(TokenKind::kRightBrace, open);
}

void Parser::ParseTestClause(TestDecl& test) {
  const Token word = Peek();
  if (AcceptWord("given")) {
    if (test.given.valid()) {
      reporter_.Report(Code::kDuplicateClause, word.span, "this test has a `given` already", "put all fields into one");
    }
    if (!At(TokenKind::kLeftBrace)) return Fail("`{`", "write `given {field: value, ...}`");
    const ExprId given = ParseBraceLiteral();
    if (!panic_) test.given = given;
  } else if (AcceptWord("with")) {
    ParseWith(test);
  } else if (AcceptWord("expect")) {
    ParseExpect(test.expects);
  } else {
    const std::string_view nearest = Nearest(TextOf(word.span), {"given", "with", "expect"});
    Fail("`given`, `with`, `expect` or `}`", nearest.empty() ? "" : fmt::format("did you mean `{}`?", nearest));
  }
}

void Parser::ParseWith(TestDecl& test) {
  WithDecl with;
  const uint32_t begin = Previous().span.begin;
  with.name = ParseNameOfModule("the name of a list or source");
  with.is_call = At(TokenKind::kLeftParen);
  if (with.is_call) ParseMatches(with.arguments);
  with.fails = with.is_call && AcceptWord("fails");
  if (!with.fails) {
    if (!panic_ && !At(TokenKind::kAssign)) return Fail(with.is_call ? "`=` or `fails`" : "`=` or `(`");
    Expect(TokenKind::kAssign);
    with.value = ParseExpr();
  }
  with.span = From(begin);
  if (!panic_) test.withs.push_back(std::move(with));
}

// (argument, _, ...)
void Parser::ParseMatches(std::vector<ExprId>& arguments) {
  const Token open = Advance();
  while (!panic_ && !At(TokenKind::kRightParen)) {
    const bool any = AcceptWord("_");
    arguments.push_back(any ? ExprId{} : ParseExpr());
    if (!Accept(TokenKind::kComma)) break;
  }
  ExpectClosing(TokenKind::kRightParen, open, "`,` or ");
}

bool Parser::AtBecause() const { return AtWord("because") || (AtWord("not") && AtWord("because", 1)); }

void Parser::ParseExpect(std::vector<ExpectDecl>& expects) {
  do {
    ExpectDecl expect = ParseExpectation();
    if (!panic_) expects.push_back(std::move(expect));
  } while (AtBecause());
}

// Whether nothing follows this word that belongs to it: then it is a verdict, whatever it is called.
bool Parser::IsAlone() const {
  const Token& next = Peek(1);
  return next.first_on_line || AtWord("because", 1) || AtWord("not", 1) || next.kind == TokenKind::kRightBrace ||
         next.kind == TokenKind::kComma || next.kind == TokenKind::kRightBracket || next.kind == TokenKind::kEnd;
}

// Whether the next clause begins where a name is missing.
bool Parser::AtNextClause() const {
  return Peek().first_on_line && (AtWord("given") || AtWord("with") || AtWord("expect"));
}

ExpectDecl Parser::ParseExpectation() {
  using Kind = ExpectDecl::Kind;
  ExpectDecl expect;
  const uint32_t begin = Peek().span.begin;
  constexpr std::string_view kExpected = "a verdict, `because`, `score`, `tags`, `reason`, `emits`, `shadow` or `errors`";
  if (AtBecause()) {
    expect.kind = AcceptWord("not") ? Kind::kNotBecause : Kind::kBecause;
    Advance();
    ParseExpectedNames(TokenKind::kIdentifier, "a rule's name", expect.names);
  } else if (AtNextClause()) {
    Fail(kExpected);
  } else if (IsAlone()) {
    expect.names.push_back(ParseName(kExpected));
  } else if (AcceptWord("score")) {
    expect.kind = Kind::kScore;
    expect.score = ParseSignedInt();
  } else if (AcceptWord("tags")) {
    expect.kind = Kind::kTags;
    ParseExpectedNames(TokenKind::kString, "a tag in quotes", expect.names);
  } else if (AcceptWord("reason")) {
    expect.kind = Kind::kReason;
    expect.names.push_back(ParseText("a reason in quotes"));
  } else if (AcceptWord("emits")) {
    expect.kind = Kind::kEmits;
    expect.names.push_back(ParseMemberName("the name of an effect"));
    expect.is_call = At(TokenKind::kLeftParen);
    if (expect.is_call) ParseMatches(expect.arguments);
  } else if (AtWord("shadow") || AtWord("errors")) {
    expect.kind = TextOf(Advance().span) == "shadow" ? Kind::kShadow : Kind::kErrors;
    ParseExpectedNames(TokenKind::kIdentifier, "a rule's name", expect.names);
  } else {
    expect.names.push_back(ParseName(kExpected));
  }
  expect.span = From(begin);
  return expect;
}

// Names or strings separated by commas. A comma before anything else belongs to the rows around.
void Parser::ParseExpectedNames(TokenKind kind, std::string_view what, std::vector<Name>& names) {
  if (AtNextClause()) Fail(what);
  while (!panic_) {
    names.push_back(kind == TokenKind::kString ? ParseText(what) : ParseMemberName(what));
    if (!At(TokenKind::kComma) || Peek(1).kind != kind) return;
    Advance();
  }
}

}  // namespace moult::lang
