#include "lang/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <limits>

#include "lang/parser.h"

namespace moult::lang {

Parser::Parser(std::string_view text, TextSpan range, const CompileLimits& limits, Reporter& reporter, Ast& ast)
    : text_(text), range_(range), limits_(limits), reporter_(reporter), ast_(ast) {
  heights_.resize(ast.exprs.size());
  Lexer lexer(text, range, reporter);
  do {
    tokens_.push_back(lexer.Next());
    if (tokens_.back().kind == TokenKind::kInvalid) LoseWords(TextOf(tokens_.back().span));  // a string without end
  } while (tokens_.back().kind != TokenKind::kEnd);
}

void Parser::ParseFile() {
  uint32_t begin = Peek().span.begin;
  ParseHeader();
  ast_.declarations.push_back(From(begin));
  while (Peek().kind != TokenKind::kEnd) {
    begin = Peek().span.begin;
    ParseDeclaration();
    ast_.declarations.push_back(From(begin));
    if (ast_.rules.size() > limits_.rules) {
      reporter_.Report(Code::kTooManyRules, ast_.rules.back().name.span,
                       fmt::format("the policy has more than {} rules", limits_.rules));
      ast_.lost_text = true;
      return;
    }
    if (panic_) SkipToDeclaration();
  }
}

const Token& Parser::Peek(size_t ahead) const { return tokens_[std::min(position_ + ahead, tokens_.size() - 1)]; }

Token Parser::Advance() {
  const Token token = Peek();
  if (token.kind == TokenKind::kLeftBrace) ++brace_depth_;
  if (token.kind == TokenKind::kRightBrace && brace_depth_ > 0) --brace_depth_;
  if (token.kind != TokenKind::kEnd) ++position_;
  return token;
}

bool Parser::AtWord(std::string_view word, size_t ahead) const {
  const Token& token = Peek(ahead);
  return !panic_ && token.kind == TokenKind::kIdentifier && TextOf(token.span) == word;
}

bool Parser::Accept(TokenKind kind) {
  if (!At(kind)) return false;
  Advance();
  return true;
}

bool Parser::AcceptWord(std::string_view word) {
  if (!AtWord(word)) return false;
  Advance();
  return true;
}

bool Parser::Expect(TokenKind kind) {
  if (Accept(kind)) return true;
  Fail(TokenName(kind));
  return false;
}

bool Parser::ExpectWord(std::string_view word) {
  if (AcceptWord(word)) return true;
  Fail(fmt::format("`{}`", word));
  return false;
}

bool Parser::ExpectClosing(TokenKind kind, const Token& open, std::string_view or_else) {
  if (Accept(kind)) return true;
  std::string hint;
  const bool far = !panic_ && !reporter_.full() && TextOf({open.span.begin, Peek().span.begin}).find('\n') != std::string_view::npos;
  if (far) {
    const Position place = PositionOf(text_, open.span.begin);
    hint = fmt::format("{} closes {} at {}:{}", TokenName(kind), Quoted(TextOf(open.span)), place.line, place.column);
  }
  Fail(fmt::format("{}{}", or_else, TokenName(kind)), std::move(hint));
  return false;
}

namespace {

// What people of other languages write for ours.
std::string HintForWord(std::string_view word, std::string_view before) {
  if (word == "=") return before == "==" || before == "!=" ? "leave out the last `=`" : "write `==` to compare";
  if (before == "not") return "write `!`";
  if (word == "is" || word == "equals") return "write `==`";
  if (word == "greater") return "write `>`";
  if (word == "less") return "write `<`";
  if (word == "and") return "write `&&`";
  if (word == "or") return "write `||`";
  if (word == "not") return "write `!`";
  return {};
}

}  // namespace

void Parser::Fail(std::string_view expected, std::string hint) {
  const Token& token = Peek();
  if (hint.empty() && expected.starts_with("an ")) hint = HintForWord(TextOf(token.span), TextOf(Previous().span));
  // Reported: what could not be read, and what is missing after a string that has taken the rest of its line.
  const bool after_invalid = position_ > 0 && Previous().kind == TokenKind::kInvalid;
  if (token.kind == TokenKind::kInvalid || after_invalid) panic_ = true;
  // What is missing before the next declaration is missed where this one stops, not where the next begins.
  const bool at_end = position_ > 0 && !in_hole_ && (token.kind == TokenKind::kEnd || AtDeclaration());
  const TextSpan place = at_end ? TextSpan{Previous().span.end, Previous().span.end} : token.span;
  FailAt(Code::kSyntax, place, fmt::format("expected {}, found {}", expected, Found()), std::move(hint));
}

void Parser::FailAt(Code code, TextSpan span, std::string message, std::string hint) {
  if (!panic_) reporter_.Report(code, span, std::move(message), std::move(hint));
  panic_ = true;
}

std::string Parser::Found() const {
  const Token& token = Peek();
  switch (token.kind) {
    case TokenKind::kEnd: return in_hole_ ? "`}`" : "the end of the file";
    case TokenKind::kString: return "a string";
    case TokenKind::kBytes: return "bytes";
    default: return position_ > 0 && AtDeclaration() ? "the next declaration" : Quoted(TextOf(token.span));
  }
}

void Parser::FailTooDeep(TextSpan span, std::string_view hint) {
  FailAt(Code::kNesting, span, fmt::format("this is nested more than {} deep", limits_.nesting), std::string(hint));
}

namespace {

// What follows a declaration's keyword where it is that declaration: no expression has the two tokens in a row. In a file that
// is laid out as usual the keyword is also the first on an unindented line.
struct Opening {
  std::string_view keyword;
  TokenKind next;
};
constexpr Opening kOpenings[] = {
    {"policy", TokenKind::kIdentifier}, {"module", TokenKind::kIdentifier}, {"input", TokenKind::kLeftBrace},
    {"record", TokenKind::kIdentifier}, {"enum", TokenKind::kIdentifier},   {"const", TokenKind::kIdentifier},
    {"fn", TokenKind::kIdentifier},     {"let", TokenKind::kIdentifier},    {"list", TokenKind::kIdentifier},
    {"source", TokenKind::kIdentifier}, {"decide", TokenKind::kIdentifier}, {"rule", TokenKind::kIdentifier},
    {"use", TokenKind::kIdentifier},    {"test", TokenKind::kString},       {"budget", TokenKind::kInt}};

constexpr std::string_view kAfterName[] = {"in", "then", "unless", "when"};  // words that may follow a name in a rule

const Opening* OpeningOf(std::string_view word) {
  const auto found = std::find_if(std::begin(kOpenings), std::end(kOpenings),
                                  [word](const Opening& o) { return o.keyword == word; });
  return found == std::end(kOpenings) ? nullptr : found;
}

}  // namespace

bool IsDeclarationKeyword(std::string_view word) { return OpeningOf(word) != nullptr; }

bool Parser::AtKeyword() const {
  const bool member = position_ > 0 && Previous().kind == TokenKind::kDot && !Peek().first_on_line;
  return Peek().kind == TokenKind::kIdentifier && !in_hole_ && !member && OpeningOf(TextOf(Peek().span)) != nullptr;
}

bool Parser::AtOpening() const {
  if (!AtKeyword() || Peek(1).kind != OpeningOf(TextOf(Peek().span))->next) return false;
  return Peek(1).kind != TokenKind::kIdentifier ||
         std::find(std::begin(kAfterName), std::end(kAfterName), TextOf(Peek(1).span)) == std::end(kAfterName);
}

bool Parser::AtDeclaration() const {
  if (AtOpening()) return true;
  const Token& token = Peek();
  const bool unindented = token.first_on_line && (token.span.begin == 0 || text_[token.span.begin - 1] == '\n');
  return AtKeyword() && unindented && Peek(1).kind != TokenKind::kColon && Peek(1).kind != TokenKind::kDot;
}

void Parser::LoseWords(std::string_view text) {
  constexpr size_t kMostWords = 10'000;  // of a text that is no policy at all
  const auto is_word = [](char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0; };
  for (auto begin = text.begin(); !ast_.lost_text;) {
    begin = std::find_if(begin, text.end(), is_word);
    if (begin == text.end()) return;
    const auto end = std::find_if_not(begin, text.end(), is_word);
    ast_.lost_words.emplace(begin, end);
    ast_.lost_text = ast_.lost_words.size() > kMostWords;
    begin = end;
  }
}

void Parser::SkipToDeclaration() {
  const uint32_t begin = Peek().span.begin;
  while (Peek().kind != TokenKind::kEnd && !AtDeclaration()) Advance();
  LoseWords(TextOf(From(begin)));
  brace_depth_ = 0;
  panic_ = false;
}

// At an opening bracket: passes its counterpart.
void Parser::SkipBalanced() {
  uint32_t open = 0;
  do {
    switch (Advance().kind) {
      case TokenKind::kLeftParen: case TokenKind::kLeftBracket: case TokenKind::kLeftBrace: ++open; break;
      case TokenKind::kRightParen: case TokenKind::kRightBracket: case TokenKind::kRightBrace: --open; break;
      case TokenKind::kEnd: return;
      default: break;
    }
  } while (open > 0);
}

void Parser::RecoverField(uint32_t depth) {
  const size_t begin = position_;
  const uint32_t skipped = Peek().span.begin;
  for (; Peek().kind != TokenKind::kEnd && !AtDeclaration(); Advance()) {
    if (brace_depth_ > depth) continue;
    const TokenKind kind = Peek().kind;
    if (kind == TokenKind::kComma || kind == TokenKind::kRightBrace) break;
    if (Peek().first_on_line && position_ > begin) break;
  }
  LoseWords(TextOf(From(skipped)));
  ast_.incomplete = true;
  panic_ = false;
}

void Parser::RecoverClause(uint32_t depth, std::initializer_list<std::string_view> words) {
  panic_ = false;
  for (; Peek().kind != TokenKind::kEnd && !AtDeclaration(); Advance()) {
    const bool member = position_ > 0 && Previous().kind == TokenKind::kDot;
    if (!member && std::any_of(words.begin(), words.end(), [this](std::string_view word) { return AtWord(word); })) break;
    if (At(TokenKind::kRightBrace) && brace_depth_ <= depth) break;
  }
  brace_depth_ = depth;
}

namespace {

constexpr size_t kAddressable = std::numeric_limits<uint32_t>::max() - 2;  // spans are 32-bit

// Whether the bytes of one file within `text` can be read at all; reports.
bool IsReadable(std::string_view text, TextSpan range, uint32_t file, const CompileLimits& limits, Reporter& reporter) {
  const size_t size = range.end - range.begin;
  const size_t limit = std::min(limits.source_bytes, kAddressable);
  if (size <= limit) return CheckText(text, range, reporter);
  reporter.ReportFile(Code::kSourceTooLarge,
                      fmt::format("the file has {} bytes, more than the {} that are allowed", size, limit), {}, file);
  return false;
}

TextSpan WholeOf(std::string_view text) { return {0, static_cast<uint32_t>(std::min(text.size(), kAddressable + 1))}; }

void ParseRange(std::string_view text, TextSpan range, uint32_t file, const CompileLimits& limits, Reporter& reporter,
                Ast& ast) {
  if (IsReadable(text, range, file, limits, reporter)) {
    Parser(text, range, limits, reporter, ast).ParseFile();
  } else {
    ast.incomplete = ast.lost_text = true;
  }
}

}  // namespace

ExprId Parser::ParseOnlyExpression() {
  const ExprId expression = ParseExpr();
  if (Peek().kind != TokenKind::kEnd) Fail("an operator or the end");
  return expression;
}

Ast Parse(std::string_view text, const CompileLimits& limits, Reporter& reporter) {
  Ast ast;
  ParseRange(text, WholeOf(text), 0, limits, reporter, ast);
  return ast;
}

ExprId ParseExpression(const SourceText& source, const CompileLimits& limits, Reporter& reporter, Ast& ast) {
  const TextSpan range = source.range(0);
  if (!IsReadable(source.text(), range, 0, limits, reporter)) return {};
  return Parser(source.text(), range, limits, reporter, ast).ParseOnlyExpression();
}

void ParseInto(const SourceText& sources, uint32_t file, const CompileLimits& limits, Reporter& reporter, Ast& ast) {
  ParseRange(sources.text(), sources.range(file), file, limits, reporter, ast);
}

}  // namespace moult::lang
