#include "tools/test_runner.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <filesystem>

#include "lang/compile.h"
#include "lang/explain.h"
#include "lang/list_lines.h"
#include "lang/report.h"
#include "lang/value_text.h"
#include "tools/expectations.h"
#include "tools/explanation_view.h"
#include "tools/given_answers.h"
#include "tools/json_writer.h"
#include "tools/modules.h"

namespace moult::tools {
namespace {

using Clock = std::chrono::steady_clock;
using lang::TypeKind;

constexpr size_t kShownCalls = 5;  // of those that no `with` of a test answers

// What an explanation says before anything is evaluated.
Explanation NothingSeen(const Bundle::File& file, const lang::Compiled& compiled, const lang::Modules& modules, const lang::Origins& origins) {
  lang::Arena arena;
  lang::EvalInput input;
  input.arena = &arena;
  Explanation explanation = lang::Explain(compiled.program, origins, lang::Trace(compiled.program), input, {});
  explanation.files.push_back({file.name, file.text});
  for (const std::string& name : compiled.modules) {
    const lang::Modules::File* module = modules.Find(name);
    explanation.files.push_back({std::string(module->name), std::string(module->text)});
  }
  return explanation;
}

}  // namespace

std::vector<PolicyResults> TestRunner::Run() {
  std::vector<PolicyResults> all;
  CompileAll(all);
  const Diagnostics problems = Start();
  for (const Unit& unit : units_) {
    all.push_back({.policy = unit.program.name, .file = unit.file->name, .text = unit.file->text, .errors = problems});
    if (coverage_) all.back().coverage = unit.nothing_seen;
    if (problems.empty()) all.back().errors = RunUnit(unit, all.back());
  }
  return all;
}

void TestRunner::CompileAll(std::vector<PolicyResults>& broken) {
  const lang::Modules modules = ModulesOf(bundle_);
  for (const Bundle::File& file : bundle_.policies()) {
    lang::Origins origins;
    Result<lang::Compiled> compiled = lang::Compile({file.name, file.text}, modules, {}, coverage_ ? &origins : nullptr);
    if (!compiled) {
      const std::string name = lang::ReadHeader(file.text).name.text;
      broken.push_back({.policy = name.empty() ? file.name : name, .file = file.name, .errors = compiled.error()});
    } else if (compiled->is_module) {
      modules_.push_back(&file);
    } else {
      Coverage nothing_seen;
      if (coverage_) nothing_seen.Add(NothingSeen(file, *compiled, modules, origins));
      KeepUnit(file, std::move(compiled).value(), std::move(nothing_seen), broken);
    }
  }
}

// A second policy of one name would be tested in the place of the first by nobody: a publish of both refuses them.
void TestRunner::KeepUnit(const Bundle::File& file, lang::Compiled compiled, Coverage nothing_seen, std::vector<PolicyResults>& broken) {
  const std::string& name = compiled.program.name;
  const auto other = std::find_if(units_.begin(), units_.end(), [&](const Unit& unit) { return unit.program.name == name; });
  if (other == units_.end()) {
    units_.push_back({&file, std::move(compiled.program), std::move(compiled.tests), std::move(nothing_seen)});
    return;
  }
  Diagnostic error{.code = lang::CodeText(lang::Code::kDuplicatePolicy),
                   .message = fmt::format("policy `{}` is already defined in {}", name, other->file->name),
                   .file = file.name};
  broken.push_back({.policy = name, .file = file.name, .errors = {std::move(error)}});
}

Diagnostics TestRunner::Start() {
  Result<std::unique_ptr<Engine>, Error> engine = Engine::Create({});
  if (!engine) return {{.code = engine.error().code, .message = engine.error().message}};
  engine_ = std::move(engine).value();
  for (const Unit& unit : units_) {
    for (const lang::SourceDecl& source : unit.program.sources) {
      const Status bound = engine_->BindSource(
          source.name, [this, name = source.name](std::span<const SourceValue> arguments) { return Answer(name, arguments); });
      if (!bound.ok()) return {{.code = bound.error().code, .message = bound.error().message}};
    }
  }
  return {};
}

bool TestRunner::IsWanted(const Unit& unit, const lang::TestCase& test) const {
  const std::string name = unit.program.name + ": " + test.name;
  if (filter_.find('*') != std::string::npos) return fnmatch(filter_.c_str(), name.c_str(), 0) == 0;
  return name.find(filter_) != std::string::npos;
}

Diagnostics TestRunner::RunUnit(const Unit& unit, PolicyResults& results) {
  unit_ = &unit;
  values_ = std::make_unique<lang::TestValues>(unit.tests);
  published_.reset();
  std::optional<JsonPolicy> policy;
  for (const lang::TestCase& test : unit.tests.cases) {
    if (!IsWanted(unit, test)) continue;
    test_ = &test;
    TestResult result{.name = test.name, .line = lang::PositionOf(unit.file->text, test.span.begin).line};
    Diagnostics problems = PublishFor(unit, test, result);
    if (problems.empty() && !policy) {
      Result<JsonPolicy> found = engine_->FindJson(unit.program.name);
      if (found) policy = *found;
      if (!found) problems = found.error();
    }
    if (!problems.empty()) return problems;
    const auto start = Clock::now();
    if (result.problems.empty()) RunCase(unit, test, *policy, results, result);
    result.took = Clock::now() - start;
    results.tests.push_back(std::move(result));
  }
  return {};
}

Bundle TestRunner::BundleOf(const Unit& unit) const {
  Bundle bundle;
  bundle.Add(*unit.file);
  for (const Bundle::File* module : modules_) bundle.Add(*module);
  for (const Bundle::File& data : bundle_.data()) bundle.AddData(data.name, data.text);
  return bundle;
}

Diagnostics TestRunner::PublishFor(const Unit& unit, const lang::TestCase& test, TestResult& result) {
  std::map<std::string, std::string> lists;
  for (const lang::GivenList& list : test.lists) {
    const lang::ListDecl& decl = unit.program.lists[list.list];
    const std::optional<std::string> text = ListText(list, decl);
    if (text) {
      lists[(std::filesystem::path(unit.file->name).parent_path() / decl.file).string()] = *text;
    } else {
      result.problems.push_back(fmt::format("the list `{}` has an element that no line of its file could hold", decl.name));
    }
  }
  if (published_ == lists) return {};
  Bundle bundle = BundleOf(unit);
  for (const auto& [path, text] : lists) bundle.AddData(path, text);
  const Result<VersionInfo> version = engine_->Publish(bundle);
  if (!version) return version.error();
  published_ = std::move(lists);
  return {};
}

std::optional<std::string> TestRunner::ListText(const lang::GivenList& list, const lang::ListDecl& decl) {
  const lang::Evaluated value = values_->Of(list.value);
  if (!value) return std::nullopt;
  const lang::TypeTable& types = unit_->tests.program.types;
  return decl.file.ends_with(".json") ? lang::ValueJson(types, decl.type, *value) : lang::ListLines(types, decl.type, *value);
}

void TestRunner::RunCase(const Unit& unit, const lang::TestCase& test, const JsonPolicy& policy, PolicyResults& results,
                         TestResult& result) {
  const Result<std::string, lang::TestValues::Problem> json = values_->InputJson(test);
  if (!json) {
    const lang::Position place = lang::PositionOf(unit.file->text, json.error().span.begin);
    return result.problems.push_back(fmt::format("`given` has no value at {}:{}: {}", place.line, place.column, json.error().message));
  }
  Context context(*engine_);
  context.set_detail(Detail::kFull);
  Decision decision;
  unanswered_.clear();
  const Status status = policy.Decide(context, *json, &decision);
  if (!status.ok()) return result.problems.push_back(fmt::format("{} [{}]", status.error().message, status.error().code));
  Mismatch mismatch = CheckExpectations(unit.program, test, decision, [this](lang::NodeId id) { return GivenEffect(id); });
  result.problems = std::move(mismatch.problems);
  if (!result.problems.empty()) {
    for (const std::string& call : unanswered_) result.problems.push_back(fmt::format("no `with` of this test answers `{}`", call));
  }
  if (!coverage_ && result.problems.empty()) return;

  const uint32_t verdict = decision.verdict();
  Explanation why;
  const Status explained = policy.Explain(context, *json, &decision, &why);
  if (!explained.ok()) return result.problems.push_back(explained.error().message);
  if (decision.verdict() != verdict) {
    result.problems.push_back(fmt::format("machine code and interpreter disagree: {} and {}; please report it with the policy",
                                          unit.program.decide.verdicts[verdict], decision.verdict_name()));
  }
  if (results.coverage) results.coverage->Add(why);
  if (result.problems.empty()) return;
  for (const uint32_t rule : mismatch.rules) {
    result.details += fmt::format("  rule {}: {}\n", why.rules[rule].name, OutcomeText(why.rules[rule]));
    result.details += RenderRule(why, why.rules[rule]);
  }
}

std::optional<SourceValue> TestRunner::Answer(const std::string& source, std::span<const SourceValue> arguments) {
  if (const lang::GivenAnswer* answer = FindAnswer(unit_->tests, *values_, *test_, source, arguments)) {
    return answer->value.valid() ? Given(answer->value) : std::nullopt;
  }
  if (unanswered_.size() < kShownCalls) unanswered_.insert(CallText(source, arguments));
  return std::nullopt;
}

// signups("203.0.113.9", 10)
std::string TestRunner::CallText(const std::string& source, std::span<const SourceValue> arguments) const {
  const lang::Program& program = unit_->program;
  const auto decl = std::find_if(program.sources.begin(), program.sources.end(), [&](const lang::SourceDecl& s) { return s.name == source; });
  std::string text = source + "(";
  for (size_t k = 0; k < arguments.size(); ++k) {
    if (k > 0) text += ", ";
    const lang::TypeId type = decl->parameters[k];
    if (program.types.kind(type) == TypeKind::kEnum) {
      text += program.types.Name(type) + ".";
      text += program.types.enum_type(type).enumerators[static_cast<size_t>(arguments[k].AsInt())];
    } else {
      AppendHostValue(text, arguments[k]);
    }
  }
  return text + ")";
}

// An effect has an enum by its name.
std::optional<HostValue> TestRunner::GivenEffect(lang::NodeId id) {
  const lang::Program& program = unit_->tests.program;
  const std::optional<HostValue> value = Given(id);
  if (!value || program.types.kind(program[id].type) != TypeKind::kEnum) return value;
  return HostValue::String(program.types.enum_type(program[id].type).enumerators[static_cast<size_t>(value->AsInt())]);
}

std::optional<SourceValue> TestRunner::Given(lang::NodeId id) { return GivenScalar(unit_->tests, *values_, id); }

}  // namespace moult::tools
