#include "tools/interrupt.h"

#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>

namespace moult::tools {
namespace {

int g_event = -1;
// Written by the handler, read by any thread; the eventfd orders it for whoever polls.
std::atomic<int> g_signal{0};

void OnSignal(int number) {
  const int saved = errno;
  g_signal.store(number, std::memory_order_relaxed);
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(g_event, &one, sizeof one);
  errno = saved;
}

}  // namespace

Interrupt::Interrupt() {
  g_event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (g_event < 0) abort();  // out of descriptors before the program has begun
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  action.sa_flags = SA_RESETHAND;  // no SA_RESTART: an open() that waits for a pipe's other end must return
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
}

int Interrupt::fd() const { return g_event; }

int Interrupt::signal() { return g_signal.load(std::memory_order_relaxed); }

}  // namespace moult::tools
