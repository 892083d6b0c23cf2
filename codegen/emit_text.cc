// Operations on strings: short ones on literals are inline (emit_literal.cc), the rest are helpers'.
#include "codegen/emitter.h"
#include "lang/fuel.h"

namespace moult::codegen {

namespace x86 = asmjit::x86;
using lang::Op;
using lang::TypeKind;

void Emitter::TextConstant(std::string_view text) {
  out_.lea(role::kValue, x86::ptr(asm_.Text(text)));
  MoveImmediate(role::kSize, static_cast<int64_t>(text.size()));
}

void Emitter::TwoTexts(NodeId left, NodeId right, bool after_frame) {
  SlotScope scope(*this);
  Value(left);
  const Slot slot = Spill(lang::kStringType);
  Value(right);
  if (after_frame) {
    out_.mov(x86::r8, role::kSize);
    out_.mov(x86::rcx, role::kValue);
    out_.mov(x86::rdx, slot.word(1));
    out_.mov(x86::rsi, slot.word());
    out_.mov(x86::rdi, role::kFrame);
  } else {
    out_.mov(x86::rcx, role::kSize);
    out_.mov(x86::rdx, role::kValue);
    out_.mov(x86::rsi, slot.word(1));
    out_.mov(x86::rdi, slot.word());
  }
}

void Emitter::CheckPair(ErrorKind error, SiteId site) {
  out_.test(role::kValue, role::kValue);
  out_.jz(Fail(error, site));
}

void Emitter::Size(NodeId id) {
  const NodeId operand = program_.operand(id, 0);
  if (node(operand).op == Op::kListData) {
    LoadList(operand);
    return asm_.Call(Helper::kListSize);
  }
  Value(operand);
  if (type(operand) != lang::kStringType) {
    out_.mov(role::kValue, role::kSize);
    return;
  }
  out_.mov(x86::rdi, role::kValue);
  out_.mov(x86::rsi, role::kSize);
  SpendOnText(x86::rsi, lang::BytesPerStep(Op::kSize, lang::TypeKind::kString));
  asm_.Call(Helper::kCodePoints);
}

void Emitter::JumpText(NodeId id, bool when, Label target) {
  NoteNode(id);
  const Op op = node(id).op;
  const NodeId text = program_.operand(id, 0);
  const NodeId part = program_.operand(id, 1);
  if (op != Op::kContains && node(part).op == Op::kConstString) return JumpPrefix(id, when, target);
  TwoTexts(text, part);
  SpendOnText(op == Op::kContains ? x86::rsi : x86::rcx, lang::BytesPerStep(op, lang::TypeKind::kString));
  asm_.Call(op == Op::kContains ? Helper::kContainsText : op == Op::kStartsWith ? Helper::kStartsWith : Helper::kEndsWith);
  JumpIfBool(when, target);
}

// text.startsWith("literal") and text.endsWith("literal").
void Emitter::JumpPrefix(NodeId id, bool when, Label target) {
  const std::string_view literal = text(program_.operand(id, 1));
  const Label skip = NewLabel();
  Value(program_.operand(id, 0));
  out_.cmp(role::kSize, literal.size());
  out_.jb(when ? skip : target);
  if (node(id).op == Op::kEndsWith) {
    out_.add(role::kValue, role::kSize);
    out_.sub(role::kValue, literal.size());
  }
  JumpBytes(literal, when, target);
  out_.bind(skip);
}

void Emitter::JumpMatches(NodeId id, bool when, Label target) {
  NoteNode(id);
  Value(program_.operand(id, 0));
  SpendOnText(role::kSize, lang::BytesPerStep(Op::kMatches, lang::TypeKind::kString));
  out_.mov(x86::rsi, role::kValue);
  LoadResource(x86::rdi, node(id).imm);
  asm_.Call(Helper::kMatches);
  JumpIfBool(when, target);
}

void Emitter::Render(NodeId id) {
  const NodeId operand = program_.operand(id, 0);
  const Label error = NewLabel();
  const Label missing = NewLabel();
  const Label end = NewLabel();
  {
    ErrorScope errors(*this, error);
    Value(operand);
  }
  const bool optional = program_.types.IsOptional(type(operand));
  if (optional) {
    out_.test(role::kPresence.r32(), role::kPresence.r32());
    out_.jz(missing);
  }
  RenderPayload(Payload(program_.types, type(operand)));
  out_.test(role::kValue, role::kValue);
  out_.jnz(end);
  out_.bind(error);  // the arena that is full included
  TextConstant("<error>");
  if (optional) {
    out_.jmp(end);
    out_.bind(missing);
    TextConstant("<missing>");
  }
  out_.bind(end);
}

// Leaves the text, or null data when the arena is full.
void Emitter::RenderPayload(TypeId type) {
  switch (kind(type)) {
    case TypeKind::kBool: {
      const Label end = NewLabel();
      out_.test(role::kValue.r32(), role::kValue.r32());
      TextConstantKeepingFlags("true");
      out_.jnz(end);
      TextConstant("false");
      out_.bind(end);
      return;
    }
    case TypeKind::kInt:
      out_.mov(x86::rsi, role::kValue);
      out_.mov(x86::rdi, role::kFrame);
      return asm_.Call(Helper::kRenderInt);
    case TypeKind::kDouble:
      out_.mov(x86::rdi, role::kFrame);
      return asm_.Call(Helper::kRenderDouble);
    case TypeKind::kBytes:
    case TypeKind::kTimestamp:
    case TypeKind::kDuration:
    case TypeKind::kIp:
    case TypeKind::kCidr:
      out_.mov(x86::rcx, role::kSize);
      out_.mov(x86::rdi, role::kFrame);
      MoveImmediate(x86::rsi, static_cast<int64_t>(kind(type)));
      out_.mov(x86::rdx, role::kValue);
      return asm_.Call(Helper::kRenderPlain);
    case TypeKind::kEnum:
      return RenderEnum(type);
    default: {  // a string may have no data when it is empty
      const Label end = NewLabel();
      out_.test(role::kValue, role::kValue);
      out_.jnz(end);
      TextConstant("");
      out_.bind(end);
    }
  }
}

// Loads lea and mov, which leave the flags alone.
void Emitter::TextConstantKeepingFlags(std::string_view text) {
  out_.lea(role::kValue, x86::ptr(asm_.Text(text)));
  out_.mov(role::kSize.r32(), text.size());
}

void Emitter::RenderEnum(TypeId type) {
  const Label end = NewLabel();
  const std::vector<std::string>& names = program_.types.enum_type(type).enumerators;
  out_.mov(x86::rcx, role::kValue);
  for (size_t k = 0; k < names.size(); ++k) {
    out_.cmp(x86::rcx, k);
    TextConstantKeepingFlags(names[k]);
    if (k + 1 < names.size()) out_.je(end);  // the ordinal is one of them
  }
  out_.bind(end);
}

}  // namespace moult::codegen
