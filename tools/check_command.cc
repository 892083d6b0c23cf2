#include "tools/check_command.h"

#include <fmt/format.h>

#include <chrono>
#include <iterator>
#include <map>
#include <string>

#include "lang/compile.h"
#include "lang/cost.h"
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

std::string Steps(const lang::Cost& cost) {
  return cost.bounded() ? fmt::format("at most {}", Plural(cost.steps, "step")) : "no bound: " + cost.unbounded_by;
}

// The static cost of each rule, the dearest first; those beyond kShownRules in one line.
void AppendCost(const lang::Program& program, std::string* text) {
  constexpr size_t kShownRules = 50;
  const lang::PolicyCost cost = lang::CostOf(program);
  const std::vector<uint32_t> rules = lang::DearestRules(cost, cost.rules.size());
  for (size_t i = 0; i < rules.size() && i < kShownRules; ++i) {
    *text += fmt::format("  rule {}: {}\n", program.rules[rules[i]].name, Steps(cost.rules[rules[i]]));
  }
  if (rules.size() > kShownRules) {
    *text += fmt::format("  {} more: {} each\n", Plural(rules.size() - kShownRules, "rule"), Steps(cost.rules[rules[kShownRules]]));
  }
  for (size_t k = 0; k < cost.lets.size(); ++k) {
    if (!cost.lets[k].bounded() || cost.lets[k].steps > 0) {
      *text += fmt::format("  let {}: {}, once\n", program.lets[k].name, Steps(cost.lets[k]));
    }
  }
  *text += fmt::format("  in total: {}\n", Steps(cost.total));
}

// Of the policies by name, as the engine lists them.
std::string Costs(const Bundle& bundle, const std::vector<PolicyInfo>& policies) {
  std::map<std::string, std::string> costs;
  const lang::Modules modules = ModulesOf(bundle);
  for (const Bundle::File& file : bundle.policies()) {
    const Result<lang::Compiled> compiled = lang::Compile({file.name, file.text}, modules);
    if (compiled && !compiled->is_module) AppendCost(compiled->program, &costs[compiled->program.name]);
  }
  std::string text;
  for (const PolicyInfo& policy : policies) {
    text += fmt::format("{}: {}\n{}", policy.name, Plural(policy.rules, "rule"), costs[policy.name]);
  }
  return text;
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

  std::string text = Costs(*bundle, info->policies);
  text += fmt::format("compiled in {}, {} of code\n", Duration(info->compile), Bytes(info->code_bytes));
  return WriteOut(text, kExitOk, &console);
}

}  // namespace moult::tools
