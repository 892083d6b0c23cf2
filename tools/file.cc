#include "tools/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "tools/interrupt.h"

namespace moult::tools {
namespace {

Error SystemError(std::string_view what, const std::string& name, int number) {
  return Error{"E-file", fmt::format("{} {}: {}", what, name.empty() ? "\"\"" : name, std::strerror(number))};
}

// Opening a pipe waits for its other end: a signal of the collector must not end that, an interrupt must.
int Open(const std::string& path, int flags) {
  int fd;
  do {
    fd = open(path.c_str(), flags | O_CLOEXEC, 0666);
  } while (fd < 0 && errno == EINTR && Interrupt::signal() == 0);
  return fd;
}

// An error if `fd`, opened for writing as `name`, is in use.
Status CheckNotInUse(int fd, const std::string& name, const FilesInUse& in_use) {
  const std::string* what = in_use.Find(fd);
  if (what == nullptr) return {};
  return Error{"E-file", fmt::format("cannot write {}: it is {}", name, *what)};
}

}  // namespace

void FilesInUse::Add(int fd, std::string what) {
  struct stat info = {};
  if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) entries_.push_back({info.st_dev, info.st_ino, std::move(what)});
}

void FilesInUse::Add(const std::string& path, std::string what) {
  struct stat info = {};
  if (stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode))
    entries_.push_back({info.st_dev, info.st_ino, std::move(what)});
}

const std::string* FilesInUse::Find(int fd) const {
  struct stat info = {};
  if (fstat(fd, &info) != 0) return nullptr;
  for (const Entry& entry : entries_) {
    if (entry.device == info.st_dev && entry.inode == info.st_ino) return &entry.what;
  }
  return nullptr;
}

File& File::operator=(File&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(name_, other.name_);
  std::swap(owned_, other.owned_);
  return *this;
}

File::~File() {
  if (owned_ && fd_ >= 0) close(fd_);
}

Result<File, Error> File::OpenInput(const std::string& path) {
  if (path == "-") return File(STDIN_FILENO, "<stdin>", false);
  const int fd = Open(path, O_RDONLY);
  if (fd < 0) return Failure(SystemError("cannot read", path, errno));
  File file(fd, path, true);
  struct stat info = {};
  if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) return Failure(SystemError("cannot read", path, EISDIR));
  return file;
}

Result<File, Error> File::OpenOutput(const std::string& path, const FilesInUse& in_use) {
  if (path == "-") {
    const Status free = CheckNotInUse(STDOUT_FILENO, "<stdout>", in_use);
    if (!free.ok()) return Failure(free.error());
    return File(STDOUT_FILENO, "<stdout>", false);
  }
  // Not O_TRUNC yet: first see what it is.
  const int fd = Open(path, O_WRONLY | O_CREAT);
  if (fd < 0) return Failure(SystemError("cannot write", path, errno));
  File file(fd, path, true);
  const Status free = CheckNotInUse(fd, path, in_use);
  if (!free.ok()) return Failure(free.error());
  if (file.is_regular() && ftruncate(fd, 0) != 0) return Failure(SystemError("cannot write", path, errno));
  return file;
}

uint64_t File::size() const {
  struct stat info = {};
  return fstat(fd_, &info) == 0 && S_ISREG(info.st_mode) ? static_cast<uint64_t>(info.st_size) : 0;
}

bool File::is_regular() const {
  struct stat info = {};
  return fstat(fd_, &info) == 0 && S_ISREG(info.st_mode);
}

bool File::Rewind() { return lseek(fd_, 0, SEEK_SET) == 0; }

Status File::Write(std::string_view bytes, size_t* written) {
  *written = 0;
  while (*written < bytes.size()) {
    const ssize_t n = write(fd_, bytes.data() + *written, bytes.size() - *written);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return SystemError("cannot write", name_, errno);
    *written += static_cast<size_t>(n);
  }
  return {};
}

Status File::Close() {
  if (!owned_ || fd_ < 0) return {};
  const int fd = std::exchange(fd_, -1);
  if (close(fd) != 0 && errno != EINTR) return SystemError("cannot write", name_, errno);
  return {};
}

}  // namespace moult::tools
