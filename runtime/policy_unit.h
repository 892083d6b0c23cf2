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

Result<PolicyUnitRef> CompileUnit(const Bundle::File& file, const lang::CompileLimits& limits);

}  // namespace moult::runtime
