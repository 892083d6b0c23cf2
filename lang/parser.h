// Parser: the state and the rules of the recursive-descent parser behind Parse (lang/parse.h). Internal to lang/parse*.cc.
//
//   file       = (policy | module) NAME {declaration}                               parse.cc
//   declaration = use | input | record | enum | const | fn | let | list | source    parse_decl.cc
//              | decide | rule                                                      parse_rule.cc
//              | test                                                               parse_testing.cc
//   type                                                                            parse_type.cc
//   expression                                                        parse_expr.cc, parse_primary.cc
//   reason     = STRING with {expression}                                           parse_reason.cc
//
// Errors: the first one of a construct is reported and sets `panic_`. While it is set nothing is reported, nothing matches and
// every loop ends, so that the rules return by themselves to one that knows where to go on: the next clause, field or
// declaration. There it skips and clears `panic_`. So each construct gives one error, and a lost one no cascade.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "lang/ast.h"
#include "lang/compile.h"
#include "lang/ir.h"
#include "lang/lexer.h"
#include "lang/report.h"

namespace moult::lang {

class Parser {
 public:
  // Of bytes begin .. end of `text`, which are one file. All must outlive the parser. REQUIRES: CheckText(text, range) returned
  // true, text.size() < 2^32.
  Parser(std::string_view text, TextSpan range, const CompileLimits& limits, Reporter& reporter, Ast& ast);

  void ParseFile();
  ExprId ParseOnlyExpression();

 private:
  class Deeper;  // counts a level of nesting

  // -- tokens (parse.cc)
  const Token& Peek(size_t ahead = 0) const;
  const Token& Previous() const { return tokens_[position_ == 0 ? 0 : position_ - 1]; }
  Token Advance();
  std::string_view TextOf(TextSpan span) const { return text_.substr(span.begin, span.end - span.begin); }
  bool At(TokenKind kind) const { return !panic_ && Peek().kind == kind; }
  bool AtWord(std::string_view word, size_t ahead = 0) const;
  bool Accept(TokenKind kind);
  bool AcceptWord(std::string_view word);
  bool Expect(TokenKind kind);
  bool ExpectWord(std::string_view word);
  // The counterpart of the bracket `open`; `or_else` names, for the message, what could stand there too.
  bool ExpectClosing(TokenKind kind, const Token& open, std::string_view or_else = {});
  TextSpan From(uint32_t begin) const { return {begin, std::max(begin, Previous().span.end)}; }

  // -- errors and recovery (parse.cc)
  void Fail(std::string_view expected, std::string hint = {});
  void FailAt(Code code, TextSpan span, std::string message, std::string hint = {});
  std::string Found() const;
  void FailTooDeep(TextSpan span, std::string_view hint = "split it with `let`, or write a list");
  // Of a construct that the language has and this release does not: the caller skips it.
  bool AtKeyword() const;      // the first word of a declaration, if this is one
  bool AtOpening() const;      // two tokens that begin a declaration and are nowhere in an expression
  bool AtDeclaration() const;  // that, or a keyword that the layout shows to begin one: to recover by
  void SkipToDeclaration();
  void SkipBalanced();
  // Skips to a field's end within the braces at `depth`.
  void RecoverField(uint32_t depth);
  // Skips to the next of the words that begin a clause, or to the end of the braces at `depth`.
  void RecoverClause(uint32_t depth, std::initializer_list<std::string_view> words);

  // -- declarations (parse_decl.cc)
  void ParseHeader();
  void ParseDeclaration();
  Name ParseName(std::string_view what);            // of something that expressions refer to
  Name ParseQuotedName();                           // REQUIRES: At(kQuotedName)
  Name ParseMemberName(std::string_view what);      // of something that follows a dot: no word is reserved
  Name ParseQualifiedName();
  Name ParseNameOfModule(std::string_view what);    // `name` or `alias.name`
  Name ParseText(std::string_view what);            // of a string without interpolation
  bool ParseSeparator(std::string_view what);       // between the fields of a declaration; false at its closing brace
  std::vector<FieldDecl> ParseFields(bool of_input);
  FieldDecl ParseField(bool of_input);
  uint64_t ParseCount();
  std::vector<Parameter> ParseParameters();
  ExprId ParseValue();                              // `= expression`, the end of a declaration
  void ParseUse();
  void ParseInput();
  void ParseRecord();
  void ParseEnum();
  void ParseBudget();
  void ParseConst();
  void ParseFunction();
  void ParseLet();
  void ParseList();
  void ParseSource();
  void SkipPolicyDeclaration();  // in a module
  void SkipDeclaration();
  void SkipLine();
  // After a declaration whose names may now be missing from the tree.
  void LoseIfPanic() { ast_.incomplete = ast_.incomplete || panic_; }
  // A declaration without a name is lost; `lost` says so of its kind.
  template <class Decl>
  void Keep(Decl decl, std::vector<Decl>& declarations, bool& lost) {
    if (decl.name.text.empty()) {
      lost = true;
    } else {
      declarations.push_back(std::move(decl));
    }
  }
  // Keeps the words of text that is skipped, where names may be declared.
  void LoseWords(std::string_view text);

  // -- decide and rules (parse_rule.cc)
  void ParseDecide();
  void ParseVerdicts(DecideMode mode, DecideDecl& decide);
  void ParseVerdictList(TokenKind separator, std::string_view hint, DecideDecl& decide);
  void ParseThresholds(DecideDecl& decide);
  void ParseRule();
  void ParseRuleOption(RuleDecl& rule);
  Name ParseOneOf(const std::vector<std::string_view>& words);
  void ParseRuleBody(RuleDecl& rule);
  void ParseClause(RuleDecl& rule);
  void ParseCondition(ExprId& condition, const Token& word);
  void ParseThen(RuleDecl& rule);
  bool IsWholeItem() const;
  ThenItem ParseThenItem(bool has_outcome);
  void ParseEmit(ThenItem& item);
  void ReportMissingClauses(const RuleDecl& rule);
  int64_t ParseSignedInt();

  // -- tests (parse_testing.cc)
  void ParseTest();
  void ParseTestRows(TestDecl& test);
  TestRow ParseTestRow();
  void ParseTestBody(TestDecl& test);
  void ParseTestClause(TestDecl& test);
  void ParseWith(TestDecl& test);
  void ParseMatches(std::vector<ExprId>& arguments);
  void ParseExpect(std::vector<ExpectDecl>& expects);
  ExpectDecl ParseExpectation();
  bool AtBecause() const;
  bool IsAlone() const;
  bool AtNextClause() const;
  void ParseExpectedNames(TokenKind kind, std::string_view what, std::vector<Name>& names);

  // -- reasons (parse_reason.cc)
  ExprId ParseReason();
  ExprId ParseReasonText(const Token& token);
  void ParseHole(uint32_t open, TextSpan body, std::vector<ExprId>& parts, uint32_t* next);
  bool LexHole(TextSpan range, std::vector<Token>& tokens);

  // -- expressions (parse_expr.cc)
  ExprId ParseExpr();
  ExprId ParseLogic(TokenKind op);
  ExprId ParseRelation();
  ExprId ParseCoalesce();
  ExprId ParseAdditive();
  ExprId ParseMultiplicative();
  ExprId ParseUnary();
  ExprId ParsePostfix();
  ExprId ParseMember(ExprId object);
  ExprId ParsePrimary();
  ExprId ParseWord();
  ExprId ParseNumber();
  ExprId ParseString();
  ExprId ParseBytes();
  ExprId ParseParenthesised();
  ExprId ParseListLiteral();
  ExprId ParseBraceLiteral();
  void ParseEntry(Expr& literal);
  // Expressions separated by commas up to `close`, which is consumed.
  void ParseElements(TokenKind close, const Token& open, bool trailing_comma, std::vector<ExprId>& elements);
  ExprId Balanced(const std::vector<ExprId>& operands, const std::vector<Token>& operators, size_t begin, size_t end);
  ExprId Add(Expr expr);
  ExprId AddError(TextSpan span);
  ExprId Binary(const Token& op, ExprId left, ExprId right);
  TextSpan SpanOf(ExprId id) const { return ast_.exprs[id.index].span; }

  // -- types (parse_type.cc)
  TypeExprId ParseType();
  bool AcceptGreater();

  std::string_view text_;
  TextSpan range_;              // of the file
  const CompileLimits& limits_;
  Reporter& reporter_;
  Ast& ast_;

  std::vector<Token> tokens_;   // ends in kEnd
  size_t position_ = 0;
  bool panic_ = false;
  bool in_module_ = false;
  bool in_hole_ = false;        // the tokens are those of a reason's `{...}`
  uint32_t brace_depth_ = 0;    // `{` passed and not closed
  uint32_t depth_ = 0;          // of the recursion
  std::vector<uint32_t> heights_;  // of the tree below each expression, parallel to Ast::exprs
};

// Counts one level of the parser's recursion. Every cycle of its rules goes through one of these.
class Parser::Deeper {
 public:
  explicit Deeper(Parser& parser) : parser_(parser) { ++parser_.depth_; }
  ~Deeper() { --parser_.depth_; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;
  bool too_deep() const { return parser_.depth_ > parser_.limits_.nesting; }

 private:
  Parser& parser_;
};

// Whether CEL or the rule grammar keeps `word` for itself: it names nothing that an expression could refer to.
bool IsReservedWord(std::string_view word);
// Whether a declaration may begin with `word`.
bool IsDeclarationKeyword(std::string_view word);

}  // namespace moult::lang
