#include "tools/json_writer.h"

#include <fmt/format.h>

#include <iterator>

#include "tools/utf8.h"

namespace moult::tools {
namespace {

bool IsPlain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\';
}

void AppendEscaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
  }
}

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

void AppendJsonString(std::string& out, std::string_view text) {
  out += '"';
  size_t i = 0;
  while (i < text.size()) {
    size_t plain = i;
    while (plain < text.size() && IsPlain(text[plain])) ++plain;
    out += text.substr(i, plain - i);
    i = plain;
    if (i == text.size()) break;
    const size_t length = ValidSequence(text.substr(i));
    if (length == 0) {
      out += "\\ufffd";
    } else if (length == 1) {
      AppendEscaped(out, text[i]);
    } else {
      out += text.substr(i, length);
    }
    i += length == 0 ? 1 : length;
  }
  out += '"';
}

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
