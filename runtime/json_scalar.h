// Scalars in native memory.
#pragma once

#include <cstddef>

#include "moult/layout.h"

namespace moult::runtime {

// An order of two scalars in native memory, for finding equal ones: < 0, 0, > 0. REQUIRES: IsScalarLayout(layout).
int CompareScalars(const Layout& layout, const std::byte* a, const std::byte* b);
bool IsScalarLayout(const Layout& layout);

}  // namespace moult::runtime
