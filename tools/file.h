// Files as the command reads and writes them.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "moult/result.h"

namespace moult::tools {

// Files that must not be written over, each with what it is to the user ("the input"). Knows them by identity, so that
// links and other spellings of a path are found too. Only regular files: a terminal or a pipe may be both ends.
class FilesInUse {
 public:
  void Add(int fd, std::string what);
  // Nothing if there is no such file.
  void Add(const std::string& path, std::string what);
  // What the file is, or null if it is none of them. Valid until the next Add.
  const std::string* Find(int fd) const;

 private:
  struct Entry {
    dev_t device;
    ino_t inode;
    std::string what;
  };
  std::vector<Entry> entries_;
};

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
  // Creates or truncates; "-" is standard output. Refuses the files in use: truncating one would destroy it, and a run
  // that appends to its own input never ends.
  static Result<File, Error> OpenOutput(const std::string& path, const FilesInUse& in_use);

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
