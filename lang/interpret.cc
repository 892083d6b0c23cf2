// Scalars, logic, and the rules.
#include "lang/interpret.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <optional>
#include <utility>

#include "lang/decide.h"
#include "lang/fuel.h"
#include "lang/function.h"
#include "lang/interpreter.h"
#include "lang/regex.h"
#include "lang/scalar_ops.h"
#include "lang/scalar_text.h"
#include "lang/text.h"

namespace moult::lang {
Evaluated Interpreter::Compute(NodeId id) {
  const Node& node = program_[id];
  switch (node.op) {
    case Op::kConstBool:
    case Op::kConstInt:
    case Op::kConstDouble:
    case Op::kConstString:
    case Op::kConstBytes:
    case Op::kConstTimestamp:
    case Op::kConstDuration:
    case Op::kConstIp:
    case Op::kConstCidr:
    case Op::kConstEnum:
      return ConstantValue(program_, node);
    case Op::kNone:
      return Value::Missing();
    case Op::kInput:
      return Value{.address = input_.record, .layout = input_.layout};
    case Op::kLocal:
      return locals_[node.imm];
    case Op::kLetRef:
      return LetRef(id);
    case Op::kListData:
      return ListData(id);
    case Op::kMakeList:
    case Op::kMakeSet:
      return MakeSequence(id);
    case Op::kMakeMap:
      return MakeMap(id);
    case Op::kMakeRecord:
      return MakeRecord(id);
    case Op::kIn:
      return In(id);
    case Op::kSize:
      if (const DataList* list = AskedList(program_.operand(id, 0))) return Value::Int(static_cast<int64_t>(list->size()));
      return Strict(id);
    case Op::kMapGet:
    case Op::kMapFind:
      if (const DataList* list = AskedList(program_.operand(id, 0))) return ListEntry(id, *list);
      return Strict(id);
    case Op::kBind:
      return Bind(id);
    case Op::kCoalesce:
      return Coalesce(id);
    case Op::kAnd:
      return Logic(id, false);
    case Op::kOr:
      return Logic(id, true);
    case Op::kCond: {
      Evaluated condition = Evaluate(program_.operand(id, 0));
      if (!condition) return condition;
      return Joined(id, condition->integer != 0 ? 1 : 2);
    }
    case Op::kRender:
      return Render(id);
    case Op::kExists:
      return Quantifier(id, true);
    case Op::kAll:
      return Quantifier(id, false);
    case Op::kExistsOne:
      return ExistsOne(id);
    case Op::kToList:
      return ToList(id);
    case Op::kToMap:
      return ToMap(id);
    default:
      return Strict(id);
  }
}

Evaluated Interpreter::LetRef(NodeId id) {
  const uint64_t let = program_[id].imm;
  if (!lets_[let]) {
    const std::optional<SiteId> outer = std::exchange(visited_at_, std::nullopt);
    lets_[let] = Evaluate(program_.lets[let].value);
    visited_at_ = outer;
  }
  return *lets_[let];
}

// `absorbing` decides whatever the other operand is, even an error. The right operand is computed unless the left one
// is it.
Evaluated Interpreter::Logic(NodeId id, bool absorbing) {
  Evaluated left = Evaluate(program_.operand(id, 0));
  if (left && (left->integer != 0) == absorbing) return left;
  Evaluated right = Evaluate(program_.operand(id, 1));
  if (right && (right->integer != 0) == absorbing) return right;
  return left ? right : left;
}

Evaluated Interpreter::Coalesce(NodeId id) {
  Evaluated left = Joined(id, 0);
  if (!left || left->present) return left;
  return Joined(id, 1);
}

Evaluated Interpreter::Joined(NodeId id, size_t k) {
  const NodeId operand = program_.operand(id, k);
  Evaluated value = Evaluate(operand);
  if (!value || !ReadsWhole(program_, id, k)) return value;
  const ErrorKind bad = maker_.Check(*value, type(operand));
  if (bad != ErrorKind::kNone) return Fail(id, bad);
  return value;
}

Evaluated Interpreter::Bind(NodeId id) {
  Evaluated value = Evaluate(program_.operand(id, 0));
  if (!value) return value;
  locals_[program_[id].imm] = std::move(value).value();
  return Evaluate(program_.operand(id, 1));
}

Evaluated Interpreter::Render(NodeId id) {
  Evaluated operand = Evaluate(program_.operand(id, 0));
  if (!operand) return Value::Text("<error>");
  if (!operand->present) return Value::Text("<missing>");
  return Value::Text(RenderValue(*operand, type(program_.operand(id, 0))).value_or("<error>"));
}

std::optional<std::string_view> Interpreter::RenderValue(const Value& value, TypeId type) {
  switch (program_.types.kind(type)) {
    case TypeKind::kBool:
      return value.integer != 0 ? "true" : "false";
    case TypeKind::kInt:
      return RenderInt(value.integer, *input_.arena);
    case TypeKind::kDouble:
      return RenderDouble(value.real, *input_.arena);
    case TypeKind::kString:
      return value.text;
    case TypeKind::kBytes:
    case TypeKind::kTimestamp:
    case TypeKind::kDuration:
    case TypeKind::kIp:
    case TypeKind::kCidr:
      return RenderPlain(program_.types.kind(type), value, *input_.arena);
    case TypeKind::kEnum:
      return program_.types.enum_type(type).enumerators[static_cast<size_t>(value.integer)];
    case TypeKind::kOptional:
      return RenderValue(value, program_.types[type].element);
    default:
      assert(false && "no scalar");
      return "<error>";
  }
}

Evaluated Interpreter::Strict(NodeId id) {
  std::vector<Value> values;
  for (NodeId operand : program_.operands(id)) {
    Evaluated value = Evaluate(operand);
    if (!value) return value;
    values.push_back(std::move(value).value());
  }
  if (visited_at_) {
    if (const std::optional<EvalError> error = SpendWithin(Steps(id, values))) return Failure(*error);
  }
  return Apply(id, values);
}

// What an operation costs within a comprehension.
uint64_t Interpreter::Steps(NodeId id, const std::vector<Value>& operands) const {
  const Op op = program_[id].op;
  const auto is_constant = [&](size_t k) { return program_[program_.operand(id, k)].op <= Op::kConstEnum; };
  const auto elements = [&](size_t k) { return IsCollection(kind(program_.operand(id, k))) ? CollectionSize(operands[k]) : 0; };
  if (op == Op::kMapGet || op == Op::kMapFind) return SearchSteps(CollectionSize(operands[0]), operands[1].text.size());
  if (op == Op::kEq || op == Op::kNe) {
    if (!IsText(kind(program_.operand(id, 0)))) return elements(0) + elements(1);
  }
  const uint32_t bytes_per_step = operands.empty() ? 0 : BytesPerStep(op, kind(program_.operand(id, 0)));
  if (bytes_per_step == 0) return 0;
  size_t bytes = operands[0].text.size();
  if (IsComparison(op)) bytes = is_constant(0) || is_constant(1) ? 0 : std::min(bytes, operands[1].text.size());
  if (op == Op::kStartsWith || op == Op::kEndsWith) bytes = is_constant(1) ? 0 : operands[1].text.size();
  return bytes / bytes_per_step;
}

bool Interpreter::Spend(uint64_t steps) {
  if (steps > fuel_) return false;
  fuel_ -= steps;
  return true;
}

std::optional<EvalError> Interpreter::SpendWithin(uint64_t steps) {
  if (!visited_at_ || Spend(steps)) return std::nullopt;
  return EvalError{ErrorKind::kFuelExhausted, *visited_at_};
}

Evaluated Interpreter::Apply(NodeId id, const std::vector<Value>& operands) {
  const Node& node = program_[id];
  switch (node.op) {
    case Op::kField:
      return FromRead(id, ReadField(operands[0], node.imm));
    case Op::kIndex:
      return Index(id, operands[0], operands[1].integer);
    case Op::kMapGet:
    case Op::kMapFind:
      return MapEntry(id, operands[0], operands[1]);
    case Op::kSome:
      return operands[0];
    case Op::kHas:
      return Value::Bool(operands[0].present);
    case Op::kUnwrap:
      if (!operands[0].present) return Fail(id, ErrorKind::kMissing);
      return operands[0];
    case Op::kNot:
      return Value::Bool(operands[0].integer == 0);
    case Op::kEq:
    case Op::kNe:
    case Op::kLt:
    case Op::kLe:
    case Op::kGt:
    case Op::kGe:
      return Compare(id, operands[0], operands[1]);
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kDiv:
    case Op::kMod:
      return Arithmetic(id, operands[0], operands[1]);
    case Op::kNeg:
      return Negate(id, operands[0]);
    case Op::kCall:
      return CallLibrary(id, operands);
    case Op::kCallSource:
      return CallSource(id, operands);
    default:
      return ApplyText(id, operands);
  }
}

Evaluated Interpreter::ApplyText(NodeId id, const std::vector<Value>& operands) {
  const Node& node = program_[id];
  const std::string_view text = operands[0].text;
  const std::string_view part = operands.size() > 1 ? operands[1].text : std::string_view();
  switch (node.op) {
    case Op::kSize: {
      if (kind(program_.operand(id, 0)) == TypeKind::kString) return Value::Int(CodePoints(text));
      if (kind(program_.operand(id, 0)) == TypeKind::kBytes) return Value::Int(static_cast<int64_t>(text.size()));
      return Value::Int(static_cast<int64_t>(CollectionSize(operands[0])));
    }
    case Op::kStartsWith:
      return Value::Bool(text.starts_with(part));
    case Op::kEndsWith:
      return Value::Bool(text.ends_with(part));
    case Op::kContains:
      return Value::Bool(ContainsText(text, part));
    case Op::kMatches:
      return Value::Bool(static_cast<const Regex*>(Resource(node.imm))->Matches(text));
    default:
      assert(false && "no operation on values");
      return Value();
  }
}

Evaluated Interpreter::Index(NodeId id, const Value& list, int64_t index) {
  if (index < 0 || static_cast<uint64_t>(index) >= CollectionSize(list)) return Fail(id, ErrorKind::kIndexOutOfRange);
  return FromRead(id, ReadElement(list, static_cast<size_t>(index)));
}

std::partial_ordering Interpreter::Order(const Value& a, TypeId a_type, const Value& b, TypeId b_type) const {
  const TypeKind a_kind = program_.types.kind(a_type);
  const TypeKind b_kind = program_.types.kind(b_type);
  if (a_kind == TypeKind::kInt && b_kind == TypeKind::kDouble) return CompareExactly(a.integer, b.real);
  if (a_kind == TypeKind::kDouble && b_kind == TypeKind::kInt) return 0 <=> CompareExactly(b.integer, a.real);
  switch (a_kind) {
    case TypeKind::kDouble:
      return a.real <=> b.real;
    case TypeKind::kString:
    case TypeKind::kBytes:
    case TypeKind::kCidr:
      return a.text <=> b.text;
    default:  // the lower half of what has none is 0
      return std::pair(a.integer, a.low) <=> std::pair(b.integer, b.low);
  }
}

Evaluated Interpreter::Compare(NodeId id, const Value& a, const Value& b) {
  if (program_.types.IsComposite(type(program_.operand(id, 0)))) return EqualWhole(id, a, b);
  return Value::Bool(Holds(program_[id].op, Order(a, type(program_.operand(id, 0)), b, type(program_.operand(id, 1)))));
}

Evaluated Interpreter::Arithmetic(NodeId id, const Value& a, const Value& b) {
  const Op op = program_[id].op;
  if (kind(id) == TypeKind::kList) return Concatenate(id, a, b);
  if (kind(id) == TypeKind::kDouble) return Value::Double(DoubleArithmetic(op, a.real, b.real));
  if (kind(id) == TypeKind::kTimestamp || kind(id) == TypeKind::kDuration) return TimeArithmetic(id, a, b);
  if (kind(id) == TypeKind::kString || kind(id) == TypeKind::kBytes)
    return TextOr(id, Concat(a.text, b.text, *input_.arena), ErrorKind::kArenaExhausted);
  const Result<int64_t, ErrorKind> result = IntArithmetic(op, a.integer, b.integer);
  if (!result) return Fail(id, result.error());
  return Value::Int(*result);
}

Evaluated Interpreter::TimeArithmetic(NodeId id, const Value& a, const Value& b) {
  const bool add = program_[id].op == Op::kAdd;
  const bool left_moves = kind(program_.operand(id, 0)) == TypeKind::kTimestamp;
  if (kind(id) == TypeKind::kTimestamp) {
    const Timestamp& moment = left_moves ? a.timestamp() : b.timestamp();
    const int64_t nanos = left_moves ? b.integer : a.integer;
    const Result<Timestamp, ErrorKind> moved = add ? AddDuration(moment, nanos) : SubtractDuration(moment, nanos);
    if (!moved) return Fail(id, moved.error());
    return Value::Moment(*moved);
  }
  if (left_moves) {
    const Result<int64_t, ErrorKind> difference = Difference(a.timestamp(), b.timestamp());
    if (!difference) return Fail(id, difference.error());
    return Value::Int(*difference);
  }
  const Result<int64_t, ErrorKind> result = IntArithmetic(program_[id].op, a.integer, b.integer);
  if (!result) return Fail(id, ErrorKind::kDurationOutOfRange);
  return Value::Int(*result);
}

Evaluated Interpreter::Negate(NodeId id, const Value& operand) {
  if (kind(id) == TypeKind::kDouble) return Value::Double(-operand.real);
  const Result<int64_t, ErrorKind> result = IntArithmetic(Op::kSub, 0, operand.integer);
  if (!result) return Fail(id, result.error());
  return Value::Int(*result);
}

// Library functions know values only as Moult itself lays them out.
Evaluated Interpreter::CallLibrary(NodeId id, const std::vector<Value>& arguments) {
  const FunctionInfo& function = InfoOf(static_cast<Function>(program_[id].imm));
  std::vector<TypeId> call_types;
  std::vector<Words> words;
  for (size_t k = 0; k < arguments.size(); ++k) {
    call_types.push_back(type(program_.operand(id, k)));
    const Result<Words, ErrorKind> argument = maker_.ToWords(arguments[k], call_types.back());
    if (!argument) return Fail(id, argument.error());
    words.push_back(*argument);
  }
  uint64_t steps = 0;
  for (size_t k = 0; k < arguments.size(); ++k) {
    const TypeKind argument = kind(program_.operand(id, k));
    if (IsText(argument)) steps += words[k].b / kDecodeBytes;
    if (IsCollection(argument)) steps += words[k].b;
  }
  if (const std::optional<EvalError> error = SpendWithin(steps)) return Failure(*error);
  call_types.push_back(type(id));
  Call call(*input_.arena, words.data(), function.generic ? maker_.DescribeCall(call_types) : nullptr);
  const ErrorKind error = CallFunction(function.function, call);
  if (error != ErrorKind::kNone) return Fail(id, error);
  return maker_.FromWords(call.result(), type(id));
}

// A host that answers with another type than was declared, or with an ordinal that the enum has not, has failed.
Evaluated Interpreter::CallSource(NodeId id, const std::vector<Value>& arguments) {
  uint64_t steps = kSourceSteps;
  for (const Value& argument : arguments) steps += ScanSteps(argument.text.size());
  if (!Spend(steps)) return Fail(id, ErrorKind::kFuelExhausted);
  if (input_.sources == nullptr) return Fail(id, ErrorKind::kSourceFailed);
  const auto source = static_cast<SourceId>(program_[id].imm);
  std::vector<Scalar> scalars;
  for (size_t k = 0; k < arguments.size(); ++k) scalars.push_back(ToScalar(kind(program_.operand(id, k)), arguments[k]));
  Scalar answer;
  if (!input_.sources->Call(source, scalars, &answer)) return Fail(id, ErrorKind::kSourceFailed);
  bool fits = answer.kind == kind(id);
  if (kind(id) == TypeKind::kEnum) {
    const size_t enumerators = program_.types.enum_type(type(id)).enumerators.size();
    fits = fits && answer.integer >= 0 && static_cast<uint64_t>(answer.integer) < enumerators;
  }
  if (!fits) return Fail(id, ErrorKind::kSourceFailed);
  if (kind(id) == TypeKind::kBool) return Value::Bool(answer.integer != 0);
  return Value{.integer = answer.integer, .low = answer.low, .real = answer.real, .text = answer.text};
}

Interpretation::Interpretation(const Program& program, const EvalInput& input)
    : interpreter_(std::make_unique<Interpreter>(program, input)) {}
Interpretation::~Interpretation() = default;

Outcome Interpretation::Decide() {
  const Program& program = interpreter_->program();
  Tally tally(program.decide);
  Outcome outcome;
  for (uint32_t k = 0; k < program.rules.size(); ++k) {
    const Rule& rule = program.rules[k];
    if (rule.mode == RuleMode::kOff || (rule.mode == RuleMode::kLive && tally.closed())) continue;
    const Evaluated when = interpreter_->Evaluate(rule.when);
    if (!when) outcome.errors.push_back({k, when.error()});
    const bool fires = when ? when->integer != 0 : rule.fires_on_error;
    if (!fires) continue;
    if (rule.mode == RuleMode::kShadow) {
      outcome.shadow_fired.push_back(k);
    } else {
      outcome.fired.push_back(k);
      tally.Fire(k, rule);
    }
  }
  outcome.verdict = tally.Verdict();
  outcome.score = tally.score();
  outcome.fuel_left = interpreter_->fuel();
  return outcome;
}

std::string_view Interpretation::Reason(uint32_t rule) {
  const NodeId reason = interpreter_->program().rules[rule].reason;
  if (!reason.valid()) return {};
  const Evaluated text = interpreter_->Evaluate(reason);
  return text ? text->text : std::string_view();
}

Result<Scalar, EvalError> Interpretation::Argument(uint32_t argument) {
  const NodeId id = interpreter_->program().effect_arguments[argument];
  const Evaluated value = interpreter_->Evaluate(id);
  if (!value) return Failure(value.error());
  return ToScalar(interpreter_->program().types.kind(interpreter_->program()[id].type), *value);
}

Outcome Interpret(const Program& program, const EvalInput& input) { return Interpretation(program, input).Decide(); }

std::string_view InterpretReason(const Program& program, const EvalInput& input, uint32_t rule) {
  return Interpretation(program, input).Reason(rule);
}

Result<Scalar, EvalError> InterpretArgument(const Program& program, const EvalInput& input, uint32_t argument) {
  return Interpretation(program, input).Argument(argument);
}

Evaluated InterpretNode(const Program& program, const EvalInput& input, NodeId id) {
  return Interpreter(program, input).Evaluate(id);
}

}  // namespace moult::lang
