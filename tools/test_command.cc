#include "tools/test_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "tools/command.h"
#include "tools/exit_code.h"
#include "tools/test_report.h"
#include "tools/test_runner.h"

namespace moult::tools {
namespace {

int WriteJunit(const std::string& path, const std::string& text, const FilesInUse& in_use, Console* console) {
  Result<File, Error> file = File::OpenOutput(path, in_use);
  size_t written;
  Status status = file ? file->Write(text, &written) : Status(file.error());
  if (status.ok()) status = file->Close();
  return status.ok() ? kExitOk : FailWith(kExitUsage, status.error(), console);
}

// The tests of one path, what was read of it marked as in use.
std::vector<PolicyResults> TestPath(const std::string& path, const TestOptions& options, FilesInUse* in_use) {
  const Result<Bundle> bundle = Bundle::FromPath(path);
  KeepFiles(path, bundle ? *bundle : Bundle(), in_use);
  if (!bundle) return {{.policy = path, .file = path, .errors = bundle.error()}};
  return TestRunner(*bundle, options.filter, options.coverage).Run();
}

// What a module has wrong is said of each policy that uses it: here once.
int PrintErrors(const std::vector<PolicyResults>& all, Console* console) {
  int code = kExitOk;
  std::set<std::string> said;
  for (const PolicyResults& policy : all) {
    for (const Diagnostic& error : policy.errors) {
      code = kExitUsage;
      if (said.insert(Render(error)).second) console->Print(Render(error, console->color()));
    }
  }
  return code;
}

}  // namespace

int Test(const TestOptions& options) {
  Console console;
  std::vector<PolicyResults> all;
  FilesInUse in_use;
  for (const std::string& path : options.paths) {
    std::vector<PolicyResults> results = TestPath(path, options, &in_use);
    std::move(results.begin(), results.end(), std::back_inserter(all));
  }
  int code = PrintErrors(all, &console);
  const TestTotals totals = CountTests(all);
  if (code == kExitOk && totals.failed > 0) code = kExitTestsFailed;
  if (code == kExitOk && totals.passed == 0 && !options.filter.empty()) {
    code = FailWith(kExitUsage, Error{"E-usage", fmt::format("no test matches `{}`", options.filter)}, &console);
  }
  if (!options.junit.empty()) {
    const int junit = WriteJunit(options.junit, TestsJunit(all), in_use, &console);
    if (junit != kExitOk) code = junit;
  }
  return WriteOut(options.json ? TestsJson(all) : RenderTests(all), code, &console);
}

}  // namespace moult::tools
