#include "tools/check_command.h"

#include <fmt/format.h>

#include <chrono>
#include <iterator>

#include "lang/compile.h"
#include "moult/engine.h"
#include "tools/console.h"
#include "tools/exit_code.h"
#include "tools/text.h"

namespace moult::tools {
namespace {

int PrintIr(const Bundle& bundle, Console* console) {
  int code = kExitOk;
  for (uint32_t i = 0; i < bundle.policies().size(); ++i) {
    const Bundle::File& file = bundle.policies()[i];
    const Result<lang::Compiled> compiled = lang::Compile({file.name, file.text}, i);
    if (compiled) {
      fmt::print("{}", lang::Print(compiled->program));
    } else {
      console->Print(Render(compiled.error(), console->color()));
      code = kExitPolicy;
    }
  }
  return code;
}

}  // namespace

int Check(const CheckOptions& options) {
  Console console;
  const Result<Bundle> bundle = Bundle::FromPath(options.policy_path);
  if (!bundle) {
    console.Print(Render(bundle.error(), console.color()));
    return kExitPolicy;
  }
  if (options.dump_ir) return PrintIr(*bundle, &console);

  // All the way to machine code: lists, limits and the code generator have their say too.
  Result<std::unique_ptr<Engine>, Error> engine = Engine::Create({});
  if (!engine) {
    console.Print(fmt::format("moult: {} [{}]", engine.error().message, engine.error().code));
    return kExitPolicy;
  }
  const Result<VersionInfo> info = (*engine)->Publish(*bundle);
  if (!info) {
    console.Print(Render(info.error(), console.color()));
    return kExitPolicy;
  }
  if (!info->warnings.empty()) console.Print(Render(info->warnings, console.color()));
  for (const PolicyInfo& policy : info->policies) fmt::print("{}: {}\n", policy.name, Plural(policy.rules, "rule"));
  fmt::print("compiled in {}, {} of code\n", Duration(info->compile), Bytes(info->code_bytes));
  return kExitOk;
}

}  // namespace moult::tools
