// Declarations, apart from `decide` and rules.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "lang/literal.h"
#include "lang/parser.h"

namespace moult::lang {
namespace {

// CEL's reserved words and literals, and the words that begin the clauses of a rule.
constexpr std::string_view kReservedWords[] = {
    "as",     "break", "const", "continue",  "else",    "false",  "for",  "function", "if",   "import", "in",
    "let",    "loop",  "namespace", "null",  "package", "return", "then", "true",     "unless", "var",  "void",
    "when",   "while"};
static_assert(std::is_sorted(std::begin(kReservedWords), std::end(kReservedWords)));

// Of other languages.
std::string_view NativeKeyword(std::string_view word) {
  if (word == "import" || word == "include" || word == "require") return "use";
  if (word == "package" || word == "namespace") return "module";
  if (word == "function" || word == "def" || word == "func") return "fn";
  if (word == "var") return "let";
  if (word == "struct" || word == "type" || word == "class") return "record";
  return {};
}

bool IsForPolicies(std::string_view declaration) {
  constexpr std::string_view kShared[] = {"const", "enum", "fn", "list", "record", "use"};
  return std::find(std::begin(kShared), std::end(kShared), declaration) == std::end(kShared);
}

}  // namespace

bool IsReservedWord(std::string_view word) {
  return std::binary_search(std::begin(kReservedWords), std::end(kReservedWords), word);
}

void Parser::ParseHeader() {
  in_module_ = AtWord("module");
  if (in_module_ || AtWord("policy")) {
    Advance();
    Name name = ParseQualifiedName();
    if (range_.begin == 0) {
      ast_.policy = std::move(name);
      ast_.is_module = in_module_;
    }
  } else {
    ast_.incomplete = ast_.incomplete || Peek().kind == TokenKind::kEnd;
    Fail("`policy NAME` or `module NAME`", "a file begins with the name of its policy");
  }
  const bool alone = panic_ || Peek().first_on_line || Peek().kind == TokenKind::kEnd || AtDeclaration();
  if (!alone) {
    Fail("a new line after the name", At(TokenKind::kLeftBrace) ? "what follows stands in no braces"
                                                                : "a name has letters, digits, `_` and, between names, `.`");
    if (Peek().kind != TokenKind::kLeftBrace) SkipLine();
  }
  LoseIfPanic();
  if (panic_) SkipToDeclaration();
}

void Parser::SkipLine() {
  const uint32_t begin = Peek().span.begin;
  while (Peek().kind != TokenKind::kEnd && !Peek().first_on_line) Advance();
  LoseWords(TextOf(From(begin)));
}

void Parser::ParseDeclaration() {
  struct Keyword {
    std::string_view word;
    void (Parser::*parse)();
  };
  static constexpr Keyword kKeywords[] = {{"rule", &Parser::ParseRule},
                                          {"let", &Parser::ParseLet},
                                          {"const", &Parser::ParseConst},
                                          {"fn", &Parser::ParseFunction},
                                          {"input", &Parser::ParseInput},
                                          {"record", &Parser::ParseRecord},
                                          {"enum", &Parser::ParseEnum},
                                          {"list", &Parser::ParseList},
                                          {"source", &Parser::ParseSource},
                                          {"decide", &Parser::ParseDecide},
                                          {"use", &Parser::ParseUse},
                                          {"test", &Parser::ParseTest},
                                          {"budget", &Parser::ParseBudget}};
  for (const Keyword& keyword : kKeywords) {
    if (!AtWord(keyword.word)) continue;
    return in_module_ && IsForPolicies(keyword.word) ? SkipPolicyDeclaration() : (this->*keyword.parse)();
  }
  if (AtWord("policy") || AtWord("module")) {
    return FailAt(Code::kSyntax, Advance().span, "a file holds one policy or module", "move it to a file of its own");
  }
  std::vector<std::string_view> keywords;
  for (const Keyword& keyword : kKeywords) keywords.push_back(keyword.word);
  const std::string_view nearest =
      Peek().kind == TokenKind::kIdentifier ? Nearest(TextOf(Peek().span), keywords) : std::string_view();
  const std::string_view native = Peek().kind == TokenKind::kIdentifier ? NativeKeyword(TextOf(Peek().span)) : std::string_view();
  if (!native.empty()) Fail("a declaration", fmt::format("did you mean `{}`?", native));
  Fail("a declaration", nearest.empty() ? "" : fmt::format("did you mean `{}`?", nearest));
  ast_.incomplete = true;
}

// What depends on a request or makes a decision is the policy's.
void Parser::SkipPolicyDeclaration() {
  const Token keyword = Advance();
  reporter_.Report(Code::kModuleDeclaration, keyword.span, fmt::format("a module has no `{}`", TextOf(keyword.span)),
                   "a module holds functions, constants, records, enums and lists: move this to a policy");
  ast_.incomplete = ast_.lost_text = true;
  SkipDeclaration();
}

void Parser::SkipDeclaration() {
  while (Peek().kind != TokenKind::kEnd && !AtDeclaration()) {
    Peek().kind == TokenKind::kLeftBrace ? SkipBalanced() : static_cast<void>(Advance());
  }
}

void Parser::ParseUse() {
  Advance();
  UseDecl use;
  use.module = ParseQualifiedName();
  LoseIfPanic();
  if (panic_) return;
  const TextSpan last = Previous().span;
  use.alias = {std::string(TextOf(last)), last};
  ast_.uses.push_back(std::move(use));
}

Name Parser::ParseMemberName(std::string_view what) {
  if (!At(TokenKind::kIdentifier) || AtDeclaration()) {
    Fail(what);
    return {};
  }
  const Token token = Advance();
  return {std::string(TextOf(token.span)), token.span};
}

Name Parser::ParseQuotedName() {
  const TextSpan span = Advance().span;
  return {std::string(TextOf({span.begin + 1, span.end - 1})), span};
}

Name Parser::ParseName(std::string_view what) {
  Name name = ParseMemberName(what);
  if (!panic_ && IsReservedWord(name.text)) {
    reporter_.Report(Code::kReservedWord, name.span, fmt::format("{} is a reserved word", Quoted(name.text)),
                     "choose another name");
  }
  return name;
}

Name Parser::ParseNameOfModule(std::string_view what) {
  Name name = ParseMemberName(what);
  if (!Accept(TokenKind::kDot)) return name;
  const Name member = ParseMemberName(what);
  return {name.text + "." + member.text, {name.span.begin, std::max(name.span.end, member.span.end)}};
}

Name Parser::ParseQualifiedName() {
  Name name = ParseMemberName("a name");
  while (Accept(TokenKind::kDot)) {
    const Name part = ParseMemberName("a name");
    name.text += "." + part.text;
    name.span.end = std::max(name.span.end, part.span.end);
  }
  return name;
}

// Between two fields stands a comma or a new line.
bool Parser::ParseSeparator(std::string_view what) {
  const bool comma = Accept(TokenKind::kComma);
  if (panic_ || At(TokenKind::kRightBrace) || At(TokenKind::kEnd) || AtDeclaration()) return false;
  if (!comma && !Peek().first_on_line) Fail(fmt::format("`,` or a new line before the next {}", what));
  return true;
}

std::vector<FieldDecl> Parser::ParseFields(bool of_input) {
  std::vector<FieldDecl> fields;
  const Token open = Peek();
  if (!Expect(TokenKind::kLeftBrace)) return fields;
  const uint32_t depth = brace_depth_;
  bool more = !At(TokenKind::kRightBrace) && !At(TokenKind::kEnd);
  while (more) {
    FieldDecl field = ParseField(of_input);
    if (!field.name.text.empty()) fields.push_back(std::move(field));
    more = ParseSeparator("field");
    if (panic_) {
      RecoverField(depth);
      more = ParseSeparator("field");
    }
  }
  ExpectClosing(TokenKind::kRightBrace, open);
  return fields;
}

FieldDecl Parser::ParseField(bool of_input) {
  FieldDecl field;
  field.name = of_input ? ParseName("a field's name") : ParseMemberName("a field's name");
  Expect(TokenKind::kColon);
  field.type = ParseType();
  if (AtWord("max") && Peek(1).kind != TokenKind::kColon) {  // else the next field, which is called so
    const Token word = Advance();
    field.max = ParseCount();
    field.max_span = From(word.span.begin);
  }
  return field;
}

uint64_t Parser::ParseCount() {
  const Token token = Peek();
  if (!At(TokenKind::kInt)) {
    Fail("an integer");
    return 0;
  }
  Advance();
  const std::optional<uint64_t> count = ParseMagnitude(TextOf(token.span));
  if (!count) reporter_.Report(Code::kNumberRange, token.span, fmt::format("{} is too large", Quoted(TextOf(token.span))));
  return count.value_or(0);
}

std::vector<Parameter> Parser::ParseParameters() {
  std::vector<Parameter> parameters;
  const Token open = Peek();
  if (!Expect(TokenKind::kLeftParen)) return parameters;
  while (!panic_ && !At(TokenKind::kRightParen)) {
    Parameter parameter;
    parameter.name = ParseName("a parameter's name");
    Expect(TokenKind::kColon);
    parameter.type = ParseType();
    if (!panic_) parameters.push_back(std::move(parameter));
    if (!Accept(TokenKind::kComma)) break;
  }
  ExpectClosing(TokenKind::kRightParen, open);
  return parameters;
}

ExprId Parser::ParseValue() {
  Expect(TokenKind::kAssign);
  LoseIfPanic();
  const ExprId value = ParseExpr();
  if (panic_ || Peek().kind == TokenKind::kEnd || AtDeclaration() || Peek().first_on_line) return value;
  Fail("an operator or the next declaration");
  return AddError(ast_[value].span);
}

void Parser::ParseInput() {
  InputDecl input;
  const Token word = Advance();
  input.fields = ParseFields(true);
  input.span = From(word.span.begin);
  LoseIfPanic();
  if (!panic_ || !input.fields.empty()) ast_.inputs.push_back(std::move(input));
}

void Parser::ParseRecord() {
  Advance();
  RecordDecl record;
  record.name = ParseName("a record's name");
  record.fields = ParseFields(false);
  LoseIfPanic();
  Keep(std::move(record), ast_.records, ast_.lost_type);
}

void Parser::ParseEnum() {
  Advance();
  EnumDecl decl;
  decl.name = ParseName("an enum's name");
  const Token open = Peek();
  Expect(TokenKind::kLeftBrace);
  const uint32_t depth = brace_depth_;
  bool more = !panic_;
  if (more && At(TokenKind::kRightBrace)) {
    reporter_.Report(Code::kSyntax, Peek().span, "an enum has at least one enumerator", "write `enum Name { first, second }`");
    more = false;
  }
  while (more) {
    Name enumerator = ParseMemberName("an enumerator");
    if (!panic_) decl.enumerators.push_back(std::move(enumerator));
    more = ParseSeparator("enumerator");
    if (panic_) {
      RecoverField(depth);
      more = ParseSeparator("enumerator");
    }
  }
  ExpectClosing(TokenKind::kRightBrace, open);
  LoseIfPanic();
  if (decl.enumerators.empty()) LoseWords(decl.name.text);
  ast_.lost_value = ast_.lost_value || decl.name.text.empty();
  Keep(std::move(decl), ast_.enums, ast_.lost_type);
}

void Parser::ParseBudget() {
  const Token word = Advance();
  BudgetDecl decl;
  decl.steps = ParseCount();
  decl.span = From(word.span.begin);
  if (!panic_) ast_.budgets.push_back(decl);
}

void Parser::ParseConst() {
  Advance();
  ConstDecl decl;
  decl.name = ParseName("a constant's name");
  decl.value = ParseValue();
  Keep(std::move(decl), ast_.consts, ast_.lost_value);
}

void Parser::ParseLet() {
  Advance();
  LetDecl decl;
  decl.name = ParseName("a name");
  decl.value = ParseValue();
  Keep(std::move(decl), ast_.lets, ast_.lost_value);
}

void Parser::ParseFunction() {
  Advance();
  FunctionDecl decl;
  decl.name = ParseName("a function's name");
  decl.parameters = ParseParameters();
  Expect(TokenKind::kArrow);
  decl.result = ParseType();
  decl.broken = panic_;
  decl.body = ParseValue();
  Keep(std::move(decl), ast_.functions, ast_.lost_function);
}

void Parser::ParseList() {
  Advance();
  ListDeclAst decl;
  decl.name = ParseName("a list's name");
  Expect(TokenKind::kColon);
  decl.type = ParseType();
  ExpectWord("from");
  decl.file = ParseText("a file's name in quotes");
  LoseIfPanic();
  Keep(std::move(decl), ast_.lists, ast_.lost_value);
}

void Parser::ParseSource() {
  Advance();
  SourceDeclAst decl;
  decl.name = ParseName("a source's name");
  decl.parameters = ParseParameters();
  Expect(TokenKind::kArrow);
  decl.result = ParseType();
  decl.broken = panic_;
  LoseIfPanic();
  Keep(std::move(decl), ast_.sources, ast_.lost_function);
}

Name Parser::ParseText(std::string_view what) {
  if (!At(TokenKind::kString)) {
    Fail(what);
    return {};
  }
  const Token token = Advance();
  return {DecodeLiteral(text_, token.span, reporter_), token.span};
}

}  // namespace moult::lang
