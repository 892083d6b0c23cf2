// Running programs from tests as a user would, and files for them.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace moult::tools {

// A directory of its own, removed at the end.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  std::string Path(const std::string& name) const { return (path_ / name).string(); }
  // Writes a file; returns its path.
  std::string Write(const std::string& name, std::string_view text) const;
  // Writes another file and renames it over `name`, as editors do.
  void RenameOver(const std::string& name, std::string_view text) const;

 private:
  std::filesystem::path path_;
};

std::string ReadFile(const std::string& path);
std::vector<std::string> Lines(const std::string& text);
// Whether `condition` came true before the deadline, far beyond what any machine needs.
bool Eventually(const std::function<bool()>& condition);

// A child process whose output goes to files.
class Process {
 public:
  // `input`: "" for /dev/null, "|" for a pipe that Feed writes to, else a file.
  explicit Process(std::vector<std::string> arguments, const std::string& input = "");
  // Kills it if it still runs.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void Feed(std::string_view text);
  void CloseInput();
  void Signal(int number);
  // What it has printed so far.
  std::string out() const { return ReadFile(files_.Path("out")); }
  std::string err() const { return ReadFile(files_.Path("err")); }
  // Waits until standard error, or output, contains `text`.
  bool WaitForErr(const std::string& text);
  bool WaitForOut(const std::string& text);
  // Waits for its end: the exit code, or minus the signal that killed it.
  int Wait();

 private:
  TempDir files_;
  pid_t pid_ = -1;
  int feed_ = -1;
};

struct Finished {
  int code = 0;
  std::string out;
  std::string err;
};
// Runs it to its end.
Finished RunProcess(std::vector<std::string> arguments, const std::string& input = "");

}  // namespace moult::tools
