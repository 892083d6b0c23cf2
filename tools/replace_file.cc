#include "tools/replace_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace moult::tools {
namespace {

Status CannotWrite(const std::string& path, int error) {
  return Error{"E-file", fmt::format("cannot write {}: {}", path, std::strerror(error))};
}

bool WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(fd, text.data(), text.size());
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) text.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

// Writes the new file and gives it what the old one has; errno says why not. Closes `fd`.
bool Fill(int fd, std::string_view text, const struct stat& old) {
  bool done = WriteAll(fd, text);
  // Another's file may be ours to write and not to give away: it is then ours.
  if (done && fchown(fd, old.st_uid, old.st_gid) != 0 && errno != EPERM) done = false;
  done = done && fchmod(fd, old.st_mode & 07777) == 0 && fsync(fd) == 0;
  const int error = errno;
  if (close(fd) != 0 && done) return false;
  errno = error;
  return done;
}

}  // namespace

Status ReplaceFile(const std::string& path, std::string_view text) {
  std::error_code error;
  const std::string target = std::filesystem::canonical(path, error).string();
  if (error) return CannotWrite(path, error.value());
  struct stat old = {};
  if (stat(target.c_str(), &old) != 0) return CannotWrite(path, errno);
  if (!S_ISREG(old.st_mode)) return Error{"E-file", fmt::format("cannot write {}: not a regular file", path)};
  if (access(target.c_str(), W_OK) != 0) return CannotWrite(path, errno);  // renaming would not ask

  std::string beside = (std::filesystem::path(target).parent_path() / ".moult-XXXXXX").string();
  const int fd = mkostemp(beside.data(), O_CLOEXEC);
  if (fd < 0) return CannotWrite(path, errno);
  if (Fill(fd, text, old) && rename(beside.c_str(), target.c_str()) == 0) return {};
  const int failure = errno;
  unlink(beside.c_str());
  return CannotWrite(path, failure);
}

}  // namespace moult::tools
