// Dispatch by operation, and the operations that only move values about.
#include "codegen/emitter.h"

namespace moult::codegen {

namespace x86 = asmjit::x86;
using lang::Op;

namespace {

// Whether the presence of what lies there is that of its flag alone.
bool IsFlagEnough(const Layout& storage) {
  const bool nested = storage.kind == Layout::Kind::kOptional && storage.element->kind == Layout::Kind::kOptional;
  return !nested && !Facts::ReadMayFail(storage);
}

}  // namespace

void Emitter::Value(NodeId id) {
  if (!ok()) return;
  const NodeScope scope_of_notes(*this, id);
  NoteNode(id);
  switch (node(id).op) {
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
    case Op::kNone:
      return Constant(id);
    case Op::kInput:
      out_.mov(role::kValue, role::kInput);
      return;
    case Op::kLocal:
      return LocalValue(id);
    case Op::kLetRef:
      return LetValue(id);
    case Op::kListData:
      return ListDataValue(id);
    case Op::kField:
      return FieldValue(id);
    case Op::kIndex:
      return IndexValue(id);
    case Op::kMapGet:
    case Op::kMapFind:
      return MapValue(id);
    case Op::kMakeList:
    case Op::kMakeSet:
      return MakeCollection(id);
    case Op::kMakeMap:
      return MakeMap(id);
    case Op::kMakeRecord:
      return MakeRecord(id);
    case Op::kToList:
    case Op::kToMap:
      return TransformCollection(id);
    case Op::kBind: {
      SlotScope scope(*this);
      BindLocal(id);
      return Value(program_.operand(id, 1));
    }
    case Op::kSome:
      Value(program_.operand(id, 0));
      if (!program_.types.IsOptional(type(program_.operand(id, 0)))) out_.mov(role::kPresence.r32(), 1);
      return;
    case Op::kUnwrap:
      return UnwrapValue(id);
    case Op::kCoalesce:
      return CoalesceValue(id);
    case Op::kCond:
      return CondValue(id);
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kDiv:
    case Op::kMod:
      return Arithmetic(id);
    case Op::kNeg:
      return Negate(id);
    case Op::kSize:
      return Size(id);
    case Op::kRender:
      return Render(id);
    case Op::kCall:
      return LibraryValue(id);
    case Op::kCallSource:
      return SourceValue(id);
    case Op::kHas:
    case Op::kAnd:
    case Op::kOr:
    case Op::kNot:
    case Op::kEq:
    case Op::kNe:
    case Op::kLt:
    case Op::kLe:
    case Op::kGt:
    case Op::kGe:
    case Op::kIn:
    case Op::kStartsWith:
    case Op::kEndsWith:
    case Op::kContains:
    case Op::kMatches:
    case Op::kExists:
    case Op::kAll:
    case Op::kExistsOne:
      return BoolValue(id);
  }
}

void Emitter::Jump(NodeId id, bool when, Label target) {
  if (!ok()) return;
  const NodeScope scope_of_notes(*this, id);
  const Node& n = node(id);
  switch (n.op) {
    case Op::kConstBool:
      if ((n.imm != 0) == when) out_.jmp(target);
      return;
    case Op::kAnd:
    case Op::kOr:
      return JumpLogic(id, when, target);
    case Op::kNot:
      return Jump(program_.operand(id, 0), !when, target);
    case Op::kCond:
      return JumpCond(id, when, target);
    case Op::kBind: {
      SlotScope scope(*this);
      BindLocal(id);
      return Jump(program_.operand(id, 1), when, target);
    }
    case Op::kHas:
      return JumpHas(id, when, target);
    case Op::kEq:
    case Op::kNe:
    case Op::kLt:
    case Op::kLe:
    case Op::kGt:
    case Op::kGe:
      return JumpCompare(id, when, target);
    case Op::kIn:
      return JumpIn(id, when, target);
    case Op::kStartsWith:
    case Op::kEndsWith:
    case Op::kContains:
      return JumpText(id, when, target);
    case Op::kMatches:
      return JumpMatches(id, when, target);
    case Op::kExists:
    case Op::kAll:
      return JumpQuantifier(id, when, target);
    case Op::kExistsOne:
      return JumpExistsOne(id, when, target);
    case Op::kField:
      NoteNode(id);
      out_.cmp(x86::Mem(FieldAddress(id)).cloneResized(1), 0);
      return JumpIf(x86::CondCode::kNE, when, target);
    default:
      Value(id);
      return JumpIfBool(when, target);
  }
}

void Emitter::BoolValue(NodeId id) {
  const Label is_false = NewLabel();
  const Label end = NewLabel();
  Jump(id, false, is_false);
  out_.mov(role::kValue.r32(), 1);
  out_.short_().jmp(end);
  out_.bind(is_false);
  out_.xor_(role::kValue.r32(), role::kValue.r32());
  out_.bind(end);
}

void Emitter::JumpCond(NodeId id, bool when, Label target) {
  const Label otherwise = NewLabel();
  const Label end = NewLabel();
  Jump(program_.operand(id, 0), false, otherwise);
  Jump(program_.operand(id, 1), when, target);
  out_.jmp(end);
  out_.bind(otherwise);
  Jump(program_.operand(id, 2), when, target);
  out_.bind(end);
}

void Emitter::Constant(NodeId id) {
  const Node& n = node(id);
  switch (n.op) {
    case Op::kConstDouble:
      out_.movsd(role::kReal, asm_.Word(n.imm));
      return;
    case Op::kConstString:
    case Op::kConstBytes:
      return TextConstant(text(id));
    case Op::kConstTimestamp:
    case Op::kConstIp: {
      const auto [first, second] = ConstantWords(id);
      MoveImmediate(role::kValue, first);
      return MoveImmediate(role::kSize, second);
    }
    case Op::kConstCidr:
      out_.lea(role::kValue, x86::ptr(asm_.Text(text(id))));
      return;
    case Op::kNone:  // the payload's registers hold anything
      out_.xor_(role::kPresence.r32(), role::kPresence.r32());
      return;
    default:
      MoveImmediate(role::kValue, static_cast<int64_t>(n.imm));
  }
}

void Emitter::CondValue(NodeId id) {
  const Label otherwise = NewLabel();
  const Label end = NewLabel();
  Jump(program_.operand(id, 0), false, otherwise);
  JoinedValue(program_.operand(id, 1), id);
  out_.jmp(end);
  out_.bind(otherwise);
  JoinedValue(program_.operand(id, 2), id);
  out_.bind(end);
}

void Emitter::CoalesceValue(NodeId id) {
  const Label end = NewLabel();
  JoinedValue(program_.operand(id, 0), id);
  out_.test(role::kPresence.r32(), role::kPresence.r32());
  out_.jnz(end);
  JoinedValue(program_.operand(id, 1), id);
  out_.bind(end);
}

void Emitter::JoinedValue(NodeId id, NodeId user) {
  if (!IsComposite(program_.types, type(id))) return Value(id);
  ValueLaidOutAs(facts_.layout(user), id, node(user).site);
}

void Emitter::ValueLaidOutAs(const Layout& to, NodeId id, SiteId site) {
  Value(id);
  if (!facts_.HasLayout(id)) return;
  const TypeId payload = Payload(program_.types, type(id));
  const bool optional = program_.types.IsOptional(type(id));
  const Label absent = NewLabel();
  if (optional) {
    out_.test(role::kPresence.r32(), role::kPresence.r32());
    out_.jz(absent);
  }
  SlotScope scope(*this);
  const Slot slot = Spill(payload);
  ReadWhole(slot, id, to, site);
  Fill(slot, payload);
  if (optional) {
    out_.mov(role::kPresence.r32(), 1);
    out_.bind(absent);
  }
}

void Emitter::UnwrapValue(NodeId id) {
  Value(program_.operand(id, 0));
  out_.test(role::kPresence.r32(), role::kPresence.r32());
  out_.jz(Fail(ErrorKind::kMissing, node(id).site));
}

void Emitter::JumpHas(NodeId id, bool when, Label target) {
  const NodeId operand = program_.operand(id, 0);
  if (node(operand).op == Op::kField && IsFlagEnough(facts_.StorageRead(operand))) {
    NoteNode(id);
    const Layout& storage = facts_.StorageRead(operand);
    const Mem at = FieldAddress(operand);
    if (storage.kind != Layout::Kind::kOptional) {  // the host has it always
      if (when) out_.jmp(target);
      return;
    }
    out_.cmp(at.cloneAdjusted(storage.flag_offset).cloneResized(1), 0);
  } else {
    Value(operand);
    out_.test(role::kPresence.r32(), role::kPresence.r32());
  }
  JumpIf(x86::CondCode::kNZ, when, target);
}

void Emitter::BindLocal(NodeId id) {
  const NodeId value = program_.operand(id, 0);
  Value(value);
  locals_[node(id).imm] = {.where = LocalPlace::Where::kValue, .slot = Spill(type(value))};
}

void Emitter::LocalValue(NodeId id) {
  const LocalPlace& place = locals_[node(id).imm];
  if (place.where == LocalPlace::Where::kValue) return Fill(place.slot, type(id));
  out_.mov(role::kValue, place.slot.word());
  // Ints and enums, which alone can be bad, are read once, when the element is bound.
  Load(x86::ptr(role::kValue), *place.layout, type(id), {});
}

void Emitter::LetValue(NodeId id) {
  const auto let = static_cast<lang::LetId>(node(id).imm);
  const auto slot = static_cast<int32_t>(let * sizeof(LetSlot));
  if (!lets_[let].isValid()) lets_[let] = NewLabel();
  calls_.push_back(let);

  const x86::Gp lets = x86::rcx;
  const Label have = NewLabel();
  const Label miss = NewLabel();
  out_.mov(lets, FrameField(offsetof(EvalFrame, lets)));
  const Mem state = x86::qword_ptr(lets, slot + static_cast<int32_t>(offsetof(LetSlot, state)));
  out_.cmp(state, LetSlot::kComputed);
  out_.jne(miss);
  out_.bind(have);
  const Mem a = x86::qword_ptr(lets, slot + static_cast<int32_t>(offsetof(LetSlot, a)));
  if (shape(type(id)) == Shape::kDouble) {
    out_.movsd(role::kReal, a);
  } else {
    out_.mov(role::kValue, a);
  }
  if (shape(type(id)) == Shape::kPair) {
    out_.mov(role::kSize, x86::qword_ptr(lets, slot + static_cast<int32_t>(offsetof(LetSlot, b))));
  }
  if (program_.types.IsOptional(type(id))) {
    out_.mov(role::kPresence, x86::qword_ptr(lets, slot + static_cast<int32_t>(offsetof(LetSlot, presence))));
  }

  Later([this, id, let, lets, state, have, miss, failed = error_target_] {
    out_.bind(miss);
    if (facts_.may_fail(id)) {  // it may have failed before
      out_.mov(role::kValue, state);
      out_.test(role::kValue, role::kValue);
      out_.jnz(failed);
    }
    out_.call(lets_[let]);
    out_.mov(lets, FrameField(offsetof(EvalFrame, lets)));
    if (facts_.may_fail(id)) {
      out_.mov(role::kValue, state);
      out_.cmp(role::kValue, LetSlot::kComputed);
      out_.jne(failed);
    }
    out_.jmp(have);
  });
}

}  // namespace moult::codegen
