#include "lang/builder.h"

#include <algorithm>
#include <bit>
#include <unordered_set>

namespace moult::lang {

NodeId Builder::Add(Op op, TypeId type, std::span<const NodeId> operands, TextSpan place, uint64_t imm) {
  if (limit_ != Limit::kNone) return {};
  uint32_t depth = op == Op::kLetRef ? depths_[program_.lets[imm].value.index] : 0;
  for (NodeId operand : operands) depth = std::max(depth, depths_[operand.index]);
  if (depth + 1 > kMaxDepth) limit_ = Limit::kDepth;
  if (program_.nodes.size() >= node_limit_) limit_ = Limit::kNodes;
  if (limit_ != Limit::kNone) return {};
  NodeId id = program_.Add(op, type, operands, imm);
  depths_.push_back(depth + 1);
  if (NeedsSite(id)) program_.nodes[id.index].site = AddSite(place);
  return id;
}

bool Builder::NeedsSite(NodeId id) const {
  switch (program_[id].op) {
    case Op::kField:  // also names the place in the message when a binding lacks the field
    case Op::kMapFind:
    case Op::kCall:  // the code that passes a collection may find the arena full
      return true;
    default:
      return OperationMayFail(program_, id) || ReadsInput(program_, id);
  }
}

NodeId Builder::Leaf(Op op, TypeId type, uint64_t imm) {
  auto [entry, is_new] = leaves_.try_emplace({op, type.index, imm});
  if (is_new) entry->second = Add(op, type, {}, {}, imm);
  return entry->second;
}

NodeId Builder::AddConstant(const Constant& constant, TypeId type) {
  switch (program_.types.kind(type)) {
    case TypeKind::kBool:
      return Leaf(Op::kConstBool, type, static_cast<uint64_t>(constant.integer));
    case TypeKind::kInt:
      return Leaf(Op::kConstInt, type, static_cast<uint64_t>(constant.integer));
    case TypeKind::kDuration:
      return Leaf(Op::kConstDuration, type, static_cast<uint64_t>(constant.integer));
    case TypeKind::kDouble:
      return Leaf(Op::kConstDouble, type, std::bit_cast<uint64_t>(constant.real));
    case TypeKind::kString:
      return Leaf(Op::kConstString, type, program_.AddString(constant.text));
    case TypeKind::kBytes:
      return Leaf(Op::kConstBytes, type, program_.AddString(constant.text));
    case TypeKind::kTimestamp:
      return Leaf(Op::kConstTimestamp, type, program_.AddString(constant.text));
    case TypeKind::kIp:
      return Leaf(Op::kConstIp, type, program_.AddString(constant.text));
    case TypeKind::kCidr:
      return Leaf(Op::kConstCidr, type, program_.AddString(constant.text));
    default:
      return Leaf(Op::kConstEnum, type, static_cast<uint64_t>(constant.integer));
  }
}

NodeId Builder::AddConstants(const std::vector<Constant>& items, TypeId type) {
  bool is_set = program_.types.kind(type) == TypeKind::kSet;
  TypeId element = program_.types[type].element;
  std::vector<NodeId> operands;
  std::vector<uint32_t> key;
  std::unordered_set<uint32_t> seen;
  for (const Constant& item : items) {
    NodeId id = AddConstant(item, element);
    if (!id.valid()) return {};
    if (is_set && !seen.insert(id.index).second) continue;
    operands.push_back(id);
    key.push_back(id.index);
  }
  auto [entry, is_new] = collections_.try_emplace({type.index, std::move(key)});
  if (is_new) entry->second = Add(is_set ? Op::kMakeSet : Op::kMakeList, type, operands, {});
  return entry->second;
}

NodeId Builder::AddInput() { return Leaf(Op::kInput, program_.input, 0); }

RegexId Builder::AddRegex(const std::string& pattern) {
  auto [entry, is_new] = regex_ids_.try_emplace(pattern, static_cast<RegexId>(program_.regexes.size()));
  if (is_new) program_.regexes.push_back(pattern);
  return entry->second;
}

LocalId Builder::AddLocal(std::string name, TypeId type) {
  program_.locals.push_back({std::move(name), type});
  return static_cast<LocalId>(program_.locals.size() - 1);
}

SiteId Builder::AddSite(TextSpan place) {
  auto [entry, is_new] = site_ids_.try_emplace({place.begin, place.end}, static_cast<SiteId>(program_.sites.size()));
  if (is_new) program_.sites.push_back(PlaceOf(place));
  return entry->second;
}

SiteSpan Builder::PlaceOf(TextSpan place) const {
  const uint32_t file = text_->FileAt(place.begin);
  const uint32_t base = text_->range(file).begin;
  return {file, place.begin - base, std::max(place.begin, place.end) - base};
}

}  // namespace moult::lang
