// Pipeline: reader -> workers -> writer, in the order of the input.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "moult/engine.h"
#include "tools/batch.h"
#include "tools/channel.h"
#include "tools/console.h"
#include "tools/file.h"
#include "tools/tally.h"
#include "tools/worker.h"

namespace moult::tools {

struct PipelineOptions {
  unsigned threads = 1;
  uint64_t passes = 1;
  bool brief = false;
};

// One thread reads batches of lines, `threads` decide them, one writes what they decided. Batches come from a fixed
// pool, so memory is bounded and a slow output slows the input down. Deadlock-free: the batch that the writer waits for
// is always with a worker or queued for one, since batches are handed out in order. Start, Join and Stop from one
// thread.
class Pipeline {
 public:
  Pipeline(const Engine& engine, const JsonPolicy& policy, File& input, File& output, Console& console,
           const PipelineOptions& options);
  ~Pipeline();

  void Start();
  // Ends the input here. What has been read is decided and written.
  void Stop();
  // Becomes readable when everything is written.
  int done_fd() const { return done_fd_; }

  struct Outcome {
    Tally tally;
    uint64_t lines_written = 0;
    Status input;
    Status output;
  };
  Outcome Join();

  // While it runs: bytes of the input and lines that are behind us.
  uint64_t bytes_done() const { return bytes_done_.load(std::memory_order_relaxed); }
  uint64_t lines_done() const { return lines_done_.load(std::memory_order_relaxed); }

 private:
  void ReadAll();
  void DecideAll(Worker* worker);
  void WriteAll();
  void WriteBatch(const Batch& batch);
  void Report(const Batch& batch);

  const Engine& engine_;
  const JsonPolicy policy_;
  File& input_;
  File& output_;
  Console& console_;
  const PipelineOptions options_;
  int stop_fd_ = -1;
  int done_fd_ = -1;

  std::vector<std::unique_ptr<Batch>> pool_;
  Channel<Batch*> free_;
  Channel<Batch*> read_;
  Channel<Batch*> decided_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::thread> threads_;
  std::atomic<unsigned> working_{0};  // workers that may still push to decided_

  // Progress only: no other memory is published through them.
  std::atomic<uint64_t> bytes_done_{0};
  std::atomic<uint64_t> lines_done_{0};

  // Each written by one thread, read after Join.
  Status input_status_;    // reader
  Status output_status_;   // writer
  uint64_t written_ = 0;   // writer
  uint64_t reported_ = 0;  // writer
};

}  // namespace moult::tools
