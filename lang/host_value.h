// Scalars of a policy as its host sees them.
#pragma once

#include "lang/eval.h"
#include "moult/host_value.h"

namespace moult::lang {

// An enum becomes the int of its ordinal; a string and bytes stay views of what `a` views.
HostValue ToHostValue(const Scalar& a);

}  // namespace moult::lang
