// Context::Impl: one thread's scratch for requests.
#pragma once

#include <memory>
#include <vector>

#include "codegen/abi.h"
#include "lang/arena.h"
#include "lang/eval.h"
#include "moult/engine.h"
#include "runtime/engine_core.h"
#include "runtime/json_input.h"
#include "runtime/policy_unit.h"
#include "runtime/source_memo.h"

namespace moult {

// Everything here grows to what the largest request needed and stays: a warm Decide allocates nothing.
struct Context::Impl {
  explicit Impl(const runtime::EngineCore* core) : engine(core), arena(core->options().arena_bytes) {}

  const runtime::EngineCore* engine;
  Detail detail = Detail::kIds;
  bool busy = false;  // a Decide is running on this Context
  lang::Arena arena;
  // Of the policy's own words in a Decision: names, tags and places, which a request that fills the arena must not lose. As large as the
  // policy's text at most.
  lang::Arena words{lang::Arena::kLargestLimit};
  runtime::JsonReader json;
  runtime::SourceMemo memo;
  std::vector<codegen::LetSlot> lets;
  std::vector<lang::RuleError> errors;
  std::shared_ptr<const runtime::TracedUnit> traced;  // of the policy that was last explained
};

}  // namespace moult
