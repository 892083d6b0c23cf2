// Literals of lists, sets, maps and records.
#include <bit>
#include <set>

#include "codegen/emitter.h"

namespace moult::codegen {

namespace x86 = asmjit::x86;
using lang::Op;

// In the arena, native. A set's equal items stand once.
void Emitter::MakeCollection(NodeId id) {
  SlotScope scope(*this);
  const bool is_set = node(id).op == Op::kMakeSet;
  const bool constant = lang::IsConstantCollection(program_, id);
  const std::span<const NodeId> operands = program_.operands(id);
  const std::vector<NodeId> items =
      is_set && constant ? DistinctConstants(id) : std::vector<NodeId>(operands.begin(), operands.end());
  const TypeId element_type = program_.types[type(id)].element;
  const Layout& native = *facts_.layout(id).element;
  const Slot data = slots_.Take(1);
  MoveImmediate(x86::rsi, static_cast<int64_t>(items.size()));
  AllocateArray(native.size, node(id).site);
  out_.mov(data.word(), role::kValue);
  for (size_t k = 0; k < items.size(); ++k) {
    Value(items[k]);
    StoreNative(data, static_cast<int32_t>(k * native.size), native, element_type, items[k], node(id).site);
  }
  if (is_set && !constant) {
    out_.mov(x86::rdi, role::kFrame);
    LoadImage(x86::rsi, facts_.images().Add(element_type, native));
    out_.mov(x86::rdx, data.word());
    MoveImmediate(x86::rcx, static_cast<int64_t>(items.size()));
    asm_.Call(Helper::kKeepDistinct);
    out_.mov(role::kSize, role::kValue);
  } else {
    MoveImmediate(role::kSize, static_cast<int64_t>(items.size()));
  }
  out_.mov(role::kValue, data.word());
}

void Emitter::MakeMap(NodeId id) {
  SlotScope scope(*this);
  const std::span<const NodeId> operands = program_.operands(id);
  const lang::Type map = program_.types[type(id)];
  const Layout& native = *facts_.layout(id).element;
  const Slot made = slots_.Take(2);
  MoveImmediate(x86::rsi, static_cast<int64_t>(operands.size() / 2));
  AllocateArray(native.size, node(id).site);
  out_.mov(made.word(), role::kValue);
  for (size_t k = 0; k < operands.size(); ++k) {
    const FieldLayout& part = native.fields[k % 2];
    const auto at = static_cast<int32_t>(k / 2 * native.size + part.offset);
    Value(operands[k]);
    StoreNative(made, at, *part.layout, k % 2 == 0 ? map.key : map.element, operands[k], node(id).site);
  }
  MoveImmediate(x86::rcx, static_cast<int64_t>(operands.size() / 2));
  out_.mov(made.word(1), x86::rcx);
  CheckKeys(id, made);
}

// Fails if two keys of the map in `made` are equal; leaves it in the value registers.
void Emitter::CheckKeys(NodeId map, Slot made) {
  out_.mov(x86::rdi, role::kFrame);
  LoadImage(x86::rsi, facts_.Image(map));
  out_.lea(x86::rdx, made.word());
  asm_.Call(Helper::kHaveEqualKeys);
  JumpIfBool(true, Fail(ErrorKind::kDuplicateKey, node(map).site));
  Fill(made, type(map));
}

void Emitter::MakeRecord(NodeId id) {
  SlotScope scope(*this);
  const std::span<const NodeId> operands = program_.operands(id);
  const std::vector<lang::RecordField>& fields = program_.types.record(type(id)).fields;
  const Layout& native = facts_.layout(id);
  const Slot record = slots_.Take(1);
  MoveImmediate(x86::rsi, 1);
  AllocateArray(native.size, node(id).site);
  out_.mov(record.word(), role::kValue);
  for (size_t k = 0; k < operands.size(); ++k) {
    Value(operands[k]);
    StoreNative(record, static_cast<int32_t>(native.fields[k].offset), *native.fields[k].layout, fields[k].type, operands[k],
                node(id).site);
  }
  out_.mov(role::kValue, record.word());
}

std::vector<lang::NodeId> Emitter::DistinctConstants(NodeId set) const {
  // Strings are interned and an int's or enum's bits are its value; doubles compare as numbers: 0 is -0, a NaN equals nothing.
  const auto less = [this](NodeId a, NodeId b) {
    if (type(a) != lang::kDoubleType) return node(a).imm < node(b).imm;
    return std::bit_cast<double>(node(a).imm) < std::bit_cast<double>(node(b).imm);
  };
  const auto is_nan = [this](NodeId id) {
    const auto value = std::bit_cast<double>(node(id).imm);
    return type(id) == lang::kDoubleType && value != value;
  };
  std::set<NodeId, decltype(less)> seen(less);
  std::vector<NodeId> distinct;
  for (NodeId item : program_.operands(set)) {
    if (is_nan(item) || seen.insert(item).second) distinct.push_back(item);
  }
  return distinct;
}

}  // namespace moult::codegen
