// Bindings as the engine keeps them: which inputs the code of every version must be able to read.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "moult/layout.h"

namespace moult::runtime {
class EngineCore;
}

namespace moult {
struct Explanation;
}

namespace moult::internal {

// What a Policy refers to. Immutable.
struct PolicyBinding {
  const runtime::EngineCore* engine;
  std::string policy;
  LayoutRef host;       // null: JSON
  uint32_t index = 0;   // where each version's meta has its code; used again once the binding is gone
  uint64_t serial = 0;  // never used again: tells whether what is at `index` is this binding's
};

// What a Policy decides on.
struct DecideInput {
  const void* record = nullptr;  // as the binding's host layout says; null: JSON
  std::string_view json;
  Explanation* explanation = nullptr;  // wanted: then the interpreter decides
};

}  // namespace moult::internal

namespace moult::runtime {

using BindingRef = std::shared_ptr<const internal::PolicyBinding>;

// The live bindings of one engine, held weakly: when the last Policy is gone its binding constrains nothing any more.
// Thread-safety: none; the engine's publish mutex guards it.
class BindingRegistry {
 public:
  // The live binding of these, or null.
  BindingRef Find(std::string_view policy, const LayoutRef& host) const;
  BindingRef Add(const EngineCore* engine, std::string policy, LayoutRef host);
  // In the order of their indices.
  std::vector<BindingRef> Live() const;

 private:
  std::vector<std::weak_ptr<const internal::PolicyBinding>> bindings_;
  uint64_t next_serial_ = 1;
};

}  // namespace moult::runtime
