#include "tools/test_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "tools/command.h"
#include "tools/exit_code.h"
#include "tools/test_report.h"
#include "tools/test_runner.h"

namespace moult::tools {
namespace {

int WriteJunit(const std::string& path, const std::string& text, Console* console) {
  Result<File, Error> file = File::OpenOutput(path, {});
  size_t written;
  Status status = file ? file->Write(text, &written) : Status(file.error());
  if (status.ok()) status = file->Close();
  return status.ok() ? kExitOk : FailWith(kExitUsage, status.error(), console);
}

}  // namespace

int Test(const TestOptions& options) {
  Console console;
  int code = kExitOk;
  std::vector<PolicyResults> all;
  for (const std::string& path : options.paths) {
    const Result<Bundle> bundle = Bundle::FromPath(path);
    Result<std::vector<PolicyResults>> results =
        bundle ? TestRunner(*bundle, options.filter, options.coverage).Run() : Failure(bundle.error());
    if (results) {
      std::move(results->begin(), results->end(), std::back_inserter(all));
    } else {
      code = FailWith(kExitUsage, results.error(), &console);
    }
  }
  const TestTotals totals = CountTests(all);
  if (code == kExitOk && totals.failed > 0) code = kExitTestsFailed;
  if (code == kExitOk && totals.passed == 0 && !options.filter.empty()) {
    code = FailWith(kExitUsage, Error{"E-usage", fmt::format("no test matches `{}`", options.filter)}, &console);
  }
  if (!options.junit.empty()) {
    const int junit = WriteJunit(options.junit, TestsJunit(all), &console);
    if (junit != kExitOk) code = junit;
  }
  return WriteOut(options.json ? TestsJson(all) : RenderTests(all), code, &console);
}

}  // namespace moult::tools
