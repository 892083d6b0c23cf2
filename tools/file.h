// Files as the command reads and writes them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "moult/result.h"

namespace moult::tools {

// Owns a file descriptor, unless it is a standard one.
class File {
 public:
  File() = default;
  File(File&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), name_(std::move(other.name_)), owned_(other.owned_) {}
  File& operator=(File&& other) noexcept;
  ~File();

  // "-" is standard input or output. The input may be a pipe; a directory is refused.
  static Result<File, Error> OpenInput(const std::string& path);
  // Creates or truncates. Refuses the file that `input` is: truncating it would destroy the requests.
  static Result<File, Error> OpenOutput(const std::string& path, const File& input);

  int fd() const { return fd_; }
  const std::string& name() const { return name_; }  // for messages: "<stdin>" for "-"
  // The size of a regular file; 0 for anything else.
  uint64_t size() const;
  bool is_regular() const;
  bool Rewind();

  // Writes everything or says why not. `*written` is how far it got.
  Status Write(std::string_view bytes, size_t* written);
  // Closes; errors that a file system delivers late come here.
  Status Close();

 private:
  File(int fd, std::string name, bool owned) : fd_(fd), name_(std::move(name)), owned_(owned) {}
  int fd_ = -1;
  std::string name_;
  bool owned_ = false;
};

}  // namespace moult::tools
