#include "lang/scalar_ops.h"

#include <cassert>
#include <cmath>
#include <limits>

namespace moult::lang {
namespace {

constexpr int64_t kSmallest = std::numeric_limits<int64_t>::min();

// `value` by reference: the builtin that gives `overflow` writes it, and arguments have no order of evaluation.
Result<int64_t, ErrorKind> Checked(bool overflow, const int64_t& value) {
  if (overflow) return Failure(ErrorKind::kOverflow);
  return value;
}

}  // namespace

std::partial_ordering CompareExactly(int64_t a, double b) {
  constexpr double kTwoTo63 = 9223372036854775808.0;
  if (std::isnan(b)) return std::partial_ordering::unordered;
  if (b >= kTwoTo63) return std::partial_ordering::less;
  if (b < -kTwoTo63) return std::partial_ordering::greater;
  const double whole = std::trunc(b);
  const std::partial_ordering by_whole = a <=> static_cast<int64_t>(whole);
  return by_whole != 0 ? by_whole : 0.0 <=> b - whole;
}

bool Holds(Op op, std::partial_ordering order) {
  switch (op) {
    case Op::kEq:
      return order == 0;
    case Op::kNe:
      return order != 0;
    case Op::kLt:
      return order < 0;
    case Op::kLe:
      return order <= 0;
    case Op::kGt:
      return order > 0;
    case Op::kGe:
      return order >= 0;
    default:
      assert(false && "no comparison");
      return false;
  }
}

Result<int64_t, ErrorKind> IntArithmetic(Op op, int64_t a, int64_t b) {
  int64_t result = 0;
  switch (op) {
    case Op::kAdd:
      return Checked(__builtin_add_overflow(a, b, &result), result);
    case Op::kSub:
      return Checked(__builtin_sub_overflow(a, b, &result), result);
    case Op::kMul:
      return Checked(__builtin_mul_overflow(a, b, &result), result);
    case Op::kDiv:
    case Op::kMod:
      if (b == 0) return Failure(ErrorKind::kDivideByZero);
      if (a == kSmallest && b == -1) return Failure(ErrorKind::kOverflow);
      return op == Op::kDiv ? a / b : a % b;
    default:
      assert(false && "no arithmetic of ints");
      return int64_t{0};
  }
}

double DoubleArithmetic(Op op, double a, double b) {
  switch (op) {
    case Op::kAdd:
      return a + b;
    case Op::kSub:
      return a - b;
    case Op::kMul:
      return a * b;
    case Op::kDiv:
      return a / b;
    default:
      assert(false && "no arithmetic of doubles");
      return 0;
  }
}

}  // namespace moult::lang
