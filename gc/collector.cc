#include "gc/collector.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>

#include "gc/os.h"
#include "gc/scan.h"

namespace moult::gc {

using internal::NowNs;
using internal::Wakeup;

namespace {

constexpr uint64_t kLongestReminderInterval = 1'000'000'000;

uint64_t Nanoseconds(std::chrono::milliseconds duration) {
  return static_cast<uint64_t>(std::chrono::nanoseconds(duration).count());
}

}  // namespace

Result<Version*, Error> Collector::Create(const VersionSpec& spec) {
  if (versions_.live() >= options_.max_live_versions) return Failure(LimitError());
  const uint64_t now = NowNs();
  auto made = versions_.Create(spec, now);
  if (!made) ScheduleSoon(now);  // what was half made is garbage
  return made;
}

void Collector::Publish(Slot* slot, Version* next) {
  const uint64_t now = NowNs();
  const uint64_t before = events_.totals.superseded;
  versions_.Publish(slot, next, now);
  if (events_.totals.superseded != before) ScheduleSoon(now);
}

void Collector::Retire(Slot* slot) {
  const uint64_t now = NowNs();
  versions_.Retire(slot, now);
  ScheduleSoon(now);
}

Error Collector::LimitError() {
  const uint64_t now = NowNs();
  std::string why = "the collector has not run yet";
  const VersionInfo* oldest = versions_.OldestSuperseded();
  const int silent = handshake_.running() && now - handshake_.asked_at() >= Silence() ? handshake_.SilentThread() : 0;
  if (silent != 0) {
    why = fmt::format("thread {} has not answered the collector for {} ms", silent, (now - handshake_.asked_at()) / 1'000'000);
  } else if (oldest != nullptr && VersionTable::PinsOf(*oldest) != 0) {
    why = fmt::format("version {} is held by {} pins", oldest->number, VersionTable::PinsOf(*oldest));
  } else if (oldest != nullptr && oldest->last_seen_at != 0) {
    why = fmt::format("version {} was last seen in use by thread {}", oldest->number, oldest->last_seen.thread);
  } else if (oldest == nullptr) {
    why = "each is current in some slot";
  }
  return {"E-version-limit", fmt::format("the limit of {} live versions is reached: {}", options_.max_live_versions, why)};
}

void Collector::ScheduleSoon(uint64_t now) {
  if (!options_.automatic) return;
  ++superseded_since_begin_;
  const uint64_t first = Nanoseconds(options_.backoff_first);
  backoff_ns_ = first;
  const uint64_t soon = superseded_since_begin_ >= kBatch ? now : std::max(now, last_begin_ + first);
  next_cycle_ = std::min(next_cycle_, soon);
}

void Collector::ScheduleRetry(uint64_t now) {
  next_cycle_ = Wakeup::kNever;
  if (!options_.automatic || !versions_.AnySuperseded()) return;
  backoff_ns_ = std::max(backoff_ns_, Nanoseconds(options_.backoff_first));
  next_cycle_ = now + backoff_ns_;
  backoff_ns_ = std::min(2 * backoff_ns_, Nanoseconds(options_.backoff_last));
}

bool Collector::Step() {
  const uint64_t now = NowNs();
  // Relaxed: Wakeup orders it; a miss is caught by the wake that follows.
  if (unpinned_.exchange(false, std::memory_order_relaxed) && versions_.AnySuperseded()) ScheduleSoon(now);
  if (!handshake_.running() && (!waiting_.empty() || now >= next_cycle_)) Begin(now);
  if (handshake_.running() && handshake_.AllAnswered()) return Verdict();
  if (handshake_.running() && now >= next_reminder_) RemindSilent(now);
  FinishExpired(&waiting_, now);
  FinishExpired(&served_, now);
  return false;
}

void Collector::Begin(uint64_t now) {
  // If memory runs out below, the next try is later.
  next_cycle_ = now + std::max(backoff_ns_, Nanoseconds(options_.backoff_first));
  ScanTable& table = handshake_.table();
  table.Clear();
  versions_.BeginCycle(&table);
  for (const auto& [base, info] : CodeHeap::Get().blocks()) {
    table.Add({.begin = base, .end = base + info.bytes});
  }
  table.Freeze();
  handshake_.Ask(options_.signal, now);
  ++events_.totals.cycles;
  last_begin_ = now;
  superseded_since_begin_ = 0;
  next_cycle_ = Wakeup::kNever;
  reminder_interval_ = std::min(Silence(), internal::kAskAgainNs);
  next_reminder_ = now + reminder_interval_;
  silence_told_ = false;
  served_.insert(served_.end(), waiting_.begin(), waiting_.end());
  waiting_.clear();
}

void Collector::NoteSightings() {
  const ScanTable& table = handshake_.table();
  const auto& ranges = table.ranges();
  seen_blocks_.Clear();
  for (size_t i = 0; i < ranges.size(); ++i) {
    if (!table.Seen(i)) continue;
    if (ranges[i].version == nullptr) {
      seen_blocks_.Push(reinterpret_cast<void*>(ranges[i].begin));
      continue;
    }
    ranges[i].version->last_seen_at = table.SeenWhen(i);
    ranges[i].version->last_seen = table.SeenAt(i);
    ranges[i].version->candidate = false;
  }
}

bool Collector::Verdict() {
  const int unknown = handshake_.UnknownThread();
  const bool sound = unknown == 0 && seen_blocks_.Reserve(handshake_.table().ranges().size());
  if (sound) NoteSightings();
  handshake_.End();
  if (!sound) {
    for (CollectRequest* request : served_) Finish(request, {.verdict = false, .silent_thread = unknown});
    served_.clear();
    ScheduleRetry(NowNs());
    return false;
  }
  ++events_.totals.verdicts;
  const auto& rooted = versions_.rooted();
  for (size_t i = rooted.size(); i > 0; --i) {  // Drop moves the last one into the gap
    if (VersionTable::Unused(*rooted[i - 1])) versions_.Drop(rooted[i - 1].get());
  }
  return true;
}

void Collector::AfterCollection() {
  const uint64_t now = NowNs();
  const uint64_t reclaimed = versions_.Reap(now);
  for (CollectRequest* request : served_) Finish(request, {.verdict = true, .reclaimed = reclaimed});
  served_.clear();
  if (next_cycle_ == Wakeup::kNever) ScheduleRetry(now);  // else a publish during the cycle has set an earlier time
}

void Collector::RemindSilent(uint64_t now) {
  const std::vector<int> silent = handshake_.Remind(options_.signal);
  if (now - handshake_.asked_at() >= Silence() && !std::exchange(silence_told_, true)) {
    for (int tid : silent) {
      events_.Tell({.kind = Event::Kind::kSilentThread, .nanoseconds = now - handshake_.asked_at(), .thread = tid});
    }
  }
  reminder_interval_ = std::min({2 * reminder_interval_, std::max(Silence(), kLongestReminderInterval), internal::kAskAgainNs});
  next_reminder_ = now + reminder_interval_;
}

void Collector::Finish(CollectRequest* request, const CollectResult& result) {
  request->result = result;
  finished_.push_back(request);
}

void Collector::FinishExpired(std::vector<CollectRequest*>* requests, uint64_t now) {
  std::erase_if(*requests, [&](CollectRequest* request) {
    if (now < request->deadline) return false;
    Finish(request, {.verdict = false, .silent_thread = handshake_.running() ? handshake_.SilentThread() : 0});
    return true;
  });
}

uint64_t Collector::NextDeadline() const {
  uint64_t deadline = Wakeup::kNever;
  for (const CollectRequest* request : waiting_) deadline = std::min(deadline, request->deadline);
  for (const CollectRequest* request : served_) deadline = std::min(deadline, request->deadline);
  if (handshake_.running()) return std::min(deadline, next_reminder_);
  return waiting_.empty() ? std::min(deadline, next_cycle_) : 0;
}

Counters Collector::counters() const {
  Counters counters = events_.totals;
  counters.live_versions = versions_.live();
  counters.live_blocks = CodeHeap::Get().blocks().size();
  counters.live_code_bytes = CodeHeap::Get().live_bytes();
  counters.threads = ThreadRegistry::Get().size();
  const auto& scans = internal::scan_state;
  counters.scans = scans.scans.load(std::memory_order_relaxed);
  counters.scan_ns_total = scans.scan_ns_total.load(std::memory_order_relaxed);
  counters.scan_ns_max = scans.scan_ns_max.load(std::memory_order_relaxed);
  return counters;
}

std::vector<LiveVersion> Collector::LiveVersions() const { return versions_.List(NowNs()); }

void Collector::AfterForkInChild() {
  handshake_.Abandon();
  waiting_.clear();  // their callers are not in this process
  served_.clear();
  finished_.clear();
  next_cycle_ = options_.automatic && versions_.AnySuperseded() ? 0 : Wakeup::kNever;
}

}  // namespace moult::gc
