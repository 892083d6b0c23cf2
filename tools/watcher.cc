#include "tools/watcher.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

namespace moult::tools {
namespace {

// Saving is several events: wait for quiet, but not for ever in a directory that is written to all the time.
constexpr int kQuietMs = 30;
constexpr std::chrono::milliseconds kLongest(500);
// A directory that is gone is looked for again this often.
constexpr int kMissingMs = 500;

// No IN_MODIFY: a file half written is no version. IN_ATTRIB: a file that becomes readable.
constexpr uint32_t kMask = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ATTRIB |
                           IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

Error SystemError(const std::string& what) {
  return Error{"E-watch", fmt::format("{}: {}", what, std::strerror(errno))};
}

}  // namespace

Result<std::unique_ptr<Watcher>, Error> Watcher::Start(Directories directories, std::function<void()> changed) {
  const int inotify_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (inotify_fd < 0) return Failure(SystemError("cannot watch files"));
  std::unique_ptr<Watcher> watcher(
      new Watcher(std::move(directories), std::move(changed), inotify_fd, eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)));
  const Status status = watcher->AddWatches();
  if (!status.ok()) return Failure(status.error());
  watcher->thread_ = std::thread([w = watcher.get()] { w->Run(); });
  return watcher;
}

Watcher::Watcher(Directories directories, std::function<void()> changed, int inotify_fd, int stop_fd)
    : directories_(std::move(directories)), changed_(std::move(changed)), inotify_fd_(inotify_fd), stop_fd_(stop_fd) {}

Watcher::~Watcher() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(stop_fd_, &one, sizeof one);
  if (thread_.joinable()) thread_.join();
  close(stop_fd_);
  close(inotify_fd_);
}

void Watcher::Run() {
  // What changed between the first publish and the watch.
  changed_();
  while (true) {
    const size_t watched = watches_.size();
    const bool complete = AddWatches().ok();
    // What changed in a directory before its watch was there.
    if (watches_.size() > watched) {
      changed_();
      continue;
    }
    pollfd wait[2] = {{inotify_fd_, POLLIN, 0}, {stop_fd_, POLLIN, 0}};
    const int ready = poll(wait, 2, complete ? -1 : kMissingMs);
    if (ready < 0 && errno != EINTR) return;
    if (ready < 0) continue;
    if (wait[1].revents != 0) return;
    if (ready > 0 && !Settle()) return;
    changed_();
  }
}

// Watches what is not watched yet; the last failure, if any.
Status Watcher::AddWatches() {
  Status status;
  for (const std::string& directory : directories_()) {
    if (watches_.contains(directory)) continue;
    const int watch = inotify_add_watch(inotify_fd_, directory.c_str(), kMask);
    if (watch < 0) {
      status = SystemError("cannot watch " + directory);
    } else {
      watches_[directory] = watch;
    }
  }
  return status;
}

void Watcher::DropWatch(int watch) {
  std::erase_if(watches_, [&](const auto& entry) { return entry.second == watch; });
}

bool Watcher::Settle() {
  const auto deadline = std::chrono::steady_clock::now() + kLongest;
  while (true) {
    while (ReadEvents()) {
    }
    if (std::chrono::steady_clock::now() > deadline) return true;
    pollfd wait[2] = {{inotify_fd_, POLLIN, 0}, {stop_fd_, POLLIN, 0}};
    const int ready = poll(wait, 2, kQuietMs);
    if (wait[1].revents != 0) return false;
    if (ready == 0) return true;
  }
}

// Which file it was does not matter; whether a watch is gone does.
bool Watcher::ReadEvents() {
  alignas(inotify_event) char buffer[16 << 10];
  const ssize_t n = read(inotify_fd_, buffer, sizeof buffer);
  if (n <= 0) return false;
  for (const char* p = buffer; p < buffer + n;) {
    const auto* event = reinterpret_cast<const inotify_event*>(p);
    if ((event->mask & IN_MOVE_SELF) != 0) inotify_rm_watch(inotify_fd_, event->wd);
    if ((event->mask & (IN_IGNORED | IN_MOVE_SELF)) != 0) DropWatch(event->wd);
    p += sizeof(inotify_event) + event->len;
  }
  return true;
}

}  // namespace moult::tools
