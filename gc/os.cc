#include "gc/os.h"

#include <linux/membarrier.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "gc/bdwgc.h"

namespace moult::gc::internal {
namespace {

int SignalThread(pid_t tid, int signal, void* mark) {
  siginfo_t info = {};
  info.si_signo = signal;
  info.si_code = SI_QUEUE;
  info.si_pid = getpid();
  info.si_uid = getuid();
  info.si_value.sival_ptr = mark;
  return static_cast<int>(syscall(SYS_rt_tgsigqueueinfo, getpid(), tid, signal, &info));
}

bool serialize_cores_available = false;  // the heap thread's

}  // namespace

OsCalls os_calls{::mprotect, AllocateOfKind, SignalThread};

uint64_t NowNs() noexcept {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

void RegisterForSerializeCores() noexcept {
  serialize_cores_available =
      syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0) == 0;
}

void SerializeCores() noexcept {
  if (serialize_cores_available) syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0);
}

}  // namespace moult::gc::internal
