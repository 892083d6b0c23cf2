// EngineObserver: the heap's events, as one engine's host sees them.
#pragma once

#include <functional>

#include "gc/events.h"
#include "moult/engine.h"

namespace moult::runtime {

// Registered with the heap for as long as it lives.
class EngineObserver final : public gc::Observer {
 public:
  // `slot` is compared with, never used.
  EngineObserver(const gc::Slot* slot, std::function<void(const EngineEvent&)> function);
  ~EngineObserver();
  EngineObserver(const EngineObserver&) = delete;
  EngineObserver& operator=(const EngineObserver&) = delete;

  void OnEvent(const gc::Event& event) noexcept override;

 private:
  const gc::Slot* slot_;
  std::function<void(const EngineEvent&)> function_;
};

}  // namespace moult::runtime
