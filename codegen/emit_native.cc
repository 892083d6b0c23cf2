// Values stored in the arena as Moult itself lays them out: what literals and comprehensions make, and joins of two layouts become.
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

void Emitter::LoadImage(const x86::Gp& to, uint32_t image) { out_.lea(to, asm_.Image(image)); }

void Emitter::LoadPlace(const x86::Gp& to, Slot spilled, TypeId type) {
  if (shape(type) == Shape::kAddress) {
    out_.mov(to, spilled.word());
  } else {
    out_.lea(to, spilled.word());
  }
}

void Emitter::CheckStatus(SiteId site) {
  const Label failed = NewLabel();
  out_.test(role::kValue, role::kValue);
  out_.jnz(failed);
  Later([this, failed, site, target = error_target_] {
    out_.bind(failed);
    MoveImmediate(x86::rcx, site);
    out_.or_(role::kValue, x86::rcx);
    out_.jmp(target);
  });
}

void Emitter::StoreNative(Slot base, int32_t offset, const Layout& native, TypeId type, NodeId source, SiteId site) {
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
    StoreNative(base, offset, *stored, payload, source, site);
    out_.bind(absent);
    return;
  }
  if (IsComposite(program_.types, type)) {
    const uint32_t from = facts_.Image(source);
    const uint32_t to = facts_.images().Add(type, native);
    if (kind(type) == TypeKind::kRecord || from != to || facts_.images().image(from).may_be_bad()) {
      SlotScope scope(*this);
      const Slot slot = Spill(type);
      out_.mov(x86::rdi, role::kFrame);
      LoadImage(x86::rsi, from);
      LoadPlace(x86::rdx, slot, type);
      LoadImage(x86::rcx, to);
      out_.mov(x86::r8, base.word());
      if (offset != 0) out_.add(x86::r8, offset);
      asm_.Call(Helper::kCopyWhole);
      return CheckStatus(site);
    }
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
    case TypeKind::kCidr:
      for (int32_t offset = 0; offset < static_cast<int32_t>(native.size); offset += 8) {
        out_.mov(x86::rcx, x86::qword_ptr(role::kValue, offset));
        out_.mov(at.cloneAdjusted(offset).cloneResized(8), x86::rcx);
      }
      return;
    case TypeKind::kBytes:
    case TypeKind::kTimestamp:
    case TypeKind::kIp:
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

void Emitter::ReadWhole(Slot slot, NodeId source, const Layout& to, SiteId site) {
  const TypeId of = Payload(program_.types, type(source));
  const bool is_record = kind(of) == TypeKind::kRecord;
  const uint32_t from = facts_.Image(source);
  const uint32_t into = is_record ? facts_.images().Add(of, to) : facts_.images().AddSpan(of, *to.element);
  if (from == into) {
    if (!facts_.images().image(from).may_be_bad()) return;
    LoadImage(x86::rdi, from);
    LoadPlace(x86::rsi, slot, of);
    asm_.Call(Helper::kCheckWhole);
    return CheckStatus(site);
  }
  SlotScope scope(*this);
  const Slot copy = slots_.Take(2);
  if (is_record) {
    MoveImmediate(x86::rsi, 1);
    AllocateArray(to.size, site);
    out_.mov(copy.word(), role::kValue);
  }
  out_.mov(x86::rdi, role::kFrame);
  LoadImage(x86::rsi, from);
  LoadPlace(x86::rdx, slot, of);
  LoadImage(x86::rcx, into);
  LoadPlace(x86::r8, copy, of);
  asm_.Call(Helper::kCopyWhole);
  CheckStatus(site);
  Fill(copy, of);
  SpillTo(slot, of);
}

}  // namespace moult::codegen
