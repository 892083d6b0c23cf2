#include "tools/command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tools/exit_code.h"

namespace moult::tools {

int FailWith(int code, const Error& error, Console* console) {
  console->Print(fmt::format("moult: {} [{}]", error.message, error.code));
  return code;
}

int FailWith(int code, const Diagnostics& diagnostics, Console* console) {
  console->Print(Render(diagnostics, console->color()));
  return code;
}

int WriteOut(const std::string& text, int code, Console* console) {
  size_t ignored;
  Result<File, Error> out = File::OpenOutput("-", {});
  const Status written = out ? out->Write(text, &ignored) : Status(out.error());
  return written.ok() ? code : FailWith(kExitInputOutput, written.error(), console);
}

void KeepFiles(const std::string& path, const Bundle& bundle, FilesInUse* in_use) {
  in_use->Add(path, "the policy");
  for (const Bundle::File& file : bundle.policies()) in_use->Add(file.name, "the policy");
  for (const Bundle::File& file : bundle.data()) in_use->Add(file.name, "data of the policy");
}

Result<const PolicyInfo*, Error> ChoosePolicy(const VersionInfo& info, const std::string& wanted, const std::string& path) {
  std::vector<std::string> names;
  for (const PolicyInfo& policy : info.policies) {
    if (policy.name == wanted || (wanted.empty() && info.policies.size() == 1)) return &policy;
    names.push_back(policy.name);
  }
  if (wanted.empty()) {
    return Failure(Error{"E-usage", fmt::format("{} has {} policies: choose one with --policy ({})", path, names.size(),
                                                fmt::join(names, ", "))});
  }
  return Failure(
      Error{"E-no-such-policy", fmt::format("{} has no policy `{}`, only {}", path, wanted, fmt::join(names, ", "))});
}

}  // namespace moult::tools
