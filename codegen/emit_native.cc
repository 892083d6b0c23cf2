// Values stored in the arena as Moult itself lays them out: the elements of list literals, and what joins of two layouts become.
#include "codegen/emitter.h"

namespace moult::codegen {

namespace x86 = asmjit::x86;
using lang::TypeKind;

// `count` in rsi; leaves the array's address in rax.
void Emitter::AllocateArray(uint32_t element_size, SiteId site) {
  out_.mov(x86::rdi, role::kFrame);
  MoveImmediate(x86::rdx, element_size);
  asm_.Call(Helper::kAllocate);
  CheckPair(ErrorKind::kArenaExhausted, site);
}

// The value in the value registers to [base] + offset. `from` is its layout if it is composite.
void Emitter::StoreNative(Slot base, int32_t offset, const Layout& native, TypeId type, const Layout* from, SiteId site) {
  if (native.kind == Layout::Kind::kOptional) {
    const TypeId payload = Payload(program_.types, type);
    const Label absent = NewLabel();
    out_.mov(x86::rsi, base.word());
    out_.test(role::kPresence.r32(), role::kPresence.r32());
    out_.setne(x86::byte_ptr(x86::rsi, offset + static_cast<int32_t>(native.flag_offset)));
    out_.jz(absent);
    const Layout* stored = native.element.get();
    while (stored->kind == Layout::Kind::kOptional) {  // one presence for all levels
      out_.mov(x86::byte_ptr(x86::rsi, offset + static_cast<int32_t>(stored->flag_offset)), 1);
      stored = stored->element.get();
    }
    StoreNative(base, offset, *stored, payload, from, site);
    out_.bind(absent);
    return;
  }
  switch (kind(type)) {
    case TypeKind::kRecord: {
      SlotScope scope(*this);
      const Slot record = slots_.Take(1);
      out_.mov(record.word(), role::kValue);
      return CopyRecord(record, base, offset, native, type, *from, site);
    }
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap:
      if (!SameLayout(*from->element, *native.element)) ConvertCollection(type, *from->element, *native.element, site);
      break;
    default:
      break;
  }
  out_.mov(x86::rsi, base.word());
  StorePayload(x86::ptr(x86::rsi, offset), native, type);
}

void Emitter::StorePayload(const Mem& at, const Layout& native, TypeId type) {
  switch (kind(type)) {
    case TypeKind::kBool:
      out_.mov(at.cloneResized(1), x86::al);
      return;
    case TypeKind::kDouble:
      out_.movsd(at.cloneResized(8), role::kReal);
      return;
    case TypeKind::kString:
      out_.mov(at.cloneAdjusted(native.form == Layout::Form::kOwned ? 0 : 8).cloneResized(8), role::kValue);
      out_.mov(at.cloneAdjusted(native.form == Layout::Form::kOwned ? 8 : 0).cloneResized(8), role::kSize);
      return;
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap:
      out_.mov(at.cloneResized(8), role::kValue);
      out_.mov(at.cloneAdjusted(8).cloneResized(8), role::kSize);
      return;
    default:
      out_.mov(at.cloneResized(8), role::kValue);
  }
}

void Emitter::CopyRecord(Slot record, Slot base, int32_t offset, const Layout& native, TypeId type, const Layout& from,
                         SiteId site) {
  const std::vector<lang::RecordField>& fields = program_.types.record(type).fields;
  for (size_t k = 0; k < fields.size(); ++k) {
    if (!from.fields[k].layout) continue;  // nothing reads it
    CopyPart(record, from.fields[k], base, offset, native.fields[k], fields[k].type, site);
  }
}

// One field of the record at [record], or one half of a map's entry there. What holds no value of the language is not looked into by
// a copy either: an unknown enum value becomes a native one that fails when it is read. For an int out of range there is no such
// native value: there the copy itself fails.
void Emitter::CopyPart(Slot record, const FieldLayout& from, Slot base, int32_t offset, const FieldLayout& native, TypeId type,
                       SiteId site) {
  const auto at = offset + static_cast<int32_t>(native.offset);
  const Layout* layout = from.layout.get();
  while (layout->kind == Layout::Kind::kOptional) layout = layout->element.get();
  const bool is_enum = layout->kind == Layout::Kind::kEnum;
  const Label unknown = NewLabel();
  const Label end = NewLabel();
  out_.mov(role::kValue, record.word());
  Load(x86::ptr(role::kValue, static_cast<int32_t>(from.offset)), *from.layout, type,
       is_enum ? OnBadValue{.label = unknown} : OnBadValue{.site = site});
  StoreNative(base, at, *native.layout, type, layout, site);
  if (!is_enum) return;
  out_.jmp(end);
  out_.bind(unknown);
  StoreUnknownEnum(base, at, *native.layout);
  out_.bind(end);
}

void Emitter::StoreUnknownEnum(Slot base, int32_t offset, const Layout& native) {
  const Layout* layout = &native;
  out_.mov(x86::rsi, base.word());
  while (layout->kind == Layout::Kind::kOptional) {
    out_.mov(x86::byte_ptr(x86::rsi, offset + static_cast<int32_t>(layout->flag_offset)), 1);
    layout = layout->element.get();
  }
  out_.mov(x86::qword_ptr(x86::rsi, offset), -1);
}

void Emitter::ConvertRecord(TypeId type, const Layout& from, const Layout& native, SiteId site) {
  SlotScope scope(*this);
  const Slot record = slots_.Take(1);
  const Slot copy = slots_.Take(1);
  out_.mov(record.word(), role::kValue);
  MoveImmediate(x86::rsi, 1);
  AllocateArray(native.size, site);
  out_.mov(copy.word(), role::kValue);
  CopyRecord(record, copy, 0, native, type, from, site);
  out_.mov(role::kValue, copy.word());
}

void Emitter::ConvertCollection(TypeId type, const Layout& from, const Layout& native, SiteId site) {
  SlotScope scope(*this);
  const Slot source = slots_.Take(1);
  const Slot left = slots_.Take(1);
  const Slot data = slots_.Take(1);
  const Slot count = slots_.Take(1);
  const Slot target = slots_.Take(1);
  const Label loop = NewLabel();
  const Label end = NewLabel();
  out_.mov(source.word(), role::kValue);
  out_.mov(left.word(), role::kSize);
  out_.mov(count.word(), role::kSize);
  out_.mov(x86::rsi, role::kSize);
  AllocateArray(native.size, site);
  out_.mov(data.word(), role::kValue);
  out_.mov(target.word(), role::kValue);
  out_.cmp(left.word(), 0);
  out_.je(end);
  out_.bind(loop);
  CopyElement(source, target, type, from, native, site);
  out_.add(source.word(), from.size);
  out_.add(target.word(), native.size);
  out_.dec(left.word());
  out_.jnz(loop);
  out_.bind(end);
  out_.mov(role::kValue, data.word());
  out_.mov(role::kSize, count.word());
}

void Emitter::CopyElement(Slot source, Slot target, TypeId type, const Layout& from, const Layout& native, SiteId site) {
  const lang::Type& collection = program_.types[type];
  if (collection.kind == TypeKind::kMap) {
    CopyPart(source, from.fields[0], target, 0, native.fields[0], collection.key, site);
    return CopyPart(source, from.fields[1], target, 0, native.fields[1], collection.element, site);
  }
  const auto whole = [](const Layout& layout) {  // an element as a field of nothing
    return FieldLayout{.layout = LayoutRef(LayoutRef(), &layout)};
  };
  CopyPart(source, whole(from), target, 0, whole(native), collection.element, site);
}

}  // namespace moult::codegen
