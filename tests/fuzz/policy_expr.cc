// Expressions: operators, what is in scope, and what narrows.
#include <array>
#include <string_view>

#include "tests/fuzz/policy_writer.h"

namespace moult::fuzz {

Text PolicyWriter::Expression(TypeId type, int depth) {
  if (sloppy_ && c_.Chance(2)) type = PoolType();
  if (depth <= 0 || --budget_ < 0 || c_.done()) return Leaf(type);
  std::optional<Text> text;
  switch (c_.Below(10)) {
    case 0: return Leaf(type);
    case 1: return Conditional(type, depth);
    case 2: text = OwnCall(type, depth); break;
    case 3: case 4: text = LibraryCall(type, depth); break;
    case 5: text = Selection(type, depth); break;
    case 6: text = Narrowed(type, depth); break;
    default: break;
  }
  return text ? *text : Composite(type, depth);
}

std::string PolicyWriter::At(const Text& text, Level level) {
  return text.level < level || c_.Chance(5) ? "(" + text.text + ")" : text.text;
}

// `1.f()` would be a number.
std::string PolicyWriter::Receiver(const Text& text) {
  const std::string receiver = At(text, Level::kPrimary);
  return receiver[0] >= '0' && receiver[0] <= '9' ? "(" + receiver + ")" : receiver;
}

// To the left of its like it needs no brackets, to the right it does; `??` the other way round.
Text PolicyWriter::Binary(const char* op, Level level, TypeId left, TypeId right, int depth) {
  const Level tighter = static_cast<Level>(static_cast<int>(level) + 1);
  const bool to_the_right = level == Level::kCoalesce || level == Level::kRelation;
  const std::string a = Operand(left, to_the_right ? tighter : level, depth - 1);
  const std::string b = Operand(right, level == Level::kCoalesce ? level : tighter, depth - 1);
  return {a + " " + op + " " + b, level};
}

Text PolicyWriter::Leaf(TypeId type) {
  std::vector<const Variable*> fitting;
  for (const Variable& variable : scope_)
    if (variable.type == type) fitting.push_back(&variable);
  const bool no_literal = KindOf(type) == TypeKind::kRecord;  // one stands only where a record is expected
  if (!fitting.empty() && (no_literal || !c_.Chance(25))) return {c_.Of(fitting)->text};
  return Literal(type, 1);
}

Text PolicyWriter::Conditional(TypeId type, int depth) {
  return {Operand(lang::kBoolType, Level::kOr, depth - 1) + " ? " + Operand(type, Level::kConditional, depth - 1) + " : " +
              Operand(type, Level::kConditional, depth - 1),
          Level::kConditional};
}

Text PolicyWriter::Composite(TypeId type, int depth) {
  switch (KindOf(type)) {
    case TypeKind::kBool: return Bool(depth);
    case TypeKind::kInt:
    case TypeKind::kDouble: return Number(type, depth);
    case TypeKind::kTimestamp:
    case TypeKind::kDuration: return Time(type, depth);
    case TypeKind::kString:
    case TypeKind::kBytes: return c_.Chance(70) ? Sum(type, depth) : Leaf(type);
    case TypeKind::kList:
      if (c_.Chance(30)) return Sum(type, depth);
      [[fallthrough]];
    case TypeKind::kMap:
      if (c_.Chance(50)) {
        if (std::optional<Text> text = Transform(type, depth)) return *text;
      }
      [[fallthrough]];
    case TypeKind::kSet: return c_.Chance(60) ? Literal(type, depth) : Leaf(type);
    default: return Leaf(type);
  }
}

Text PolicyWriter::Sum(TypeId type, int depth) { return Binary("+", Level::kSum, type, type, depth); }

Text PolicyWriter::Number(TypeId type, int depth) {
  const bool is_int = type == lang::kIntType;
  switch (c_.Below(9)) {
    case 0: return Binary("+", Level::kSum, type, type, depth);
    case 1: return Binary("-", Level::kSum, type, type, depth);
    case 2: return Binary("*", Level::kProduct, type, type, depth);
    case 3: return Binary("/", Level::kProduct, type, type, depth);
    case 4: return is_int ? Binary("%", Level::kProduct, type, type, depth) : Leaf(type);
    case 5: return {"-" + Operand(type, Level::kPrimary, depth - 1), Level::kUnary};
    case 6: {
      if (!is_int) return Leaf(type);
      const TypeId sized = c_.Chance(50) ? lang::kStringType : CollectionType();
      const Text text = Expression(sized, depth - 1);
      return {c_.Chance(50) ? "size(" + text.text + ")" : Receiver(text) + ".size()"};
    }
    default: return Leaf(type);
  }
}

Text PolicyWriter::Time(TypeId type, int depth) {
  const char* sign = c_.Chance(50) ? "+" : "-";
  if (type == lang::kTimestampType) return Binary(sign, Level::kSum, type, lang::kDurationType, depth);
  if (c_.Chance(50)) return Binary("-", Level::kSum, lang::kTimestampType, lang::kTimestampType, depth);
  return Binary(sign, Level::kSum, type, type, depth);
}

Text PolicyWriter::Bool(int depth) {
  constexpr TypeId kBool = lang::kBoolType;
  switch (c_.Below(9)) {
    case 0: case 1: return Binary("&&", Level::kAnd, kBool, kBool, depth);
    case 2: case 3: return Binary("||", Level::kOr, kBool, kBool, depth);
    case 4: return {"!" + Operand(kBool, Level::kPrimary, depth - 1), Level::kUnary};
    case 5: return Quantifier(depth);
    default: return Comparison(depth);
  }
}

Text PolicyWriter::Comparison(int depth) {
  constexpr const char* kOrders[] = {"<", "<=", ">", ">="};
  constexpr const char* kPatterns[] = {R"(r"a+b")", R"("^[a-z]*$")", R"(r'(?i)AB|\d')", R"("%[0-9a-f]{2}")"};
  switch (c_.Below(6)) {
    case 0: {
      const TypeId type = ScalarType();
      if (!lang::HasOrder(KindOf(type))) return Binary("==", Level::kRelation, type, type, depth);
      const bool mixed = type == lang::kIntType && c_.Chance(30);
      return Binary(c_.Of(kOrders), Level::kRelation, type, mixed ? lang::kDoubleType : type, depth);
    }
    case 1: {
      const TypeId collection = CollectionType();
      const lang::Type t = types_[collection];
      return Binary("in", Level::kRelation, t.kind == TypeKind::kMap ? t.key : t.element, collection, depth);
    }
    case 2: return {Receiver(Expression(lang::kStringType, depth - 1)) + ".matches(" + c_.Of(kPatterns) + ")"};
    case 3: {
      if (lists_.empty()) return Leaf(lang::kBoolType);
      return {Operand(lang::kStringType, Level::kCoalesce, depth - 1) + " in " + c_.Of(lists_), Level::kRelation};
    }
    default: {
      const TypeId type = PoolType();
      return Binary(c_.Chance(50) ? "==" : "!=", Level::kRelation, type, type, depth);
    }
  }
}

// From a collection, an optional or a record.
std::optional<Text> PolicyWriter::Selection(TypeId type, int depth) {
  if (KindOf(type) == TypeKind::kOptional) return std::nullopt;  // nothing holds one
  switch (c_.Below(3)) {
    case 0: {
      const TypeId list = types_.ListOf(type);
      return Text{Receiver(Expression(list, depth - 1)) + "[" + Expression(lang::kIntType, depth - 2).text + "]"};
    }
    case 1: {
      const TypeId key = c_.Of(std::array{lang::kStringType, lang::kIntType});
      const std::string map = Receiver(Expression(types_.MapOf(key, type), depth - 1));
      const std::string item = map + "[" + Expression(key, depth - 2).text + "]";
      if (type == lang::kBoolType && c_.Chance(40)) return Text{"has(" + item + ")"};
      if (c_.Chance(40)) return Text{item};
      return Text{item + " ?? " + Operand(type, Level::kCoalesce, depth - 1), Level::kCoalesce};
    }
    default:
      return Binary("??", Level::kCoalesce, types_.OptionalOf(type), type, depth);
  }
}

// What uses a T? as a T, where that is known to be there.
std::optional<Text> PolicyWriter::Narrowed(TypeId type, int depth) {
  std::vector<Variable> optional;
  for (const Variable& variable : scope_)
    if (variable.narrows && KindOf(variable.type) == TypeKind::kOptional) optional.push_back(variable);
  if (optional.empty()) return std::nullopt;
  const Variable chosen = c_.Of(optional);
  const auto inside = [&](TypeId wanted, Level level) {
    scope_.push_back({chosen.text, ElementOf(chosen.type), true});
    std::string text = Operand(wanted, level, depth - 1);
    scope_.pop_back();
    return text;
  };
  const std::string has = "has(" + chosen.text + ")";
  if (type == lang::kBoolType && c_.Chance(60)) {
    if (c_.Chance(60)) return Text{has + " && " + inside(type, Level::kRelation), Level::kAnd};
    return Text{"!" + has + " || " + inside(type, Level::kAnd), Level::kOr};
  }
  const std::string then = inside(type, Level::kConditional);
  return Text{has + " ? " + then + " : " + Operand(type, Level::kConditional, depth - 1), Level::kConditional};
}

std::optional<Text> PolicyWriter::OwnCall(TypeId type, int depth) {
  std::vector<const Callable*> fitting;
  for (const Callable& function : functions_)
    if (function.result == type) fitting.push_back(&function);
  // A function has no sources to ask: they stand in the scope of rules alone.
  if (!input_.empty() && !scope_.empty()) {
    for (const Callable& source : sources_)
      if (source.result == type) fitting.push_back(&source);
  }
  if (fitting.empty()) return std::nullopt;
  const Callable callee = *c_.Of(fitting);
  std::string text = callee.name + "(";
  for (size_t k = 0; k < callee.parameters.size(); ++k) text += (k > 0 ? ", " : "") + Expression(callee.parameters[k], depth - 2).text;
  return Text{text + ")"};
}

}  // namespace moult::fuzz
