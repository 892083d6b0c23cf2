// Publisher: policy files to versions of the engine.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "moult/engine.h"
#include "tools/console.h"
#include "tools/event_log.h"

namespace moult::tools {

// One thread at a time.
class Publisher {
 public:
  Publisher(Engine& engine, std::string path, Console& console, EventLog& log)
      : engine_(engine), path_(std::move(path)), console_(console), log_(log) {}

  // The first publish: its diagnostics are printed, nothing else.
  std::optional<VersionInfo> PublishFirst();
  // Publishes if any text differs from what was last tried, and logs what became of it. Texts that are again those of
  // the current version after a refusal are only logged. `serving`: the policy that
  // requests ask for; says so when the new version lacks it.
  void PublishChanges(const std::string& serving);

  // The line for the first version.
  void LogFirst(const VersionInfo& info);
  // Directories that hold what is published: those of policies, modules and data files, and of what was last tried.
  std::vector<std::string> Directories() const;
  // Of every publish that succeeded: text to current.
  const std::vector<std::chrono::nanoseconds>& times() const { return times_; }
  uint64_t refused() const { return refused_; }

 private:
  void LogRestored();
  void LogRefusal(const Diagnostics& diagnostics);

  Engine& engine_;
  const std::string path_;
  Console& console_;
  EventLog& log_;
  // What was last tried, published or not, and what the current version was made of: the same until a refusal.
  std::shared_ptr<const Bundle> last_, published_;
  std::string last_read_error_;  // of a bundle that could not even be read: not said twice
  std::vector<std::chrono::nanoseconds> times_;
  uint64_t refused_ = 0;
};

}  // namespace moult::tools
