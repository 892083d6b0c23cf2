// Comparison and arithmetic of the language, one scalar at a time: the definition that the interpreter uses.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "lang/eval.h"
#include "lang/ir.h"
#include "moult/result.h"

namespace moult::lang {

// By the values as real numbers, without rounding either. A NaN is unordered.
std::partial_ordering CompareExactly(int64_t a, double b);

// Whether Eq, Ne, Lt, Le, Gt or Ge holds of two operands that compare as `order`. Of unordered ones only Ne does.
bool Holds(Op op, std::partial_ordering order);

// Add, Sub, Mul, Div or Mod of ints. Errors: kOverflow (also of the smallest int / -1 and % -1, as in CEL),
// kDivideByZero.
Result<int64_t, ErrorKind> IntArithmetic(Op op, int64_t a, int64_t b);
// Add, Sub, Mul or Div as IEEE 754 has it.
double DoubleArithmetic(Op op, double a, double b);

}  // namespace moult::lang
