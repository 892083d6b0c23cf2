#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <set>

#include "lang/check.h"
#include "lang/parse.h"
#include "moult/engine.h"
#include "runtime/problem.h"

namespace moult {
namespace {

constexpr size_t kDataBytes = size_t{1} << 30;
constexpr std::string_view kExtension = ".moult";

struct ReadFailure {
  int error = 0;  // errno
  std::string message;
};

// The whole of a regular file. Anything else is not even opened: that alone can wait (a FIFO) or do something (a
// device). What takes the file's place between the two looks is opened without waiting, and not read.
Result<std::string, ReadFailure> ReadFile(const std::string& path, size_t max_bytes) {
  auto failed = [] { return Failure(ReadFailure{errno, std::strerror(errno)}); };
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return failed();
  if (!S_ISREG(info.st_mode)) return Failure(ReadFailure{EINVAL, "not a regular file"});
  const int fd = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return failed();
  struct Closer {
    int fd;
    ~Closer() { close(fd); }
  } closer{fd};
  if (fstat(fd, &info) != 0) return failed();
  if (!S_ISREG(info.st_mode)) return Failure(ReadFailure{EINVAL, "not a regular file"});
  const auto too_large = [&] { return Failure(ReadFailure{EFBIG, fmt::format("larger than {} bytes", max_bytes)}); };
  if (info.st_size > 0 && static_cast<uint64_t>(info.st_size) > max_bytes) return too_large();
  std::string text(static_cast<size_t>(info.st_size), '\0');
  size_t used = 0;
  while (true) {
    if (used == text.size()) text.resize(used + 4096);  // the file grew, or its end is still to be seen
    const ssize_t n = read(fd, text.data() + used, text.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed();
    if (n == 0) break;
    used += static_cast<size_t>(n);
    if (used > max_bytes) return too_large();
  }
  text.resize(used);
  return text;
}

Diagnostic CannotRead(const std::string& path, std::string_view why) {
  return runtime::Problem(lang::Code::kRead, path, fmt::format("cannot be read: {}", why));
}

// The policy and module files in `directory` and its folders, sorted. Links to folders are not followed: they may lead in a circle.
Result<std::vector<std::string>> PolicyFiles(const std::string& directory) {
  std::error_code error;
  std::vector<std::string> files;
  std::filesystem::recursive_directory_iterator entries(directory, error), end;
  for (; !error && entries != end; entries.increment(error)) {
    const std::filesystem::path& path = entries->path();
    // A leading dot marks what editors leave about while they save, and folders of version control.
    const bool hidden = path.filename().string().front() == '.';
    std::error_code ignored;
    const bool folder = entries->is_directory(ignored);
    if (hidden && folder) entries.disable_recursion_pending();
    if (path.extension() == kExtension && !hidden && !folder) files.push_back(path.string());
  }
  if (error) return Failure(Diagnostics{CannotRead(directory, error.message())});
  if (files.empty()) {
    return Failure(Diagnostics{
        runtime::Problem(lang::Code::kNoPolicy, directory, fmt::format("no {} file in this directory or its folders", kExtension))});
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> UsesOf(const Bundle::File& file) {
  lang::Reporter ignored(file.name, file.text, 1);
  std::vector<std::string> modules;
  for (const lang::UseDecl& use : lang::Parse(file.text, {}, ignored).uses) modules.push_back(use.module.text);
  return modules;
}

std::string BesideOf(std::string_view policy_file, std::string_view name) {
  return (std::filesystem::path(policy_file).parent_path() / name).string();
}

// The modules that the policy `file` uses, from where their names say: `lib.web` is lib/web.moult below its folder. For a policy that
// is read alone; of a directory all files are read. One that is not there is for Publish to report, at the `use`.
void ReadModules(const Bundle::File& file, size_t max_bytes, Bundle& bundle, Diagnostics& problems) {
  const std::string folder = std::filesystem::path(file.name).parent_path().string();
  std::vector<std::string> open = UsesOf(file);
  std::set<std::string> seen;
  while (!open.empty()) {
    const std::string module = std::move(open.back());
    open.pop_back();
    if (!seen.insert(module).second) continue;
    std::string name = module;
    std::replace(name.begin(), name.end(), '.', '/');
    const std::string path = BesideOf(folder + "/", name + std::string(kExtension));
    Result<std::string, ReadFailure> text = ReadFile(path, max_bytes);
    if (!text) {
      if (text.error().error != ENOENT && text.error().error != ENOTDIR) problems.push_back(CannotRead(path, text.error().message));
      continue;
    }
    bundle.Add({path, std::move(text).value()});
    const std::vector<std::string> uses = UsesOf(bundle.policies().back());
    open.insert(open.end(), uses.begin(), uses.end());
  }
}

// Reads the data files that the policy names. One that does not exist, or has a name that is refused, is for Publish to
// report, at its declaration.
void ReadData(const Bundle::File& policy, Bundle& bundle, Diagnostics& problems) {
  lang::Reporter ignored(policy.name, policy.text, 1);
  const lang::Ast ast = lang::Parse(policy.text, {}, ignored);
  for (const lang::ListDeclAst& list : ast.lists) {
    if (!lang::IsDataFileName(list.file.text)) continue;
    const std::string path = BesideOf(policy.name, list.file.text);
    if (bundle.FindData(policy.name, path) != nullptr) continue;
    Result<std::string, ReadFailure> text = ReadFile(path, kDataBytes);
    if (text) {
      bundle.AddData(path, std::move(text).value());
    } else if (text.error().error != ENOENT) {
      problems.push_back(runtime::ProblemAt(
          lang::Code::kRead, policy.name, policy.text, list.file.span,
          fmt::format("the data file of list `{}` cannot be read: {}", list.name.text, text.error().message)));
    }
  }
}

}  // namespace

Result<Bundle> Bundle::FromPath(const std::string& path, size_t max_bytes) {
  std::error_code error;
  std::vector<std::string> files{path};
  const bool is_directory = std::filesystem::is_directory(path, error);
  if (is_directory) {
    Result<std::vector<std::string>> found = PolicyFiles(path);
    if (!found) return Failure(std::move(found).error());
    files = std::move(found).value();
  }
  Bundle bundle;
  Diagnostics problems;
  for (const std::string& file : files) {
    Result<std::string, ReadFailure> text = ReadFile(file, max_bytes);
    if (!text) {
      problems.push_back(CannotRead(file, text.error().message));
      continue;
    }
    bundle.Add({file, std::move(text).value()});
  }
  if (!is_directory && !bundle.policies_.empty()) ReadModules(bundle.policies_[0], max_bytes, bundle, problems);
  for (const File& file : bundle.policies_) ReadData(file, bundle, problems);
  if (!problems.empty()) return Failure(std::move(problems));
  return bundle;
}

Bundle Bundle::FromText(std::string name, std::string text) {
  Bundle bundle;
  bundle.Add({std::move(name), std::move(text)});
  return bundle;
}

Bundle& Bundle::Add(File policy_or_module) {
  policies_.push_back(std::move(policy_or_module));
  return *this;
}

Bundle& Bundle::AddData(std::string name, std::string text) {
  const auto known = std::find_if(data_.begin(), data_.end(), [&](const File& file) { return file.name == name; });
  if (known != data_.end()) {
    known->text = std::move(text);
  } else {
    data_.push_back({std::move(name), std::move(text)});
  }
  return *this;
}

const std::string* Bundle::FindData(std::string_view policy_file, std::string_view name) const {
  const std::string beside = BesideOf(policy_file, name);
  for (const std::string_view wanted : {std::string_view(beside), name}) {
    for (const File& file : data_) {
      if (file.name == wanted) return &file.text;
    }
  }
  return nullptr;
}

}  // namespace moult
