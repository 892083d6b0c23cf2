#include "lang/fold.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

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

Words ToWords(const Constant& constant, TypeId type) {
  if (type == kDoubleType) return {.a = std::bit_cast<uint64_t>(constant.real)};
  if (type == kTimestampType || type == kIpType) {
    Words words;
    std::memcpy(&words, constant.text.data(), sizeof words);
    return words;
  }
  if (type != kStringType && type != kBytesType && type != kCidrType) return {.a = static_cast<uint64_t>(constant.integer)};
  return {reinterpret_cast<uint64_t>(constant.text.data()), constant.text.size()};
}

Constant FromWords(Words words, TypeId type) {
  Constant constant;
  if (type == kDoubleType) {
    constant.real = std::bit_cast<double>(words.a);
  } else if (type == kTimestampType || type == kIpType) {
    constant = ConstantOf(words);
  } else if (type == kCidrType) {
    constant.text.assign(reinterpret_cast<const char*>(words.a), sizeof(Cidr));
  } else if (type == kStringType || type == kBytesType) {
    if (words.b != 0) constant.text.assign(reinterpret_cast<const char*>(words.a), static_cast<size_t>(words.b));
  } else {
    constant.integer = static_cast<int64_t>(words.a);
  }
  return constant;
}

}  // namespace

std::optional<Constant> FoldTimes(Op op, TypeId left, TypeId right, const Constant& a, const Constant& b) {
  const auto done = [](const auto& result, auto make) -> std::optional<Constant> {
    return result ? std::optional(make(*result)) : std::nullopt;
  };
  const auto whole = [](int64_t nanos) { return Constant{.integer = nanos}; };
  if (left == kTimestampType && right == kTimestampType) {
    return done(Difference(TimestampIn(a), TimestampIn(b)), whole);
  }
  if (left == kTimestampType) {
    const Timestamp t = TimestampIn(a);
    return done(op == Op::kAdd ? AddDuration(t, b.integer) : SubtractDuration(t, b.integer), ConstantOf<Timestamp>);
  }
  if (right == kTimestampType) return done(AddDuration(TimestampIn(b), a.integer), ConstantOf<Timestamp>);
  return done(FoldInt(op, a.integer, b.integer), whole);
}

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

Result<Constant, ErrorKind> FoldCall(Function function, TypeId result, std::span<const Constant* const> arguments,
                                 std::span<const TypeId> types) {
  Arena arena(kMaxFoldedText);
  std::vector<Words> words;
  for (size_t k = 0; k < arguments.size(); ++k) words.push_back(ToWords(*arguments[k], types[k]));
  Call call(arena, words.data(), nullptr);
  const ErrorKind error = CallFunction(function, call);
  if (error != ErrorKind::kNone) return Failure(error);
  return FromWords(call.result(), result);
}

}  // namespace moult::lang
