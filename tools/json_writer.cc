#include "tools/json_writer.h"

#include <fmt/format.h>

#include <iterator>

#include "lang/quote.h"

namespace moult::tools {

using lang::AppendJsonString;

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

void AppendErrors(std::string& out, std::span<const ErrorText> errors) {
  out += ",\"errors\":[";
  for (size_t i = 0; i < errors.size(); ++i) {
    const ErrorText& error = errors[i];
    out += i > 0 ? ",{\"rule\":" : "{\"rule\":";
    AppendJsonString(out, error.rule);
    out += ",\"error\":";
    AppendJsonString(out, error.text);
    if (error.line > 0) {
      out += ",\"at\":";
      AppendJsonString(out, fmt::format("{}:{}:{}", error.file, error.line, error.column));
    }
    out += '}';
  }
  out += ']';
}

}  // namespace

void AppendDecision(std::string& out, const Decision& decision, bool brief) {
  out += "{\"verdict\":";
  AppendJsonString(out, decision.verdict_name());
  if (decision.scored()) fmt::format_to(std::back_inserter(out), ",\"score\":{}", decision.score());
  AppendRules(out, "rules", decision.rules(), brief);
  if (!decision.shadow_rules().empty()) AppendRules(out, "shadow", decision.shadow_rules(), brief);
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
