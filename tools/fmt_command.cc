#include "tools/fmt_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "lang/ast_print.h"
#include "lang/format.h"
#include "lang/parse.h"
#include "tools/console.h"
#include "tools/exit_code.h"
#include "tools/file.h"
#include "tools/replace_file.h"

namespace moult::tools {
namespace {

// One more byte than a policy may have: the parser then says that it is too large.
Result<std::string, Error> ReadPolicy(const std::string& path) {
  Result<File, Error> file = File::OpenInput(path);
  if (!file) return Failure(file.error());
  std::string text;
  for (const size_t limit = lang::CompileLimits().source_bytes + 1; text.size() < limit;) {
    char buffer[1 << 16];
    const ssize_t n = read(file->fd(), buffer, std::min(sizeof buffer, limit - text.size()));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Failure(Error{"E-file", fmt::format("cannot read {}: {}", file->name(), std::strerror(errno))});
    if (n == 0) break;
    text.append(buffer, static_cast<size_t>(n));
  }
  return text;
}

// Every policy below `directory`, by name. What begins with a dot is passed over: editors leave such files about while they save.
Result<std::vector<std::string>, Error> PoliciesBelow(const std::string& directory) {
  std::vector<std::string> files;
  std::error_code error;
  std::filesystem::recursive_directory_iterator entries(directory, error), end;
  for (; !error && entries != end; entries.increment(error)) {
    const bool hidden = entries->path().filename().string().front() == '.';
    if (hidden && entries->is_directory(error)) entries.disable_recursion_pending();
    if (!hidden && entries->path().extension() == ".moult" && entries->is_regular_file(error)) files.push_back(entries->path().string());
  }
  if (error) return Failure(Error{"E-file", fmt::format("cannot read {}: {}", directory, error.message())});
  std::sort(files.begin(), files.end());
  return files;
}

std::string TreeOf(const std::string& text) {
  lang::Reporter reporter("", text, 1);
  return lang::Print(lang::Parse(text, {}, reporter));
}

class Formatting {
 public:
  explicit Formatting(const FmtOptions& options) : options_(options) {}

  int Run() {
    if (options_.use_stdin) Path("-");
    for (const std::string& path : options_.paths) Paths(path);
    return code_;
  }

 private:
  void Paths(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) return Path(path);
    const Result<std::vector<std::string>, Error> files = PoliciesBelow(path);
    if (!files) return Fail(files.error());
    for (const std::string& file : *files) Path(file);
  }

  void Path(const std::string& path) {
    const std::string name = path == "-" ? "<stdin>" : path;
    const Result<std::string, Error> text = ReadPolicy(path);
    if (!text) return Fail(text.error());
    const lang::CompileLimits limits;
    lang::Reporter reporter(name, *text, limits.diagnostics);
    const std::string formatted = lang::Format(*text, limits, reporter);
    if (reporter.has_errors()) {
      console_.Print(Render(reporter.Take(), console_.color()));
      code_ = std::max<int>(code_, kExitPolicy);
      return;
    }
    if (formatted.size() > limits.source_bytes) {
      return Fail(Error{"E-source-too-large", fmt::format("{} is left alone: its form would have {} bytes, more than the {} that are allowed",
                                                          name, formatted.size(), limits.source_bytes)});
    }
    // A policy is worth more than its looks: one that the formatter fails on stays as it is.
    if (TreeOf(formatted) != TreeOf(*text)) {
      return Fail(Error{"E-internal", fmt::format("{} is left alone: its form would not mean the same; please report this", name)});
    }
    Take(path, name, formatted, formatted != *text);
  }

  // What to do about a file whose form is `formatted`.
  void Take(const std::string& path, const std::string& name, const std::string& formatted, bool differs) {
    if (options_.check) {
      if (differs) {
        Write(name + "\n");
        code_ = std::max<int>(code_, kExitDiffers);
      }
    } else if (path == "-") {
      Write(formatted);
    } else if (differs) {
      const Status replaced = ReplaceFile(path, formatted);
      replaced.ok() ? Write(name + "\n") : Fail(replaced.error());
    }
  }

  void Write(const std::string& text) {
    size_t written;
    Result<File, Error> out = File::OpenOutput("-", {});
    const Status status = out ? out->Write(text, &written) : Status(out.error());
    if (!status.ok()) Fail(status.error());
  }

  void Fail(const Error& error) {
    console_.Print(fmt::format("moult: {} [{}]", error.message, error.code));
    code_ = kExitInputOutput;
  }

  const FmtOptions& options_;
  Console console_;
  int code_ = kExitOk;
};

}  // namespace

int Fmt(const FmtOptions& options) { return Formatting(options).Run(); }

}  // namespace moult::tools
