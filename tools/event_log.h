// EventLog: lines about versions, from whichever thread learns of them to the one that prints them.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "moult/engine.h"

namespace moult::tools {

// Thread-safe. Lines come out in the order in which a reader expects them: what a publish caused (the old version
// superseded) after the line for the publish, although the engine tells of it before Publish returns.
class EventLog {
 public:
  EventLog();
  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  // From the engine's observer: only queues.
  void OnEvent(const EngineEvent& event);

  // Around a publish: events in between wait for its line.
  void BeginPublish();
  void EndPublish(std::string line);

  // Becomes readable when there are lines.
  int fd() const { return fd_; }
  // The lines since the last call.
  std::vector<std::string> Take();

 private:
  void Wake();

  const int fd_;
  std::mutex mutex_;
  bool publishing_ = false;
  std::vector<std::string> lines_;
  std::vector<EngineEvent> held_;
};

// "reclaimed   version 3: 8.1 KiB freed, 3.2 ms after it was superseded"; empty for events without a line of their own.
std::string Describe(const EngineEvent& event);

}  // namespace moult::tools
