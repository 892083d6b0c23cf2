#include "tools/publisher.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "tools/text.h"

namespace moult::tools {
namespace {

using Clock = std::chrono::steady_clock;

// The names of the files in `a` that `b` lacks or has with another text.
void AddDifferences(const std::vector<Bundle::File>& a, const std::vector<Bundle::File>& b,
                    std::set<std::string>* names) {
  for (const Bundle::File& file : a) {
    const bool same = std::any_of(b.begin(), b.end(),
                                  [&](const Bundle::File& f) { return f.name == file.name && f.text == file.text; });
    if (!same) names->insert(std::filesystem::path(file.name).filename());
  }
}

// The names of the files in which the two differ.
std::vector<std::string> ChangedFiles(const Bundle& a, const Bundle& b) {
  std::set<std::string> names;
  AddDifferences(a.policies(), b.policies(), &names);
  AddDifferences(a.data(), b.data(), &names);
  AddDifferences(b.policies(), a.policies(), &names);
  AddDifferences(b.data(), a.data(), &names);
  return {names.begin(), names.end()};
}

// "abuse.message (12 rules) compiled; 3 unchanged policies shared".
std::string DescribePolicies(const VersionInfo& info) {
  std::vector<std::string> parts;
  size_t shared = 0;
  for (const PolicyInfo& policy : info.policies) {
    if (policy.changed) {
      parts.push_back(fmt::format("{} ({}) compiled", policy.name, Plural(policy.rules, "rule")));
    } else {
      ++shared;
    }
  }
  if (shared > 0)
    parts.push_back(
        fmt::format("{} shared", shared == 1 ? "1 unchanged policy" : fmt::format("{} unchanged policies", shared)));
  for (const std::string& name : info.removed) parts.push_back(name + " removed");
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string PublishLine(const VersionInfo& info, std::chrono::nanoseconds total,
                        const std::vector<std::string>& changed) {
  std::string line = fmt::format("published   version {}: {} in {} ({} of code)", info.number, DescribePolicies(info),
                                 Duration(total), Bytes(info.code_bytes));
  if (!changed.empty()) line += fmt::format("; {} changed", fmt::join(changed, ", "));
  return line;
}

bool Has(const VersionInfo& info, const std::string& policy) {
  return std::any_of(info.policies.begin(), info.policies.end(), [&](const PolicyInfo& p) { return p.name == policy; });
}

}  // namespace

std::optional<VersionInfo> Publisher::PublishFirst() {
  Result<Bundle> bundle = Bundle::FromPath(path_);
  if (!bundle) {
    console_.Print(Render(bundle.error(), console_.color()));
    return std::nullopt;
  }
  last_ = std::make_shared<const Bundle>(std::move(bundle).value());
  const auto start = Clock::now();
  Result<VersionInfo> info = engine_.Publish(*last_);
  if (!info) {
    console_.Print(Render(info.error(), console_.color()));
    return std::nullopt;
  }
  times_.push_back(Clock::now() - start);
  published_ = last_;
  if (!info->warnings.empty()) console_.Print(Render(info->warnings, console_.color()));
  return std::move(info).value();
}

void Publisher::LogFirst(const VersionInfo& info) {
  log_.BeginPublish();
  log_.EndPublish(PublishLine(info, times_.front(), {}));
}

void Publisher::PublishChanges(const std::string& serving) {
  Result<Bundle> bundle = Bundle::FromPath(path_);
  if (!bundle) {
    const std::string text = Render(bundle.error());
    if (std::exchange(last_read_error_, text) != text) LogRefusal(bundle.error());
    return;
  }
  const bool was_unreadable = !std::exchange(last_read_error_, {}).empty();
  const bool tried = ChangedFiles(*last_, *bundle).empty();
  if (tried && !was_unreadable) return;
  const std::vector<std::string> changed = ChangedFiles(*published_, *bundle);
  if (changed.empty()) {
    last_ = published_;
    LogRestored();
    return;
  }
  if (tried) return;
  last_ = std::make_shared<const Bundle>(std::move(bundle).value());

  log_.BeginPublish();
  const auto start = Clock::now();
  Result<VersionInfo> info = engine_.Publish(*last_);
  if (!info) {
    LogRefusal(info.error());
    return;
  }
  times_.push_back(Clock::now() - start);
  published_ = last_;
  std::string line = PublishLine(*info, times_.back(), changed);
  if (!info->warnings.empty()) line += "\n" + Render(info->warnings, console_.color());
  if (!Has(*info, serving))
    line += fmt::format("\nwarning: this version has no policy `{}`: requests fail until one has it again", serving);
  log_.EndPublish(std::move(line));
}

void Publisher::LogRestored() {
  const std::optional<VersionInfo> current = engine_.Info();
  log_.EndPublish(fmt::format("restored    the files are those of version {} again", current ? current->number : 0));
}

void Publisher::LogRefusal(const Diagnostics& diagnostics) {
  ++refused_;
  const std::optional<VersionInfo> current = engine_.Info();
  log_.EndPublish(fmt::format("refused     the change: version {} keeps serving\n{}", current ? current->number : 0,
                              Render(diagnostics, console_.color())));
}

std::vector<std::string> Publisher::Directories() const {
  namespace fs = std::filesystem;
  std::set<std::string> directories;
  std::error_code ignored;
  const bool is_directory = fs::is_directory(path_, ignored);
  directories.insert(is_directory ? path_ : fs::path(path_).parent_path().string());
  // Folders without a file too: one may come.
  fs::recursive_directory_iterator folders, end;
  if (is_directory) folders = fs::recursive_directory_iterator(path_, fs::directory_options::skip_permission_denied, ignored);
  for (; !ignored && folders != end; folders.increment(ignored)) {
    std::error_code unreadable;
    if (!folders->is_directory(unreadable)) continue;
    if (folders->path().filename().string().front() == '.') {
      folders.disable_recursion_pending();
    } else if (!folders->is_symlink(unreadable)) {
      directories.insert(folders->path().string());
    }
  }
  // A link that is put in another's place changes the directory that holds it.
  if (fs::is_symlink(path_, ignored)) directories.insert(fs::path(path_).parent_path().string());
  // Those of the published version too: a directory that was removed is in no bundle tried since, but may come back.
  for (const Bundle* bundle : {last_.get(), published_.get()}) {
    if (bundle == nullptr) continue;
    for (const auto* files : {&bundle->policies(), &bundle->data()}) {
      for (const Bundle::File& file : *files) directories.insert(fs::path(file.name).parent_path().string());
    }
  }
  std::vector<std::string> names;
  for (const std::string& directory : directories) names.push_back(directory.empty() ? "." : directory);
  return names;
}

}  // namespace moult::tools
