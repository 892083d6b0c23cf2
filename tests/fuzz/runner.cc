#include "tests/fuzz/runner.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <thread>
#include <utility>

#include "tests/fuzz/corpus.h"
#include "tests/fuzz/coverage.h"
#include "tests/fuzz/mutate.h"

namespace moult::fuzz {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kMostBytes = size_t{1} << 20;  // of an input

// What the child leaves for the parent, who reads it after the child has ended or to see whether it still moves.
struct Shared {
  std::atomic<uint64_t> executions;  // begun
  uint64_t kept;
  uint64_t edges;
  size_t size;
  char input[kMostBytes];
};

struct Unmap {
  void operator()(Shared* shared) const { munmap(shared, sizeof(Shared)); }
};
using SharedPointer = std::unique_ptr<Shared, Unmap>;

SharedPointer MakeShared() {
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) std::abort();
  return SharedPointer(new (memory) Shared());
}

// In the child. The target gets a copy of exactly the input's size, so that a sanitizer sees a read beyond it.
void RunOne(const Target& target, const std::string& input, Shared& shared) {
  const size_t size = std::min(input.size(), kMostBytes);
  std::memcpy(shared.input, input.data(), size);
  shared.size = size;
  shared.executions.fetch_add(1, std::memory_order_release);  // with the acquire of Watch
  const auto exact = std::make_unique<uint8_t[]>(size);
  std::memcpy(exact.get(), input.data(), size);
  Coverage::Reset();
  target.run(exact.get(), size);
}

void BeQuiet() {
  const int null = open("/dev/null", O_WRONLY);
  if (null < 0) return;
  dup2(null, STDOUT_FILENO);
  dup2(null, STDERR_FILENO);
  close(null);
}

std::string HowItEnded(int status) {
  if (WIFSIGNALED(status)) return fmt::format("signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
  return fmt::format("exit with {}", WEXITSTATUS(status));
}

// Waits for the child, and kills it when one input takes longer than `hang`. Nothing if it ended well.
std::optional<Failure> Watch(pid_t child, Shared& shared, std::chrono::seconds hang) {
  uint64_t last = 0;
  Clock::time_point since = Clock::now();
  std::optional<std::string> how;
  int status = 0;
  for (std::chrono::microseconds pause{200}; waitpid(child, &status, WNOHANG) == 0;
       pause = std::min(pause * 2, std::chrono::microseconds(50'000))) {
    const uint64_t now = shared.executions.load(std::memory_order_acquire);
    if (now != last) since = Clock::now();
    last = now;
    if (Clock::now() - since > hang && !how) {
      how = fmt::format("more than {} s", hang.count());
      kill(child, SIGKILL);
    }
    std::this_thread::sleep_for(pause);
  }
  if (!how && WIFEXITED(status) && WEXITSTATUS(status) == 0) return std::nullopt;
  return Failure{std::string(shared.input, shared.size), how ? *how : HowItEnded(status)};
}

std::optional<Failure> InChild(Shared& shared, std::chrono::seconds hang, bool quiet, const std::function<void()>& work) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) return Failure{{}, "no process"};
  if (child == 0) {
    if (quiet) BeQuiet();
    work();
    _exit(0);
  }
  return Watch(child, shared, hang);
}

// The child of Fuzz.
void Explore(const Target& target, std::vector<std::string> corpus, const Options& options, Shared& shared) {
  const Clock::time_point end = Clock::now() + options.time;
  const auto coverage = std::make_unique<Coverage>();
  const auto run = [&](const std::string& input) {
    RunOne(target, input, shared);
    const bool fresh = coverage->Merge() > 0;
    shared.edges = coverage->edges();
    return fresh;
  };
  const auto done = [&] { return shared.executions.load(std::memory_order_relaxed) >= options.executions || Clock::now() >= end; };
  for (size_t k = 0; k < corpus.size() && !done(); ++k) run(corpus[k]);
  for (Mutator mutator(options.seed, target.longest); !done();) {
    const std::string input = mutator.Next(corpus);
    if (!run(input)) continue;
    ++shared.kept;
    if (!options.grow.empty()) WriteInput(options.grow, "", input);
    corpus.push_back(input);
  }
}

// `input` without the pieces of `size` bytes that it fails without.
std::string WithoutPieces(std::string input, size_t size, const std::function<bool(const std::string&)>& fails) {
  for (size_t at = 0; at < input.size();) {
    std::string shorter = input;
    shorter.erase(at, size);
    if (fails(shorter)) {
      input = std::move(shorter);
    } else {
      at += size;
    }
  }
  return input;
}

}  // namespace

Report Fuzz(const Target& target, std::vector<std::string> corpus, const Options& options) {
  const SharedPointer shared = MakeShared();
  Report report;
  report.failure = InChild(*shared, options.hang, false, [&] { Explore(target, std::move(corpus), options, *shared); });
  report.executions = shared->executions;
  report.kept = shared->kept;
  report.edges = shared->edges;
  return report;
}

std::optional<Failure> Replay(const Target& target, const std::vector<std::string>& inputs, std::chrono::seconds hang, bool quiet) {
  const SharedPointer shared = MakeShared();
  return InChild(*shared, hang, quiet, [&] {
    for (const std::string& input : inputs) RunOne(target, input, *shared);
  });
}

std::string Minimize(const Target& target, std::string input, std::chrono::seconds hang) {
  int runs = 20'000;
  const auto fails = [&](const std::string& candidate) {
    return runs-- > 0 && Replay(target, {candidate}, hang, true).has_value();
  };
  for (size_t before = SIZE_MAX; input.size() < before;) {
    before = input.size();
    for (size_t size = std::max<size_t>(input.size() / 2, 1);; size /= 2) {
      input = WithoutPieces(std::move(input), size, fails);
      if (size == 1) break;
    }
  }
  for (size_t at = 0; at < input.size(); ++at) {
    std::string plainer = input;
    plainer[at] = '0';
    if (input[at] != '0' && fails(plainer)) input = std::move(plainer);
  }
  return input;
}

std::vector<std::string> Distill(const Target& target, const std::vector<std::string>& known, std::vector<std::string> inputs) {
  std::ranges::stable_sort(inputs, {}, &std::string::size);
  const SharedPointer shared = MakeShared();
  const auto coverage = std::make_unique<Coverage>();
  const auto is_new = [&](const std::string& input) {
    RunOne(target, input, *shared);
    return coverage->Merge() > 0;
  };
  for (const std::string& input : known) is_new(input);
  std::erase_if(inputs, [&](const std::string& input) { return !is_new(input); });
  return inputs;
}

}  // namespace moult::fuzz
