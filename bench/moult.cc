// Moult's own side: gc::Enter into a sealed code block, and the signal handshake.

#include <array>
#include <csignal>
#include <cstring>
#include <memory>
#include <span>

#include "bench/enter.h"
#include "bench/pause.h"
#include "gc/heap.h"
#include "gc/slot.h"
#include "gc/thread.h"

namespace moult::bench {
namespace {

using Function = int64_t (*)(int64_t);

template <class T>
T OrDie(Result<T, Error> result) {
  if (!result) {
    std::fprintf(stderr, "moult: %s: %s\n", result.error().code.c_str(), result.error().message.c_str());
    std::exit(1);
  }
  return std::move(result).value();
}

// A version whose one block is `lea rax, [rdi + constant]; ret`: a fresh constant makes fresh code.
gc::Pin NewVersion(uint64_t number) {
  std::array<uint8_t, 8> code = {0x48, 0x8d, 0x87, 0, 0, 0, 0, 0xc3};
  const auto constant = static_cast<uint32_t>(number & 0xffffff);
  std::memcpy(&code[3], &constant, sizeof constant);
  gc::VersionSpec spec;
  spec.number = number;
  spec.blocks.push_back({std::as_bytes(std::span(code)), {}});
  return OrDie(gc::Heap::Create(std::move(spec)));
}

class Publisher {
 public:
  Publisher() { PublishFresh(); }

  int64_t Call(int64_t x) {
    int64_t result = 0;
    gc::Enter(slot_, [&](const gc::Version* version) { result = reinterpret_cast<Function>(version->code(0))(x); });
    return result;
  }
  void PublishFresh() {
    // Below the limit of live versions, or else the writer would outrun the collector: then it has to wait for one.
    for (;;) {
      if (gc::Heap::counters().live_versions < kMaxLive && slot_.Publish(NewVersion(++number_)).ok()) return;
      gc::Heap::Collect();
    }
  }

 private:
  static constexpr uint64_t kMaxLive = 1024;
  gc::Slot slot_;
  uint64_t number_ = 0;
};

class MoultScheme : public Publisher {
 public:
  void Register() { gc::EnsureRegistered(); }
  void Unregister() {}  // registration ends with the thread
  void Swap() { PublishFresh(); }
};

std::unique_ptr<Publisher> publisher;

}  // namespace

EnterResult EnterMoult(const EnterPoint& point) { return MeasureEnter<MoultScheme>(point); }

PauseResult PauseMoult(const PausePoint& point) {
  gc::HeapOptions options;
  options.automatic = false;  // exactly one collection a turn
  // A reminder to a thread that is slow to answer would put the heap's own handler back in place of the timed one.
  options.silent_after = std::chrono::hours(1);
  options.signal = SIGURG;
  if (Status status = gc::Heap::Configure(options); !status.ok()) {
    std::fprintf(stderr, "moult: %s\n", status.error().message.c_str());
    std::exit(1);
  }
  publisher = std::make_unique<Publisher>();
  PauseHooks hooks;
  hooks.signal = options.signal;
  hooks.enroll = [] { gc::EnsureRegistered(); };
  hooks.retire = [] {};
  hooks.request = [](int64_t x) { return RequestWork(publisher->Call(x)); };
  hooks.collect = [] {
    publisher->PublishFresh();
    gc::Heap::Collect(std::chrono::minutes(1));
  };
  PauseResult result = MeasurePause(point, hooks);
  publisher.reset();
  return result;
}

}  // namespace moult::bench
