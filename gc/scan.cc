#include "gc/scan.h"

#include <errno.h>
#include <link.h>
#include <signal.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

#include <memory>
#include <vector>

#include "gc/os.h"

// A scan reads dead frames, red zones and other threads' business on purpose.
#define MOULT_SCANS_STACK __attribute__((noinline, no_sanitize_address, no_sanitize_thread))

namespace moult::gc::internal {

constinit ScanState scan_state;

namespace {

// The host's handler. Never freed, since some thread may be in it; a host changes its handler a few times at most.
constinit std::atomic<const struct sigaction*> chained{nullptr};

void Answer(ThreadRecord& record, uint32_t cycle) noexcept {
  // Release: pairs with the acquire load in Handshake's search for silent threads.
  record.answered.store(cycle, std::memory_order_release);
  if (scan_state.pending.fetch_sub(1, std::memory_order_acq_rel) == 1) scan_state.heap_thread->Signal();
}

// The registers as the kernel saved them lie on the stack above the handler's frame; these tell them from other words.
class SavedRegisters {
 public:
  explicit SavedRegisters(const ucontext_t* context)
      : general_(reinterpret_cast<uintptr_t>(context->uc_mcontext.gregs)),
        vector_(reinterpret_cast<uintptr_t>(context->uc_mcontext.fpregs)),
        vector_bytes_(VectorBytes(context)) {}

  Place PlaceOf(uintptr_t address, const ThreadRecord& record) const {
    if (address - general_ < sizeof(gregset_t)) {
      return {Place::Kind::kGeneralRegister, record.tid, static_cast<uint32_t>((address - general_) / sizeof(greg_t))};
    }
    if (address - vector_ < vector_bytes_) return {Place::Kind::kVectorRegister, record.tid, 0};
    return {Place::Kind::kStack, record.tid, static_cast<uint32_t>((record.stack_high - address) / sizeof(uintptr_t))};
  }

 private:
  // The kernel says how much it saved in the bytes that XSAVE leaves to software (struct _fpx_sw_bytes, at byte 464).
  static uintptr_t VectorBytes(const ucontext_t* context) {
    const auto* saved = context->uc_mcontext.fpregs;
    if (saved == nullptr) return 0;
    constexpr uint32_t kMagic = 0x46505853;
    const uint32_t* software = saved->__glibc_reserved1 + 12;
    return software[0] == kMagic ? software[4] : sizeof(*saved);
  }

  uintptr_t general_;
  uintptr_t vector_;
  uintptr_t vector_bytes_;
};

MOULT_SCANS_STACK void ScanOwnStack(const ThreadRecord& record, const ucontext_t* context, uint64_t now) noexcept {
  const uintptr_t frame = reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) & ~(sizeof(uintptr_t) - 1);
  if (frame < record.stack_low || frame >= record.stack_high) {
    scan_state.unknown_thread.store(record.tid, std::memory_order_relaxed);
    return;
  }
  const SavedRegisters registers(context);
  ScanTable& table = *scan_state.table;
  // From this frame, which is below everything the interrupted code uses (red zone and saved registers included), to the base.
  for (uintptr_t address = frame; address + sizeof(uintptr_t) <= record.stack_high; address += sizeof(uintptr_t)) {
    const uintptr_t word = *reinterpret_cast<const volatile uintptr_t*>(address);
    if (table.Covers(word)) [[unlikely]] table.Note(word, registers.PlaceOf(address, record), now);
  }
}

void CountScan(uint64_t nanoseconds) noexcept {
  scan_state.scans.fetch_add(1, std::memory_order_relaxed);
  scan_state.scan_ns_total.fetch_add(nanoseconds, std::memory_order_relaxed);
  uint64_t max = scan_state.scan_ns_max.load(std::memory_order_relaxed);
  while (nanoseconds > max && !scan_state.scan_ns_max.compare_exchange_weak(max, nanoseconds, std::memory_order_relaxed)) {
  }
}

#if defined(__SANITIZE_THREAD__)
// ThreadSanitizer delivers SIGSYS at once, in the middle of its own runtime too, which the handler's atomics then re-enter (ran: it
// crashes). There the question is left standing, and the heap thread asks again.
struct AddressRange {
  uintptr_t begin = 0;
  uintptr_t end = 0;
};

AddressRange FindSanitizerRuntime() {
  AddressRange range;
  dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* result) {
        if (strstr(info->dlpi_name, "libtsan") == nullptr) return 0;
        for (int i = 0; i < info->dlpi_phnum; ++i) {
          const ElfW(Phdr)& segment = info->dlpi_phdr[i];
          if (segment.p_type != PT_LOAD || (segment.p_flags & PF_X) == 0) continue;
          const uintptr_t begin = info->dlpi_addr + segment.p_vaddr;
          *static_cast<AddressRange*>(result) = {begin, begin + segment.p_memsz};
        }
        return 1;
      },
      &range);
  return range;
}

constinit AddressRange sanitizer_runtime;

MOULT_SCANS_STACK bool MustNotScanNow(const void* context) noexcept {
  const auto pc = static_cast<uintptr_t>(static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
  return pc >= sanitizer_runtime.begin && pc < sanitizer_runtime.end;
}
#else
bool MustNotScanNow(const void*) noexcept { return false; }
#endif

// Set while this thread is in the host's handler, which may in turn chain to ours.
constinit thread_local bool in_chained __attribute__((tls_model("initial-exec"))) = false;

void Chain(int signal, siginfo_t* info, void* context) {
  if (in_chained) return;
  const struct sigaction* next = chained.load(std::memory_order_acquire);  // pairs with EnsureScanHandler's release
  if (next == nullptr) return;
  in_chained = true;
  if ((next->sa_flags & SA_SIGINFO) != 0) {
    next->sa_sigaction(signal, info, context);
  } else if (next->sa_handler != SIG_DFL && next->sa_handler != SIG_IGN) {
    next->sa_handler(signal);
  }
  in_chained = false;
}

// INVARIANT(handler-safe). Runs with all signals blocked, on whatever stack was interrupted.
void OnSignal(int signal, siginfo_t* info, void* context) {
  const int saved_errno = errno;
  if (ThreadRecord* record = current_thread; record != nullptr && !MustNotScanNow(context)) {
    // Acquire: pairs with the heap thread's release store; the frozen table is complete. An exchange, so one question gets one
    // answer whatever else takes it.
    if (const uint32_t cycle = record->asked.exchange(0, std::memory_order_acquire); cycle != 0) {
      const uint64_t begin = NowNs();
      ScanOwnStack(*record, static_cast<const ucontext_t*>(context), begin);
      CountScan(NowNs() - begin);
      Answer(*record, cycle);
    }
  }
  const bool ours = info->si_code == SI_QUEUE && info->si_value.sival_ptr == &scan_state;
  if (!ours) Chain(signal, info, context);
  errno = saved_errno;
}

}  // namespace

void AnswerFor(ThreadRecord& record) noexcept {
  // Acquire as in OnSignal. The mutex of the registry orders what the leaving thread did before.
  if (const uint32_t cycle = record.asked.exchange(0, std::memory_order_acquire); cycle != 0) Answer(record, cycle);
}

void EnsureScanHandler(int signal) {
  struct sigaction current = {};
  if (sigaction(signal, nullptr, &current) != 0) return;
  if ((current.sa_flags & SA_SIGINFO) != 0 && current.sa_sigaction == OnSignal) return;
  const bool has_handler = (current.sa_flags & SA_SIGINFO) != 0 ||
                           (current.sa_handler != SIG_DFL && current.sa_handler != SIG_IGN);
  if (has_handler) {
    static auto& kept = *new std::vector<std::unique_ptr<const struct sigaction>>;
    kept.push_back(std::make_unique<const struct sigaction>(current));
    // Release: a handler that reads the pointer sees the struct.
    chained.store(kept.back().get(), std::memory_order_release);
  }
#if defined(__SANITIZE_THREAD__)
  sanitizer_runtime = FindSanitizerRuntime();
#endif
  struct sigaction action = {};
  action.sa_sigaction = OnSignal;
  action.sa_flags = SA_SIGINFO | SA_RESTART;  // no SA_ONSTACK: the interrupted stack is the one to scan
  sigfillset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

}  // namespace moult::gc::internal
