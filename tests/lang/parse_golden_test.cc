// Every tests/golden/parse/NAME.moult gives the diagnostics and the tree in NAME.txt.
#include <gtest/gtest.h>

#include <set>

#include "lang/ast_print.h"
#include "lang/parse.h"
#include "tests/support/golden.h"

namespace moult::lang {
namespace {

using testing::ExpectGolden;
using testing::GoldenFiles;
using testing::ReadFile;

std::string ParseAndPrint(const std::filesystem::path& file) {
  const std::string text = ReadFile(file);
  const CompileLimits limits = testing::LimitsOf(text);
  Reporter reporter(file.filename().string(), text, limits.diagnostics);
  const Ast ast = Parse(text, limits, reporter);
  return Render(reporter.Take()) + Print(ast);
}

TEST(ParseGolden, EveryCaseGivesItsTreeAndDiagnostics) {
  const auto files = GoldenFiles("parse", ".moult");
  ASSERT_FALSE(files.empty());
  for (std::filesystem::path file : files) {
    SCOPED_TRACE(file.filename().string());
    const std::string actual = ParseAndPrint(file);
    ExpectGolden(file.replace_extension(".txt"), actual);
  }
}

TEST(ParseGolden, EveryResultHasACase) {
  for (std::filesystem::path file : GoldenFiles("parse", ".txt")) {
    EXPECT_TRUE(std::filesystem::exists(file.replace_extension(".moult"))) << file;
  }
}

TEST(DiagnosticsRegistry, CodesAreUnique) {
  std::set<std::string> codes;
#define MOULT_DIAGNOSTIC(name, code, severity) EXPECT_TRUE(codes.insert(CodeText(Code::k##name)).second) << code;
#define MOULT_PUBLISH_DIAGNOSTIC MOULT_DIAGNOSTIC
#define MOULT_DEFECT MOULT_DIAGNOSTIC
#include "lang/diagnostics.def"
}

TEST(DiagnosticsRegistry, EachCodeIsShownByAGolden) {
  std::string shown;
  for (const std::filesystem::path& file : GoldenFiles(".", ".txt")) shown += ReadFile(file);
#define MOULT_DIAGNOSTIC(name, code, severity) \
  EXPECT_NE(shown.find("[" code "]"), std::string::npos) << code << " is in no file of tests/golden/";
#include "lang/diagnostics.def"
}

}  // namespace
}  // namespace moult::lang
