// LineReader: a file as batches of lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "moult/result.h"
#include "tools/batch.h"
#include "tools/file.h"

namespace moult::tools {

// Reads what is there and hands it on: lines that come through a pipe are decided when they come. Memory is bounded by
// the chunk and by the longest line, which is limited. One thread.
class LineReader {
 public:
  static constexpr size_t kChunkBytes = 64u << 10;
  static constexpr size_t kLineBytes = 16u << 20;

  // `stop_fd` becoming readable ends the input. `passes` over the file; REQUIRES: regular, if more than one.
  LineReader(File& file, int stop_fd, uint64_t passes) : file_(file), stop_fd_(stop_fd), passes_(passes) {}

  enum class Outcome { kBatch, kEnd, kStopped, kFailed };
  // Fills `batch`, except for its sequence.
  Outcome Next(Batch* batch);
  // REQUIRES: kFailed.
  const Error& error() const { return error_; }

 private:
  // Appends one chunk to pending_. The bytes read, 0 at the end, -1 on failure, -2 when stopped.
  ssize_t ReadChunk();
  void CutLines(Batch* batch, bool at_end);
  bool NextPass();

  File& file_;
  const int stop_fd_;
  uint64_t passes_;
  uint64_t line_ = 1;      // number of the first line in pending_
  std::string pending_;    // read, not yet handed on: ends in an incomplete line
  size_t searched_ = 0;    // bytes of pending_ known to hold no newline
  bool dropping_ = false;  // inside a line over the limit
  uint64_t dropped_ = 0;   // bytes of it that are gone
  Error error_;
};

}  // namespace moult::tools
