// Library functions of numbers: the math extension of CEL.
#include <cmath>
#include <span>

#include "lang/function.h"

namespace moult::lang::library {
namespace {

uint64_t Bits(int64_t value) { return static_cast<uint64_t>(value); }
int64_t FromBits(uint64_t bits) { return static_cast<int64_t>(bits); }

// Of equal ones the first is kept, as CEL does.
template <class T>
T Greater(T a, T b) { return a < b ? b : a; }
template <class T>
T Lesser(T a, T b) { return b < a ? b : a; }

// What no order has a place for.
bool IsUnordered(int64_t) { return false; }
bool IsUnordered(double value) { return std::isnan(value); }

ErrorKind Give(Call& call, int64_t value) { return call.GiveInt(value); }
ErrorKind Give(Call& call, double value) { return call.GiveDouble(value); }

// The one that `better` prefers; an error for none, and for a NaN.
template <class T, class Better>
ErrorKind Extreme(Call& call, std::span<const T> values, Better better) {
  if (values.empty()) return ErrorKind::kBadArgument;
  T best = values[0];
  for (T value : values) {
    if (values.size() > 1 && IsUnordered(value)) return ErrorKind::kBadArgument;
    best = better(best, value);
  }
  return Give(call, best);
}

}  // namespace

ErrorKind MathAbsInt(Call& call) noexcept {
  if (call.Int(0) == INT64_MIN) return ErrorKind::kOverflow;
  return call.GiveInt(call.Int(0) < 0 ? -call.Int(0) : call.Int(0));
}
ErrorKind MathAbsDouble(Call& call) noexcept { return call.GiveDouble(std::fabs(call.Double(0))); }
ErrorKind MathSignInt(Call& call) noexcept { return call.GiveInt((call.Int(0) > 0) - (call.Int(0) < 0)); }
ErrorKind MathSignDouble(Call& call) noexcept {
  const double value = call.Double(0);
  return call.GiveDouble(std::isnan(value) ? value : (value > 0) - (value < 0));
}

ErrorKind MathCeil(Call& call) noexcept { return call.GiveDouble(std::ceil(call.Double(0))); }
ErrorKind MathFloor(Call& call) noexcept { return call.GiveDouble(std::floor(call.Double(0))); }
ErrorKind MathRound(Call& call) noexcept { return call.GiveDouble(std::round(call.Double(0))); }  // ties away from zero
ErrorKind MathTrunc(Call& call) noexcept { return call.GiveDouble(std::trunc(call.Double(0))); }
ErrorKind MathSqrtDouble(Call& call) noexcept { return call.GiveDouble(std::sqrt(call.Double(0))); }
ErrorKind MathSqrtInt(Call& call) noexcept { return call.GiveDouble(std::sqrt(static_cast<double>(call.Int(0)))); }

ErrorKind MathIsFinite(Call& call) noexcept { return call.GiveBool(std::isfinite(call.Double(0))); }
ErrorKind MathIsInf(Call& call) noexcept { return call.GiveBool(std::isinf(call.Double(0))); }
ErrorKind MathIsNaN(Call& call) noexcept { return call.GiveBool(std::isnan(call.Double(0))); }

ErrorKind MathBitAnd(Call& call) noexcept { return call.GiveInt(call.Int(0) & call.Int(1)); }
ErrorKind MathBitOr(Call& call) noexcept { return call.GiveInt(call.Int(0) | call.Int(1)); }
ErrorKind MathBitXor(Call& call) noexcept { return call.GiveInt(call.Int(0) ^ call.Int(1)); }
ErrorKind MathBitNot(Call& call) noexcept { return call.GiveInt(~call.Int(0)); }

ErrorKind MathBitShiftLeft(Call& call) noexcept {
  if (call.Int(1) < 0) return ErrorKind::kBadArgument;
  return call.GiveInt(call.Int(1) >= 64 ? 0 : FromBits(Bits(call.Int(0)) << call.Int(1)));
}
// Zeros come in from the left, whatever the sign.
ErrorKind MathBitShiftRight(Call& call) noexcept {
  if (call.Int(1) < 0) return ErrorKind::kBadArgument;
  return call.GiveInt(call.Int(1) >= 64 ? 0 : FromBits(Bits(call.Int(0)) >> call.Int(1)));
}

ErrorKind MathGreatestInt(Call& call) noexcept { return call.GiveInt(call.Int(0)); }
ErrorKind MathGreatestDouble(Call& call) noexcept { return call.GiveDouble(call.Double(0)); }
ErrorKind MathGreatestInts(Call& call) noexcept { return call.GiveInt(Greater(call.Int(0), call.Int(1))); }
ErrorKind MathGreatestDoubles(Call& call) noexcept {
  const double values[] = {call.Double(0), call.Double(1)};
  return Extreme(call, std::span<const double>(values), Greater<double>);
}
ErrorKind MathGreatestOfInts(Call& call) noexcept { return Extreme(call, call.List<int64_t>(0), Greater<int64_t>); }
ErrorKind MathGreatestOfDoubles(Call& call) noexcept { return Extreme(call, call.List<double>(0), Greater<double>); }

ErrorKind MathLeastInt(Call& call) noexcept { return call.GiveInt(call.Int(0)); }
ErrorKind MathLeastDouble(Call& call) noexcept { return call.GiveDouble(call.Double(0)); }
ErrorKind MathLeastInts(Call& call) noexcept { return call.GiveInt(Lesser(call.Int(0), call.Int(1))); }
ErrorKind MathLeastDoubles(Call& call) noexcept {
  const double values[] = {call.Double(0), call.Double(1)};
  return Extreme(call, std::span<const double>(values), Lesser<double>);
}
ErrorKind MathLeastOfInts(Call& call) noexcept { return Extreme(call, call.List<int64_t>(0), Lesser<int64_t>); }
ErrorKind MathLeastOfDoubles(Call& call) noexcept { return Extreme(call, call.List<double>(0), Lesser<double>); }

}  // namespace moult::lang::library
