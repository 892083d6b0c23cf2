// Calls of the host's sources.
#include "codegen/emitter.h"
#include "moult/net.h"

namespace moult::codegen {

namespace x86 = asmjit::x86;
using lang::Scalar;
using lang::TypeKind;

namespace {

constexpr int32_t kScalarWords = sizeof(Scalar) / 8;
static_assert(sizeof(Scalar) % 8 == 0 && sizeof(std::string_view) == 16);

x86::Mem Member(Slot scalar, size_t offset, uint32_t size) {
  return x86::Mem(x86::rbp, scalar.offset + static_cast<int32_t>(offset), size);
}

// A string_view of libstdc++ is {size, data}.
constexpr size_t kTextSize = offsetof(Scalar, text);
constexpr size_t kTextData = offsetof(Scalar, text) + 8;

}  // namespace

void Emitter::SourceValue(NodeId id) {
  SlotScope scope(*this);
  const std::span<const NodeId> operands = program_.operands(id);
  const auto count = static_cast<int32_t>(operands.size());
  const Slot result = slots_.Take(kScalarWords);
  const Slot arguments = slots_.Take(kScalarWords * count);
  for (int32_t k = 0; k < count; ++k) {
    Value(operands[k]);
    StoreArgument({arguments.offset + 8 * kScalarWords * k}, type(operands[k]));
  }
  SpendOnSource(id, arguments);
  StoreEmptyResult(result);
  out_.mov(x86::rdi, role::kFrame);
  MoveImmediate(x86::rsi, static_cast<int64_t>(node(id).imm));
  out_.lea(x86::rdx, x86::ptr(x86::rbp, arguments.offset));
  MoveImmediate(x86::rcx, count);
  out_.lea(x86::r8, x86::ptr(x86::rbp, result.offset));
  asm_.Call(Helper::kCallSource);
  JumpIfBool(false, Fail(ErrorKind::kSourceFailed, node(id).site));
  LoadResult(result, type(id), node(id).site);
}

void Emitter::StoreArgument(Slot at, TypeId type) {
  out_.mov(Member(at, offsetof(Scalar, kind), 1), static_cast<int>(kind(type)));
  out_.xor_(x86::ecx, x86::ecx);
  const Shape of = shape(type);
  const bool words = kind(type) == TypeKind::kTimestamp || kind(type) == TypeKind::kIp;
  const bool cidr = kind(type) == TypeKind::kCidr;
  const bool integral = of == Shape::kInt || of == Shape::kBool || words;
  if (integral) {
    out_.mov(Member(at, offsetof(Scalar, integer), 8), role::kValue);
  } else {
    out_.mov(Member(at, offsetof(Scalar, integer), 8), x86::rcx);
  }
  if (of == Shape::kDouble) {
    out_.movsd(Member(at, offsetof(Scalar, real), 8), role::kReal);
  } else {
    out_.mov(Member(at, offsetof(Scalar, real), 8), x86::rcx);
  }
  const bool text = of == Shape::kPair && !words;
  out_.mov(Member(at, kTextData, 8), text || cidr ? role::kValue : x86::rcx);
  out_.mov(Member(at, offsetof(Scalar, low), 8), words ? role::kSize : x86::rcx);
  if (cidr) MoveImmediate(role::kSize, sizeof(Cidr));
  out_.mov(Member(at, kTextSize, 8), text || cidr ? role::kSize : x86::rcx);
}

// As a default-constructed Scalar.
void Emitter::StoreEmptyResult(Slot at) {
  out_.mov(Member(at, offsetof(Scalar, kind), 1), static_cast<int>(TypeKind::kBool));
  out_.xor_(x86::ecx, x86::ecx);
  out_.mov(Member(at, offsetof(Scalar, integer), 8), x86::rcx);
  out_.mov(Member(at, offsetof(Scalar, real), 8), x86::rcx);
  out_.mov(Member(at, kTextSize, 8), x86::rcx);
  out_.mov(Member(at, kTextData, 8), x86::rcx);
  out_.mov(Member(at, offsetof(Scalar, low), 8), x86::rcx);
}

// A host that answers with another type than was declared, or with an ordinal that the enum has not, has failed.
void Emitter::LoadResult(Slot at, TypeId type, SiteId site) {
  const TypeKind expected = kind(type);
  out_.cmp(Member(at, offsetof(Scalar, kind), 1), static_cast<int>(expected));
  out_.jne(Fail(ErrorKind::kSourceFailed, site));
  switch (expected) {
    case TypeKind::kDouble:
      out_.movsd(role::kReal, Member(at, offsetof(Scalar, real), 8));
      return;
    case TypeKind::kCidr:
      out_.mov(role::kValue, Member(at, kTextData, 8));
      return;
    case TypeKind::kTimestamp:
    case TypeKind::kIp:
      out_.mov(role::kValue, Member(at, offsetof(Scalar, integer), 8));
      out_.mov(role::kSize, Member(at, offsetof(Scalar, low), 8));
      return;
    case TypeKind::kString:
    case TypeKind::kBytes:
      out_.mov(role::kSize, Member(at, kTextSize, 8));
      out_.mov(role::kValue, Member(at, kTextData, 8));
      return;
    case TypeKind::kBool:
      out_.xor_(x86::eax, x86::eax);
      out_.cmp(Member(at, offsetof(Scalar, integer), 8), 0);
      out_.setne(x86::al);
      return;
    default:
      out_.mov(role::kValue, Member(at, offsetof(Scalar, integer), 8));
  }
  if (expected != TypeKind::kEnum) return;
  out_.cmp(role::kValue, program_.types.enum_type(type).enumerators.size());
  out_.jae(Fail(ErrorKind::kSourceFailed, site));
}

}  // namespace moult::codegen
