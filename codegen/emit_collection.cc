// Lists, sets and maps: membership, lookup, equality, concatenation.
#include "codegen/emitter.h"
#include "lang/fuel.h"

namespace moult::codegen {

namespace x86 = asmjit::x86;
using lang::Op;
using lang::TypeKind;

void Emitter::LoadResource(const x86::Gp& to, size_t index) {
  out_.mov(to, FrameField(offsetof(EvalFrame, resources)));
  out_.mov(to, x86::qword_ptr(to, static_cast<int32_t>(index * sizeof(void*))));
}

void Emitter::LoadList(NodeId id) { LoadResource(x86::rdi, program_.regexes.size() + node(id).imm); }

void Emitter::ListDataValue(NodeId id) {
  LoadList(id);
  asm_.Call(Helper::kListItems);
}

void Emitter::JumpIn(NodeId id, bool when, Label target) {
  NoteNode(id);
  const NodeId needle = program_.operand(id, 0);
  const NodeId collection = program_.operand(id, 1);
  if (node(collection).op == Op::kListData) return JumpInListData(id, when, target);
  if (lang::IsConstantCollection(program_, collection)) return JumpInConstants(id, when, target);
  if (IsComposite(program_.types, type(needle))) return JumpInWhole(id, when, target);

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
  const NodeId list = program_.operand(id, 1);
  const bool covers = type(program_.operand(id, 0)) != lang::ItemType(program_.types, type(list));
  AskList(covers ? Helper::kListCovers : Helper::kListContains, list, program_.operand(id, 0));
  JumpIfBool(when, target);
}

void Emitter::AskList(Helper question, NodeId list, NodeId item) {
  Value(item);  // its second word, if it has one, is in place
  if (lang::IsText(kind(type(item)))) SpendOnText(role::kSize, lang::kScanBytes);
  out_.mov(x86::rsi, role::kValue);
  LoadList(list);
  asm_.Call(question);
}

// The collection is in rax, rdx.
void Emitter::FindElement(NodeId collection, TypeId element_type, Slot needle, Slot cursor, Label found) {
  SlotScope scope(*this);
  const Slot left = slots_.Take(1);
  const ElementPlace place = facts_.VisitedElement(collection);
  const Label loop = NewLabel();
  const Label next = NewLabel();
  const Label end = NewLabel();
  SpendOnSearch(element_type, needle);
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
  if (layout.kind == Layout::Kind::kCidr && element_type == lang::kIpType) return JumpRangeContains(needle, found);
  switch (kind(element_type)) {
    case TypeKind::kDouble:
      out_.ucomisd(role::kReal, needle.word());
      out_.jp(next);
      out_.je(found);
      return;
    case TypeKind::kTimestamp:
    case TypeKind::kIp:
      ComparePairWith(needle);
      out_.je(found);
      return;
    case TypeKind::kCidr:
      CompareCidrWith(needle);
      out_.je(found);
      return;
    case TypeKind::kString:
    case TypeKind::kBytes:
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

// The range is in rax.
void Emitter::JumpRangeContains(Slot ip, Label found) {
  out_.mov(x86::rdi, role::kValue);
  out_.mov(x86::rsi, ip.word());
  out_.mov(x86::rdx, ip.word(1));
  asm_.Call(Helper::kRangeContains);
  JumpIfBool(true, found);
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
  const bool finds = node(id).op == Op::kMapFind;
  const Label absent = NewLabel();
  const Label end = NewLabel();
  FindMapped(map, program_.operand(id, 1), finds ? absent : Fail(ErrorKind::kNoSuchKey, node(id).site));
  const TypeId value_type = program_.types[type(map)].element;
  const Layout& value = *facts_.layout(map).element->fields[1].layout;
  Load(x86::ptr(role::kValue), value, value_type, {.site = node(id).site});
  if (finds && !program_.types.IsOptional(value_type)) out_.mov(role::kPresence.r32(), 1);
  if (finds) {
    out_.jmp(end);
    out_.bind(absent);
    out_.xor_(role::kPresence.r32(), role::kPresence.r32());
  }
  out_.bind(end);
}

// Leaves in rax where the value that the key is mapped to lies.
void Emitter::FindMapped(NodeId map, NodeId key, Label absent) {
  if (node(map).op == Op::kListData) {
    AskList(Helper::kListFind, map, key);
    out_.test(role::kValue, role::kValue);
    out_.jz(absent);
    return;
  }
  const Label found = NewLabel();
  Value(map);
  const Slot slot = Spill(type(map));
  Value(key);
  const Slot needle = Spill(type(key));
  Fill(slot, type(map));
  const Slot cursor = slots_.Take(1);
  FindElement(map, type(key), needle, cursor, found);
  out_.jmp(absent);
  out_.bind(found);
  out_.mov(role::kValue, cursor.word());
  out_.add(role::kValue, facts_.layout(map).element->fields[1].offset);
}

void Emitter::JumpInWhole(NodeId id, bool when, Label target) {
  SlotScope scope(*this);
  const NodeId item = program_.operand(id, 0);
  const NodeId collection = program_.operand(id, 1);
  Value(item);
  const Slot what = Spill(type(item));
  Value(collection);
  const Slot where = Spill(type(collection));
  SpendOnElements(type(collection), {where});
  LoadImage(x86::rdi, facts_.Image(collection));
  LoadPlace(x86::rsi, where, type(collection));
  LoadImage(x86::rdx, facts_.Image(item));
  LoadPlace(x86::rcx, what, type(item));
  asm_.Call(Helper::kFindWhole);
  JumpIfBool(when, target);
}

void Emitter::JumpEqualWhole(NodeId id, bool when, Label target) {
  SlotScope scope(*this);
  const NodeId left = program_.operand(id, 0);
  const NodeId right = program_.operand(id, 1);
  Value(left);
  const Slot a = Spill(type(left));
  Value(right);
  const Slot b = Spill(type(right));
  SpendOnElements(type(left), {a, b});
  out_.mov(x86::rdi, role::kFrame);
  LoadImage(x86::rsi, facts_.Image(left));
  LoadPlace(x86::rdx, a, type(left));
  LoadImage(x86::rcx, facts_.Image(right));
  LoadPlace(x86::r8, b, type(right));
  asm_.Call(Helper::kEqualWhole);
  if (facts_.may_fail(id)) {
    const Label failed = NewLabel();
    out_.cmp(role::kValue, 1);
    out_.ja(failed);
    Later([this, failed, site = node(id).site, error = error_target_] {
      out_.bind(failed);
      MoveImmediate(x86::rcx, site);
      out_.or_(role::kValue, x86::rcx);
      out_.jmp(error);
    });
  }
  JumpIfBool((node(id).op == Op::kEq) == when, target);
}

// Both operands are computed before either is looked into.
void Emitter::Concatenate(NodeId id) {
  SlotScope scope(*this);
  const NodeId left = program_.operand(id, 0);
  const NodeId right = program_.operand(id, 1);
  const Layout& joined = facts_.layout(id);
  Value(left);
  const Slot a = Spill(type(left));
  Value(right);
  const Slot b = Spill(type(right));
  ReadWhole(a, left, joined, node(id).site);
  ReadWhole(b, right, joined, node(id).site);
  out_.mov(x86::rdi, role::kFrame);
  out_.mov(x86::rsi, a.word());
  out_.mov(x86::rdx, a.word(1));
  out_.mov(x86::rcx, b.word());
  out_.mov(x86::r8, b.word(1));
  MoveImmediate(x86::r9, joined.element->size);
  asm_.Call(Helper::kConcatenate);
  CheckPair(ErrorKind::kArenaExhausted, node(id).site);
}

}  // namespace moult::codegen
