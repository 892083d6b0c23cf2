// Values of the interpreter in Moult's own layout, as library functions take them, and back.
#pragma once

#include "lang/function.h"
#include "lang/value.h"

namespace moult::lang {

// `native` is the type's native layout throughout. Collections and records that do not lie in memory so are copied into the arena.
// Errors: kArenaExhausted; kIntOutOfRange for an int inside of `value` that has no native form. An unknown enum value becomes a
// native one that fails when it is read.
Result<Words, ErrorKind> ToWords(const Value& value, const TypeTable& types, TypeId type, const Layout& native, Arena& arena);

// The value refers to `native`.
Value FromWords(Words words, const TypeTable& types, TypeId type, const Layout& native);

}  // namespace moult::lang
