// What evaluating a policy needs and gives, shared by the two engines: the interpreter (lang/interpret.h) and generated
// code (codegen/abi.h). Nothing here allocates from the collected heap or owns what it points to.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "lang/arena.h"
#include "lang/ir.h"
#include "moult/layout.h"

namespace moult::lang {

enum class ErrorKind : uint32_t {
  kNone = 0,
#define MOULT_ERROR(name, text) k##name,
#include "lang/errors.def"
#undef MOULT_ERROR
};
const char* ErrorText(ErrorKind kind);  // "integer overflow"

// An error of evaluation: what, and at which site of the program. Packed in 64 bits so that generated code keeps it in
// one register.
struct EvalError {
  ErrorKind kind = ErrorKind::kNone;
  SiteId site = 0;
  bool ok() const { return kind == ErrorKind::kNone; }
  friend bool operator==(EvalError, EvalError) = default;
};
inline uint64_t Pack(EvalError e) { return static_cast<uint64_t>(e.kind) << 32 | e.site; }
inline EvalError Unpack(uint64_t bits) { return {static_cast<ErrorKind>(bits >> 32), static_cast<SiteId>(bits)}; }

struct RuleError {
  uint32_t rule = 0;  // index into Program::rules
  EvalError error;
};

// What one decision came to. `fired`, `shadow_fired` and `errors` are in rule order. A rule that errs is in `errors`,
// live or shadow; if it fires on error it has fired as well, with all that follows. Once a rule has decided under
// kFirstMatch the live rules after it are not evaluated; shadow rules always are.
struct Outcome {
  uint32_t verdict = 0;  // what the live rules that fired come to: Tally in lang/decide.h
  int64_t score = 0;     // their sum under kScore; 0 otherwise
  std::vector<uint32_t> fired;
  std::vector<uint32_t> shadow_fired;
  std::vector<RuleError> errors;
  uint64_t fuel_left = 0;  // of EvalInput::fuel
};

// An argument or result of a source, of one scalar type. The members are those of Value (lang/value.h).
struct Scalar {
  TypeKind kind = TypeKind::kBool;
  int64_t integer = 0;
  double real = 0;
  std::string_view text;
  int64_t low = 0;
};

// Answers `source` calls. Implemented by the runtime, which remembers answers within a request. Must not throw.
class SourceHost {
 public:
  // Returns false if the source failed or is not bound: the rule's error is then kSourceFailed, as it is when the
  // result is not of the declared type or no ordinal of its enum. A string result must live until the arena of the
  // request is reset, and so must bytes and the 24 bytes of a cidr; a timestamp is in its range.
  virtual bool Call(SourceId source, std::span<const Scalar> arguments, Scalar* result) noexcept = 0;

 protected:
  ~SourceHost() = default;
};

// The data behind a program's names: entry k is the Regex (lang/regex.h) of RegexId k for k < regexes.size(), then
// the DataList (lang/data_list.h) of each ListId. Owned by the version.
using Resources = const void* const*;

class EvalObserver;

struct EvalInput {
  const void* record = nullptr;    // the input, as `layout` says
  const Layout* layout = nullptr;  // bound: parallel to the program's types (lang/bind.h)
  Resources resources = nullptr;
  SourceHost* sources = nullptr;  // may be null: then every source fails
  Arena* arena = nullptr;
  uint64_t fuel = 0;  // steps of work left (lang/fuel.h); kFuelExhausted when it is used up
  EvalObserver* observer = nullptr;  // lang/observer.h; the interpreter tells it, generated code does not
};

}  // namespace moult::lang
