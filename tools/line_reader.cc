#include "tools/line_reader.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

namespace moult::tools {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace

LineReader::Outcome LineReader::Next(Batch* batch) {
  batch->Reset();
  while (true) {
    const ssize_t n = ReadChunk();
    if (n == -2) return Outcome::kStopped;
    if (n == -1) return Outcome::kFailed;
    CutLines(batch, n == 0);
    if (!batch->lines.empty()) return Outcome::kBatch;
    if (n == 0 && !NextPass()) return passes_ == 0 ? Outcome::kEnd : Outcome::kFailed;
  }
}

ssize_t LineReader::ReadChunk() {
  const size_t before = pending_.size();
  pending_.resize(before + kChunkBytes);
  ssize_t n;
  while (true) {
    // A regular file is always ready; a pipe is waited for together with the wish to stop.
    pollfd wait[2] = {{file_.fd(), POLLIN, 0}, {stop_fd_, POLLIN, 0}};
    if (poll(wait, 2, -1) < 0 && errno != EINTR) break;
    if (wait[1].revents != 0) {
      pending_.resize(before);
      return -2;
    }
    if (wait[0].revents == 0) continue;
    n = read(file_.fd(), pending_.data() + before, kChunkBytes);
    if (n >= 0 || (errno != EINTR && errno != EAGAIN)) break;
  }
  if (n < 0) {
    error_ = Error{"E-file", fmt::format("cannot read {}: {}", file_.name(), std::strerror(errno))};
    pending_.resize(before);
    return -1;
  }
  pending_.resize(before + static_cast<size_t>(n));
  return n;
}

void LineReader::CutLines(Batch* batch, bool at_end) {
  const size_t newline = std::string_view(pending_).substr(searched_).rfind('\n');
  size_t end = newline == std::string::npos ? 0 : searched_ + newline + 1;
  if (at_end) end = pending_.size();
  if (end == 0 && pending_.size() > kLineBytes) {
    dropping_ = true;
    dropped_ += pending_.size();
    pending_.clear();
  }
  searched_ = pending_.size();
  if (end == 0 && !(at_end && dropping_)) return;

  batch->text.assign(pending_, 0, end);
  pending_.erase(0, end);
  searched_ = pending_.size();
  batch->first_line = line_;
  batch->bytes = end + std::exchange(dropped_, 0);
  std::string_view rest = batch->text;
  if (line_ == 1 && rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
  while (!rest.empty() || dropping_) {
    const size_t size = rest.find('\n');
    std::string_view line = rest.substr(0, size);
    rest.remove_prefix(size == std::string_view::npos ? rest.size() : size + 1);
    if (std::exchange(dropping_, false) || line.size() > kLineBytes) {
      batch->too_long.push_back(static_cast<uint32_t>(batch->lines.size()));
      line = {};
    }
    batch->lines.push_back(line);
  }
  line_ += batch->lines.size();
}

bool LineReader::NextPass() {
  if (--passes_ == 0) return false;
  line_ = 1;
  if (file_.Rewind()) return true;
  error_ = Error{"E-file", fmt::format("cannot read {} again: {}", file_.name(), std::strerror(errno))};
  return false;
}

}  // namespace moult::tools
