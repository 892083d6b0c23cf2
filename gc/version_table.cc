#include "gc/version_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>

#include "gc/bdwgc.h"
#include "gc/slot.h"

namespace moult::gc {
namespace {

Error NoMemory() { return {"E-out-of-memory", "no memory for a version"}; }

template <class T>
void ReserveOneMore(std::vector<T>* vector, size_t size) {
  if (size >= vector->capacity()) vector->reserve(2 * size + 16);
}

}  // namespace

// Makes one version; what it has made is let go of unless Finish succeeds.
class VersionTable::Builder {
 public:
  Builder(VersionTable* table, const VersionSpec& spec) : table_(*table), spec_(spec) {}
  Builder(const Builder&) = delete;
  Builder& operator=(const Builder&) = delete;
  ~Builder() {
    if (info_ != nullptr && info_->version != nullptr) table_.roots_.SwapRemove(table_.roots_.size() - 1);
    for (auto foreign : foreigns_) table_.foreigns_.erase(foreign);
  }

  Status AllocateRecord(uint64_t now);
  Status InstallBlocks();
  Status AdoptForeigns();
  Version* Finish();

 private:
  const void** ForeignObjects() { return version()->words_ + spec_.blocks.size(); }
  const void** ForeignRecords() { return ForeignObjects() + spec_.foreigns.size(); }
  Version* version() { return info_->version; }
  Status AdoptForeign(size_t i, const ForeignSpec& foreign);
  Status ShareForeign(size_t i, const SharedForeign& shared);
  bool SetFinalizers();

  VersionTable& table_;
  const VersionSpec& spec_;
  std::unique_ptr<VersionInfo> info_;
  std::vector<std::list<Foreign>::iterator> foreigns_;  // adopted, not yet the heap's
  std::vector<void*> foreign_records_;                  // theirs; the version's words keep them
};

Status VersionTable::Builder::AllocateRecord(uint64_t now) {
  const size_t words = spec_.blocks.size() + 2 * spec_.foreigns.size();
  if (spec_.blocks.size() > UINT32_MAX || spec_.foreigns.size() > UINT32_MAX) {
    return Error{"E-version-size", "a version of more than 2^32 blocks or resources"};
  }
  if (!table_.roots_.Reserve(table_.rooted_.size() + 1)) return NoMemory();
  ReserveOneMore(&table_.rooted_, table_.rooted_.size());
  ReserveOneMore(&table_.dropped_, table_.live());  // so that Drop cannot fail
  auto info = std::make_unique<VersionInfo>();
  info->block_ids.reserve(spec_.blocks.size());
  foreigns_.reserve(spec_.foreigns.size());
  foreign_records_.reserve(spec_.foreigns.size());
  void* memory = internal::AllocateTraced(sizeof(Version) + words * sizeof(void*));
  if (memory == nullptr) return NoMemory();
  info_ = std::move(info);
  info_->version = new (memory) Version;
  table_.roots_.Push(memory);
  info_->number = spec_.number;
  info_->superseded_at = now;
  version()->number_ = spec_.number;
  version()->block_count_ = static_cast<uint32_t>(spec_.blocks.size());
  version()->foreign_count_ = static_cast<uint32_t>(spec_.foreigns.size());
  version()->info_ = info_.get();
  return {};
}

Status VersionTable::Builder::InstallBlocks() {
  std::vector<const void*> callees;
  for (size_t i = 0; i < spec_.blocks.size(); ++i) {
    const BlockSpec& block = spec_.blocks[i];
    callees.clear();
    for (uint32_t callee : block.callees) {
      if (callee >= i) return Error{"E-version-spec", fmt::format("block {} calls block {}, which is not before it", i, callee)};
      callees.push_back(version()->words_[callee]);
    }
    auto code = table_.code_->Install(block.code, callees);
    if (!code) return code.error();
    version()->words_[i] = *code;
    const BlockInfo& installed = table_.code_->InfoOf(*code);
    info_->block_ids.push_back(installed.id);
    info_->code_bytes += installed.bytes;
  }
  table_.code_->FinishInstalling();
  return {};
}

Status VersionTable::Builder::AdoptForeigns() {
  for (size_t i = 0; i < spec_.foreigns.size(); ++i) {
    const auto* own = std::get_if<ForeignSpec>(&spec_.foreigns[i]);
    const Status status = own != nullptr ? AdoptForeign(i, *own) : ShareForeign(i, std::get<SharedForeign>(spec_.foreigns[i]));
    if (!status) return status;
  }
  return {};
}

Status VersionTable::Builder::AdoptForeign(size_t i, const ForeignSpec& foreign) {
  void* record = internal::AllocateUntraced(sizeof(void*));
  if (record == nullptr) return NoMemory();
  ForeignObjects()[i] = foreign.object;
  ForeignRecords()[i] = record;
  table_.foreigns_.push_front({&table_, foreign.object, foreign.destroy, foreign.bytes, {}});
  table_.foreigns_.front().self = table_.foreigns_.begin();
  foreigns_.push_back(table_.foreigns_.begin());
  foreign_records_.push_back(record);
  return {};
}

Status VersionTable::Builder::ShareForeign(size_t i, const SharedForeign& shared) {
  const Version* base = shared.base == nullptr ? nullptr : shared.base->get();
  if (base == nullptr || shared.index >= base->foreign_count()) {
    return Error{"E-version-spec", fmt::format("foreign resource {} shares one that does not exist", i)};
  }
  const void* const* objects = base->words_ + base->block_count_;
  ForeignObjects()[i] = objects[shared.index];
  ForeignRecords()[i] = objects[base->foreign_count_ + shared.index];
  return {};
}

bool VersionTable::Builder::SetFinalizers() {
  size_t done = 0;
  while (done < foreign_records_.size() &&
         internal::SetFinalizer(foreign_records_[done], OnForeignDead, &*foreigns_[done])) {
    ++done;
  }
  if (done == foreign_records_.size() && internal::SetFinalizer(version(), OnVersionDead, info_.get())) return true;
  while (done > 0) internal::SetFinalizer(foreign_records_[--done], nullptr, nullptr);
  return false;
}

Version* VersionTable::Builder::Finish() {
  if (!SetFinalizers()) return nullptr;
  foreigns_.clear();
  Version* made = version();
  // Relaxed: the caller gets the version through the job queue's mutex.
  made->pins_.store(1, std::memory_order_relaxed);
  info_->index = table_.rooted_.size();
  table_.rooted_.push_back(std::move(info_));
  return made;
}

Result<Version*, Error> VersionTable::Create(const VersionSpec& spec, uint64_t now) try {
  Builder builder(this, spec);
  Status status = builder.AllocateRecord(now);
  if (status.ok()) status = builder.InstallBlocks();
  if (status.ok()) status = builder.AdoptForeigns();
  if (!status.ok()) return Failure(status.error());
  Version* made = builder.Finish();
  if (made == nullptr) return Failure(NoMemory());
  return made;
} catch (const std::bad_alloc&) {
  return Failure(NoMemory());
}

void VersionTable::Publish(Slot* slot, Version* next, uint64_t now) {
  Version* old = slot->version_.load(std::memory_order_relaxed);  // only this thread stores it
  if (old == next) return;
  VersionInfo& info = *next->info_;
  // INVARIANT(touched): before the store. Ordered before the verdict's read by being this thread's too.
  next->touched_.store(1, std::memory_order_relaxed);
  next->superseded_.store(0, std::memory_order_relaxed);
  if (info.slots++ == 0) ++in_slots_;
  info.last_slot = slot;
  // INVARIANT(atomic-publish). Release: pairs with the acquire load in Slot::LoadDangerously; everything in the version's record
  // and blocks is seen by whoever loads it.
  slot->version_.store(next, std::memory_order_release);
  events_->Tell({.kind = Event::Kind::kPublished, .slot = slot, .version = info.number, .code_bytes = info.code_bytes});
  if (old != nullptr) Leave(slot, old, now);
}

void VersionTable::Retire(Slot* slot, uint64_t now) {
  Version* old = slot->version_.exchange(nullptr, std::memory_order_relaxed);
  if (old != nullptr) Leave(slot, old, now);
}

void VersionTable::Leave(Slot* slot, Version* version, uint64_t now) {
  VersionInfo& info = *version->info_;
  if (--info.slots == 0) {
    --in_slots_;
    info.superseded_at = now;
    // Relaxed: a Pin::Reset that misses it leaves the version to the back-off timer, which runs while superseded ones remain.
    version->superseded_.store(1, std::memory_order_relaxed);
  }
  events_->Tell({.kind = Event::Kind::kSuperseded, .slot = slot, .version = info.number, .code_bytes = info.code_bytes});
}

void VersionTable::BeginCycle(ScanTable* table) {
  for (auto& info : rooted_) {
    const auto begin = reinterpret_cast<uintptr_t>(info->version);
    const size_t words = info->version->block_count_ + 2 * size_t{info->version->foreign_count_};
    // One word more than is used: a pointer one past the last word counts.
    table->Add({begin, begin + sizeof(Version) + words * sizeof(void*), info.get()});
    info->candidate = info->slots == 0;
    // Relaxed: ordered before every scan by Handshake's release stores, and before the unpins of threads that arrive later by
    // the registry's mutex, so none of those can be overwritten here.
    if (info->candidate) info->version->touched_.store(0, std::memory_order_relaxed);
  }
}

bool VersionTable::Unused(const VersionInfo& info) {
  if (!info.candidate || info.slots != 0) return false;
  // INVARIANT(pins-then-touched). Acquire: reads the end of the release sequence of Pin::Drop's fetch_subs, so each unpin's
  // store to touched_, which comes before its fetch_sub, is seen by the load below.
  if (info.version->pins_.load(std::memory_order_acquire) != 0) return false;
  return info.version->touched_.load(std::memory_order_relaxed) == 0;
}

void VersionTable::Drop(VersionInfo* info) {
  const size_t index = info->index;
  roots_.SwapRemove(index);
  dropped_.push_back(std::move(rooted_[index]));  // reserved by Create
  if (index + 1 != rooted_.size()) {
    rooted_[index] = std::move(rooted_.back());
    rooted_[index]->index = index;
  }
  rooted_.pop_back();
  info->version = nullptr;
  info->candidate = false;
}

void VersionTable::OnVersionDead(void* version, void* data) {
  static_cast<VersionInfo*>(data)->dead = true;
  // bdwgc frees the record only with the next collection; its words may dangle until then, so they go.
  Version* dead = static_cast<Version*>(version);
  const size_t words = dead->block_count_ + 2 * size_t{dead->foreign_count_};
  std::fill_n(dead->words_, words, nullptr);
  dead->info_ = nullptr;
}

void VersionTable::OnForeignDead(void*, void* data) {
  auto* foreign = static_cast<Foreign*>(data);
  if (foreign->destroy != nullptr) foreign->destroy(foreign->object);
  foreign->owner->foreigns_.erase(foreign->self);
}

uint64_t VersionTable::Reap(uint64_t now) {
  internal::RunFinalizers();
  auto reclaimed = code_->TakeReclaimed();
  auto dead = std::stable_partition(dropped_.begin(), dropped_.end(), [](const auto& info) { return !info->dead; });
  std::sort(dead, dropped_.end(), [](const auto& a, const auto& b) { return a->number < b->number; });
  const auto count = static_cast<uint64_t>(dropped_.end() - dead);
  for (auto it = dead; it != dropped_.end(); ++it) {
    const VersionInfo& info = **it;
    uint64_t bytes = 0;
    for (uint64_t id : info.block_ids) {
      // Once: a block that two versions shared went with one of them.
      if (auto found = reclaimed.extract(id)) bytes += found.mapped();
    }
    events_->Tell({.kind = Event::Kind::kReclaimed, .slot = info.last_slot, .version = info.number, .code_bytes = bytes,
                   .nanoseconds = now - info.superseded_at});
  }
  dropped_.erase(dead, dropped_.end());
  return count;
}

uint32_t VersionTable::PinsOf(const VersionInfo& info) {
  return info.version == nullptr ? 0 : info.version->pins_.load(std::memory_order_relaxed);
}

std::vector<LiveVersion> VersionTable::List(uint64_t now) const {
  std::vector<LiveVersion> list;
  auto add = [&](const VersionInfo& info) {
    const bool seen = info.last_seen_at != 0;
    list.push_back({.version = info.number, .current = info.slots != 0, .code_bytes = info.code_bytes, .pins = PinsOf(info),
                    .superseded_ns_ago = info.slots != 0 ? 0 : now - info.superseded_at,
                    .last_seen_ns_ago = seen ? now - std::min(now, info.last_seen_at) : 0,
                    .last_seen_thread = info.last_seen.thread, .last_seen = info.last_seen});
  };
  for (const auto& info : rooted_) add(*info);
  for (const auto& info : dropped_) add(*info);
  std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.version < b.version; });
  return list;
}

const VersionInfo* VersionTable::OldestSuperseded() const {
  const VersionInfo* oldest = nullptr;
  for (const auto& info : rooted_) {
    if (info->slots == 0 && (oldest == nullptr || info->superseded_at < oldest->superseded_at)) oldest = info.get();
  }
  return oldest;
}

}  // namespace moult::gc
