// Binding: fitting a host's memory layout to the input type of a policy.
#pragma once

#include "lang/ir.h"
#include "moult/diagnostic.h"
#include "moult/layout.h"
#include "moult/result.h"

namespace moult::lang {

// The layout of values that Moult itself makes (parsed JSON, results of split, list literals): int64, double, one byte for bool,
// string_view for strings, int64 ordinals for enums, NativeSpan for collections, fields in declaration order.
LayoutRef NativeLayout(const TypeTable& types, TypeId type);

// Fits `host` to the program's input: fields in the order of the policy's record, enumerators in the order of its enum.
// Host fields are matched by name; only those that the program reads (InputUses) must be there, and a host field that is there
// but of another type is refused only if it is read. A field that the policy has as T and the host as an optional is refused; the
// other way round (policy T?, host T) is bound as always present. Errors: one diagnostic a field, code "E-binding", naming the
// field's path, the host type and the policy's type.
Result<LayoutRef> BindLayout(const Program& program, const Layout& host);

}  // namespace moult::lang
