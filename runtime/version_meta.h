// VersionMeta: what the runtime knows of one version, carried by the version itself as its first foreign resource.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gc/version.h"
#include "lang/data_list.h"
#include "moult/engine.h"
#include "runtime/fingerprint.h"
#include "runtime/maxima.h"
#include "runtime/policy_unit.h"

namespace moult::runtime {

// A policy made ready for one memory layout of its input.
struct BoundCode {
  static constexpr uint32_t kNoBlock = UINT32_MAX;  // evaluated by the interpreter

  LayoutRef layout;             // bound to the program
  std::vector<Maximum> maxima;  // empty for JSON, whose reader checks them
  uint32_t block = kNoBlock;    // of the version
  uint32_t size = 0;            // bytes of code
  uint32_t decide_offset = 0;
  uint32_t reason_offset = 0;
  uint32_t argument_offset = 0;
};

struct PolicyMeta {
  PolicyUnitRef unit;
  std::vector<const void*> resources;          // lang::Resources: objects of the version's foreign resources
  std::vector<const SourceFunction*> sources;  // parallel to the program's; owned by the engine; null when not bound
  std::optional<BoundCode> json;
};

// The code of one binding. `policy` is null when the version has no policy of that name.
struct BindingMeta {
  uint64_t serial = 0;  // 0: none was live at this index
  const PolicyMeta* policy = nullptr;
  BoundCode code;
};

// What a list was read from: two of which this is the same have the same entries.
struct ListMeta {
  Fingerprint text;
  bool is_json = false;
  lang::ListShape shape;
  friend bool operator==(const ListMeta&, const ListMeta&) = default;
};

struct ResourceMeta {
  std::optional<std::string> pattern;  // of a regular expression
  std::optional<ListMeta> list;
  const void* object = nullptr;        // a lang::Regex or lang::DataList
};

// Immutable once its version exists; destroyed on the heap thread when the version is found dead.
struct VersionMeta {
  static constexpr size_t kForeignIndex = 0;
  static constexpr size_t kFirstResource = 1;  // resource i is foreign resource kFirstResource + i

  uint64_t engine = 0;                      // EngineCore::id()
  std::shared_ptr<const void> slot_memory;  // see EngineSlot
  VersionInfo info;
  std::vector<PolicyMeta> policies;   // sorted by name
  std::vector<PolicyUnitRef> modules;
  std::vector<BindingMeta> bindings;  // by PolicyBinding::index
  std::vector<ResourceMeta> resources;

  // Null if there is none.
  const PolicyMeta* Find(std::string_view policy) const;
};

// REQUIRES: within Enter, or while the version is pinned.
inline const VersionMeta& MetaOf(const gc::Version* version) {
  return *static_cast<const VersionMeta*>(version->foreign(VersionMeta::kForeignIndex));
}

}  // namespace moult::runtime
