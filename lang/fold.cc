#include "lang/fold.h"

#include <cstdint>

namespace moult::lang {
namespace {

// Functions in place can double a text at each call.
constexpr size_t kMaxFoldedText = 1 << 16;

std::optional<int64_t> FoldInt(Op op, int64_t a, int64_t b) {
  int64_t result = 0;
  bool overflow = false;
  switch (op) {
    case Op::kAdd:
      overflow = __builtin_add_overflow(a, b, &result);
      break;
    case Op::kSub:
      overflow = __builtin_sub_overflow(a, b, &result);
      break;
    case Op::kMul:
      overflow = __builtin_mul_overflow(a, b, &result);
      break;
    default:
      if (b == 0 || (a == INT64_MIN && b == -1)) return std::nullopt;
      result = op == Op::kDiv ? a / b : a % b;
  }
  if (overflow) return std::nullopt;
  return result;
}

std::optional<double> FoldDouble(Op op, double a, double b) {
  switch (op) {
    case Op::kAdd:
      return a + b;
    case Op::kSub:
      return a - b;
    case Op::kMul:
      return a * b;
    case Op::kDiv:
      return b == 0 ? std::nullopt : std::optional(a / b);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Constant> Fold(Op op, TypeId type, const Constant& a, const Constant& b) {
  Constant result;
  if (type == kIntType) {
    std::optional<int64_t> value = FoldInt(op, a.integer, b.integer);
    if (!value) return std::nullopt;
    result.integer = *value;
  } else if (type == kDoubleType) {
    std::optional<double> value = FoldDouble(op, a.real, b.real);
    if (!value) return std::nullopt;
    result.real = *value;
  } else {
    if (a.text.size() + b.text.size() > kMaxFoldedText) return std::nullopt;
    result.text = a.text + b.text;
  }
  return result;
}

}  // namespace moult::lang
