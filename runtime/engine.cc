#include "moult/engine.h"

#include <utility>

#include "gc/heap.h"
#include "gc/slot.h"
#include "runtime/context.h"
#include "runtime/decide.h"
#include "runtime/engine_core.h"
#include "runtime/pinned.h"
#include "runtime/problem.h"

namespace moult {

struct Engine::Impl {
  explicit Impl(const EngineOptions& options) : core(options) {}
  runtime::EngineCore core;
};

namespace {

Status CheckOptions(const EngineOptions& o) {
  auto within = [](uint64_t value, uint64_t least, uint64_t most) { return value >= least && value <= most; };
  auto refuse = [](const char* what) { return Status(Error{"E-option", what}); };
  if (!within(o.source_bytes, 1, size_t{1} << 30)) return refuse("source_bytes must be 1 to 2^30");
  if (!within(o.nesting, 1, 1000)) return refuse("nesting must be 1 to 1000");
  if (!within(o.rules, 1, 10'000'000)) return refuse("rules must be 1 to 10,000,000");
  if (!within(o.code_bytes, 1, size_t{1} << 30)) return refuse("code_bytes must be 1 to 2^30");
  if (!within(o.list_bytes, 1, size_t{1} << 30)) return refuse("list_bytes must be 1 to 2^30");
  if (!within(o.list_entries, 1, 100'000'000)) return refuse("list_entries must be 1 to 100,000,000");
  if (!within(o.arena_bytes, 4096, size_t{1} << 40)) return refuse("arena_bytes must be 4096 to 2^40");
  if (o.fuel == 0) return refuse("fuel must be at least 1");
  return {};
}

}  // namespace

Result<std::unique_ptr<Engine>, Error> Engine::Create(const EngineOptions& options) {
  if (const Status status = CheckOptions(options); !status) return Failure(status.error());
  return std::unique_ptr<Engine>(new Engine(std::make_unique<Impl>(options)));
}

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;

Status Engine::BindSource(std::string name, SourceFunction function) {
  return impl_->core.BindSource(std::move(name), std::move(function));
}

Result<VersionInfo> Engine::Publish(const Bundle& bundle) { return impl_->core.Publish(bundle); }

Result<VersionInfo> Engine::Rollback(const Pinned& version) {
  return impl_->core.Rollback(runtime::PinnedAccess::pin(version));
}

Result<std::shared_ptr<const PolicyBase::Handle>> Engine::Bind(const std::string& name, LayoutRef host) {
  return impl_->core.Bind(name, host);
}

Result<JsonPolicy> Engine::FindJson(const std::string& name) {
  auto handle = Bind(name, nullptr);
  if (!handle) return Failure(std::move(handle).error());
  return JsonPolicy(std::move(handle).value());
}

Pinned Engine::Pin() const { return runtime::PinnedAccess::Make(impl_->core.slot().Current()); }

std::optional<VersionInfo> Engine::Info() const {
  std::optional<VersionInfo> info;
  gc::Enter(impl_->core.slot(), [&](const gc::Version* version) {
    if (version != nullptr) info = runtime::MetaOf(version).info;
  });
  return info;
}

std::vector<RuleErrors> Engine::ErringRules() const {
  std::vector<RuleErrors> erring;
  gc::Enter(impl_->core.slot(), [&](const gc::Version* version) {
    if (version == nullptr) return;
    for (const runtime::PolicyMeta& policy : runtime::MetaOf(version).policies) {
      const lang::Program& program = policy.unit->program;
      for (size_t k = 0; k < program.rules.size(); ++k) {
        const uint64_t count = policy.unit->errors[k].load(std::memory_order_relaxed);
        if (count > 0) erring.push_back({program.name, program.rules[k].name, count});
      }
    }
  });
  return erring;
}

void Engine::SetObserver(std::function<void(const EngineEvent&)> observer) {
  impl_->core.SetObserver(std::move(observer));
}

bool Engine::Collect(std::chrono::milliseconds timeout) { return gc::Heap::Collect(timeout).verdict; }

HeapCounters Engine::Counters() {
  const gc::Counters c = gc::Heap::counters();
  HeapCounters out;
  out.published = c.published;
  out.superseded = c.superseded;
  out.reclaimed = c.reclaimed;
  out.live_versions = c.live_versions;
  out.live_blocks = c.live_blocks;
  out.live_code_bytes = c.live_code_bytes;
  out.cycles = c.cycles;
  out.scans = c.scans;
  out.threads = c.threads;
  out.scan_total = std::chrono::nanoseconds(c.scan_ns_total);
  out.scan_max = std::chrono::nanoseconds(c.scan_ns_max);
  out.reclaim_total = std::chrono::nanoseconds(c.reclaim_ns_total);
  out.reclaim_max = std::chrono::nanoseconds(c.reclaim_ns_max);
  return out;
}

Context::Context(const Engine& engine) : impl_(std::make_unique<Impl>(&engine.impl_->core)) {}
Context::~Context() = default;
Context::Context(Context&&) noexcept = default;
Context& Context::operator=(Context&&) noexcept = default;
void Context::set_detail(Detail detail) { impl_->detail = detail; }

Current::Current(const Engine& engine) : core_(nullptr), version_(nullptr) {
  // INVARIANT(register-first): OnOwnStack registers the thread before the slot is loaded.
  if (!gc::OnOwnStack(this)) return;
  core_ = &engine.impl_->core;
  version_ = core_->slot().LoadDangerously();
  // INVARIANT(frame-roots): the word is in this object, which lies in a frame that scans cover, from here ...
  asm volatile("" : : "m"(version_));
}

// ... to here: the version is read by the last instruction of the object's life, so no compiler drops the word before.
Current::~Current() { asm volatile("" : : "m"(version_)); }

uint64_t Current::version() const {
  return version_ == nullptr ? 0 : static_cast<const gc::Version*>(version_)->number();
}

}  // namespace moult
