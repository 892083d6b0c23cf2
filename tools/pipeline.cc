#include "tools/pipeline.h"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "tools/line_reader.h"
#include "tools/text.h"

namespace moult::tools {
namespace {

constexpr size_t kBatchesPerThread = 4;
// Bad lines that are reported one by one; the rest is in the output and in the summary.
constexpr uint64_t kReportedLines = 20;

void Raise(int fd) {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(fd, &one, sizeof one);
}

}  // namespace

Pipeline::Pipeline(const Engine& engine, const JsonPolicy& policy, File& input, File& output, Console& console,
                   const PipelineOptions& options)
    : engine_(engine), policy_(policy), input_(input), output_(output), console_(console), options_(options) {
  stop_fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  done_fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  for (size_t i = 0; i < kBatchesPerThread * options.threads + 2; ++i) {
    pool_.push_back(std::make_unique<Batch>());
    free_.Push(pool_.back().get());
  }
}

Pipeline::~Pipeline() {
  close(stop_fd_);
  close(done_fd_);
}

void Pipeline::Start() {
  working_.store(options_.threads, std::memory_order_relaxed);  // the threads' start orders it
  for (unsigned i = 0; i < options_.threads; ++i)
    workers_.push_back(std::make_unique<Worker>(engine_, policy_, options_.brief));
  threads_.emplace_back([this] { ReadAll(); });
  for (const auto& worker : workers_) threads_.emplace_back([this, w = worker.get()] { DecideAll(w); });
  threads_.emplace_back([this] { WriteAll(); });
}

void Pipeline::Stop() { Raise(stop_fd_); }

Pipeline::Outcome Pipeline::Join() {
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  Outcome outcome;
  for (const auto& worker : workers_) outcome.tally.Add(worker->tally());
  outcome.lines_written = written_;
  outcome.input = input_status_;
  outcome.output = output_status_;
  return outcome;
}

void Pipeline::ReadAll() {
  LineReader reader(input_, stop_fd_, options_.passes);
  for (uint64_t sequence = 0;; ++sequence) {
    Batch* batch = *free_.Pop();  // never closed
    const LineReader::Outcome outcome = reader.Next(batch);
    if (outcome == LineReader::Outcome::kFailed) input_status_ = reader.error();
    if (outcome != LineReader::Outcome::kBatch) break;
    batch->sequence = sequence;
    read_.Push(batch);
  }
  read_.Close();
}

void Pipeline::DecideAll(Worker* worker) {
  while (const std::optional<Batch*> batch = read_.Pop()) {
    worker->Decide(*batch);
    decided_.Push(*batch);
  }
  // acq_rel: the last one to leave closes after every other's pushes.
  if (working_.fetch_sub(1, std::memory_order_acq_rel) == 1) decided_.Close();
}

void Pipeline::WriteAll() {
  // Sequences in flight lie within one pool's length of each other, so that each has a place of its own.
  std::vector<Batch*> waiting(pool_.size(), nullptr);
  uint64_t next = 0;
  while (const std::optional<Batch*> decided = decided_.Pop()) {
    waiting[(*decided)->sequence % waiting.size()] = *decided;
    while (Batch* batch = std::exchange(waiting[next % waiting.size()], nullptr)) {
      WriteBatch(*batch);
      free_.Push(batch);
      ++next;
    }
  }
  const Status closed = output_.Close();
  if (output_status_.ok()) output_status_ = closed;
  Raise(done_fd_);
}

void Pipeline::WriteBatch(const Batch& batch) {
  Report(batch);
  if (output_status_.ok()) {
    size_t written = 0;
    output_status_ = output_.Write(batch.output, &written);
    written_ += std::count(batch.output.begin(), batch.output.begin() + static_cast<ptrdiff_t>(written), '\n');
    if (!output_status_.ok()) Stop();  // what has been read drains through here unwritten
  }
  bytes_done_.fetch_add(batch.bytes, std::memory_order_relaxed);
  lines_done_.fetch_add(batch.lines.size(), std::memory_order_relaxed);
}

void Pipeline::Report(const Batch& batch) {
  for (const BadLine& bad : batch.bad) {
    if (reported_ == kReportedLines) {
      console_.Print("... more such lines follow; each has its error in the output, and the summary counts them");
    }
    if (++reported_ > kReportedLines) return;
    console_.Print(BadLineText(input_.name(), bad.line, bad.message, bad.code));
  }
}

}  // namespace moult::tools
