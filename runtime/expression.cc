#include "moult/expression.h"

#include <fmt/format.h>
#include <simdjson.h>
#include <sys/mman.h>

#include <cstring>
#include <memory>
#include <optional>
#include <vector>

#include "codegen/abi.h"
#include "codegen/generate.h"
#include "lang/bind.h"
#include "lang/expression.h"
#include "lang/interpret.h"
#include "lang/observer.h"
#include "lang/quote.h"
#include "lang/regex.h"
#include "lang/tagged_json.h"
#include "lang/value_maker.h"
#include "lang/value_text.h"
#include "runtime/json_diagnose.h"
#include "runtime/problem.h"

namespace moult {
namespace {

using lang::Evaluated;
using lang::NodeId;
using lang::Program;
using lang::Value;

constexpr uint64_t kFuel = 10'000'000;
constexpr size_t kTextBytes = 1u << 20;
constexpr int kCaseDepth = 1024;  // as deep as simdjson reads

// INVARIANT(sealed): written while it can be written, run while it can be run.
class ExpressionCode {
 public:
  explicit ExpressionCode(const codegen::CodeBlob& blob) : size_(blob.bytes.size()) {
    void* memory = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return;
    memory_ = static_cast<std::byte*>(memory);
    std::memcpy(memory_, blob.bytes.data(), size_);
    if (mprotect(memory_, size_, PROT_READ | PROT_EXEC) != 0) return;
    decide_ = reinterpret_cast<codegen::DecideFunction>(memory_ + blob.decide_offset);
  }
  ~ExpressionCode() {
    if (memory_ != nullptr) munmap(memory_, size_);
  }
  ExpressionCode(const ExpressionCode&) = delete;
  ExpressionCode& operator=(const ExpressionCode&) = delete;

  codegen::DecideFunction decide() const { return decide_; }  // null when the system refused

 private:
  size_t size_;
  std::byte* memory_ = nullptr;
  codegen::DecideFunction decide_ = nullptr;
};

// Evaluates a program of CompileExpression; the value's memory is its own.
class Evaluation {
 public:
  Evaluation(const Program& program, std::string_view text)
      : program_(program),
        text_(text),
        input_layout_(lang::NativeLayout(program.types, program.input)),
        record_(input_layout_->size),
        maker_(program.types, arena_) {
    for (const std::string& pattern : program.regexes) {
      std::string error;
      regexes_.push_back(lang::Regex::Create(pattern, &error));  // the checker has seen it compile
      resources_.push_back(regexes_.back().get());
    }
  }

  ExpressionResult Interpret() {
    class Watch final : public lang::EvalObserver {
     public:
      explicit Watch(const Evaluation& evaluation) : evaluation_(evaluation) {}
      void Saw(NodeId id, const Evaluated& value) override {
        if (id != evaluation_.program_.lets[0].value) return;
        result = value ? evaluation_.Done(*value) : evaluation_.Failed(value.error());
      }
      ExpressionResult result;

     private:
      const Evaluation& evaluation_;
    } watch(*this);
    const lang::EvalInput input{.record = record_.data(), .layout = input_layout_.get(), .resources = resources_.data(),
                                .arena = &arena_, .fuel = kFuel, .observer = &watch};
    lang::Interpret(program_, input);
    return std::move(watch.result);
  }

  ExpressionResult Run() {
    Result<codegen::CodeBlob> blob = codegen::Generate(program_, *input_layout_, {});
    if (!blob) return Refused(std::move(blob).error());
    codegen::Link(*blob);
    const ExpressionCode code(*blob);
    if (code.decide() == nullptr) return Refused({{.code = "E-memory", .message = "no memory for machine code"}});
    codegen::LetSlot slot;
    uint32_t fired[1];
    uint32_t shadow_fired[1];
    lang::RuleError errors[1];
    codegen::EvalFrame frame{.input = record_.data(), .resources = resources_.data(), .arena = &arena_, .lets = &slot,
                             .fired = fired, .shadow_fired = shadow_fired, .errors = errors, .fuel = kFuel};
    code.decide()(&frame);
    if (slot.state != codegen::LetSlot::kComputed) return Failed(lang::Unpack(slot.state));
    return Done(maker_.FromWords({slot.a, slot.b}, program_.lets[0].type));
  }

  static ExpressionResult Refused(Diagnostics diagnostics) {
    ExpressionResult result{.stage = ExpressionResult::Stage::kCheck, .diagnostics = std::move(diagnostics)};
    const Diagnostic& first = result.diagnostics.front();
    SetError(result, "check", first.code, first.message);
    return result;
  }

 private:
  ExpressionResult Done(const Value& value) const {
    const lang::TypeId type = program_.lets[0].type;
    return {.text = lang::ValueText(program_.types, type, value, kTextBytes),
            .json = lang::TaggedJson(program_.types, type, value)};
  }

  ExpressionResult Failed(lang::EvalError error) const {
    ExpressionResult result{.stage = ExpressionResult::Stage::kRun};
    SetError(result, "run", "E-run", lang::ErrorText(error.kind));
    const lang::SiteSpan& place = program_.sites[error.site];
    // No code of the registry: nothing is wrong with the text.
    Diagnostic at = runtime::ProblemAt(lang::Code::kInternal, "expression", text_, {place.begin, place.end}, result.message);
    at.code = result.code;
    result.diagnostics.push_back(std::move(at));
    return result;
  }

  static void SetError(ExpressionResult& result, std::string_view stage, std::string code, std::string message) {
    result.json = "{\"error\": ";
    lang::AppendJsonString(result.json, message);
    result.json += fmt::format(", \"stage\": \"{}\", \"code\": \"{}\"}}", stage, code);
    result.code = std::move(code);
    result.message = std::move(message);
  }

  const Program& program_;
  const std::string text_;
  LayoutRef input_layout_;
  std::vector<std::byte> record_;
  std::vector<std::unique_ptr<lang::Regex>> regexes_;
  std::vector<const void*> resources_;
  lang::Arena arena_;
  lang::ValueMaker maker_;
};

}  // namespace

ExpressionResult EvaluateExpression(std::string_view expression, ExpressionEngine engine) {
  Result<lang::Compiled> compiled = lang::CompileExpression(expression);
  if (!compiled) return Evaluation::Refused(std::move(compiled).error());
  Evaluation evaluation(compiled->program, expression);
  return engine == ExpressionEngine::kInterpreter ? evaluation.Interpret() : evaluation.Run();
}

Result<std::string, Error> ExpressionOfCase(std::string_view line) {
  simdjson::dom::parser parser;
  std::string_view text;
  const simdjson::error_code error = parser.parse(line.data(), line.size())["expr"].get(text);
  if (error != simdjson::SUCCESS) {
    const std::optional<std::string> fault = runtime::DiagnoseJson(line, kCaseDepth);
    return Failure(Error{"E-input", fault ? *fault : "expected an object with a string `expr`"});
  }
  return std::string(text);
}

}  // namespace moult
