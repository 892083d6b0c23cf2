// Folding: arithmetic on constants while compiling.
#pragma once

#include <optional>
#include <span>

#include "lang/builder.h"
#include "lang/function.h"

namespace moult::lang {

// The value of `a op b` for Add, Sub, Mul, Div and Mod of ints, doubles or (Add) strings or bytes of `type`; nothing when it
// would be an error, which is then left to happen where the policy runs, or when the text would be longer than a
// literal should be.
std::optional<Constant> Fold(Op op, TypeId type, const Constant& a, const Constant& b);

// What a call with constant scalars gives, which is a scalar; or its error.
Result<Constant, ErrorKind> FoldCall(Function function, TypeId result, std::span<const Constant* const> arguments,
                                 std::span<const TypeId> types);

// The same of timestamps and durations, of which TimeResult knows a result.
std::optional<Constant> FoldTimes(Op op, TypeId left, TypeId right, const Constant& a, const Constant& b);

}  // namespace moult::lang
