#include "tools/json_writer.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <string>

#include "lang/quote.h"
#include "lang/scalar_text.h"

namespace moult::tools {

using lang::AppendJsonString;
using lang::TypeKind;
using lang::Value;

namespace {

void AppendRule(std::string& out, const FiredRule& rule, bool brief) {
  if (brief) {
    AppendJsonString(out, rule.name);
    return;
  }
  out += "{\"rule\":";
  AppendJsonString(out, rule.name);
  if (!rule.reason.empty()) {
    out += ",\"reason\":";
    AppendJsonString(out, rule.reason);
  }
  if (!rule.would_decide.empty()) {
    out += ",\"would_decide\":";
    AppendJsonString(out, rule.would_decide);
  }
  if (!rule.tags.empty()) {
    out += ",\"tags\":[";
    for (size_t i = 0; i < rule.tags.size(); ++i) {
      if (i > 0) out += ',';
      AppendJsonString(out, rule.tags[i]);
    }
    out += ']';
  }
  out += '}';
}

void AppendRules(std::string& out, std::string_view key, std::span<const FiredRule> rules, bool brief) {
  fmt::format_to(std::back_inserter(out), ",\"{}\":[", key);
  for (size_t i = 0; i < rules.size(); ++i) {
    if (i > 0) out += ',';
    AppendRule(out, rules[i], brief);
  }
  out += ']';
}

void AppendPlace(std::string& out, const ErrorText& error) {
  if (error.line == 0) return;
  out += ",\"at\":";
  AppendJsonString(out, fmt::format("{}:{}:{}", error.file, error.line, error.column));
}

void AppendEffect(std::string& out, const Effect& effect, bool brief) {
  if (brief) {
    AppendJsonString(out, effect.name);
    return;
  }
  out += "{\"effect\":";
  AppendJsonString(out, effect.name);
  out += ",\"rule\":";
  AppendJsonString(out, effect.error_text.rule);
  if (effect.ok()) {
    out += ",\"arguments\":[";
    for (size_t i = 0; i < effect.arguments.size(); ++i) {
      if (i > 0) out += ',';
      AppendHostValue(out, effect.arguments[i]);
    }
    out += ']';
  } else {
    out += ",\"error\":";
    AppendJsonString(out, effect.error_text.text);
    AppendPlace(out, effect.error_text);
  }
  out += '}';
}

void AppendEffects(std::string& out, std::span<const Effect> effects, bool brief) {
  out += ",\"effects\":[";
  for (size_t i = 0; i < effects.size(); ++i) {
    if (i > 0) out += ',';
    AppendEffect(out, effects[i], brief);
  }
  out += ']';
}

void AppendErrors(std::string& out, std::span<const ErrorText> errors) {
  out += ",\"errors\":[";
  for (size_t i = 0; i < errors.size(); ++i) {
    const ErrorText& error = errors[i];
    out += i > 0 ? ",{\"rule\":" : "{\"rule\":";
    AppendJsonString(out, error.rule);
    out += ",\"error\":";
    AppendJsonString(out, error.text);
    AppendPlace(out, error);
    out += '}';
  }
  out += ']';
}

void AppendPlain(std::string& out, TypeKind kind, const Value& value) { AppendJsonString(out, lang::PlainText(kind, value)); }

}  // namespace

void AppendHostValue(std::string& out, const HostValue& value) {
  switch (value.kind()) {
    case HostValue::Kind::kBool:
      out += value.AsBool() ? "true" : "false";
      return;
    case HostValue::Kind::kInt:
      out += std::to_string(value.AsInt());
      return;
    case HostValue::Kind::kDouble:
      out += std::isfinite(value.AsDouble()) ? fmt::format("{}", value.AsDouble()) : "null";
      return;
    case HostValue::Kind::kString:
      return AppendJsonString(out, value.AsString());
    case HostValue::Kind::kBytes: {
      const std::span<const std::byte> bytes = value.AsBytes();
      return AppendPlain(out, TypeKind::kBytes, Value::Text({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
    }
    case HostValue::Kind::kTimestamp: {
      const HostValue::Timestamp time = value.AsTime();
      return AppendPlain(out, TypeKind::kTimestamp, Value::Moment({time.seconds, time.nanos}));
    }
    case HostValue::Kind::kDuration:
      return AppendPlain(out, TypeKind::kDuration, Value::Int(value.AsDuration().count()));
    case HostValue::Kind::kIp:
      return AppendJsonString(out, value.AsAddress().ToString());
    case HostValue::Kind::kCidr:
      return AppendJsonString(out, value.AsRange().ToString());
  }
}

void AppendDecision(std::string& out, const Decision& decision, bool brief) {
  out += "{\"verdict\":";
  AppendJsonString(out, decision.verdict_name());
  if (decision.scored()) fmt::format_to(std::back_inserter(out), ",\"score\":{}", decision.score());
  AppendRules(out, "rules", decision.rules(), brief);
  if (!decision.shadow_rules().empty()) AppendRules(out, "shadow", decision.shadow_rules(), brief);
  if (!decision.effects().empty()) AppendEffects(out, decision.effects(), brief);
  AppendErrors(out, decision.error_texts());
  fmt::format_to(std::back_inserter(out), ",\"version\":{}}}", decision.version());
}

void AppendLineError(std::string& out, std::string_view code, std::string_view message, uint64_t line) {
  out += "{\"error\":";
  AppendJsonString(out, message);
  out += ",\"code\":";
  AppendJsonString(out, code);
  fmt::format_to(std::back_inserter(out), ",\"line\":{}}}", line);
}

}  // namespace moult::tools
