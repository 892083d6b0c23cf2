// What takes fuel; lang/fuel.h says how much.
#include "lang/fuel.h"

#include <bit>

#include "codegen/emitter.h"

namespace moult::codegen {

namespace x86 = asmjit::x86;

// What there is not enough fuel for takes none.
void Emitter::SpendSteps(SiteId site) {
  out_.mov(x86::r10, FrameField(offsetof(EvalFrame, fuel)));
  out_.sub(x86::r10, x86::r11);
  out_.jb(Fail(ErrorKind::kFuelExhausted, site));
  out_.mov(FrameField(offsetof(EvalFrame, fuel)), x86::r10);
}

void Emitter::SpendVisit(SiteId site) {
  out_.mov(x86::r11d, 1);
  SpendSteps(site);
}

void Emitter::SpendOnText(const x86::Gp& bytes, uint32_t bytes_per_step) {
  if (!visited_at_) return;
  out_.mov(x86::r11, bytes);
  out_.shr(x86::r11, std::countr_zero(bytes_per_step));
  SpendSteps(*visited_at_);
}

// A comparison stops at the end of the shorter text.
void Emitter::SpendOnShorter(const x86::Gp& bytes, const asmjit::Operand& other_bytes) {
  if (!visited_at_) return;
  out_.mov(x86::r11, bytes);
  out_.emit(x86::Inst::kIdCmp, x86::r11, other_bytes);
  out_.emit(x86::Inst::kIdCmova, x86::r11, other_bytes);
  out_.shr(x86::r11, std::countr_zero(lang::kScanBytes));
  SpendSteps(*visited_at_);
}

void Emitter::SpendOnSearch(TypeId element_type, Slot needle) {
  if (!visited_at_) return;
  if (lang::IsText(kind(element_type))) {
    out_.mov(x86::r11, needle.word(1));
    out_.shr(x86::r11, std::countr_zero(lang::kScanBytes));
    out_.inc(x86::r11);
    out_.imul(x86::r11, role::kSize);
  } else {
    out_.mov(x86::r11, role::kSize);
  }
  SpendSteps(*visited_at_);
}

// All elements of collections in slots.
void Emitter::SpendOnElements(TypeId collection, std::initializer_list<Slot> where) {
  if (!visited_at_ || !lang::IsCollection(kind(collection))) return;
  out_.xor_(x86::r11d, x86::r11d);
  for (const Slot& slot : where) out_.add(x86::r11, slot.word(1));
  SpendSteps(*visited_at_);
}

// `arguments` are lang::Words.
void Emitter::SpendOnCall(NodeId id, Slot arguments) {
  if (!visited_at_) return;
  out_.xor_(x86::r11d, x86::r11d);
  const std::span<const NodeId> operands = program_.operands(id);
  for (size_t k = 0; k < operands.size(); ++k) {
    const bool is_text = lang::IsText(kind(type(operands[k])));
    if (!is_text && !lang::IsCollection(kind(type(operands[k])))) continue;
    out_.mov(x86::r10, Slot{arguments.offset + 16 * static_cast<int32_t>(k)}.word(1));
    if (is_text) out_.shr(x86::r10, std::countr_zero(lang::kDecodeBytes));
    out_.add(x86::r11, x86::r10);
  }
  SpendSteps(*visited_at_);
}

// `arguments` are stored as emit_source.cc does.
void Emitter::SpendOnSource(NodeId id, Slot arguments) {
  MoveImmediate(x86::r11, lang::kSourceSteps);
  const std::span<const NodeId> operands = program_.operands(id);
  for (size_t k = 0; k < operands.size(); ++k) {
    if (!lang::IsText(kind(type(operands[k])))) continue;
    const auto offset = static_cast<int32_t>(k * sizeof(lang::Scalar) + offsetof(lang::Scalar, text));
    out_.mov(x86::r10, x86::qword_ptr(x86::rbp, arguments.offset + offset));  // a string_view of libstdc++ is {size, data}
    out_.shr(x86::r10, std::countr_zero(lang::kScanBytes));
    out_.add(x86::r11, x86::r10);
  }
  SpendSteps(node(id).site);
}

}  // namespace moult::codegen
