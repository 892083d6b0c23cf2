// Operators with two operands.
#include <fmt/format.h>

#include <algorithm>

#include "lang/checker.h"
#include "lang/eval.h"
#include "lang/fold.h"

namespace moult::lang {
namespace {

struct BinaryOperator {
  std::string_view text;
  Op op;
};

constexpr BinaryOperator kOperators[] = {
    {"&&", Op::kAnd}, {"||", Op::kOr}, {"??", Op::kCoalesce}, {"in", Op::kIn}, {"==", Op::kEq},
    {"!=", Op::kNe},  {"<", Op::kLt},  {"<=", Op::kLe},       {">", Op::kGt},  {">=", Op::kGe},
    {"+", Op::kAdd},  {"-", Op::kSub}, {"*", Op::kMul},       {"/", Op::kDiv}, {"%", Op::kMod},
};

bool IsOrder(const Expr& e) {
  return e.kind == ExprKind::kBinary && (e.text == "<" || e.text == "<=" || e.text == ">" || e.text == ">=");
}

bool IsNumber(TypeId type) { return type == kIntType || type == kDoubleType; }

bool IsDigits(std::string_view text) {
  return !text.empty() && text.size() < 19 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

Checked Checker::CheckBinary(const Expr& e) {
  const bool logic = e.text == "&&" || e.text == "||";
  const auto is_error = [&](ExprId id) { return ast_[id].kind == ExprKind::kError; };
  if (!logic && std::ranges::any_of(e.children, is_error)) return Checked::Bad();
  for (const BinaryOperator& known : kOperators) {
    if (known.text != e.text) continue;
    switch (known.op) {
      case Op::kAnd:
      case Op::kOr:
        return CheckLogic(e, known.op);
      case Op::kCoalesce:
        return CheckCoalesce(e);
      case Op::kIn:
        return CheckIn(e);
      case Op::kEq:
      case Op::kNe:
        return CheckEquality(e, known.op);
      case Op::kLt:
      case Op::kLe:
      case Op::kGt:
      case Op::kGe:
        return CheckOrder(e, known.op);
      default:
        return CheckArithmetic(e, known.op);
    }
  }
  Report(Code::kInternal, e.name_span, fmt::format("the parser takes {} for an operator, the checker does not", Quoted(e.text)));
  return Checked::Bad();
}

Checked Checker::CheckLogic(const Expr& e, Op op) {
  std::string what = fmt::format("an operand of `{}`", e.text);
  Checked left = CheckBool(e.children[0], what);
  Checked right;
  {
    Assumption assumption(narrowing_, op == Op::kAnd ? left.facts.when_true : left.facts.when_false);
    right = CheckBool(e.children[1], what);
  }
  if (left.bad || right.bad) return Checked::Bad();
  Checked value = Make(op, kBoolType, {Use(left), Use(right)}, e.span);
  value.facts = op == Op::kAnd ? Facts::And(left.facts, right.facts) : Facts::Or(left.facts, right.facts);
  return value;
}

Checked Checker::CheckCoalesce(const Expr& e) {
  Checked left = CheckPresence(e.children[0]);
  if (left.bad) {
    if (TypeRank(e.children[1]) == 0) Check(e.children[1]);
    return left;
  }
  if (!types().IsOptional(left.type)) {
    Report(Code::kNeverMissing, e.name_span,
           fmt::format("the left of `??` is {} and never missing", ATypeName(left.type)),
           "leave out `??` and what follows");
    CheckAs(e.children[1], left.type, "the default");
    return left;
  }
  TypeId payload = types()[left.type].element;
  Checked right = Check(e.children[1], payload);
  if (right.bad) return right;
  TypeId type = right.type == left.type ? left.type : payload;
  if (!Coerce(right, type, e.children[1], "the default")) return Checked::Bad();
  return Make(Op::kCoalesce, type, {Use(left), Use(right)}, e.span);
}

Checked Checker::CheckIn(const Expr& e) {
  if (TypeRank(e.children[0]) > 0 && EmptyHeight(e.children[1]) == 0) {
    const Checked collection = CheckPlain(e.children[1]);
    const Type type = types()[collection.type];
    const bool elements = !collection.bad && (type.kind == TypeKind::kList || type.kind == TypeKind::kSet);
    return MakeIn(e, CheckUnlessLost(e.children[0], elements ? Expected(type.element) : std::nullopt, collection.bad), collection);
  }
  Checked item = CheckPlain(e.children[0]);
  Expected expected;
  if (!item.bad) {
    bool is_set = ast_[e.children[1]].kind == ExprKind::kSet || ast_[e.children[1]].kind == ExprKind::kMap;
    expected = is_set ? types().SetOf(item.type) : types().ListOf(item.type);
  }
  const bool lost = item.bad;
  return MakeIn(e, std::move(item), CheckUnlessLost(e.children[1], expected, lost));
}

Checked Checker::MakeIn(const Expr& e, Checked item, const Checked& collection) {
  if (item.bad || collection.bad) return Checked::Bad();
  Type type = types()[collection.type];
  if (type.kind != TypeKind::kList && type.kind != TypeKind::kSet && type.kind != TypeKind::kMap) {
    Report(Code::kType, ast_[e.children[1]].span,
           fmt::format("`in` needs a list, set or map on its right, but this is {}", ATypeName(collection.type)),
           collection.type == kStringType ? "to look for a part of a string use `contains`" : "");
    return Checked::Bad();
  }
  const TypeId element = ItemType(types(), collection.type);
  const TypeId wanted = element == kCidrType ? kIpType : element;  // what is asked of ranges, mostly
  const bool fits = MayBeIn(item.type, element);
  if (!fits && types().AreComparable(item.type, element)) {
    Report(Code::kDynamic, ast_[e.children[0]].span,
           fmt::format("the left of `in` is {}, but {} is expected", ATypeName(item.type), ATypeName(element)));
    return Checked::Bad();
  }
  if (!fits && !Coerce(item, wanted, e.children[0], "the left of `in`")) return Checked::Bad();
  return Make(Op::kIn, kBoolType, {Use(item), Use(collection)}, e.span);
}

// Whether both are of one scalar type, or int and double. Reports.
bool Checker::SameOperands(const Expr& e, const Checked& left, const Checked& right) {
  if (left.bad || right.bad) return false;
  if (IsNumber(left.type) && IsNumber(right.type)) return true;
  if (left.type != right.type) {
    std::string hint;
    const Checked& named = types().kind(left.type) == TypeKind::kEnum ? left : right;
    const Checked& text = &named == &left ? right : left;
    if (types().kind(named.type) == TypeKind::kEnum && text.constant && text.type == kStringType) {
      hint = fmt::format("write `{}.{}`", types().enum_type(named.type).name, text.constant->text);
    } else if (IsNumber(left.type) != IsNumber(right.type)) {
      const Checked& other = IsNumber(left.type) ? right : left;
      if (other.type == kStringType && other.constant && IsDigits(other.constant->text)) {
        hint = fmt::format("write `{}` without quotes", other.constant->text);
      }
    } else if (left.type == kStringType || right.type == kStringType) {
      const TypeId other = left.type == kStringType ? right.type : left.type;
      if (HasText(types().kind(other))) hint = fmt::format("write `{}(...)` around the text", types().Name(other));
    }
    Report(Code::kType, e.span,
           fmt::format("`{}` between {} and {}", e.text, ATypeName(left.type), ATypeName(right.type)), hint);
    return false;
  }
  if (!types().IsComposite(left.type)) return true;
  Report(Code::kType, e.span, fmt::format("values of type {} have no order", TypeName(left.type)), "use `==` or `!=`");
  return false;
}

// The operands of a symmetric operator. A literal may take its type from the other operand, which is then looked at first.
std::pair<Checked, Checked> Checker::CheckSides(const Expr& e) {
  const bool swap = TypeRank(e.children[0]) > TypeRank(e.children[1]);
  const ExprId first = e.children[swap ? 1 : 0];
  const ExprId second = e.children[swap ? 0 : 1];
  Checked a = CheckPlain(first);
  Checked b = CheckUnlessLost(second, a.bad ? Expected() : Expected(a.type), a.bad);
  return swap ? std::pair(std::move(b), std::move(a)) : std::pair(std::move(a), std::move(b));
}

Checked Checker::CheckEquality(const Expr& e, Op op) {
  auto [left, right] = CheckSides(e);
  if (left.bad || right.bad) return Checked::Bad();
  const bool composite = types().IsComposite(left.type) || types().IsComposite(right.type);
  if (composite && !types().AreComparable(left.type, right.type)) {
    Report(Code::kDynamic, e.span,
           fmt::format("`{}` between {} and {}: values of two types are never equal", e.text, ATypeName(left.type),
                       ATypeName(right.type)));
    return Checked::Bad();
  }
  if (!composite && !SameOperands(e, left, right)) return Checked::Bad();
  return Make(op, kBoolType, {Use(left), Use(right)}, e.span);
}

Checked Checker::CheckOrder(const Expr& e, Op op) {
  Checked left = CheckPlain(e.children[0]);
  Checked right = CheckUnlessLost(e.children[1], {}, left.bad);
  if (!left.bad && !right.bad && left.type != right.type && IsOrder(ast_[e.children[0]])) {
    Report(Code::kType, e.span, fmt::format("`{}` between {} and {}", e.text, ATypeName(left.type), ATypeName(right.type)),
           "two comparisons are joined by `&&`: `1 < n && n < 5`");
    return Checked::Bad();
  }
  if (!SameOperands(e, left, right)) return Checked::Bad();
  if (!HasOrder(types().kind(left.type))) {
    const char* kind = types().kind(left.type) == TypeKind::kEnum ? "the enum" : "type";
    Report(Code::kType, e.span, fmt::format("the values of {} {} have no order", kind, TypeName(left.type)),
           "use `==`, `!=` or `in`");
    return Checked::Bad();
  }
  return Make(op, kBoolType, {Use(left), Use(right)}, e.span);
}

void Checker::ReportMixedArithmetic(const Expr& e, const Checked& left, const Checked& right) {
  const Checked& whole = left.type == kIntType ? left : right;
  const Checked& real = left.type == kIntType ? right : left;
  std::string hint = "make both of one type";
  if (whole.constant) {
    hint = fmt::format("write `{}.0`", whole.constant->integer);
  } else if (e.text == "/" || e.text == "%") {  // of two integers the quotient is another
    const std::string path = PathText(e.children[&whole == &left ? 0 : 1]);
    if (!path.empty()) hint = fmt::format("write `double({})`", path);
  } else if (real.constant && real.constant->real >= -1e15 && real.constant->real <= 1e15 &&
             real.constant->real == static_cast<double>(static_cast<int64_t>(real.constant->real))) {
    hint = fmt::format("write `{}`", static_cast<int64_t>(real.constant->real));
  }
  Report(Code::kMixedArithmetic, e.span,
         fmt::format("`{}` between {} and {}: numbers are not converted by themselves", e.text, ATypeName(left.type),
                     ATypeName(right.type)),
         hint);
}

// For a text `+` something that has one.
std::string Checker::HintForJoin(const Expr& e, const Checked& left, const Checked& right) const {
  if ((left.type == kStringType) == (right.type == kStringType)) return {};
  const bool swap = right.type == kStringType;
  const TypeId other = swap ? left.type : right.type;
  if (!IsScalar(types().kind(other)) || types().kind(other) == TypeKind::kEnum) return {};
  const std::string path = PathText(e.children[swap ? 0 : 1]);
  return fmt::format("write `string({})`", path.empty() ? "..." : path);
}

Checked Checker::CheckArithmetic(const Expr& e, Op op) {
  auto [left, right] = CheckSides(e);
  if (left.bad || right.bad) return Checked::Bad();
  if (IsNumber(left.type) && IsNumber(right.type) && left.type != right.type) {
    ReportMixedArithmetic(e, left, right);
    return Checked::Bad();
  }
  const std::optional<TypeId> times = TimeResult(op, left.type, right.type);
  const bool joins = left.type == kStringType || left.type == kBytesType || types().kind(left.type) == TypeKind::kList;
  bool fits = left.type == right.type && (left.type == kIntType || (left.type == kDoubleType && op != Op::kMod) ||
                                          (joins && op == Op::kAdd));
  if (!fits && !times) {
    const bool lists = types().kind(left.type) == TypeKind::kList && types().kind(right.type) == TypeKind::kList;
    const bool sets = types().kind(left.type) == TypeKind::kSet && types().kind(right.type) == TypeKind::kSet;
    Report(lists && op == Op::kAdd ? Code::kDynamic : Code::kType, e.span,
           fmt::format("`{}` between {} and {}", e.text, ATypeName(left.type), ATypeName(right.type)),
           op != Op::kAdd ? "" : sets ? "use `union`" : HintForJoin(e, left, right));
    return Checked::Bad();
  }
  if (left.constant && right.constant) {
    std::optional<Constant> folded = times ? FoldTimes(op, left.type, right.type, *left.constant, *right.constant)
                                           : Fold(op, left.type, *left.constant, *right.constant);
    if (folded && folds_) return MakeConstant(times.value_or(left.type), std::move(*folded));
  }
  Checked value = Make(op, times.value_or(left.type), {Use(left), Use(right)}, e.span);
  if (!folds_) return value;
  if (left.constant && right.constant && left.type == kIntType) {
    const bool by_zero = right.constant->integer == 0 && (op == Op::kDiv || op == Op::kMod);
    value.fails = ErrorText(by_zero ? ErrorKind::kDivideByZero : ErrorKind::kOverflow);
  } else if (left.constant && right.constant && times) {
    value.fails = ErrorText(*times == kTimestampType ? ErrorKind::kTimestampOutOfRange : ErrorKind::kDurationOutOfRange);
  }
  return value;
}

}  // namespace moult::lang
