// Binding: fitting a host's memory layout to the input type of a policy.
#pragma once

#include <optional>

#include "lang/ir.h"
#include "moult/diagnostic.h"
#include "moult/layout.h"
#include "moult/result.h"

namespace moult::lang {

// The layout of values that Moult itself makes (parsed JSON, results of split, list literals): int64, double, one byte
// for bool, string_view for strings, int64 ordinals for enums, NativeSpan for bytes and collections, NativeTimestamp, a
// duration's nanoseconds as int64, moult::Ip, moult::Cidr, fields in declaration order;
// a map's entry is its key and value. Null when a value would take more than kMaxValueBytes, as records that hold
// records can. REQUIRES: no record holds itself.
LayoutRef NativeLayout(const TypeTable& types, TypeId type);
inline constexpr uint32_t kMaxValueBytes = 1u << 24;
// A type of the table that has none, if there is one. Cost: linear.
std::optional<TypeId> TypeWithoutNativeLayout(const TypeTable& types);

// Fits `host` to the program's input: fields in the order of the policy's record, enumerators in the order of its enum.
// Fields of records, at any depth, that the program does not read (InputUses) have a null layout in the result, whether
// the host has them or not. Host fields are matched by name; only those that the program reads must be there, and a
// host field that is there but of another type is refused only if it is read. A field that the policy has as T and the
// host as an optional is refused; the other way round (policy T?, host T) is bound as always present: the result has
// the layout of a T there. An enum's host must map every enumerator that the policy has, each to a value of its own.
// Errors: one diagnostic a field, code "E-binding", naming the field's path, the host type and the policy's type.
// Deterministic; cost: linear in the input's type.
Result<LayoutRef> BindLayout(const Program& program, const Layout& host);

}  // namespace moult::lang
