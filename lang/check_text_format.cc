// `format`: the clauses of a constant format, each checked against the argument that it shows; and the n-ary functions.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lang/checker.h"
#include "lang/convert.h"
#include "lang/scalar_ops.h"

namespace moult::lang {
namespace {

constexpr int64_t kDefaultPrecision = 6;

// What a format says: text, then a clause unless the text ends it.
struct FormatPart {
  std::string text;
  char clause = '\0';  // one of sdfebxXo
  int64_t precision = kDefaultPrecision;
};

// Reads `text %.3f text`. `%%` is a percent sign.
class FormatReader {
 public:
  explicit FormatReader(std::string_view text) : rest_(text) {}

  // The parts; nothing for a bad format, and then `error` says why.
  std::optional<std::vector<FormatPart>> Read() {
    std::vector<FormatPart> parts(1);
    while (!rest_.empty()) {
      const size_t percent = std::min(rest_.find('%'), rest_.size());
      parts.back().text += rest_.substr(0, percent);
      rest_.remove_prefix(percent);
      if (rest_.empty()) break;
      rest_.remove_prefix(1);
      if (rest_.starts_with('%')) {
        parts.back().text += '%';
        rest_.remove_prefix(1);
        continue;
      }
      if (!ReadClause(parts.back())) return std::nullopt;
      parts.emplace_back();
    }
    return parts;
  }
  const std::string& error() const { return error_; }

 private:
  bool ReadClause(FormatPart& part) {
    bool precise = false;
    if (rest_.starts_with('.')) {
      precise = true;
      part.precision = 0;
      const size_t digits = std::min(rest_.find_first_not_of("0123456789", 1), rest_.size());
      for (char digit : rest_.substr(1, digits - 1)) {
        part.precision = std::min(part.precision * 10 + (digit - '0'), kMaxPrecision + 1);
      }
      if (digits == 1) return Fail("a precision has digits, as in `%.3f`");
      if (part.precision > kMaxPrecision) return Fail(fmt::format("a precision is at most {}", kMaxPrecision));
      rest_.remove_prefix(digits);
    }
    if (rest_.empty()) return Fail("the format ends within a clause");
    part.clause = rest_[0];
    rest_.remove_prefix(1);
    if (std::string_view("sdfebxXo").find(part.clause) == std::string_view::npos) {
      return Fail("a clause is one of `%s`, `%d`, `%f`, `%e`, `%b`, `%x`, `%X` and `%o`; a percent sign is `%%`");
    }
    if (precise && part.clause != 'f' && part.clause != 'e') return Fail("only `%f` and `%e` have a precision");
    return true;
  }
  bool Fail(std::string error) {
    error_ = std::move(error);
    return false;
  }

  std::string_view rest_;
  std::string error_;
};

std::partial_ordering CompareConstants(const Checked& a, const Checked& b) {
  if (a.type == b.type) return a.type == kIntType ? a.constant->integer <=> b.constant->integer : a.constant->real <=> b.constant->real;
  if (a.type == kIntType) return CompareExactly(a.constant->integer, b.constant->real);
  return 0 <=> CompareExactly(b.constant->integer, a.constant->real);
}

}  // namespace

Checked Checker::CheckFormat(const Expr& e) {
  if (!CheckArity(e, e.children.size(), 2, 2)) return Checked::Bad();
  Checked format = CheckAs(e.children[0], kStringType, ArgumentText(e, 0));
  const Expr& list = ast_[e.children[1]];
  if (format.bad) return format;
  if (!format.constant) {
    Report(Code::kDynamic, ast_[e.children[0]].span, "the format is no constant: what it shows has to be known before a policy runs");
    return Checked::Bad();
  }
  if (list.kind != ExprKind::kList) {
    if (list.kind != ExprKind::kError) {
      Report(Code::kDynamic, list.span, "the values to format are not listed: their types have to be known before a policy runs",
             "write `.format([a, b])`");
    }
    return Checked::Bad();
  }
  FormatReader reader(format.constant->text);
  const std::optional<std::vector<FormatPart>> parts = reader.Read();
  if (!parts) {
    Report(Code::kBadFormat, ast_[e.children[0]].span, reader.error());
    return Checked::Bad();
  }
  std::vector<Checked> pieces;
  size_t clauses = 0;
  bool fine = true;
  for (const FormatPart& part : *parts) {
    if (!part.text.empty()) pieces.push_back(MakeConstant(kStringType, {.integer = 0, .real = 0, .text = part.text}));
    if (part.clause == '\0' || clauses++ >= list.children.size()) continue;
    pieces.push_back(CheckFormatted(e, list.children[clauses - 1], part.clause, part.precision));
    fine = fine && !pieces.back().bad;
  }
  if (clauses != list.children.size()) {
    Report(Code::kWrongArity, list.span,
           fmt::format("the format shows {} value{}, not {}", clauses, clauses == 1 ? "" : "s", list.children.size()));
    return Checked::Bad();
  }
  return fine ? JoinTexts(pieces, e.span) : Checked::Bad();
}

// The text of one value.
Checked Checker::CheckFormatted(const Expr& e, ExprId id, char clause, int64_t precision) {
  Checked value = CheckPlain(id);
  if (value.bad) return value;
  if (clause == 's' && types().kind(value.type) == TypeKind::kEnum) {
    return Make(Op::kRender, kStringType, {Use(value)}, ast_[id].span);
  }
  std::vector<Checked> arguments = {value};
  if (clause == 'f' || clause == 'e') {
    arguments.push_back(MakeConstant(kIntType, {.integer = precision, .real = 0, .text = {}}));
  }
  std::string wanted;
  for (const FunctionInfo* function : FindFunctions(std::string("%") + clause, /*as_method=*/false)) {
    Candidate candidate{function, {}};
    const bool fits = Unify(types(), function->parameters[0], value.type, candidate.bindings);
    if (fits && IsFormattable(value.type)) return MakeLibraryCall(e, candidate, arguments);
    const std::string type = PatternText(function->parameters[0]);
    if (!function->generic) wanted += (wanted.empty() ? "`" : " or `") + type + "`";
  }
  Report(Code::kType, ast_[id].span,
         wanted.empty() ? fmt::format("`%{}` cannot show {}", clause, ATypeName(value.type))
                        : fmt::format("`%{}` shows {}, but this is {}", clause, wanted, ATypeName(value.type)));
  return Checked::Bad();
}

bool Checker::IsFormattable(TypeId type) const {
  const Type& t = types()[type];
  switch (t.kind) {
    case TypeKind::kEnum:
    case TypeKind::kRecord:
    case TypeKind::kOptional:
      return false;
    case TypeKind::kList:
    case TypeKind::kSet:
      return IsFormattable(t.element);
    case TypeKind::kMap:
      return IsFormattable(t.key) && IsFormattable(t.element);
    default:
      return true;
  }
}

Checked Checker::JoinTexts(const std::vector<Checked>& pieces, TextSpan place) {
  Constant whole;
  for (const Checked& piece : pieces) {
    if (piece.constant) whole.text += piece.constant->text;
  }
  const auto is_constant = [](const Checked& piece) { return piece.constant.has_value(); };
  if (std::ranges::all_of(pieces, is_constant)) return MakeConstant(kStringType, std::move(whole));
  std::vector<NodeId> nodes;
  for (const Checked& piece : pieces) {
    nodes.push_back(Use(piece));
    if (!nodes.back().valid()) return Limited(nodes.back(), kStringType, place);
  }
  return Limited(ConcatReason(nodes, place), kStringType, place);
}

// math.greatest and math.least of any number of arguments: the function of two, again and again. What ints and doubles together give has
// a type only when it is known which of them it is.
Checked Checker::CheckExtreme(const Expr& e, const std::vector<const FunctionInfo*>& overloads) {
  const std::span<const ExprId> arguments = std::span(e.children).subspan(1);
  if (arguments.size() == 1) return CheckLibraryCall(e, arguments, overloads);
  if (arguments.empty()) {
    Report(Code::kWrongArity, e.span, fmt::format("`{}` takes one argument or more", e.text));
    return Checked::Bad();
  }
  std::vector<Checked> values;
  bool fine = true;
  for (size_t k = 0; k < arguments.size(); ++k) {
    values.push_back(CheckPlain(arguments[k]));
    fine = fine && !values.back().bad;
    if (values.back().bad || values.back().type == kIntType || values.back().type == kDoubleType) continue;
    Report(Code::kType, ast_[arguments[k]].span,
           fmt::format("{} is {}, but an `int` or a `double` is expected", ArgumentText(e, k + 1), ATypeName(values.back().type)));
    fine = false;
  }
  if (!fine) return Checked::Bad();
  const auto same_type = [&](const Checked& value) { return value.type == values[0].type; };
  if (!std::ranges::all_of(values, same_type)) return MixedExtreme(e, values);
  const auto takes_two = [&](const FunctionInfo* f) {
    return f->parameters.size() == 2 && f->result.type == values[0].type;
  };
  const Candidate pair{*std::ranges::find_if(overloads, takes_two), {}};
  Checked best = values[0];
  for (size_t k = 1; k < values.size() && !best.bad; ++k) best = MakeLibraryCall(e, pair, {best, values[k]});
  return best;
}

Checked Checker::MixedExtreme(const Expr& e, const std::vector<Checked>& values) {
  const bool greatest = e.text == "greatest";
  const Checked* best = &values[0];
  for (const Checked& value : values) {
    if (!value.constant || (value.type == kDoubleType && std::isnan(value.constant->real))) {
      Report(Code::kDynamic, e.span, fmt::format("`{}` of ints and doubles is of the one type or the other", e.text),
             "make all of one type with `double(...)`");
      return Checked::Bad();
    }
    const std::partial_ordering order = CompareConstants(*best, value);
    if (greatest ? order < 0 : order > 0) best = &value;
  }
  return *best;
}

}  // namespace moult::lang
