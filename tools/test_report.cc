#include "tools/test_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "lang/quote.h"
#include "lang/utf8.h"
#include "tools/text.h"
#include "tools/utf8.h"

namespace moult::tools {
namespace {

TestTotals CountTests(const PolicyResults& policy) {
  TestTotals totals;
  for (const TestResult& test : policy.tests) ++(test.problems.empty() ? totals.passed : totals.failed);
  totals.broken = policy.errors.empty() ? 0 : 1;
  return totals;
}

// Text of XML 1.0. What no document may hold becomes `?`.
std::string Xml(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    const lang::CodePoint c = lang::DecodeUtf8(text, i);
    const bool allowed = c.valid && (c.value >= 0x20 || c.value == '\n' || c.value == '\t') && c.value != 0xFFFE && c.value != 0xFFFF;
    if (c.value == '&') {
      out += "&amp;";
    } else if (c.value == '<') {
      out += "&lt;";
    } else if (c.value == '>') {
      out += "&gt;";
    } else if (c.value == '"') {
      out += "&quot;";
    } else if (c.value == '\n') {
      out += "&#10;";
    } else {
      out += allowed ? text.substr(i, c.length) : "?";
    }
    i += c.length;
  }
  return out;
}

double Seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

std::string Indented(const std::string& lines) {
  std::string out;
  for (size_t begin = 0; begin < lines.size();) {
    const size_t end = lines.find('\n', begin);
    out += "    " + lines.substr(begin, end - begin) + "\n";
    begin = end == std::string::npos ? lines.size() : end + 1;
  }
  return out;
}

void AppendTest(std::string& out, const TestResult& test) {
  out += "{\"name\":";
  lang::AppendJsonString(out, test.name);
  fmt::format_to(std::back_inserter(out), ",\"line\":{},\"passed\":{}", test.line, test.problems.empty());
  if (!test.problems.empty()) out += ",\"problems\":[";
  for (size_t k = 0; k < test.problems.size(); ++k) {
    if (k > 0) out += ',';
    lang::AppendJsonString(out, test.problems[k]);
  }
  if (!test.problems.empty()) {
    out += "],\"details\":";
    lang::AppendJsonString(out, test.details);
  }
  out += '}';
}

void AppendError(std::string& out, const PolicyResults& policy, const Diagnostic& error) {
  out += "{\"file\":";
  lang::AppendJsonString(out, error.file.empty() ? policy.file : error.file);
  if (error.line > 0) fmt::format_to(std::back_inserter(out), ",\"line\":{},\"column\":{}", error.line, error.column);
  out += ",\"code\":";
  lang::AppendJsonString(out, error.code);
  out += ",\"message\":";
  lang::AppendJsonString(out, error.message);
  out += '}';
}

void AppendPolicy(std::string& out, const PolicyResults& policy) {
  out += "{\"policy\":";
  lang::AppendJsonString(out, policy.policy);
  out += ",\"file\":";
  lang::AppendJsonString(out, policy.file);
  out += ",\"tests\":[";
  for (size_t k = 0; k < policy.tests.size(); ++k) {
    if (k > 0) out += ',';
    AppendTest(out, policy.tests[k]);
  }
  out += ']';
  if (policy.coverage) {
    out += ",\"coverage\":";
    policy.coverage->AppendJson(out);
  }
  out += '}';
}

// CI systems read no error of a suite, only of a case.
std::string JunitError(const PolicyResults& policy) {
  const Diagnostic& first = policy.errors.front();
  return fmt::format(
      "    <testcase classname=\"{0}\" name=\"(tests can be run)\" file=\"{1}\" line=\"{2}\">\n"
      "      <error message=\"{3}\" type=\"{4}\">{5}</error>\n    </testcase>\n",
      Xml(policy.policy), Xml(first.file.empty() ? policy.file : first.file), std::max(first.line, 1u), Xml(first.message), Xml(first.code),
      Xml(Render(policy.errors)));
}

}  // namespace

TestTotals CountTests(const std::vector<PolicyResults>& policies) {
  TestTotals totals;
  for (const PolicyResults& policy : policies) {
    const TestTotals of_policy = CountTests(policy);
    totals.passed += of_policy.passed;
    totals.failed += of_policy.failed;
    totals.broken += of_policy.broken;
  }
  return totals;
}

std::string RenderTests(const std::vector<PolicyResults>& policies) {
  std::string out;
  for (const PolicyResults& policy : policies) {
    const TestTotals totals = CountTests(policy);
    if (policy.tests.empty() && !policy.coverage) continue;
    out += fmt::format("{}: {}{}\n", policy.policy, Plural(totals.passed + totals.failed, "test"),
                       totals.failed == 0 ? "" : fmt::format(", {} failed", totals.failed));
    for (const TestResult& test : policy.tests) {
      if (test.problems.empty()) continue;
      out += fmt::format("\n  FAILED {} ({}:{})\n", Printable(test.name), policy.file, test.line);
      for (const std::string& problem : test.problems) out += fmt::format("    {}\n", Printable(problem));
      if (!test.details.empty()) out += "\n" + Indented(test.details);
      out += '\n';
    }
    if (policy.coverage) out += policy.coverage->Render();
  }
  const TestTotals totals = CountTests(policies);
  const std::string broken = totals.broken == 0 ? "" : fmt::format(", {} could not be run", Plural(totals.broken, "file"));
  return out + fmt::format("{} passed, {} failed{}\n", totals.passed, totals.failed, broken);
}

std::string TestsJson(const std::vector<PolicyResults>& policies) {
  const TestTotals totals = CountTests(policies);
  std::string out = fmt::format("{{\"passed\":{},\"failed\":{},\"errors\":[", totals.passed, totals.failed);
  bool first = true;
  for (const PolicyResults& policy : policies) {
    for (const Diagnostic& error : policy.errors) {
      if (!std::exchange(first, false)) out += ',';
      AppendError(out, policy, error);
    }
  }
  out += "],\"policies\":[";
  for (size_t k = 0; k < policies.size(); ++k) {
    if (k > 0) out += ',';
    AppendPolicy(out, policies[k]);
  }
  return out + "]}\n";
}

std::string TestsJunit(const std::vector<PolicyResults>& policies) {
  const TestTotals totals = CountTests(policies);
  std::string out = fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
                                totals.passed + totals.failed + totals.broken, totals.failed, totals.broken);
  for (const PolicyResults& policy : policies) {
    const TestTotals of_policy = CountTests(policy);
    std::chrono::nanoseconds took{0};
    for (const TestResult& test : policy.tests) took += test.took;
    out += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.6f}\">\n", Xml(policy.policy),
                       policy.tests.size() + of_policy.broken, of_policy.failed, of_policy.broken, Seconds(took));
    if (!policy.errors.empty()) out += JunitError(policy);
    for (const TestResult& test : policy.tests) {
      out += fmt::format("    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\" time=\"{:.6f}\"", Xml(policy.policy),
                         Xml(test.name), Xml(policy.file), test.line, Seconds(test.took));
      if (test.problems.empty()) {
        out += "/>\n";
        continue;
      }
      out += fmt::format(">\n      <failure message=\"{}\">{}</failure>\n    </testcase>\n",
                         Xml(fmt::format("{}", fmt::join(test.problems, "; "))), Xml(test.details));
    }
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace moult::tools
