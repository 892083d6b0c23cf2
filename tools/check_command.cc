#include "tools/check_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "lang/compile.h"
#include "lang/cost.h"
#include "lang/lint.h"
#include "lang/report.h"
#include "moult/engine.h"
#include "tools/command.h"
#include "tools/diagnostic_json.h"
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
      *text += fmt::format("  let {}, once: {}\n", program.lets[k].name, Steps(cost.lets[k]));
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

// What a publish warns of, where it is worth saying here, and what lint finds.
Diagnostics WarningsOf(const Bundle& bundle, Diagnostics warnings) {
  // Which sources the host will answer is not known here.
  const char* unbound = lang::CodeText(lang::Code::kSourceNotBound);
  std::erase_if(warnings, [&](const Diagnostic& warning) { return warning.code == unbound; });
  const lang::LintOptions options{.today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())};
  const lang::Modules modules = ModulesOf(bundle);
  for (const Bundle::File& file : bundle.policies()) {
    for (Diagnostic& d : lang::Lint({file.name, file.text}, modules, options)) warnings.push_back(std::move(d));
  }
  std::stable_sort(warnings.begin(), warnings.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
  });
  return warnings;
}

// Whether all there was to hold against the bundle is that it has nothing but modules: then they have been compiled, and are fine.
bool HasOnlyModules(const Bundle& bundle, const Diagnostics& problems) {
  return problems.size() == 1 && problems[0].code == lang::CodeText(lang::Code::kNoPolicy) && !bundle.policies().empty();
}

// How the publish went; its diagnostics go to `*diagnostics`. All the way to machine code: lists, limits and the code
// generator have their say too. Modules alone are compiled, and come to a version without policies.
std::optional<VersionInfo> Publish(const Bundle& bundle, Diagnostics* diagnostics) {
  Result<std::unique_ptr<Engine>, Error> engine = Engine::Create({});
  if (!engine) {
    Diagnostic diagnostic;
    diagnostic.code = engine.error().code;
    diagnostic.message = engine.error().message;
    diagnostics->push_back(std::move(diagnostic));
    return std::nullopt;
  }
  Result<VersionInfo> info = (*engine)->Publish(bundle);
  if (!info && HasOnlyModules(bundle, info.error())) info = VersionInfo();
  *diagnostics = info ? WarningsOf(bundle, info->warnings) : info.error();
  return info ? std::optional(*info) : std::nullopt;
}

int CheckPath(const std::string& path, const CheckOptions& options, Console* console) {
  const Result<Bundle> bundle = Bundle::FromPath(path);
  Diagnostics diagnostics;
  std::optional<VersionInfo> info;
  if (bundle) {
    info = Publish(*bundle, &diagnostics);
  } else {
    diagnostics = bundle.error();
  }
  const int code = !info || (options.deny_warnings && !diagnostics.empty()) ? kExitPolicy : kExitOk;
  if (options.json) return WriteOut(DiagnosticsJson(path, bundle ? *bundle : Bundle(), diagnostics), code, console);
  if (!diagnostics.empty()) console->Print(Render(diagnostics, console->color()));
  if (!info) return code;
  if (options.dump_ir) return std::max(code, PrintIr(*bundle, console));
  std::string text = Costs(*bundle, info->policies);
  if (info->policies.empty()) {
    text += fmt::format("{} without a policy: checked, no code\n", Plural(bundle->policies().size(), "module"));
  } else {
    text += fmt::format("compiled in {}, {} of code\n", Duration(info->compile), Bytes(info->code_bytes));
  }
  return WriteOut(text, code, console);
}

}  // namespace

int Check(const CheckOptions& options) {
  Console console;
  int code = kExitOk;
  for (const std::string& path : options.paths) code = std::max(code, CheckPath(path, options, &console));
  return code;
}

}  // namespace moult::tools
