#include "tools/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "tools/utf8.h"

namespace moult::tools {
namespace {

constexpr std::string_view kClearLine = "\r\x1b[K";

// Whether standard error is a terminal that understands escape sequences.
bool IsCapableTerminal() {
  const char* term = std::getenv("TERM");
  return isatty(STDERR_FILENO) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

// The first `columns` characters of `text`, taking each for one column wide.
std::string_view Cut(std::string_view text, size_t columns) {
  size_t end = 0;
  for (size_t n = 0; n < columns && end < text.size(); ++n) {
    const size_t length = ValidSequence(text.substr(end));
    end += length == 0 ? 1 : length;
  }
  return text.substr(0, end);
}

}  // namespace

Console::Console() : has_bar_(IsCapableTerminal()), color_(has_bar_ && std::getenv("NO_COLOR") == nullptr) {}

void Console::Print(std::string_view text) {
  std::lock_guard lock(mutex_);
  std::string out;
  if (!bar_.empty()) out += kClearLine;
  std::string line(text);
  if (line.empty() || line.back() != '\n') line += '\n';
  Write(out + line + bar_);
  size_t ignored;
  if (log_.fd() >= 0) (void)log_.Write(line, &ignored);
}

void Console::SetLog(File log) {
  std::lock_guard lock(mutex_);
  log_ = std::move(log);
}

void Console::ShowBar(const std::string& bar) {
  if (!has_bar_) return;
  std::lock_guard lock(mutex_);
  bar_ = Cut(bar, static_cast<size_t>(Columns()) - 1);
  Write(std::string(kClearLine) + bar_);
}

void Console::ClearBar() {
  std::lock_guard lock(mutex_);
  if (bar_.empty()) return;
  bar_.clear();
  Write(kClearLine);
}

// What cannot be written to standard error has nowhere else to go.
void Console::Write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(STDERR_FILENO, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    text.remove_prefix(static_cast<size_t>(n));
  }
}

int Console::Columns() const {
  winsize size = {};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1) return size.ws_col;
  return 80;
}

}  // namespace moult::tools
