// PolicyUnit: one policy or module, compiled as far as it can be without knowing who binds it.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "lang/compile.h"
#include "lang/ir.h"
#include "moult/engine.h"

namespace moult::runtime {

using FileRef = std::shared_ptr<const Bundle::File>;

// Immutable but for its counts; shared by all versions that contain the same texts under the same names.
struct PolicyUnit {
  std::vector<FileRef> files;             // by SiteSpan::file: its own, then those of the modules that it uses
  std::vector<std::string> module_names;  // of files 1, 2 ...
  lang::Program program;                  // of a module: its name alone
  bool is_module = false;
  std::vector<lang::Position> places;     // of each site
  Diagnostics warnings;
  std::unique_ptr<std::atomic<uint64_t>[]> errors;  // by rule: how often it has erred

  // Relaxed: a count that nothing is ordered by. What errs pays for it, and no other request.
  void CountError(uint32_t rule) const { errors[rule].fetch_add(1, std::memory_order_relaxed); }

  const Bundle::File& source() const { return *files[0]; }
};
using PolicyUnitRef = std::shared_ptr<const PolicyUnit>;

// `files` are what was compiled, as in PolicyUnit.
PolicyUnitRef MakeUnit(lang::Compiled compiled, std::vector<FileRef> files);

// The unit's program once more, with where its values come from: for explanations.
struct TracedUnit {
  PolicyUnitRef unit;
  lang::Program program;
  lang::Origins origins;
};
// Null only if the compiler has a defect: the text has compiled before. Cost: a compile.
std::shared_ptr<const TracedUnit> TraceUnit(const PolicyUnitRef& unit);

}  // namespace moult::runtime
