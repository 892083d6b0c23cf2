#include "tools/event_log.h"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

#include "tools/text.h"

namespace moult::tools {

EventLog::EventLog() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

EventLog::~EventLog() { close(fd_); }

void EventLog::OnEvent(const EngineEvent& event) {
  std::lock_guard lock(mutex_);
  held_.push_back(event);
  Wake();
}

void EventLog::BeginPublish() {
  std::lock_guard lock(mutex_);
  publishing_ = true;
}

void EventLog::EndPublish(std::string line) {
  std::lock_guard lock(mutex_);
  publishing_ = false;
  lines_.push_back(std::move(line));
  Wake();
}

std::vector<std::string> EventLog::Take() {
  uint64_t ignored;
  [[maybe_unused]] const ssize_t n = read(fd_, &ignored, sizeof ignored);
  std::lock_guard lock(mutex_);
  std::vector<std::string> lines = std::exchange(lines_, {});
  if (publishing_) return lines;
  for (const EngineEvent& event : std::exchange(held_, {})) {
    std::string line = Describe(event);
    if (!line.empty()) lines.push_back(std::move(line));
  }
  return lines;
}

void EventLog::Wake() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(fd_, &one, sizeof one);
}

std::string Describe(const EngineEvent& event) {
  switch (event.kind) {
    case EngineEvent::Kind::kPublished:
      return {};  // the publisher's line says more
    case EngineEvent::Kind::kSuperseded:
      return fmt::format("superseded  version {}: requests that run on it finish on it", event.version);
    case EngineEvent::Kind::kReclaimed:
      return fmt::format("reclaimed   version {}: {} of code freed, {} after it was superseded", event.version,
                         Bytes(event.code_bytes), Duration(event.since_superseded));
    case EngineEvent::Kind::kSilentThread:
      return fmt::format("waiting     thread {} has not answered the collector for {}: nothing is freed until it does",
                         event.thread, Duration(event.silent_for));
  }
  return {};
}

}  // namespace moult::tools
