// UnitSet: the compiled policies and modules of one policy set.
#pragma once

#include <vector>

#include "lang/compile.h"
#include "moult/engine.h"
#include "runtime/policy_unit.h"

namespace moult::runtime {

struct UnitSet {
  std::vector<PolicyUnitRef> policies;
  std::vector<PolicyUnitRef> modules;
};

// Compiles the files of `bundle`. What `known` has compiled from the same texts is taken over: the file itself and all modules that it
// uses; so is the text of a module that is the same. Reports the errors of all files, each once however many policies use the module
// that it is in. Cost: compiles what changed, compares the rest.
Result<UnitSet> CompileUnits(const Bundle& bundle, const UnitSet& known, const lang::CompileLimits& limits);

}  // namespace moult::runtime
