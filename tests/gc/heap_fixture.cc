#include "tests/gc/heap_fixture.h"

#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <deque>

#if defined(__SANITIZE_ADDRESS__)
// Frames must lie on the real stack, where the collector looks.
extern "C" const char* __asan_default_options() { return "detect_stack_use_after_return=0"; }
#endif
#if defined(__SANITIZE_THREAD__)
extern "C" const char* __tsan_default_options() { return "die_after_fork=0"; }
#endif

namespace moult::gc {
namespace {

void AppendWord(Bytes* code, uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) code->push_back(static_cast<std::byte>(value >> shift));
}

}  // namespace

Bytes Code(std::initializer_list<int> bytes) {
  Bytes code;
  for (int byte : bytes) code.push_back(static_cast<std::byte>(byte));
  return code;
}

Bytes ReturnConstant(uint32_t value) {
  Bytes code = Code({0xb8});  // mov eax, value
  AppendWord(&code, value);
  code.push_back(std::byte{0xc3});  // ret
  return code;
}

Bytes CallBack(uint32_t salt) {
  // push rbp; mov rbp, rsp; mov rax, rdi; mov rdi, rsi; call rax; pop rbp; mov eax, salt; ret
  Bytes code = Code({0x55, 0x48, 0x89, 0xe5, 0x48, 0x89, 0xf8, 0x48, 0x89, 0xf7, 0xff, 0xd0, 0x5d, 0xb8});
  AppendWord(&code, salt);
  code.push_back(std::byte{0xc3});
  return code;
}

VersionSpec SpecOf(uint64_t number, const std::vector<Bytes>& blocks) {
  VersionSpec spec;
  spec.number = number;
  // A spec refers to the bytes; here they outlive every use of it.
  static std::mutex mutex;
  static auto& kept = *new std::deque<Bytes>;
  std::lock_guard lock(mutex);
  for (const Bytes& block : blocks) {
    if (kept.size() > 1000) kept.pop_front();
    spec.blocks.push_back({kept.emplace_back(block), {}});
  }
  return spec;
}

Pin MakeVersion(uint64_t number, const std::vector<Bytes>& blocks) {
  auto made = Heap::Create(SpecOf(number, blocks));
  if (!made) {
    ADD_FAILURE() << made.error().code << ": " << made.error().message;
    return Pin();
  }
  return std::move(*made);
}

void PublishTo(Slot* slot, uint64_t number, const std::vector<Bytes>& blocks) {
  Elsewhere([&] {
    const Pin made = MakeVersion(number, blocks);
    const Status status = slot->Publish(made);
    EXPECT_TRUE(status.ok()) << status.error().message;
  });
}

uint64_t FreshNumber() {
  static std::atomic<uint64_t> last{0};
  return ++last;
}

size_t Alive(uint64_t number) {
  size_t count = 0;
  for (const LiveVersion& version : Heap::LiveVersions()) count += version.version == number;
  return count;
}

CollectResult CollectNow() {
  const CollectResult result = Heap::Collect(std::chrono::seconds(60));
  EXPECT_TRUE(result.verdict) << "silent thread " << result.silent_thread;
  return result;
}

uint64_t Seed() {
  const char* given = std::getenv("MOULT_SEED");
  const uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 0) : std::random_device()();
  printf("MOULT_SEED=%llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

void Gate::Arrive() {
  std::unique_lock lock(mutex_);
  ++arrived_;
  changed_.notify_all();
  changed_.wait(lock, [&] { return open_; });
}

void Gate::AwaitArrival(int count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return arrived_ >= count; });
}

void Gate::Release() {
  std::lock_guard lock(mutex_);
  open_ = true;
  changed_.notify_all();
}

Worker::Worker()
    : thread_([this] {
        std::unique_lock lock(mutex_);
        tid_ = gettid();
        changed_.notify_all();
        for (;;) {
          changed_.wait(lock, [&] { return stop_ || work_ != nullptr; });
          if (work_ == nullptr) return;
          lock.unlock();
          work_();
          lock.lock();
          work_ = nullptr;
          changed_.notify_all();
        }
      }) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return tid_ != 0; });
}

Worker::~Worker() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

void Worker::Start(std::function<void()> f) {
  std::lock_guard lock(mutex_);
  work_ = std::move(f);
  changed_.notify_all();
}

void Worker::Wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return work_ == nullptr; });
}

void Worker::Run(std::function<void()> f) {
  Start(std::move(f));
  Wait();
}

void Recorder::OnEvent(const Event& event) noexcept {
  std::lock_guard lock(mutex_);
  events_.push_back(event);
  changed_.notify_all();
}

std::vector<Event> Recorder::Events() {
  std::lock_guard lock(mutex_);
  return events_;
}

std::vector<Event> Recorder::Of(uint64_t version) {
  std::vector<Event> events = Events();
  std::erase_if(events, [&](const Event& event) { return event.version != version; });
  return events;
}

Event Recorder::Await(const std::function<bool(const Event&)>& predicate) {
  std::unique_lock lock(mutex_);
  for (size_t next = 0;;) {
    for (; next < events_.size(); ++next) {
      if (predicate(events_[next])) return events_[next];
    }
    changed_.wait(lock, [&] { return next < events_.size(); });
  }
}

void HeapTest::SetUp() {
  static const bool configured = [] {
    HeapOptions options;
    options.automatic = false;
    return Heap::Configure(options).ok();
  }();
  ASSERT_TRUE(configured);
}

}  // namespace moult::gc
