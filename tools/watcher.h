// Watcher: calls back when files in some directories have changed and come to rest.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "moult/result.h"

namespace moult::tools {

// Watches directories, not files: an editor writes a new file and renames it over the old one, which a watch of the
// file itself would lose. Knows nothing of what the files are: the callback compares. Runs a thread of its own.
class Watcher {
 public:
  // What to watch, asked again after each callback: policies may come to name files elsewhere.
  using Directories = std::function<std::vector<std::string>()>;

  static Result<std::unique_ptr<Watcher>, Error> Start(Directories directories, std::function<void()> changed);
  // Ends after a callback in progress.
  ~Watcher();

 private:
  Watcher(Directories directories, std::function<void()> changed, int inotify_fd, int stop_fd);
  void Run();
  Status AddWatches();
  void DropWatch(int watch);
  // Reads events until none came for the debounce time or too much time has passed. False when it shall end.
  bool Settle();
  bool ReadEvents();

  const Directories directories_;
  const std::function<void()> changed_;
  const int inotify_fd_;
  const int stop_fd_;
  std::map<std::string, int> watches_;
  std::thread thread_;
};

}  // namespace moult::tools
