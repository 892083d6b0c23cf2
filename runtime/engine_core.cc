#include "runtime/engine_core.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "runtime/problem.h"

namespace moult::runtime {
namespace {

constexpr std::chrono::milliseconds kPaceWait{1000};
constexpr uint64_t kPaceEvery = 16;  // publishes: asking the heap costs a switch to its thread

std::atomic<uint64_t> next_engine_id{1};

UnitSet UnitsOf(const VersionMeta& meta) {
  UnitSet units{.policies = {}, .modules = meta.modules};
  for (const PolicyMeta& policy : meta.policies) units.policies.push_back(policy.unit);
  return units;
}

// Whether the version has code for every one of `bindings`, or lacks their policies.
bool Covers(const VersionMeta& meta, const std::vector<BindingRef>& bindings) {
  return std::all_of(bindings.begin(), bindings.end(), [&](const BindingRef& b) {
    if (b->host == nullptr) {
      const PolicyMeta* policy = meta.Find(b->policy);
      return policy == nullptr || policy->json;
    }
    return b->index < meta.bindings.size() && meta.bindings[b->index].serial == b->serial;
  });
}

template <class T>
Result<T> Refuse(lang::Code code, std::string message) {
  return Failure(Diagnostics{Problem(code, {}, std::move(message))});
}

}  // namespace

// Relaxed: the id only has to differ from every other.
EngineCore::EngineCore(const EngineOptions& options)
    : id_(next_engine_id.fetch_add(1, std::memory_order_relaxed)), options_(options) {}

Status EngineCore::BindSource(std::string name, SourceFunction function) {
  if (name.empty() || function == nullptr) return Error{"E-option", "a source needs a name and a function"};
  const std::lock_guard lock(publish_mutex_);
  source_functions_.push_back(std::make_unique<const SourceFunction>(std::move(function)));
  sources_[std::move(name)] = source_functions_.back().get();
  return {};
}

Result<VersionInfo> EngineCore::Publish(const Bundle& bundle) {
  const std::lock_guard lock(publish_mutex_);
  Pace();
  const Clock::time_point begin = Clock::now();
  const gc::Pin base = slot_->Current();
  Result<UnitSet> units = CompileUnits(bundle, base ? UnitsOf(MetaOf(base.get())) : UnitSet(), Limits());
  if (!units) return Failure(std::move(units).error());
  if (units->policies.empty()) return Refuse<VersionInfo>(lang::Code::kNoPolicy, "there is no policy to publish");
  return BuildAndPublish(std::move(units).value(), &bundle, base, begin);
}

lang::CompileLimits EngineCore::Limits() const {
  lang::CompileLimits limits;
  limits.source_bytes = options_.source_bytes;
  limits.nesting = options_.nesting;
  limits.rules = options_.rules;
  return limits;
}

Result<VersionInfo> EngineCore::BuildAndPublish(UnitSet units, const Bundle* data,
                                                const gc::Pin& base, Clock::time_point begin) {
  BuildInput input;
  input.begin = begin;
  input.number = last_number_ + 1;
  input.engine = id_;
  input.slot_memory = slot_.memory();
  input.units = std::move(units);
  input.data = data;
  input.bindings = bindings_.Live();
  input.find_source = [this](const std::string& name) -> const SourceFunction* {
    const auto found = sources_.find(name);
    return found == sources_.end() ? nullptr : found->second;
  };
  input.evaluator = options_.evaluator;
  input.codegen.cpu = options_.baseline_cpu ? codegen::CpuFeatures::Baseline() : codegen::CpuFeatures::Host();
  input.codegen.code_bytes = options_.code_bytes;
  input.list_limits = {.bytes = options_.list_bytes, .entries = options_.list_entries};
  Result<gc::Pin> version = VersionBuilder(std::move(input), base).Build();
  if (!version) return Failure(std::move(version).error());
  ++last_number_;  // spent, even if the slot refuses the version: a number is never used twice

  const Status published = slot_->Publish(*version);
  if (!published) return Failure(Diagnostics{Problem(published.error())});
  VersionInfo info = MetaOf(version->get()).info;
  info.install = Clock::now() - begin - info.compile;
  return info;
}

// A publisher can outrun the collector, whose every cycle needs each thread to be scheduled once: dead versions would
// fill the heap up to its limit and publishes fail for nobody's fault. What is alive after the wait is alive for a
// reason, so the next wait comes only when it has doubled: pins cost a publisher no more than logarithmically many
// waits.
void EngineCore::Pace() {
  if (last_number_ % kPaceEvery != 0 || gc::Heap::counters().live_versions < pace_at_) return;
  gc::Heap::Collect(kPaceWait);
  pace_at_ = std::max(kLeastBacklog, 2 * gc::Heap::counters().live_versions);
}

Result<VersionInfo> EngineCore::Rebuild(const gc::Pin& version) {
  Pace();
  return BuildAndPublish(UnitsOf(MetaOf(version.get())), nullptr, version, Clock::now());
}

Result<VersionInfo> EngineCore::Rollback(const gc::Pin& version) {
  if (!version) return Refuse<VersionInfo>(lang::Code::kEmptyPin, "the pin holds no version");
  const VersionMeta& meta = MetaOf(version.get());
  if (meta.engine != id_)
    return Refuse<VersionInfo>(lang::Code::kWrongEngine, "the pin holds a version of another engine");
  const std::lock_guard lock(publish_mutex_);
  if (!Covers(meta, bindings_.Live())) return Rebuild(version);
  const Clock::time_point begin = Clock::now();
  const Status published = slot_->Publish(version);
  if (!published) return Failure(Diagnostics{Problem(published.error())});
  VersionInfo info = meta.info;
  info.install = Clock::now() - begin;
  return info;
}

Result<BindingRef> EngineCore::Bind(const std::string& policy, const LayoutRef& host) {
  const std::lock_guard lock(publish_mutex_);
  const gc::Pin current = slot_->Current();
  if (!current) return Refuse<BindingRef>(lang::Code::kNoVersion, "nothing has been published yet");
  const VersionMeta& meta = MetaOf(current.get());
  const PolicyMeta* found = meta.Find(policy);
  if (found == nullptr) return Refuse<BindingRef>(lang::Code::kNoSuchPolicy, "there is no policy `" + policy + "`");
  if (BindingRef known = bindings_.Find(policy, host)) return known;
  BindingRef binding = bindings_.Add(this, policy, host);
  if (host == nullptr && found->json) return binding;
  Result<VersionInfo> published = Rebuild(current);
  if (!published) return Failure(std::move(published).error());  // the binding goes with its last reference
  return binding;
}

void EngineCore::SetObserver(std::function<void(const EngineEvent&)> observer) {
  const std::lock_guard lock(observer_mutex_);
  observer_.reset();
  if (observer != nullptr) observer_ = std::make_unique<EngineObserver>(&*slot_, std::move(observer));
}

}  // namespace moult::runtime
