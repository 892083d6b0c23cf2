// VersionBuilder: compiled policies, live bindings and data files to one version in the collected heap.
//
//   units + data     -> regular expressions and lists, shared with the base version where equal
//   units x bindings -> machine code, copied from the base version where nothing changed
//   all of it        -> gc::Heap::Create
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/code_blob.h"
#include "codegen/generate.h"
#include "gc/heap.h"
#include "gc/pin.h"
#include "moult/engine.h"
#include "runtime/binding.h"
#include "runtime/resource_table.h"
#include "runtime/unit_set.h"
#include "runtime/version_meta.h"

namespace moult::runtime {

using Clock = std::chrono::steady_clock;

// What a version is built from. Everything is borrowed for the length of the build.
struct BuildInput {
  Clock::time_point begin;  // of the compile, for VersionInfo::compile
  uint64_t number = 0;
  uint64_t engine = 0;
  std::shared_ptr<const void> slot_memory;
  UnitSet units;
  const Bundle* data = nullptr;  // null: the units are the base version's, and so are their lists
  std::vector<BindingRef> bindings;
  std::function<const SourceFunction*(const std::string& name)> find_source;
  Evaluator evaluator = Evaluator::kMachineCode;
  codegen::Options codegen;
  lang::ListLimits list_limits;
};

// Builds one version, once. Thread-safety: none.
class VersionBuilder {
 public:
  // `base` is the version built on, or empty; pinned until Build has returned.
  VersionBuilder(BuildInput input, const gc::Pin& base);

  // The version, pinned and unpublished, its VersionInfo complete but for `install`. Errors: diagnostics of data
  // files, bindings, code generation and the heap.
  Result<gc::Pin> Build();

 private:
  struct Span {
    const std::byte* data;
    size_t size;
  };

  bool SortUnits();
  void AddPolicies();
  // A policy is complete without them, but its rules would err on each request, and nobody would see why.
  void WarnOfSources(const PolicyMeta& policy);
  const void* AddList(const PolicyUnit& unit, const lang::ListDecl& list);
  const Bundle::File* FindData(const std::string& declared_in, const std::string& name) const;
  void AddBindings();
  void AddBinding(const internal::PolicyBinding& binding, BindingMeta& out);
  void AddJsonCode(PolicyMeta& policy);
  // Makes `code` for its layout, copying `known` if that is code of the same unit and layout.
  void Generate(const PolicyUnit& unit, const BoundCode* known, BoundCode& code);
  void AddBlock(Span bytes, BoundCode& code);
  void FillInfo();
  bool Changed(const PolicyMeta& policy) const;
  bool SameBytes(const BoundCode& code, const BoundCode& base_code) const;
  Result<gc::Pin> Create();

  const PolicyMeta* BasePolicy(std::string_view name) const;
  const BindingMeta* BaseBinding(const internal::PolicyBinding& binding) const;

  BuildInput input_;
  const gc::Pin& base_;
  const VersionMeta* base_meta_;
  std::unique_ptr<VersionMeta> meta_;
  ResourceTable resources_;
  std::vector<codegen::CodeBlob> blobs_;  // what blocks_ points into, unless it is the base version's code
  std::vector<Span> blocks_;
  Diagnostics problems_, warnings_;
};

}  // namespace moult::runtime
