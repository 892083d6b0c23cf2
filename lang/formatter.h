// The formatter's inside: tokens to a document. Not for use outside lang/format*.cc.
//
// The formatter has no grammar of its own but what spacing needs: declarations come from the parser, blocks are cut into fields or
// clauses, and expressions are split at their loosest operators. Every token of a declaration is put, in order; what is put otherwise
// than it is written are only the commas that the canonical form adds or drops. So a new construct is formatted somehow before
// anybody teaches the formatter how.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lang/ast.h"
#include "lang/format_doc.h"
#include "lang/format_tokens.h"

namespace moult::lang {

class Formatter {
 public:
  // Both must outlive the formatter.
  Formatter(const std::vector<FormatToken>& tokens, FormatDoc& doc) : tokens_(tokens), doc_(doc) {}

  // `declarations` are those of the tree, in order.
  void File(const std::vector<TextSpan>& declarations);

 private:
  // Tokens begin .. end.
  struct Range {
    size_t begin = 0;
    size_t end = 0;
    bool empty() const { return begin == end; }
    size_t size() const { return end - begin; }
  };

  // -- tokens (format.cc)
  const FormatToken& At(size_t i) const { return tokens_[i]; }
  bool Is(size_t i, TokenKind kind) const { return tokens_[i].kind == kind; }
  bool IsWord(size_t i, std::string_view word) const { return Is(i, TokenKind::kIdentifier) && At(i).text == word; }
  bool IsOpening(size_t i) const { return lang::IsOpening(At(i).kind); }
  bool IsClosing(size_t i) const { return lang::IsClosing(At(i).kind); }
  size_t Past(size_t i) const { return IsOpening(i) ? At(i).match + 1 : i + 1; }  // the next token on this level
  // The tokens of `kind` in `range` that are not within brackets.
  std::vector<size_t> FindAll(Range range, TokenKind kind) const;
  size_t Find(Range range, TokenKind kind) const;                                 // the first, or range.end
  std::vector<Range> SplitAtCommas(Range range) const;

  // -- putting tokens (format.cc)
  void Above(size_t i);                       // the comments above it
  void Put(size_t i, size_t pad = 0);         // with its comments; `pad` blanks more before one behind it
  void PutComma(size_t i);                    // a comma that stays
  void DropComma(size_t i, size_t pad = 0);   // one of which only the comment stays
  // At the beginning of a line: the comments above token i, and of blank lines one, but none before the `first`.
  void BeginItem(size_t i, bool first);
  // Of a group whose inside is indented. `blank`: where the group is flat a blank stands before the bracket.
  void CloseBracket(size_t close, bool blank);

  // -- declarations (format_decl.cc)
  void Declaration(Range range);
  void Flat(Range range);                     // names and types
  void Definition(Range range);               // ... = value
  void Decide(Range range);
  void Parameters(size_t open);
  // Blanks that align a field, where its block has a line for each.
  struct Columns {
    size_t before_type = 0;
    size_t before_comment = 0;
  };
  void Fields(size_t open, bool of_names, bool always_broken);
  void Field(Range field, const Columns& columns);
  std::vector<Range> FieldsOf(size_t open, bool of_names) const;
  std::vector<Columns> ColumnsOf(const std::vector<Range>& fields) const;
  bool WantsName(size_t i) const;
  void Clauses(size_t open, const std::vector<std::string_view>& words);
  void Clause(Range range);
  void Items(Range range);
  bool SpaceBetween(size_t left, size_t right) const;
  size_t FlatWidth(Range range) const;

  // -- tests (format_testing.cc)
  void Test(Range range);
  void Rows(size_t open);
  bool BeginsExpectation(size_t i) const;
  void Expectation(Range range);

  // -- expressions (format_expr.cc)
  struct Operators {
    int level = 0;                            // of precedence; 0 for none
    std::vector<size_t> at;
  };
  bool IsOperator(size_t i) const;          // one of two operands, or a sign
  Operators Loosest(Range range) const;
  void Expression(Range range, bool indent = true);
  void Conditional(Range range, const Operators& operators, bool indent);
  void Operand(Range range);
  void Terms(Range range);                    // what has no operators between
  size_t Term(Range range);                   // returns what follows it
  enum class BracketStyle : uint8_t {
    kCall,     // f(a, b), (a), x[i]: ends without a comma
    kLiteral,  // [a, b], {a: b}: one with a line for each element ends in a comma
    kBlock,    // { a: b }: likewise, with blanks inside
  };
  void Bracket(size_t open, BracketStyle style);
  void Hugged(size_t open, const std::vector<Range>& elements);
  size_t StayingIn(Range range) const;
  void Elements(size_t open, BracketStyle style);
  void Entry(Range range);
  void Value(Range range);

  const std::vector<FormatToken>& tokens_;
  FormatDoc& doc_;
  size_t begun_ = SIZE_MAX;  // the token whose comments above BeginItem has put
};

}  // namespace moult::lang
