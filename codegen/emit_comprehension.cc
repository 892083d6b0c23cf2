// Comprehensions: loops that walk the elements where they lie.
#include <optional>

#include "codegen/emitter.h"

namespace moult::codegen {

namespace x86 = asmjit::x86;
using lang::Op;
using lang::Variables;
using x86::CondCode;

namespace {

// Ints and enums are checked when they are read, so a variable that is one is read once; anything else stays where it lies.
bool IsReadWhenBound(const Layout& element) {
  const Layout* layout = &element;
  while (layout->kind == Layout::Kind::kOptional) layout = layout->element.get();
  const bool time = layout->kind == Layout::Kind::kTimestamp || layout->kind == Layout::Kind::kDuration;
  return time || layout->kind == Layout::Kind::kInt || layout->kind == Layout::Kind::kEnum;
}

}  // namespace

Emitter::Walk Emitter::StartWalk(NodeId comprehension, Label end) {
  const NodeId collection = program_.operand(comprehension, 0);
  const bool two = Variables::Of(node(comprehension).imm).second != Variables::kNone;
  Walk walk;
  walk.stride = facts_.layout(collection).element->size;
  walk.has_position = two && kind(type(collection)) == lang::TypeKind::kList;
  walk.cursor = slots_.Take(1);
  walk.left = slots_.Take(1);
  if (walk.has_position) {
    walk.position = slots_.Take(1);
    out_.mov(walk.position.word(), 0);
  }
  out_.mov(walk.cursor.word(), role::kValue);
  out_.mov(walk.left.word(), role::kSize);
  out_.test(role::kSize, role::kSize);
  out_.jz(end);
  return walk;
}

void Emitter::NextElement(const Walk& walk, Label loop) {
  out_.add(walk.cursor.word(), walk.stride);
  if (walk.has_position) out_.inc(walk.position.word());
  out_.dec(walk.left.word());
  out_.jnz(loop);
}

// exists and all. `pending` keeps the first error while later elements may still decide.
void Emitter::JumpQuantifier(NodeId id, bool when, Label target) {
  NoteNode(id);
  SlotScope scope(*this);
  const bool decisive = node(id).op == Op::kExists;
  const Label skip = NewLabel();
  const Label loop = NewLabel();
  const Label next = NewLabel();
  const Label end = NewLabel();
  Value(program_.operand(id, 0));
  const Slot pending = slots_.Take(1);
  out_.mov(pending.word(), 0);
  const Walk walk = StartWalk(id, end);
  out_.bind(loop);
  {
    ErrorScope out_of_fuel(*this, NewLabel());
    KeepFirstError(error_target_, pending, end);
    SpendVisit(node(id).site);
  }
  {
    ErrorScope errors(*this, NewLabel());
    KeepFirstError(error_target_, pending, next);
    BindVariables(id, walk);
    const VisitScope visit(*this, node(id).site);
    Jump(program_.operand(id, 1), decisive, when == decisive ? target : skip);
  }
  out_.bind(next);
  NextElement(walk, loop);
  out_.bind(end);
  out_.mov(role::kValue, pending.word());
  out_.test(role::kValue, role::kValue);
  out_.jnz(error_target_);
  if (when != decisive) out_.jmp(target);
  out_.bind(skip);
}

void Emitter::JumpExistsOne(NodeId id, bool when, Label target) {
  NoteNode(id);
  SlotScope scope(*this);
  const Label loop = NewLabel();
  const Label next = NewLabel();
  const Label end = NewLabel();
  Value(program_.operand(id, 0));
  const Slot found = slots_.Take(1);
  out_.mov(found.word(), 0);
  const Walk walk = StartWalk(id, end);
  out_.bind(loop);
  SpendVisit(node(id).site);
  BindVariables(id, walk);
  {
    const VisitScope visit(*this, node(id).site);
    Jump(program_.operand(id, 1), false, next);
  }
  out_.inc(found.word());
  out_.bind(next);
  NextElement(walk, loop);
  out_.bind(end);
  out_.cmp(found.word(), 1);
  JumpIf(CondCode::kE, when, target);
}

void Emitter::BindVariables(NodeId id, const Walk& walk) {
  const Variables variables = Variables::Of(node(id).imm);
  const NodeId collection = program_.operand(id, 0);
  if (walk.has_position) {
    locals_[variables.first] = {.where = LocalPlace::Where::kValue, .slot = walk.position};
  } else {
    BindElement(variables.first, walk.cursor, facts_.VisitedElement(collection), node(id).site);
  }
  if (variables.second != Variables::kNone) {
    BindElement(variables.second, walk.cursor, facts_.SecondElement(collection), node(id).site);
  }
}

void Emitter::BindElement(lang::LocalId id, Slot cursor, const ElementPlace& place, SiteId site) {
  LocalPlace& local = locals_[id];
  const TypeId local_type = program_.locals[id].type;
  const auto offset = static_cast<int32_t>(place.offset);
  if (IsReadWhenBound(*place.layout)) {
    out_.mov(role::kValue, cursor.word());
    Load(x86::ptr(role::kValue, offset), *place.layout, local_type, {.site = site});
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

// Room for every element, filled with what the predicate lets through.
void Emitter::TransformCollection(NodeId id) {
  SlotScope scope(*this);
  const bool to_map = node(id).op == Op::kToMap;
  const std::span<const NodeId> operands = program_.operands(id);
  const size_t last = operands.size() - 1;
  const bool has_predicate = last == (to_map ? 3 : 2);
  const lang::Type collection = program_.types[type(id)];
  const Layout& native = *facts_.layout(id).element;
  const Label loop = NewLabel();
  const Label next = NewLabel();
  const Label end = NewLabel();
  const Slot made = slots_.Take(2);
  const Slot target = slots_.Take(1);
  Value(operands[0]);
  const Slot source = Spill(type(operands[0]));
  out_.mov(x86::rsi, role::kSize);
  AllocateArray(native.size, node(id).site);
  out_.mov(made.word(), role::kValue);
  out_.mov(made.word(1), 0);
  out_.mov(target.word(), role::kValue);
  Fill(source, type(operands[0]));
  const Walk walk = StartWalk(id, end);
  out_.bind(loop);
  SpendVisit(node(id).site);
  BindVariables(id, walk);
  std::optional<VisitScope> visit;
  visit.emplace(*this, node(id).site);
  if (has_predicate) Jump(operands[1], false, next);
  if (to_map) {
    Value(operands[last - 1]);
    StoreNative(target, static_cast<int32_t>(native.fields[0].offset), *native.fields[0].layout, collection.key,
                operands[last - 1], node(id).site);
  }
  const Layout& stored = to_map ? *native.fields[1].layout : native;
  Value(operands[last]);
  StoreNative(target, to_map ? static_cast<int32_t>(native.fields[1].offset) : 0, stored, collection.element, operands[last],
              node(id).site);
  visit.reset();
  out_.add(target.word(), native.size);
  out_.inc(made.word(1));
  out_.bind(next);
  NextElement(walk, loop);
  out_.bind(end);
  if (to_map) return CheckKeys(id, made);
  Fill(made, type(id));
}

}  // namespace moult::codegen
