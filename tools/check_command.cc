#include "tools/check_command.h"

#include <fmt/format.h>

#include <chrono>
#include <iterator>
#include <string>

#include "lang/compile.h"
#include "lang/report.h"
#include "moult/engine.h"
#include "tools/command.h"
#include "tools/exit_code.h"
#include "tools/modules.h"
#include "tools/text.h"

namespace moult::tools {
namespace {

int PrintIr(const Bundle& bundle, Console* console) {
  int code = kExitOk;
  std::string text;
  const lang::Modules modules = ModulesOf(bundle);
  for (const Bundle::File& file : bundle.policies()) {
    const Result<lang::Compiled> compiled = lang::Compile({file.name, file.text}, modules);
    if (compiled && compiled->is_module) continue;
    if (compiled) {
      text += lang::Print(compiled->program);
    } else {
      console->Print(Render(compiled.error(), console->color()));
      code = kExitPolicy;
    }
  }
  return WriteOut(text, code, console);
}

}  // namespace

int Check(const CheckOptions& options) {
  Console console;
  const Result<Bundle> bundle = Bundle::FromPath(options.policy_path);
  if (!bundle) return FailWith(kExitPolicy, bundle.error(), &console);
  // All the way to machine code: lists, limits and the code generator have their say too.
  Result<std::unique_ptr<Engine>, Error> engine = Engine::Create({});
  if (!engine) return FailWith(kExitPolicy, engine.error(), &console);
  const Result<VersionInfo> info = (*engine)->Publish(*bundle);
  if (!info) return FailWith(kExitPolicy, info.error(), &console);
  // Which sources the host will answer is not known here.
  Diagnostics warnings = info->warnings;
  const char* unbound = lang::CodeText(lang::Code::kSourceNotBound);
  std::erase_if(warnings, [&](const Diagnostic& warning) { return warning.code == unbound; });
  if (!warnings.empty()) console.Print(Render(warnings, console.color()));
  if (options.dump_ir) return PrintIr(*bundle, &console);

  std::string text;
  for (const PolicyInfo& policy : info->policies)
    text += fmt::format("{}: {}\n", policy.name, Plural(policy.rules, "rule"));
  text += fmt::format("compiled in {}, {} of code\n", Duration(info->compile), Bytes(info->code_bytes));
  return WriteOut(text, kExitOk, &console);
}

}  // namespace moult::tools
