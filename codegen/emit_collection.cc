// Lists, sets and maps: membership, lookup, comprehensions. Loops walk the elements where they lie.
#include <algorithm>
#include <bit>
#include <set>

#include "codegen/emitter.h"

namespace moult::codegen {

namespace x86 = asmjit::x86;
using lang::Op;
using lang::TypeKind;
using x86::CondCode;

namespace {

// Ints and enums are checked when they are read, so a variable that is one is read once; anything else stays where it lies.
bool IsReadWhenBound(const Layout& element) {
  const Layout* layout = &element;
  while (layout->kind == Layout::Kind::kOptional) layout = layout->element.get();
  return layout->kind == Layout::Kind::kInt || layout->kind == Layout::Kind::kEnum;
}

}  // namespace

void Emitter::LoadResource(const x86::Gp& to, size_t index) {
  out_.mov(to, FrameField(offsetof(EvalFrame, resources)));
  out_.mov(to, x86::qword_ptr(to, static_cast<int32_t>(index * sizeof(void*))));
}

void Emitter::ListDataValue(NodeId id) {
  LoadResource(x86::rdi, program_.regexes.size() + node(id).imm);
  asm_.Call(Helper::kSetItems);
}

void Emitter::JumpIn(NodeId id, bool when, Label target) {
  NoteNode(id);
  const NodeId needle = program_.operand(id, 0);
  const NodeId collection = program_.operand(id, 1);
  if (node(collection).op == Op::kListData) return JumpInListData(id, when, target);
  if (facts_.IsConstantCollection(collection)) return JumpInConstants(id, when, target);

  SlotScope scope(*this);
  const Label skip = NewLabel();
  Value(needle);
  const Slot slot = Spill(type(needle));
  Value(collection);
  const Slot cursor = slots_.Take(1);
  FindElement(collection, type(needle), slot, cursor, when ? target : skip);
  if (!when) out_.jmp(target);
  out_.bind(skip);
}

void Emitter::JumpInListData(NodeId id, bool when, Label target) {
  Value(program_.operand(id, 0));
  out_.mov(x86::rsi, role::kValue);
  LoadResource(x86::rdi, program_.regexes.size() + node(program_.operand(id, 1)).imm);
  asm_.Call(Helper::kSetContains);
  JumpIfBool(when, target);
}

// The collection is in rax, rdx.
void Emitter::FindElement(NodeId collection, TypeId element_type, Slot needle, Slot cursor, Label found) {
  SlotScope scope(*this);
  const Slot left = slots_.Take(1);
  const ElementPlace place = facts_.VisitedElement(collection);
  const Label loop = NewLabel();
  const Label next = NewLabel();
  const Label end = NewLabel();
  out_.test(role::kSize, role::kSize);
  out_.jz(end);
  out_.mov(cursor.word(), role::kValue);
  out_.mov(left.word(), role::kSize);
  out_.bind(loop);
  out_.mov(role::kValue, cursor.word());
  JumpElementEquals(x86::ptr(role::kValue, static_cast<int32_t>(place.offset)), *place.layout, element_type, needle, found, next);
  out_.bind(next);
  out_.add(cursor.word(), facts_.layout(collection).element->size);
  out_.dec(left.word());
  out_.jnz(loop);
  out_.bind(end);
}

// What holds no value of the language equals nothing.
void Emitter::JumpElementEquals(const Mem& at, const Layout& layout, TypeId element_type, Slot needle, Label found, Label next) {
  Load(at, layout, element_type, {.label = next});
  switch (kind(element_type)) {
    case TypeKind::kDouble:
      out_.ucomisd(role::kReal, needle.word());
      out_.jp(next);
      out_.je(found);
      return;
    case TypeKind::kString:
      out_.cmp(role::kSize, needle.word(1));
      out_.jne(next);
      out_.mov(x86::rdi, role::kValue);
      out_.mov(x86::rsi, needle.word());
      asm_.Call(Helper::kEqualBytes);
      return JumpIfBool(true, found);
    default:
      out_.cmp(role::kValue, needle.word());
      out_.je(found);
  }
}

void Emitter::IndexValue(NodeId id) {
  SlotScope scope(*this);
  const NodeId list = program_.operand(id, 0);
  Value(list);
  const Slot slot = Spill(type(list));
  Value(program_.operand(id, 1));
  out_.cmp(role::kValue, slot.word(1));
  out_.jae(Fail(ErrorKind::kIndexOutOfRange, node(id).site));  // unsigned: a negative index is above every size
  MultiplyBy(role::kValue, facts_.layout(list).element->size);
  out_.add(role::kValue, slot.word());
  Load(x86::ptr(role::kValue), facts_.StorageRead(id), type(id), {.site = node(id).site});
}

void Emitter::MapValue(NodeId id) {
  SlotScope scope(*this);
  const NodeId map = program_.operand(id, 0);
  const NodeId key = program_.operand(id, 1);
  const bool finds = node(id).op == Op::kMapFind;
  const Label found = NewLabel();
  const Label end = NewLabel();
  Value(map);
  const Slot slot = Spill(type(map));
  Value(key);
  const Slot needle = Spill(type(key));
  Fill(slot, type(map));
  const Slot cursor = slots_.Take(1);
  FindElement(map, type(key), needle, cursor, found);
  if (finds) {
    out_.xor_(role::kPresence.r32(), role::kPresence.r32());
    out_.jmp(end);
  } else {
    out_.jmp(Fail(ErrorKind::kNoSuchKey, node(id).site));
  }
  out_.bind(found);
  const TypeId value_type = program_.types[type(map)].element;
  const FieldLayout& value = facts_.layout(map).element->fields[1];
  out_.mov(role::kValue, cursor.word());
  Load(x86::ptr(role::kValue, static_cast<int32_t>(value.offset)), *value.layout, value_type, {.site = node(id).site});
  if (finds && !program_.types.IsOptional(value_type)) out_.mov(role::kPresence.r32(), 1);
  out_.bind(end);
}

// exists and all. `pending` keeps the first error while later elements may still decide.
void Emitter::JumpQuantifier(NodeId id, bool when, Label target) {
  NoteNode(id);
  SlotScope scope(*this);
  const bool decisive = node(id).op == Op::kExists;
  const NodeId collection = program_.operand(id, 0);
  const Label skip = NewLabel();
  const Label loop = NewLabel();
  const Label next = NewLabel();
  const Label end = NewLabel();
  Value(collection);
  const Slot cursor = slots_.Take(1);
  const Slot left = slots_.Take(1);
  const Slot pending = slots_.Take(1);
  out_.mov(pending.word(), 0);
  out_.mov(cursor.word(), role::kValue);
  out_.mov(left.word(), role::kSize);
  out_.test(role::kSize, role::kSize);
  out_.jz(end);
  out_.bind(loop);
  {
    ErrorScope out_of_fuel(*this, NewLabel());
    KeepFirstError(error_target_, pending, end);
    SpendFuel(node(id).site);
  }
  {
    ErrorScope errors(*this, NewLabel());
    KeepFirstError(error_target_, pending, next);
    BindElement(id, cursor);
    Jump(program_.operand(id, 1), decisive, when == decisive ? target : skip);
  }
  out_.bind(next);
  out_.add(cursor.word(), facts_.layout(collection).element->size);
  out_.dec(left.word());
  out_.jnz(loop);
  out_.bind(end);
  out_.mov(role::kValue, pending.word());
  out_.test(role::kValue, role::kValue);
  out_.jnz(error_target_);
  if (when != decisive) out_.jmp(target);
  out_.bind(skip);
}

void Emitter::SpendFuel(SiteId site) {
  out_.mov(role::kValue, FrameField(offsetof(EvalFrame, fuel)));
  out_.sub(role::kValue, 1);
  out_.jb(Fail(ErrorKind::kFuelExhausted, site));
  out_.mov(FrameField(offsetof(EvalFrame, fuel)), role::kValue);
}

void Emitter::BindElement(NodeId id, Slot cursor) {
  LocalPlace& local = locals_[node(id).imm];
  const ElementPlace place = facts_.VisitedElement(program_.operand(id, 0));
  const TypeId local_type = program_.locals[node(id).imm].type;
  const auto offset = static_cast<int32_t>(place.offset);
  if (IsReadWhenBound(*place.layout)) {
    out_.mov(role::kValue, cursor.word());
    Load(x86::ptr(role::kValue, offset), *place.layout, local_type, {.site = node(id).site});
    local = {.where = LocalPlace::Where::kValue, .slot = Spill(local_type)};
    return;
  }
  local = {.where = LocalPlace::Where::kAddress, .slot = cursor, .layout = place.layout};
  if (offset == 0) return;
  local.slot = slots_.Take(1);
  out_.mov(role::kValue, cursor.word());
  out_.add(role::kValue, offset);
  out_.mov(local.slot.word(), role::kValue);
}

// In the arena, native. A set's equal items stand once.
void Emitter::MakeCollection(NodeId id) {
  SlotScope scope(*this);
  const std::vector<NodeId> items = node(id).op == Op::kMakeSet ? DistinctConstants(id)
                                                                 : std::vector<NodeId>(program_.operands(id).begin(),
                                                                                       program_.operands(id).end());
  const TypeId element_type = program_.types[type(id)].element;
  const Layout& native = *facts_.layout(id).element;
  const Slot data = slots_.Take(1);
  MoveImmediate(x86::rsi, static_cast<int64_t>(items.size()));
  AllocateArray(native.size, node(id).site);
  out_.mov(data.word(), role::kValue);
  for (size_t k = 0; k < items.size(); ++k) {
    Value(items[k]);
    const Layout* from = IsComposite(program_.types, element_type) ? &facts_.layout(items[k]) : nullptr;
    StoreNative(data, static_cast<int32_t>(k * native.size), native, element_type, from, node(id).site);
  }
  out_.mov(role::kValue, data.word());
  MoveImmediate(role::kSize, static_cast<int64_t>(items.size()));
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
