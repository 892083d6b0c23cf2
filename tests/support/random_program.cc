#include "tests/support/random_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <map>
#include <optional>

#include "lang/builder.h"
#include "lang/data_list.h"
#include "lang/decide.h"
#include "tests/support/program_generator.h"

namespace moult::lang::test {
namespace {

constexpr uint32_t kSharedTreeNodes = 30;  // a larger expression is not shared, so that no tree explodes

}  // namespace

void Generator::MakeTypes() {
  TypeTable& types = b_.types();
  scalars_ = {kBoolType,      kIntType,      kDoubleType, kStringType, kBytesType,
              kTimestampType, kDurationType, kIpType,     kCidrType};
  scalars_.push_back(types.AddEnum({"Action", {"login", "signup", "post"}}));
  scalars_.push_back(types.AddEnum({"Level", {"low", "high"}}));
  for (int k = 0; k < 3; ++k) {  // each may hold those before it
    RecordType record{fmt::format("Record{}", k), {}};
    for (size_t f = Below(random_, 5) + 1; f > 0; --f)
      record.fields.push_back({fmt::format("f{}", f), RandomFieldType(2)});
    records_.push_back(types.AddRecord(std::move(record)));
  }
  for (size_t k = 0; k < scalars_.size(); ++k) b_.AddField(fmt::format("s{}", k), scalars_[k]);
  for (int k = 0; k < shape_.fields; ++k) b_.AddField(fmt::format("i{}", k), RandomFieldType(3));
}

TypeId Generator::RandomFieldType(int depth) {
  TypeTable& types = b_.types();
  if (depth == 0) return RandomScalarType();
  switch (Below(random_, 8)) {
    case 0: {
      const TypeId payload = RandomFieldType(depth - 1);
      return types.IsOptional(payload) ? payload : types.OptionalOf(payload);
    }
    case 1:
    case 2:
      return types.ListOf(RandomFieldType(depth - 1));
    case 3:
      return types.SetOf(RandomScalarType());
    case 4: {
      const TypeId value = RandomFieldType(depth - 1);
      return types.MapOf(RandomScalarType(), types.IsOptional(value) ? types[value].element : value);
    }
    case 5:
      return records_.empty() ? RandomScalarType() : records_[Below(random_, records_.size())];
    default:
      return RandomScalarType();
  }
}

void Generator::FindRecipes(TypeId type, Recipe recipe, int depth) {
  recipes_[type.index].push_back(recipe);
  if (std::ranges::find(known_, type) == known_.end()) known_.push_back(type);
  const auto follow = [&](Step step, TypeId next) {
    recipe.push_back(step);
    FindRecipes(next, recipe, depth + 1);
    recipe.pop_back();
  };
  const Type t = program_.types[type];
  if (t.kind == TypeKind::kOptional) follow({Op::kUnwrap}, t.element);
  if (t.kind == TypeKind::kList) follow({Op::kIndex}, t.element);
  if (t.kind == TypeKind::kMap) follow({Op::kMapGet, 0, t.key}, t.element);
  if (t.kind == TypeKind::kRecord) {
    for (uint64_t f = 0; f < program_.types.record(type).fields.size(); ++f) {
      follow({Op::kField, f}, program_.types.record(type).fields[f].type);
    }
  }
}

void Generator::MakeDeclarations() {
  TypeTable& types = b_.types();
  for (TypeId scalar : scalars_) {
    for (TypeId type : {scalar, types.ListOf(scalar), types.SetOf(scalar), types.OptionalOf(scalar)}) {
      if (std::ranges::find(known_, type) == known_.end()) known_.push_back(type);
    }
  }
  b_.AddList("words");
  for (TypeId type : known_) {
    if (CanBeList(types, type)) b_.AddList(fmt::format("list{}", program_.lists.size()), type);
  }
  for (const char* pattern : {"a+b", "^a", "(?i)SPAM|www", "[^,]*,", "%[0-9]"}) b_.AddRegex(pattern);
  if (!shape_.sources) return;
  for (TypeId result : scalars_) {
    std::vector<TypeId> parameters;
    for (size_t k = Below(random_, 4); k > 0; --k) parameters.push_back(RandomScalarType());
    b_.AddSource(fmt::format("source{}", result.index), std::move(parameters), result);
  }
}

void Generator::MakeLet() {
  const TypeId type = known_[Below(random_, known_.size())];
  b_.AddLet(fmt::format("let{}", program_.lets.size()), Make(type, shape_.depth));
}

void Generator::MakeDecide() {
  constexpr DecideMode kModes[] = {DecideMode::kSeverest, DecideMode::kScore, DecideMode::kFirstMatch, DecideMode::kForbidOverrides};
  Decide& decide = program_.decide;
  decide.mode = kModes[Below(random_, std::size(kModes))];
  decide.verdicts = {"allow", "review", "block"};
  if (decide.mode == DecideMode::kForbidOverrides) decide.verdicts = {"permit", "forbid"};
  decide.default_verdict = static_cast<uint32_t>(Below(random_, decide.verdicts.size()));
  if (decide.mode != DecideMode::kScore) return;
  int64_t at_least = -20;
  for (size_t k = Below(random_, 4); k > 0; --k) {
    at_least += static_cast<int64_t>(Below(random_, 30)) + 1;
    decide.thresholds.push_back({at_least, static_cast<uint32_t>(Below(random_, 3))});
  }
}

void Generator::MakeRule(int index) {
  const NodeId when = Make(kBoolType, shape_.depth);
  const NodeId reason = OneIn(2) ? MakeReason() : NodeId();
  Effect effect{fmt::format("effect{}", index), static_cast<uint32_t>(program_.effect_arguments.size()), 0};
  for (size_t k = OneIn(3) ? Below(random_, 3) : 0; k > 0; --k, ++effect.argument_count) {
    program_.effect_arguments.push_back(Make(RandomScalarType(), 2));
  }
  Rule& rule = b_.AddRule(fmt::format("rule{}", index), when, reason);
  rule.first_effect = static_cast<uint32_t>(program_.effects.size());
  rule.effect_count = 1;
  program_.effects.push_back(std::move(effect));
  constexpr RuleMode kModes[] = {RuleMode::kLive, RuleMode::kLive, RuleMode::kLive, RuleMode::kShadow, RuleMode::kOff};
  rule.mode = kModes[Below(random_, std::size(kModes))];
  const bool score = program_.decide.mode == DecideMode::kScore;
  rule.has_verdict = !score && !OneIn(8);
  rule.verdict = rule.has_verdict ? static_cast<uint32_t>(Below(random_, program_.decide.verdicts.size())) : 0;
  rule.score = score ? static_cast<int64_t>(Below(random_, 60)) - 20 : 0;
  rule.fires_on_error = OneIn(4) ? OneIn(2) : FiresOnError(program_.decide, rule);
}

NodeId Generator::MakeReason() {
  NodeId text = b_.String(RandomText(random_, false));
  for (size_t k = Below(random_, 4); k > 0; --k) {
    TypeId type = RandomScalarType();
    if (OneIn(3)) type = b_.types().OptionalOf(type);
    const NodeId part = OneIn(3) ? b_.String("; ") : Emit(Op::kRender, kStringType, {Make(type, 2)});
    text = Emit(Op::kAdd, kStringType, {text, part});
  }
  return text;
}

NodeId Generator::Emit(Op op, TypeId type, const std::vector<NodeId>& operands, uint64_t imm) {
  const NodeId node = b_.Add(op, type, operands, imm);
  tree_nodes_.resize(node.index + 1, 1);
  for (NodeId operand : operands) tree_nodes_[node.index] += tree_nodes_[operand.index];
  if (scope_.empty() && op != Op::kLocal && tree_nodes_[node.index] <= kSharedTreeNodes)
    shareable_[type.index].push_back(node);
  return node;
}

std::optional<NodeId> Generator::Choose(const std::vector<NodeId>& nodes) {
  if (nodes.empty()) return std::nullopt;
  return nodes[Below(random_, nodes.size())];
}


NodeId Generator::Follow(const Recipe& recipe) {
  NodeId node = Emit(Op::kInput, program_.input, {});
  for (const Step& step : recipe) {
    const TypeId type = b_.TypeOf(node);
    switch (step.op) {
      case Op::kField:
        node = Emit(Op::kField, program_.types.record(type).fields[step.field].type, {node}, step.field);
        break;
      case Op::kUnwrap:
        node = Emit(Op::kUnwrap, ElementOf(type), {node});
        break;
      case Op::kIndex:
        node = Emit(Op::kIndex, ElementOf(type), {node, b_.Int(OneIn(6) ? 1 : 0)});
        break;
      default:
        node = Emit(Op::kMapGet, ElementOf(type), {node, MakeConstant(step.key)});
        break;
    }
  }
  return node;
}

NodeId Generator::MakeConstant(TypeId type) {
  switch (KindOf(type)) {
    case TypeKind::kBool:
      return Emit(Op::kConstBool, type, {}, Below(random_, 2));
    case TypeKind::kInt:
      return Emit(Op::kConstInt, type, {}, static_cast<uint64_t>(RandomInt(random_)));
    case TypeKind::kDouble:
      return Emit(Op::kConstDouble, type, {}, std::bit_cast<uint64_t>(RandomDouble(random_)));
    case TypeKind::kString:
      return Emit(Op::kConstString, type, {}, program_.AddString(RandomText(random_, false)));
    case TypeKind::kBytes:
      return Emit(Op::kConstBytes, type, {}, program_.AddString(RandomText(random_, true)));
    case TypeKind::kTimestamp:
      return Emit(Op::kConstTimestamp, type, {}, program_.AddString(ConstantOf(RandomTimestamp(random_)).text));
    case TypeKind::kDuration:
      return Emit(Op::kConstDuration, type, {}, static_cast<uint64_t>(RandomDuration(random_)));
    case TypeKind::kIp:
      return Emit(Op::kConstIp, type, {}, program_.AddString(ConstantOf(RandomIp(random_)).text));
    case TypeKind::kCidr:
      return Emit(Op::kConstCidr, type, {}, program_.AddString(ConstantOf(RandomCidr(random_)).text));
    default:
      return Emit(Op::kConstEnum, type, {}, Below(random_, program_.types.enum_type(type).enumerators.size()));
  }
}

// A local, a let, or something that was made before.
std::optional<NodeId> Generator::MakeVariable(TypeId type) {
  std::vector<LocalId> locals;
  std::ranges::copy_if(scope_, std::back_inserter(locals), [&](LocalId l) { return program_.locals[l].type == type; });
  if (!locals.empty() && !OneIn(4)) {
    const LocalId local = locals[Below(random_, locals.size())];
    return Emit(Op::kLocal, type, {}, local);
  }
  std::vector<LetId> lets;
  for (LetId k = 0; k < program_.lets.size(); ++k) {
    if (program_.lets[k].type == type) lets.push_back(k);
  }
  if (!lets.empty() && OneIn(2)) return Emit(Op::kLetRef, type, {}, lets[Below(random_, lets.size())]);
  if (shape_.sharing && OneIn(5)) return Choose(shareable_[type.index]);
  return std::nullopt;
}

NodeId Generator::MakeLeaf(TypeId type) {
  if (std::optional<NodeId> variable = MakeVariable(type)) return *variable;
  if (OneIn(3)) {
    if (std::optional<NodeId> list = MakeListData(type)) return *list;
  }
  const std::vector<Recipe>& recipes = recipes_[type.index];
  const bool scalar = IsScalar(KindOf(type));
  if (!recipes.empty() && !(scalar && OneIn(3))) return Follow(recipes[Below(random_, recipes.size())]);
  if (scalar) return MakeConstant(type);
  if (KindOf(type) == TypeKind::kOptional) {
    return OneIn(2) ? Emit(Op::kNone, type, {}) : Emit(Op::kSome, type, {MakeLeaf(ElementOf(type))});
  }
  std::vector<NodeId> items;
  for (size_t k = Below(random_, 5); k > 0; --k) items.push_back(MakeConstant(ElementOf(type)));
  return Emit(KindOf(type) == TypeKind::kSet ? Op::kMakeSet : Op::kMakeList, type, items);
}

NodeId Generator::Make(TypeId type, int depth) {
  if (depth <= 0 || OneIn(8)) return MakeLeaf(type);
  if (OneIn(4)) return MakeGeneric(type, depth - 1);
  switch (KindOf(type)) {
    case TypeKind::kBool:
      return MakeBool(depth - 1);
    case TypeKind::kInt:
      return MakeInt(depth - 1);
    case TypeKind::kDouble:
      return MakeDouble(depth - 1);
    case TypeKind::kString:
      return MakeText(depth - 1);
    case TypeKind::kBytes:
      return Emit(Op::kAdd, type, {Make(type, depth - 1), Make(type, depth - 1)});
    case TypeKind::kTimestamp:
    case TypeKind::kDuration:
      return MakeTime(type, depth - 1);
    case TypeKind::kOptional:
      return MakeOptional(type, depth - 1);
    case TypeKind::kList:
    case TypeKind::kSet:
      return MakeCollection(type, depth - 1);
    case TypeKind::kMap:
      return MakeMap(type, depth - 1);
    case TypeKind::kRecord:
      return MakeRecord(type, depth - 1);
    default:
      return MakeGeneric(type, depth - 1);
  }
}

std::optional<NodeId> Generator::MakeCall(TypeId type, int depth) {
  for (SourceId k = 0; k < program_.sources.size(); ++k) {
    if (program_.sources[k].result != type) continue;
    std::vector<NodeId> arguments;
    for (TypeId parameter : program_.sources[k].parameters) arguments.push_back(Make(parameter, depth - 1));
    return Emit(Op::kCallSource, type, arguments, k);
  }
  return std::nullopt;
}

// The types of the arguments that make the function give `result`; nothing when it gives another type, or takes one unknown here.
std::optional<std::vector<TypeId>> Generator::ParametersFor(const FunctionInfo& function, TypeId result) {
  TypeBindings bindings;
  if (function.op != Op::kCall || !Unify(program_.types, function.result, result, bindings)) return std::nullopt;
  for (std::optional<TypeId>& free : bindings) free = free.value_or(RandomScalarType());
  std::vector<TypeId> parameters;
  for (const TypePattern& pattern : function.parameters) {
    parameters.push_back(*Substitute(b_.types(), pattern, bindings));
    if (std::ranges::find(known_, parameters.back()) == known_.end()) return std::nullopt;
  }
  return parameters;
}

NodeId Generator::MakeLibraryCall(TypeId type, int depth) {
  struct Fit { uint64_t function; std::vector<TypeId> parameters; };
  std::vector<Fit> fits;
  for (uint64_t k = 0; k < kFunctionCount; ++k) {
    std::optional<std::vector<TypeId>> parameters = ParametersFor(InfoOf(static_cast<Function>(k)), type);
    if (parameters) fits.push_back({k, std::move(*parameters)});
  }
  if (fits.empty()) return MakeLeaf(type);
  const Fit& fit = fits[Below(random_, fits.size())];
  std::vector<NodeId> arguments;
  for (TypeId parameter : fit.parameters) arguments.push_back(Make(parameter, depth - 1));
  return Emit(Op::kCall, type, arguments, fit.function);
}

// What can be made of any type.
NodeId Generator::MakeGeneric(TypeId type, int depth) {
  switch (Below(random_, 8)) {
    case 0:
      return Emit(Op::kCond, type, {Make(kBoolType, depth), Make(type, depth), Make(type, depth)});
    case 1:
      return MakeBinding(type, depth);
    case 2:
      if (KindOf(type) == TypeKind::kOptional) break;
      if (auto optional = Known([&](TypeId t) { return KindOf(t) == TypeKind::kOptional && ElementOf(t) == type; })) {
        if (OneIn(3)) return Emit(Op::kUnwrap, type, {Make(*optional, depth)});
        return Emit(Op::kCoalesce, type, {Make(*optional, depth), Make(type, depth)});
      }
      break;
    case 3:
      if (auto list = Known([&](TypeId t) { return KindOf(t) == TypeKind::kList && ElementOf(t) == type; })) {
        return Emit(Op::kIndex, type, {Make(*list, depth), Make(kIntType, depth)});
      }
      break;
    case 4:
      return MakeLibraryCall(type, depth);
    case 5:
      if (auto map = Known([&](TypeId t) { return KindOf(t) == TypeKind::kMap && ElementOf(t) == type; })) {
        return Emit(Op::kMapGet, type, {Make(*map, depth), Make(program_.types[*map].key, depth)});
      }
      break;
    case 6:
      if (std::optional<NodeId> call = MakeCall(type, depth)) return *call;
      break;
    default:
      break;
  }
  return MakeLeaf(type);
}

NodeId Generator::WithLocal(Op op, TypeId type, NodeId value, TypeId variable, TypeId body_type, int depth) {
  const LocalId local = b_.AddLocal(fmt::format("x{}", program_.locals.size()), variable);
  scope_.push_back(local);
  const NodeId body = Make(body_type, depth);
  scope_.pop_back();
  return Emit(op, type, {value, body}, local);
}

NodeId Generator::MakeBinding(TypeId type, int depth) {
  const TypeId bound = known_[Below(random_, known_.size())];
  return WithLocal(Op::kBind, type, Make(bound, depth), bound, type, depth);
}

NodeId Generator::MakeBool(int depth) {
  switch (Below(random_, 12)) {
    case 0:
    case 1:
      return Emit(Op::kAnd, kBoolType, {Make(kBoolType, depth), Make(kBoolType, depth)});
    case 2:
    case 3:
      return Emit(Op::kOr, kBoolType, {Make(kBoolType, depth), Make(kBoolType, depth)});
    case 4:
      return Emit(Op::kNot, kBoolType, {Make(kBoolType, depth)});
    case 5: {
      const TypeId type = *Known([&](TypeId t) { return KindOf(t) == TypeKind::kOptional; });
      return Emit(Op::kHas, kBoolType, {Make(type, depth)});
    }
    case 6: {
      constexpr Op kOps[] = {Op::kStartsWith, Op::kEndsWith, Op::kContains};
      return Emit(kOps[Below(random_, 3)], kBoolType, {Make(kStringType, depth), Make(kStringType, depth)});
    }
    case 7:
      return Emit(Op::kMatches, kBoolType, {Make(kStringType, depth)}, Below(random_, program_.regexes.size()));
    case 8:
      return MakeMembership(depth);
    case 9:
      return MakeComprehension(depth);
    default:
      return MakeComparison(depth);
  }
}

NodeId Generator::MakeComparison(int depth) {
  constexpr Op kOps[] = {Op::kEq, Op::kNe, Op::kLt, Op::kLe, Op::kGt, Op::kGe};
  if (OneIn(4)) {
    const TypeId whole = *Known([&](TypeId t) { return program_.types.IsComposite(t); });
    const TypeId other = *Known([&](TypeId t) { return program_.types.AreComparable(whole, t); });
    return Emit(kOps[Below(random_, 2)], kBoolType, {Make(whole, depth), Make(other, depth)});
  }
  TypeId left = RandomScalarType();
  TypeId right = left;
  if (OneIn(6)) {
    left = OneIn(2) ? kIntType : kDoubleType;
    right = left == kIntType ? kDoubleType : kIntType;
  }
  const Op op = kOps[Below(random_, HasOrder(KindOf(left)) ? 6 : 2)];
  return Emit(op, kBoolType, {Make(left, depth), Make(right, depth)});
}

NodeId Generator::MakeInt(int depth) {
  constexpr Op kOps[] = {Op::kAdd, Op::kSub, Op::kMul, Op::kDiv, Op::kMod};
  switch (Below(random_, 6)) {
    case 0: {
      const TypeId sized = *Known(
          [&](TypeId t) { return HasSize(KindOf(t)); });
      return Emit(Op::kSize, kIntType, {Make(sized, depth)});
    }
    case 1:
    case 2:
      return MakeLibraryCall(kIntType, depth);
    case 3:
      return Emit(Op::kNeg, kIntType, {Make(kIntType, depth)});
    default:
      return Emit(kOps[Below(random_, 5)], kIntType, {Make(kIntType, depth), Make(kIntType, depth)});
  }
}

NodeId Generator::MakeDouble(int depth) {
  constexpr Op kOps[] = {Op::kAdd, Op::kSub, Op::kMul, Op::kDiv};
  if (OneIn(5)) return Emit(Op::kNeg, kDoubleType, {Make(kDoubleType, depth)});
  return Emit(kOps[Below(random_, 4)], kDoubleType, {Make(kDoubleType, depth), Make(kDoubleType, depth)});
}

NodeId Generator::MakeTime(TypeId type, int depth) {
  const bool add = OneIn(2);
  const Op op = add ? Op::kAdd : Op::kSub;
  if (type == kTimestampType) {
    const NodeId moment = Make(kTimestampType, depth);
    const NodeId duration = Make(kDurationType, depth);
    return add && OneIn(2) ? Emit(op, type, {duration, moment}) : Emit(op, type, {moment, duration});
  }
  const TypeId operand = add || OneIn(2) ? kDurationType : kTimestampType;
  return Emit(op, type, {Make(operand, depth), Make(operand, depth)});
}

NodeId Generator::MakeText(int depth) {
  switch (Below(random_, 6)) {
    case 0:
      return Emit(Op::kAdd, kStringType, {Make(kStringType, depth), Make(kStringType, depth)});
    case 1:
      return Emit(Op::kRender, kStringType, {Make(RandomScalarType(), depth)});
    default:
      return MakeLibraryCall(kStringType, depth);
  }
}

NodeId Generator::MakeOptional(TypeId type, int depth) {
  const TypeId payload = ElementOf(type);
  switch (Below(random_, 3)) {
    case 0:
      return Emit(Op::kSome, type, {Make(payload, depth)});
    case 1:
      return Emit(Op::kCoalesce, type, {Make(type, depth), Make(type, depth)});
    default:
      if (auto map = Known([&](TypeId t) { return KindOf(t) == TypeKind::kMap && ElementOf(t) == payload; })) {
        return Emit(Op::kMapFind, type, {Make(*map, depth), Make(program_.types[*map].key, depth)});
      }
      return MakeLeaf(type);
  }
}

Program RandomProgram(Random& random, const ProgramShape& shape) { return Generator(random, shape).Run(); }

namespace {

// Of the members that the kind means: the others are an engine's own affair.
uint64_t HashOf(const Scalar& scalar) {
  switch (scalar.kind) {
    case TypeKind::kString:
    case TypeKind::kBytes:
    case TypeKind::kCidr:
      return std::hash<std::string_view>()(scalar.text);
    case TypeKind::kDouble:
      return scalar.real > 1;
    case TypeKind::kTimestamp:
    case TypeKind::kIp:
      return static_cast<uint64_t>(scalar.integer) + static_cast<uint64_t>(scalar.low);
    default:
      return static_cast<uint64_t>(scalar.integer);
  }
}

}  // namespace

bool AnswerByHash(const Program& program, uint64_t salt, SourceId source, std::span<const Scalar> arguments,
                  Scalar* result) {
  static constexpr std::array<std::string_view, 4> kTexts = {"", "a", "spam", "é€"};
  uint64_t hash = salt + source;
  for (const Scalar& argument : arguments) hash = hash * 0x9E3779B97F4A7C15 + HashOf(argument);
  Random random(hash);
  if (Chance(random, 15)) return false;
  const TypeId type = program.sources[source].result;
  result->kind = program.types.kind(type);
  result->integer = RandomInt(random);
  if (result->kind == TypeKind::kBool) result->integer &= 1;
  // One ordinal too many: a host may answer anything.
  if (result->kind == TypeKind::kEnum)
    result->integer = static_cast<int64_t>(Below(random, program.types.enum_type(type).enumerators.size() + 1));
  result->real = RandomDouble(random);
  result->text = kTexts[Below(random, kTexts.size())];
  if (result->kind == TypeKind::kTimestamp) {
    const Timestamp moment = RandomTimestamp(random);
    result->integer = moment.seconds;
    result->low = moment.nanos;
  } else if (result->kind == TypeKind::kIp) {
    const Ip ip = RandomIp(random);
    result->integer = static_cast<int64_t>(ip.high());
    result->low = static_cast<int64_t>(ip.low());
  } else if (result->kind == TypeKind::kCidr) {
    static const std::array<std::string, 2> kRanges = {ConstantOf(*Cidr::Parse("10.0.0.0/8")).text, ConstantOf(*Cidr::Parse("::/0")).text};
    result->text = kRanges[Below(random, kRanges.size())];
  }
  return true;
}

}  // namespace moult::lang::test
