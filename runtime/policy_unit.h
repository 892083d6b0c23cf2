// PolicyUnit: one policy text, compiled as far as it can be without knowing who binds it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lang/compile.h"
#include "lang/ir.h"
#include "moult/engine.h"

namespace moult::runtime {

// Immutable; shared by all versions that contain the same text under the same name.
struct PolicyUnit {
  Bundle::File source;
  lang::Program program;
  std::vector<lang::Position> places;  // of each site
  Diagnostics warnings;
};
using PolicyUnitRef = std::shared_ptr<const PolicyUnit>;

// The unit's program once more, with where its values come from: for explanations.
struct TracedUnit {
  PolicyUnitRef unit;
  lang::Program program;
  lang::Origins origins;
};
// Null only if the compiler has a defect: the text has compiled before. Cost: a compile.
std::shared_ptr<const TracedUnit> TraceUnit(const PolicyUnitRef& unit);

Result<PolicyUnitRef> CompileUnit(const Bundle::File& file, const lang::CompileLimits& limits);

}  // namespace moult::runtime
