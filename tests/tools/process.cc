#include "tests/tools/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <system_error>
#include <thread>

namespace moult::tools {
namespace {

constexpr auto kDeadline = std::chrono::seconds(120);
constexpr auto kPollEvery = std::chrono::milliseconds(5);

}  // namespace

TempDir::TempDir() {
  std::string pattern = (std::filesystem::temp_directory_path() / "moult-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::system_error(errno, std::generic_category(), pattern);
  path_ = pattern;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempDir::Write(const std::string& name, std::string_view text) const {
  const std::filesystem::path file = path_ / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
  return file.string();
}

void TempDir::RenameOver(const std::string& name, std::string_view text) const {
  std::filesystem::rename(Write(name + ".new~", text), path_ / name);
}

std::string ReadFile(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

bool Eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + kDeadline;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(kPollEvery);
  }
  return true;
}

Process::Process(std::vector<std::string> arguments, const std::string& input) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const std::string out = files_.Path("out"), err = files_.Path("err"), in = input.empty() ? "/dev/null" : input;
  int pipe_ends[2] = {-1, -1};
  if (input == "|" && pipe2(pipe_ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");

  pid_ = fork();
  if (pid_ == 0) {
    dup2(input == "|" ? pipe_ends[0] : open(in.c_str(), O_RDONLY), STDIN_FILENO);
    dup2(open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
    dup2(open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
    execv(argv[0], argv.data());
    _exit(127);
  }
  if (input == "|") {
    close(pipe_ends[0]);
    feed_ = pipe_ends[1];
  }
}

Process::~Process() {
  CloseInput();
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void Process::Feed(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(feed_, text.data(), text.size());
    ASSERT_GT(n, 0);
    text.remove_prefix(static_cast<size_t>(n));
  }
}

void Process::CloseInput() {
  if (feed_ >= 0) close(feed_);
  feed_ = -1;
}

void Process::Signal(int number) { kill(pid_, number); }

bool Process::WaitForErr(const std::string& text) {
  return Eventually([&] { return err().find(text) != std::string::npos; });
}

bool Process::WaitForOut(const std::string& text) {
  return Eventually([&] { return out().find(text) != std::string::npos; });
}

int Process::Wait() {
  int status = 0;
  const bool ended = Eventually([&] { return waitpid(pid_, &status, WNOHANG) == pid_; });
  EXPECT_TRUE(ended) << "still running; its errors so far:\n" << err();
  if (!ended) return -1000;
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

Finished RunProcess(std::vector<std::string> arguments, const std::string& input) {
  Process process(std::move(arguments), input);
  Finished finished;
  finished.code = process.Wait();
  finished.out = process.out();
  finished.err = process.err();
  return finished;
}

}  // namespace moult::tools
