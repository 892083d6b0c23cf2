// The library functions of the language: their table (functions.def), which overload a call means, and how one is called.
//
// Each has one implementation, which the interpreter, generated code and constant folding call alike. It takes and gives values in
// Moult's native layout, whatever their types: what an implementation must know of a type variable it asks the Call.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lang/deep.h"
#include "lang/eval.h"
#include "lang/time.h"
#include "lang/types.h"
#include "moult/net.h"

namespace moult::lang {

enum class Function : uint32_t {
#define MOULT_FUNCTION(id, style, name, signature, fails) k##id,
#define MOULT_OPERATION(id, style, name, signature, op) k##id,
#include "lang/functions.def"
#undef MOULT_FUNCTION
#undef MOULT_OPERATION
};
inline constexpr uint32_t kFunctionCount = 0
#define MOULT_FUNCTION(id, style, name, signature, fails) +1
#define MOULT_OPERATION(id, style, name, signature, op) +1
#include "lang/functions.def"
#undef MOULT_FUNCTION
#undef MOULT_OPERATION
    ;

// -- signatures

// A type as a signature has it: a type, a type variable, or a collection of such.
struct TypePattern {
  enum class Kind : uint8_t { kType, kVariable, kList, kSet, kMap } kind = Kind::kType;
  TypeId type;                         // kType
  uint32_t variable = 0;               // kVariable: 0, 1, 2 for T, K, V
  std::vector<TypePattern> arguments;  // of a collection
};
using TypeBindings = std::array<std::optional<TypeId>, 3>;

// Whether `type` is what the pattern says under the bindings, to which the pattern's free variables are added. After a failure the
// bindings are of no use.
bool Unify(const TypeTable& types, const TypePattern& pattern, TypeId type, TypeBindings& bindings);
// The type that the pattern is under the bindings; nothing while a variable of it is free.
std::optional<TypeId> Substitute(TypeTable& types, const TypePattern& pattern, const TypeBindings& bindings);
// "list<T>"
std::string PatternText(const TypePattern& pattern);

enum class CallStyle : uint8_t { kMethod, kFunction, kEither };

struct FunctionInfo {
  Function function;
  std::string_view name;       // with its namespace: "math.abs"
  CallStyle style;
  std::string_view signature;  // "(string, int) -> string"
  bool fails;
  Op op;                       // kCall, or the operation that computes it
  std::vector<TypePattern> parameters;
  TypePattern result;
  bool generic;                // it has type variables
};
const FunctionInfo& InfoOf(Function function);
// "indexOf(string, string)"
std::string FunctionText(Function function);
// The overloads of a name that can be called so, in the order of the table; empty when there is none.
std::vector<const FunctionInfo*> FindFunctions(std::string_view name, bool as_method);
// Each name once, in the order of the table.
const std::vector<std::string_view>& FunctionNames();

// -- calls

// A value outside of memory, as generated code has it in registers. bool, int, enum, duration: `a`; double: its bits in `a`; string,
// bytes: data in `a`, how many bytes in `b`; timestamp: seconds, nanoseconds; ip: upper half, lower half; list, set, map: data in `a`,
// count in `b`; record, cidr: its address in `a`.
struct Words {
  uint64_t a = 0;
  uint64_t b = 0;
};

// One call: what an implementation reads its arguments from and puts its result into. What it makes lives in the arena.
class Call {
 public:
  // `types`: for a generic function the address of an image, LayoutPool::AddTuple of the arguments' and the result's (AddWords); may be
  // null otherwise.
  Call(Arena& arena, const Words* arguments, const void* types) : arena_(arena), arguments_(arguments), types_(types) {}

  Arena& arena() { return arena_; }
  bool Bool(size_t k) const { return arguments_[k].a != 0; }
  int64_t Int(size_t k) const { return static_cast<int64_t>(arguments_[k].a); }
  double Double(size_t k) const;
  std::string_view Text(size_t k) const;  // of bytes too
  Timestamp Moment(size_t k) const { return {static_cast<int64_t>(arguments_[k].a), static_cast<int64_t>(arguments_[k].b)}; }
  Ip Address(size_t k) const { return {arguments_[k].a, arguments_[k].b}; }
  Cidr Range(size_t k) const;
  const Words& words(size_t k) const { return arguments_[k]; }
  // The elements or entries of a collection. REQUIRES, of the second: T is how they lie in memory.
  NativeSpan Items(size_t k) const;
  template <class T>
  std::span<const T> List(size_t k) const {
    const NativeSpan items = Items(k);
    return {static_cast<const T*>(items.data), static_cast<size_t>(items.count)};
  }
  // How argument k lies in memory; the result for k the number of arguments. REQUIRES: the function is generic.
  LayoutImage type(size_t k) const;
  // Argument k as the functions of lang/deep.h take it. REQUIRES: as above.
  Place place(size_t k) const;

  // Each sets the result; nothing where the arena was full.
  ErrorKind Give(Words words);
  ErrorKind GiveBool(bool value) { return Give({.a = value}); }
  ErrorKind GiveInt(int64_t value) { return Give({.a = static_cast<uint64_t>(value)}); }
  ErrorKind GiveDouble(double value);
  ErrorKind GiveText(std::optional<std::string_view> text);
  ErrorKind GiveMoment(const Timestamp& t) { return Give({static_cast<uint64_t>(t.seconds), static_cast<uint64_t>(t.nanos)}); }
  ErrorKind GiveAddress(const Ip& ip) { return Give({ip.high(), ip.low()}); }
  ErrorKind GiveRange(const Cidr& cidr);
  ErrorKind GiveItems(std::optional<NativeSpan> items);
  const Words& result() const { return result_; }

 private:
  Arena& arena_;
  const Words* arguments_;
  const void* types_;
  Words result_;
};

// REQUIRES: the function's op is kCall, and the arguments are of its types.
ErrorKind CallFunction(Function function, Call& call) noexcept;

// The implementations, in lang/library_*.cc.
namespace library {
#define MOULT_FUNCTION(id, style, name, signature, fails) ErrorKind id(Call& call) noexcept;
#define MOULT_OPERATION(id, style, name, signature, op)
#include "lang/functions.def"
#undef MOULT_FUNCTION
#undef MOULT_OPERATION
}  // namespace library

}  // namespace moult::lang
