#include "lang/cost.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>
#include <unordered_set>

#include "lang/convert.h"
#include "lang/fuel.h"
#include "lang/function.h"

namespace moult::lang {
namespace {

constexpr uint64_t kMost = UINT64_MAX;
constexpr uint64_t kMostOfScalar = 64;       // bytes of a scalar other than a string or bytes as text
constexpr uint64_t kMostOfNumber = kMaxPrecision + 500;  // bytes of a number in any clause of `format`
constexpr uint64_t kBytesPerCodePoint = 4;  // a string's `max` counts code points

// A size or a number of steps that saturates, or that has no bound; then `culprit` says why (an index into the pass's words, plus one).
struct Amount {
  uint64_t most = 0;
  uint32_t culprit = 0;

  static Amount Of(uint64_t most) { return {most, 0}; }
  bool bounded() const { return culprit == 0; }
};

Amount operator+(Amount a, Amount b) {
  if (!a.bounded()) return a;
  if (!b.bounded()) return b;
  uint64_t sum = 0;
  return Amount::Of(__builtin_add_overflow(a.most, b.most, &sum) ? kMost : sum);
}

Amount operator*(Amount a, Amount b) {
  if ((a.bounded() && a.most == 0) || (b.bounded() && b.most == 0)) return {};
  if (!a.bounded()) return a;
  if (!b.bounded()) return b;
  uint64_t product = 0;
  return Amount::Of(__builtin_mul_overflow(a.most, b.most, &product) ? kMost : product);
}

Amount operator/(Amount a, uint64_t divisor) { return a.bounded() ? Amount::Of(a.most / divisor) : a; }

Amount Larger(Amount a, Amount b) {
  if (!a.bounded()) return a;
  if (!b.bounded()) return b;
  return a.most >= b.most ? a : b;
}

Amount Base64(Amount bytes) { return bytes * Amount::Of(2) + Amount::Of(4); }

// How large a value gets: bytes of a string, elements of a collection. The parts (elements, or keys and values alike) of one that an
// expression made are at most `parts`; of one that lies in the input nothing is known but their type.
struct Extent {
  Amount size;
  std::optional<Amount> parts;  // of texts and collections
};

class CostPass {
 public:
  explicit CostPass(const Program& program)
      : program_(program), binders_(program.locals.size()), extents_(program.nodes.size()), steps_(program.nodes.size()) {}

  PolicyCost Run();

 private:
  void Visit(NodeId id);
  Extent ExtentOf(NodeId id);
  Extent PartOf(NodeId collection, TypeId part);
  std::optional<Amount> LargerParts(NodeId id, const Extent& a, const Extent& b);
  Extent ExtentOfField(NodeId id);
  Extent ExtentOfCall(NodeId id);
  Extent ExtentOfLiteral(NodeId id);
  Amount StepsOf(NodeId id);
  Amount Work(NodeId id);
  Amount WorkOnTexts(NodeId id);
  Amount Search(NodeId collection, NodeId needle);
  std::vector<bool> UsedLets() const;
  std::span<const NodeId> EffectArguments(const Rule& rule) const;
  Amount RuleSteps(const Rule& rule) const;
  Cost ToCost(Amount steps) const;

  // A size that has no bound, and why.
  template <class... Args>
  Amount Unbounded(fmt::format_string<Args...> format, Args&&... args) {
    words_.push_back(fmt::format(format, std::forward<Args>(args)...));
    return {0, static_cast<uint32_t>(words_.size())};
  }
  TypeId type(NodeId id) const { return program_[id].type; }
  TypeKind kind(NodeId id) const { return program_.types.kind(type(id)); }
  Amount size(NodeId id) const { return extents_[id.index].size; }
  bool IsSized(TypeId type) const {
    while (program_.types.IsOptional(type)) type = program_.types[type].element;
    const TypeKind kind = program_.types.kind(type);
    return lang::IsText(kind) || IsCollection(kind);
  }
  bool IsText(TypeId type) const {
    while (program_.types.IsOptional(type)) type = program_.types[type].element;
    return lang::IsText(program_.types.kind(type));
  }

  const Program& program_;
  std::vector<NodeId> binders_;   // by LocalId
  std::unordered_set<uint32_t> made_records_;  // types
  std::vector<Extent> extents_;   // by node
  std::vector<Amount> steps_;     // by node: of the whole tree under it, but for lets
  std::vector<std::string> words_;
};

PolicyCost CostPass::Run() {
  for (uint32_t k = 0; k < program_.nodes.size(); ++k) {
    const Node& node = program_.nodes[k];
    if (node.op == Op::kMakeRecord) made_records_.insert(node.type.index);
    if (!Binds(node.op)) continue;
    const Variables variables = Variables::Of(node.imm);
    binders_[variables.first] = {k};
    if (variables.second != Variables::kNone) binders_[variables.second] = {k};
  }
  for (uint32_t k = 0; k < program_.nodes.size(); ++k) Visit({k});
  PolicyCost cost;
  Amount total;
  for (const Rule& rule : program_.rules) {
    const Amount steps = RuleSteps(rule);
    cost.rules.push_back(ToCost(steps));
    total = total + steps;
  }
  const std::vector<bool> used = UsedLets();
  for (LetId k = 0; k < program_.lets.size(); ++k) {
    const Amount steps = used[k] ? steps_[program_.lets[k].value.index] : Amount();
    cost.lets.push_back(ToCost(steps));
    total = total + steps;
  }
  cost.total = ToCost(total);
  return cost;
}

Cost CostPass::ToCost(Amount steps) const {
  if (steps.bounded()) return {steps.most, {}};
  return {0, words_[steps.culprit - 1]};
}

Amount CostPass::RuleSteps(const Rule& rule) const {
  if (rule.mode == RuleMode::kOff) return {};
  Amount steps = steps_[rule.when.index];
  if (rule.reason.valid()) steps = steps + steps_[rule.reason.index];
  for (NodeId argument : EffectArguments(rule)) steps = steps + steps_[argument.index];
  return steps;
}

// Those of a rule's effects follow each other.
std::span<const NodeId> CostPass::EffectArguments(const Rule& rule) const {
  if (rule.effect_count == 0) return {};
  const Effect& first = program_.effects[rule.first_effect];
  const Effect& last = program_.effects[rule.first_effect + rule.effect_count - 1];
  return std::span(program_.effect_arguments).subspan(first.first_argument, last.first_argument + last.argument_count - first.first_argument);
}

// Lets that a live or shadow rule uses, by itself or through other lets.
std::vector<bool> CostPass::UsedLets() const {
  std::vector<bool> nodes(program_.nodes.size());
  std::vector<bool> lets(program_.lets.size());
  for (const Rule& rule : program_.rules) {
    if (rule.mode == RuleMode::kOff) continue;
    nodes[rule.when.index] = true;
    if (rule.reason.valid()) nodes[rule.reason.index] = true;
    for (NodeId argument : EffectArguments(rule)) nodes[argument.index] = true;
  }
  // Operands, and the values of lets, come before their users.
  for (uint32_t k = static_cast<uint32_t>(program_.nodes.size()); k-- > 0;) {
    if (!nodes[k]) continue;
    for (NodeId operand : program_.operands({k})) nodes[operand.index] = true;
    if (program_.nodes[k].op != Op::kLetRef) continue;
    lets[program_.nodes[k].imm] = true;
    nodes[program_.lets[program_.nodes[k].imm].value.index] = true;
  }
  return lets;
}

void CostPass::Visit(NodeId id) {
  if (IsSized(type(id))) extents_[id.index] = ExtentOf(id);
  steps_[id.index] = StepsOf(id);
}

Extent CostPass::ExtentOf(NodeId id) {
  const Node& node = program_[id];
  const auto operand = [&](size_t k) -> const Extent& { return extents_[program_.operand(id, k).index]; };
  switch (node.op) {
    case Op::kConstString:
    case Op::kConstBytes:
      return {Amount::Of(program_.strings[node.imm].size()), {}};
    case Op::kNone:
      return {};
    case Op::kField:
      return ExtentOfField(id);
    case Op::kLocal: {
      const NodeId binder = binders_[node.imm];
      const NodeId value = program_.operand(binder, 0);
      return program_[binder].op == Op::kBind ? extents_[value.index] : PartOf(value, node.type);
    }
    case Op::kLetRef:
      return extents_[program_.lets[node.imm].value.index];
    case Op::kListData:
      return {Unbounded("the list `{}` has no bound", program_.lists[node.imm].name), {}};
    case Op::kIndex:
    case Op::kMapGet:
    case Op::kMapFind:
      return PartOf(program_.operand(id, 0), node.type);
    case Op::kMakeList:
    case Op::kMakeSet:
    case Op::kMakeMap:
      return ExtentOfLiteral(id);
    case Op::kToList:
    case Op::kToMap: {
      Extent extent{operand(0).size, Amount()};
      const size_t values = node.op == Op::kToMap ? 2 : 1;
      for (size_t k = node.operand_count - values; k < node.operand_count; ++k) {
        if (IsSized(type(program_.operand(id, k)))) extent.parts = Larger(*extent.parts, operand(k).size);
      }
      return extent;
    }
    case Op::kBind:
      return operand(1);
    case Op::kSome:
    case Op::kUnwrap:
      return operand(0);
    case Op::kCall:
      return ExtentOfCall(id);
    case Op::kCoalesce:
    case Op::kCond: {
      const Extent& a = operand(node.op == Op::kCond ? 1 : 0);
      const Extent& b = operand(node.op == Op::kCond ? 2 : 1);
      return {Larger(a.size, b.size), LargerParts(id, a, b)};
    }
    case Op::kAdd:
      return {operand(0).size + operand(1).size, LargerParts(id, operand(0), operand(1))};
    case Op::kRender:
      if (kind(program_.operand(id, 0)) == TypeKind::kBytes) return {Base64(operand(0).size), {}};
      return {kind(program_.operand(id, 0)) == TypeKind::kString ? operand(0).size : Amount::Of(kMostOfScalar), {}};
    case Op::kCallSource:
      return {Unbounded("what the source `{}` answers has no bound", program_.sources[node.imm].name), {}};
    default:
      return {Unbounded("the result of `{}` has no bound", OpText(node.op)), {}};
  }
}

Extent CostPass::ExtentOfField(NodeId id) {
  const RecordType& record = program_.types.record(type(program_.operand(id, 0)));
  const RecordField& field = record.fields[program_[id].imm];
  const bool of_input = type(program_.operand(id, 0)) == program_.input;
  const std::string path = of_input ? field.name : record.name + "." + field.name;
  if (made_records_.contains(type(program_.operand(id, 0)).index)) {  // `max` holds for what comes in
    return {Unbounded("`{}` has no bound, since the policy makes records of that type", path), {}};
  }
  if (field.max_size == 0) return {Unbounded("`{}` has no `max`", path), {}};
  return {Amount::Of(field.max_size) * Amount::Of(IsText(field.type) ? kBytesPerCodePoint : 1), {}};
}

Extent CostPass::ExtentOfCall(NodeId id) {
  const auto function = static_cast<Function>(program_[id].imm);
  const std::span<const NodeId> arguments = program_.operands(id);
  const Extent& first = extents_[arguments[0].index];
  const auto size_of = [&](size_t k) { return k < arguments.size() ? size(arguments[k]) : Amount(); };
  const Amount whole = first.size;
  switch (function) {
    case Function::kStringLowerAscii:
    case Function::kStringUpperAscii:
    case Function::kStringSubstring:
    case Function::kStringSubstringTo:
    case Function::kStringTrim:
    case Function::kStringReverse:
    case Function::kStringOfString:
    case Function::kStringOfBytes:
    case Function::kBytesOfBytes:
    case Function::kBytesOfString:
    case Function::kBase64Decode:
    case Function::kHexDecode:
    case Function::kUrlDecode:
      return {whole, {}};
    case Function::kStringCharAt:
      return {Amount::Of(kBytesPerCodePoint), {}};
    case Function::kHtmlDecode:  // the longest expansion of an entity is less than twice its length
    case Function::kHexEncode:
    case Function::kFormatHexText:
    case Function::kFormatHexBytes:
    case Function::kFormatUpperHexText:
    case Function::kFormatUpperHexBytes:
      return {whole * Amount::Of(2), {}};
    case Function::kBase64Encode:
      return {Base64(whole), {}};
    case Function::kStringsQuote:  // a byte becomes six at most
      return {whole * Amount::Of(6) + Amount::Of(2), {}};
    case Function::kStringReplace:
    case Function::kStringReplaceSome:
      return {whole + (whole + Amount::Of(1)) * size_of(2), {}};
    case Function::kStringSplit:
    case Function::kStringSplitSome:
      return {whole + Amount::Of(1), whole};
    case Function::kListJoin:
    case Function::kListJoinWith:
      return {whole * (PartOf(arguments[0], kStringType).size + size_of(1)), {}};
    case Function::kListDistinct:
    case Function::kListReverse:
    case Function::kListSlice:
    case Function::kListSortBools:
    case Function::kListSortDoubles:
    case Function::kListSortInts:
    case Function::kListSortStrings:
    case Function::kListSortBytes:
    case Function::kListSortDurations:
    case Function::kListSortTimestamps:
    case Function::kListSortBy:
    case Function::kSetDifference:
    case Function::kSetIntersect:
      return first;
    case Function::kSetUnion:
      return {whole + size_of(1), LargerParts(id, first, extents_[arguments[1].index])};
    case Function::kListFlatten:
      return {whole * PartOf(arguments[0], type(id)).size, {}};
    case Function::kListsRange: {
      const Node& count = program_[arguments[0]];
      if (count.op != Op::kConstInt) return {Unbounded("the size of `lists.range` is no constant"), {}};
      return {Amount::Of(static_cast<uint64_t>(std::max<int64_t>(static_cast<int64_t>(count.imm), 0))), {}};
    }
    case Function::kFormatValue:
      if (!IsSized(type(arguments[0]))) return {Amount::Of(kMostOfNumber), {}};
      if (IsText(type(arguments[0]))) return {whole * Amount::Of(3), {}};  // a byte that is not UTF-8 becomes three
      return {Unbounded("the result of `format` has no bound"), {}};
    default:
      if (IsText(type(id)) && !IsSized(type(arguments[0]))) return {Amount::Of(kMostOfNumber), {}};
      return {Unbounded("the result of `{}` has no bound", InfoOf(function).name), {}};
  }
}

Extent CostPass::ExtentOfLiteral(NodeId id) {
  const uint32_t per_item = program_[id].op == Op::kMakeMap ? 2 : 1;
  Extent extent{Amount::Of(program_[id].operand_count / per_item), Amount()};
  for (NodeId item : program_.operands(id)) {
    if (IsSized(type(item))) extent.parts = Larger(*extent.parts, size(item));
  }
  return extent;
}

// Of a collection that is one or the other, or made of both. Where one's are not known, nor are those of the whole.
std::optional<Amount> CostPass::LargerParts(NodeId id, const Extent& a, const Extent& b) {
  if (!a.parts && !b.parts) return std::nullopt;
  if (a.parts && b.parts) return Larger(*a.parts, *b.parts);
  return Unbounded("elements of type `{}` have no bound here", program_.types.Name(type(id)));
}

// Of an element, a key or a value. Nothing declares how large one is that lies in the input.
Extent CostPass::PartOf(NodeId collection, TypeId part) {
  const Extent& whole = extents_[collection.index];
  if (whole.parts) return {*whole.parts, {}};
  NodeId source = collection;
  while (program_[source].op == Op::kUnwrap || program_[source].op == Op::kSome) source = program_.operand(source, 0);
  const Node& node = program_[source];
  if (node.op == Op::kField) {
    const RecordField& field = program_.types.record(type(program_.operand(source, 0))).fields[node.imm];
    return {Unbounded("the elements of `{}` have no `max` (a list of records whose field has one is bounded)", field.name), {}};
  }
  return {Unbounded("elements of type `{}` have no bound here", program_.types.Name(part)), {}};
}

Amount CostPass::StepsOf(NodeId id) {
  const Node& node = program_[id];
  const std::span<const NodeId> operands = program_.operands(id);
  const auto steps = [&](size_t k) { return steps_[operands[k].index]; };
  const Amount one = Amount::Of(1);
  switch (node.op) {
    case Op::kCond:
      return one + steps(0) + Larger(steps(1), steps(2));
    default:
      break;
  }
  if (IsComprehension(node.op)) {
    Amount visit = one;
    for (size_t k = 1; k < operands.size(); ++k) visit = visit + steps(k);
    return one + steps(0) + size(operands[0]) * visit;
  }
  Amount sum = one + Work(id);
  for (size_t k = 0; k < operands.size(); ++k) sum = sum + steps(k);
  return sum;
}

// Beside the one step of every operation.
Amount CostPass::Work(NodeId id) {
  const std::span<const NodeId> operands = program_.operands(id);
  switch (program_[id].op) {
    case Op::kIn:
      if (IsConstantCollection(program_, operands[1])) return {};
      if (program_[operands[1]].op == Op::kListData) return size(operands[0]) / kScanBytes;
      return Search(operands[1], operands[0]);
    case Op::kMapGet:
    case Op::kMapFind:
      if (program_[operands[0]].op == Op::kListData) return size(operands[1]) / kScanBytes;
      return Search(operands[0], operands[1]);
    case Op::kAdd:
    case Op::kRender:
      if (!IsSized(type(id))) return {};
      return IsText(type(id)) ? size(id) / kScanBytes : size(id);
    case Op::kCall: {
      Amount steps;
      for (NodeId argument : operands) {
        if (IsSized(type(argument))) steps = steps + size(argument) / (IsText(type(argument)) ? kDecodeBytes : 1);
      }
      return steps;
    }
    case Op::kCallSource: {
      Amount steps = Amount::Of(kSourceSteps);
      for (NodeId argument : operands) steps = steps + size(argument) / kScanBytes;
      return steps;
    }
    default:
      return WorkOnTexts(id);
  }
}

Amount CostPass::WorkOnTexts(NodeId id) {
  const Op op = program_[id].op;
  const std::span<const NodeId> operands = program_.operands(id);
  if (IsComparison(op) && IsCollection(kind(operands[0]))) return size(operands[0]) + size(operands[1]);
  const uint32_t bytes_per_step = operands.empty() ? 0 : BytesPerStep(op, kind(operands[0]));
  if (bytes_per_step == 0) return {};
  Amount bytes = size(operands[0]);
  if (IsComparison(op)) {
    const Amount other = size(operands[1]);
    if (!bytes.bounded() || (other.bounded() && other.most < bytes.most)) bytes = other;
  }
  if (op == Op::kStartsWith || op == Op::kEndsWith) bytes = size(operands[1]);
  return bytes / bytes_per_step;
}

Amount CostPass::Search(NodeId collection, NodeId needle) {
  return size(collection) * (Amount::Of(1) + size(needle) / kScanBytes);
}

}  // namespace

PolicyCost CostOf(const Program& program) { return CostPass(program).Run(); }

std::vector<uint32_t> DearestRules(const PolicyCost& cost, size_t most) {
  std::vector<uint32_t> rules(cost.rules.size());
  std::iota(rules.begin(), rules.end(), 0);
  std::erase_if(rules, [&](uint32_t k) { return cost.rules[k].bounded() && cost.rules[k].steps == 0; });
  std::stable_sort(rules.begin(), rules.end(), [&](uint32_t a, uint32_t b) {
    const Cost& x = cost.rules[a];
    const Cost& y = cost.rules[b];
    if (x.bounded() != y.bounded()) return !x.bounded();
    return x.bounded() && x.steps > y.steps;
  });
  if (rules.size() > most) rules.resize(most);
  return rules;
}

}  // namespace moult::lang
