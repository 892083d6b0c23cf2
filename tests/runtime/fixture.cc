#include "tests/runtime/fixture.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>
#include <sstream>

namespace moult::test {

std::unique_ptr<Engine> MakeEngine(const EngineOptions& options) {
  Result<std::unique_ptr<Engine>, Error> engine = Engine::Create(options);
  if (!engine) {
    ADD_FAILURE() << engine.error().message;
    abort();
  }
  return std::move(engine).value();
}

Result<VersionInfo> TryPublish(Engine& engine, std::string text) {
  return engine.Publish(Bundle::FromText("p.moult", std::move(text)));
}

VersionInfo Publish(Engine& engine, std::string text) {
  Result<VersionInfo> info = TryPublish(engine, std::move(text));
  if (!info) {
    ADD_FAILURE() << Render(info.error());
    abort();
  }
  return std::move(info).value();
}

JsonPolicy FindJson(Engine& engine, const std::string& name) {
  Result<JsonPolicy> policy = engine.FindJson(name);
  if (!policy) {
    ADD_FAILURE() << ToText(policy.error());
    abort();
  }
  return std::move(policy).value();
}

std::string ToText(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics) text += d.code + ": " + d.message + "\n";
  return text;
}

std::string ToText(const Decision& d) {
  std::string text = fmt::format("verdict {} score {} fired {} shadow {}", d.verdict(), d.score(),
                                 fmt::join(d.fired(), ","), fmt::join(d.shadow_fired(), ","));
  for (const DecisionError& e : d.errors()) text += fmt::format(" error {}:{}@{}", e.rule, e.kind, e.site);
  if (!d.verdict_name().empty()) text += fmt::format(" [{}]", d.verdict_name());
  for (const FiredRule& r : d.rules()) text += fmt::format("\n{}: \"{}\" {}", r.name, r.reason, fmt::join(r.tags, ","));
  for (const FiredRule& r : d.shadow_rules())
    text += fmt::format("\nshadow {}: \"{}\" {}", r.name, r.reason, fmt::join(r.tags, ","));
  for (const ErrorText& e : d.error_texts()) {
    text += fmt::format("\nerror {}: {} ({}:{}:{})", e.rule, e.text, e.file, e.line, e.column);
  }
  return text;
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

}  // namespace moult::test
