// TestRunner: the tests of the policies in one file or directory, run by machine code.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "lang/compile.h"
#include "lang/test_suite.h"
#include "lang/test_values.h"
#include "moult/engine.h"
#include "tools/coverage.h"

namespace moult::tools {

struct TestResult {
  std::string name;
  uint32_t line = 0;                   // in the policy's file
  std::vector<std::string> problems;   // one line each; empty when it passed
  std::string details;                 // the rules in question with their values, some lines; may be empty
  std::chrono::nanoseconds took{0};
};

struct PolicyResults {
  std::string policy;
  std::string file;
  std::string text;
  std::vector<TestResult> tests;
  std::optional<Coverage> coverage;    // when it was asked for, and the policy compiles
  Diagnostics errors = {};             // why there are no tests, or not all of them, of this file
};

// Runs once. Thread-safety: none.
class TestRunner {
 public:
  // `filter` picks tests by a part of "policy: test", or as a pattern if it has `*`; empty: all of them.
  TestRunner(const Bundle& bundle, std::string filter, bool coverage)
      : bundle_(bundle), filter_(std::move(filter)), coverage_(coverage) {}

  // In the order of the files and of their texts; files that do not compile come first. Each policy is published without the others,
  // so that what is wrong with one stops no other's tests.
  std::vector<PolicyResults> Run();

 private:
  struct Unit {
    const Bundle::File* file;
    lang::Program program;
    lang::TestSuite tests;
    Coverage nothing_seen;  // its rules and conditions, if coverage was asked for
  };

  void CompileAll(std::vector<PolicyResults>& broken);
  void KeepUnit(const Bundle::File& file, lang::Compiled compiled, Coverage nothing_seen, std::vector<PolicyResults>& broken);
  Diagnostics Start();
  Diagnostics RunUnit(const Unit& unit, PolicyResults& results);
  bool IsWanted(const Unit& unit, const lang::TestCase& test) const;
  // The policy with the modules there are, and the data.
  Bundle BundleOf(const Unit& unit) const;
  // Makes the version that has the test's lists current. What is wrong with the lists goes to `result`.
  Diagnostics PublishFor(const Unit& unit, const lang::TestCase& test, TestResult& result);
  // What the list's file would hold; nothing if none could.
  std::optional<std::string> ListText(const lang::GivenList& list, const lang::ListDecl& decl);
  void RunCase(const Unit& unit, const lang::TestCase& test, const JsonPolicy& policy, PolicyResults& results, TestResult& result);
  std::optional<SourceValue> Answer(const std::string& source, std::span<const SourceValue> arguments);
  std::string CallText(const std::string& source, std::span<const SourceValue> arguments) const;
  std::optional<SourceValue> Given(lang::NodeId id);
  std::optional<HostValue> GivenEffect(lang::NodeId id);

  const Bundle& bundle_;
  const std::string filter_;
  const bool coverage_;
  std::vector<Unit> units_;
  std::vector<const Bundle::File*> modules_;  // those that compile
  std::unique_ptr<Engine> engine_;
  std::optional<std::map<std::string, std::string>> published_;  // the lists of the unit's current version that tests give

  // Of the test that runs.
  const Unit* unit_ = nullptr;
  const lang::TestCase* test_ = nullptr;
  std::unique_ptr<lang::TestValues> values_;
  std::set<std::string> unanswered_;
};

}  // namespace moult::tools
