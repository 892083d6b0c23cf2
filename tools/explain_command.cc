#include "tools/explain_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lang/compile.h"
#include "lang/quote.h"
#include "tools/command.h"
#include "tools/exit_code.h"
#include "tools/explanation_view.h"
#include "tools/given_answers.h"
#include "tools/json_writer.h"
#include "tools/line_reader.h"
#include "tools/modules.h"
#include "tools/text.h"
#include "tools/utf8.h"

namespace moult::tools {
namespace {

class ExplainCommand {
 public:
  explicit ExplainCommand(const ExplainOptions& options) : options_(options) {}

  int Run() {
    if (const int code = Publish(); code != kExitOk) return code;
    Result<JsonPolicy> policy = engine_->FindJson(policy_);
    if (!policy) return FailWith(kExitPolicy, policy.error(), &console_);
    Result<File, Error> input = File::OpenInput(options_.input);
    if (!input) return FailWith(kExitInputOutput, input.error(), &console_);
    input_name_ = input->name();
    return ExplainLines(*policy, *input);
  }

 private:
  int Publish() {
    const Result<Bundle> bundle = Bundle::FromPath(options_.policy_path);
    if (!bundle) return FailWith(kExitPolicy, bundle.error(), &console_);
    Result<std::unique_ptr<Engine>, Error> engine = Engine::Create({});
    if (!engine) return FailWith(kExitPolicy, engine.error(), &console_);
    engine_ = std::move(engine).value();
    const Result<VersionInfo> info = engine_->Publish(*bundle);
    if (!info) return FailWith(kExitPolicy, info.error(), &console_);
    const Result<const PolicyInfo*, Error> policy = ChoosePolicy(*info, options_.policy, options_.policy_path);
    if (!policy) return FailWith(kExitUsage, policy.error(), &console_);
    policy_ = (*policy)->name;
    return ReadProgram(*bundle);
  }

  // For what rules say besides their conditions.
  int ReadProgram(const Bundle& bundle) {
    const lang::Modules modules = ModulesOf(bundle);
    for (const Bundle::File& file : bundle.policies()) {
      if (lang::ReadHeader(file.text).name.text != policy_) continue;
      Result<lang::Compiled> compiled = lang::Compile({file.name, file.text}, modules);
      if (!compiled) return FailWith(kExitPolicy, compiled.error(), &console_);
      if (compiled->is_module) continue;
      program_ = std::move(compiled->program);
      if (!options_.withs.empty()) return BindAnswers(bundle, file, modules);
    }
    return kExitOk;
  }

  // A version asks the sources that were bound when it was published.
  int BindAnswers(const Bundle& bundle, const Bundle::File& file, const lang::Modules& modules) {
    Result<lang::TestSuite> answers = lang::CompileWiths({file.name, file.text}, modules, options_.withs);
    if (!answers) return FailWith(kExitUsage, answers.error(), &console_);
    answers_ = std::move(answers).value();
    values_ = std::make_unique<lang::TestValues>(answers_);
    const lang::TestCase& given = answers_.cases[0];
    if (given.answers.size() + given.lists.size() != options_.withs.size()) {
      return FailWith(kExitUsage, Error{"E-usage", "each --with takes one clause: NAME(argument, ...) = value"}, &console_);
    }
    if (!given.lists.empty()) {
      return FailWith(kExitUsage, Error{"E-usage", "--with answers sources; lists are read from their files"}, &console_);
    }
    for (const lang::SourceDecl& source : program_.sources) {
      const Status bound = engine_->BindSource(
          source.name, [this, name = source.name](std::span<const SourceValue> arguments) { return Answer(name, arguments); });
      if (!bound.ok()) return FailWith(kExitPolicy, bound.error(), &console_);
    }
    const Result<VersionInfo> again = engine_->Publish(bundle);
    return again ? kExitOk : FailWith(kExitPolicy, again.error(), &console_);
  }

  std::optional<SourceValue> Answer(const std::string& source, std::span<const SourceValue> arguments) {
    const lang::GivenAnswer* answer = FindAnswer(answers_, *values_, answers_.cases[0], source, arguments);
    return answer != nullptr && answer->value.valid() ? GivenScalar(answers_, *values_, answer->value) : std::nullopt;
  }

  // Line by line, so that a long file needs no memory and a pipe is answered as it goes.
  int ExplainLines(const JsonPolicy& policy, File& input) {
    LineReader reader(input, -1, 1);
    Batch batch;
    bool found = false;
    for (;;) {
      const LineReader::Outcome outcome = reader.Next(&batch);
      if (outcome == LineReader::Outcome::kFailed) return FailWith(kExitInputOutput, reader.error(), &console_);
      if (outcome != LineReader::Outcome::kBatch) break;
      for (uint32_t i = 0; i < batch.lines.size(); ++i) {
        const uint64_t line = batch.first_line + i;
        if (options_.line != 0 && line != options_.line) continue;
        found = true;
        if (const int code = ExplainLine(policy, batch.lines[i], line); code != kExitOk) return code;
      }
    }
    if (options_.line == 0 || found) return bad_lines_ ? kExitBadLines : kExitOk;
    return FailWith(kExitUsage, Error{"E-usage", fmt::format("{} has no line {}", input.name(), options_.line)}, &console_);
  }

  int ExplainLine(const JsonPolicy& policy, std::string_view json, uint64_t line) {
    Context context(*engine_);
    context.set_detail(Detail::kFull);
    Decision decision;
    Explanation why;
    const Status status = policy.Explain(context, json, &decision, &why);
    std::string out;
    if (!status.ok()) {
      bad_lines_ = true;
      if (!options_.json) return PrintBadLine(status.error(), line);
      AppendLineError(out, status.error().code, status.error().message, line);
      return WriteOut(out + "\n", kExitOk, &console_);
    }
    if (!options_.rule.empty() && FindRule(why) == nullptr) {
      return FailWith(kExitUsage, Error{"E-usage", fmt::format("policy `{}` has no rule `{}`", policy_, options_.rule)}, &console_);
    }
    options_.json ? AppendJson(out, decision, why, line) : AppendText(out, decision, why, line);
    return WriteOut(out, kExitOk, &console_);
  }

  int PrintBadLine(const Error& error, uint64_t line) {
    console_.Print(BadLineText(input_name_, line, error.message, error.code));
    return kExitOk;
  }

  const ExplainedRule* FindRule(const Explanation& why) const {
    const auto rule = std::find_if(why.rules.begin(), why.rules.end(), [this](const ExplainedRule& r) { return r.name == options_.rule; });
    return rule == why.rules.end() ? nullptr : &*rule;
  }
  bool IsShown(const ExplainedRule& rule) const {
    return options_.rule.empty() ? rule.fired || !rule.error.empty() : rule.name == options_.rule;
  }

  // A score has no default: the sum of no rules is 0.
  bool IsByDefault(const Decision& decision) const {
    const std::span<const uint32_t> fired = decision.fired();
    return program_.decide.mode != lang::DecideMode::kScore &&
           std::none_of(fired.begin(), fired.end(), [this](uint32_t rule) { return program_.rules[rule].has_verdict; });
  }

  // What came of a rule that fired: `, then block "3 links"`.
  std::string ThenText(const Decision& decision, uint32_t index) const {
    const lang::Rule& rule = program_.rules[index];
    std::string then;
    if (rule.has_verdict) then += " " + program_.decide.verdicts[rule.verdict];
    if (program_.decide.mode == lang::DecideMode::kScore) then += fmt::format(" score {}", rule.score);
    std::string would_decide;
    for (const std::span<const FiredRule> rules : {decision.rules(), decision.shadow_rules()}) {
      for (const FiredRule& fired : rules) {
        if (fired.rule != index) continue;
        if (!fired.reason.empty()) then += " " + Printable(lang::QuoteText(fired.reason));
        if (!fired.would_decide.empty()) would_decide = fmt::format(", would decide {}", fired.would_decide);
      }
    }
    return (then.empty() ? "" : ", then" + then) + would_decide;
  }

  void AppendText(std::string& out, const Decision& decision, const Explanation& why, uint64_t line) const {
    fmt::format_to(std::back_inserter(out), "line {}: {}", line, decision.verdict_name());
    if (IsByDefault(decision)) out += ", by default";
    if (decision.scored()) fmt::format_to(std::back_inserter(out), ", score {}", decision.score());
    out += '\n';
    std::vector<std::string_view> silent;
    for (uint32_t k = 0; k < why.rules.size(); ++k) {
      const ExplainedRule& rule = why.rules[k];
      if (!IsShown(rule)) {
        if (!rule.off) silent.push_back(rule.name);
        continue;
      }
      fmt::format_to(std::back_inserter(out), "\n  rule {}: {}{}\n", rule.name, OutcomeText(rule), rule.fired ? ThenText(decision, k) : "");
      out += RenderRule(why, rule);
    }
    if (options_.rule.empty() && !silent.empty()) {
      fmt::format_to(std::back_inserter(out), "\n  did not fire: {}\n", fmt::join(silent, ", "));
    }
    out += '\n';
  }

  void AppendJson(std::string& out, const Decision& decision, const Explanation& why, uint64_t line) const {
    fmt::format_to(std::back_inserter(out), "{{\"line\":{},\"decision\":", line);
    AppendDecision(out, decision, false);
    out += ",\"rules\":[";
    bool first = true;
    for (const ExplainedRule& rule : why.rules) {
      if (!IsShown(rule)) continue;
      if (!std::exchange(first, false)) out += ',';
      AppendRuleJson(out, why, rule);
    }
    out += "]}\n";
  }

  const ExplainOptions& options_;
  Console console_;
  std::unique_ptr<Engine> engine_;
  std::string policy_;
  lang::Program program_;
  lang::TestSuite answers_;  // of --with
  std::unique_ptr<lang::TestValues> values_;
  std::string input_name_;
  bool bad_lines_ = false;
};

}  // namespace

int Explain(const ExplainOptions& options) { return ExplainCommand(options).Run(); }

}  // namespace moult::tools
