// Modules. Every folder tests/golden/modules/NAME gives NAME.txt: the diagnostics of each of its files, and the programs of its
// policies.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <list>
#include <set>

#include "lang/compile.h"
#include "tests/support/golden.h"

namespace moult::lang {
namespace {

using testing::ExpectGolden;
using testing::GoldenFiles;
using testing::GoldenPath;
using testing::ReadFile;

// Texts by name, compiled together.
class Files {
 public:
  void Add(std::string name, std::string text) {
    files_.push_back({std::move(name), std::move(text)});
    const SourceFile& file = files_.back();
    const FileHeader header = ReadHeader(file.text);
    if (!header.is_module) return;
    EXPECT_EQ(modules_.Add(header.name.text, {file.name, file.text}), nullptr);
  }
  const std::list<SourceFile>& all() const { return files_; }
  Result<Compiled> CompileOne(const SourceFile& file, const CompileLimits& limits = {}) const {
    return Compile(file, modules_, limits);
  }
  Result<Compiled> CompileFirst(const CompileLimits& limits = {}) const { return CompileOne(files_.front(), limits); }

 private:
  std::list<SourceFile> files_;  // does not move them
  Modules modules_;
};

std::string Codes(const Result<Compiled>& result) {
  std::string codes;
  for (const Diagnostic& d : result.ok() ? result->warnings : result.error()) codes += d.code + "@" + d.file + " ";
  return codes;
}

constexpr char kHead[] = "input { n: int, s: string }\ndecide severest [allow < block] default allow\n";

TEST(ModuleGolden, EveryFolderGivesItsDiagnosticsAndPrograms) {
  for (const auto& folder : std::filesystem::directory_iterator(GoldenPath("modules"))) {
    if (!folder.is_directory()) continue;
    SCOPED_TRACE(folder.path().filename().string());
    Files files;
    for (const auto& file : GoldenFiles("modules/" + folder.path().filename().string(), ".moult")) {
      files.Add(std::filesystem::relative(file, folder.path()).string(), ReadFile(file));
    }
    std::string actual;
    for (const SourceFile& file : files.all()) {
      const Result<Compiled> result = files.CompileOne(file);
      actual += fmt::format("== {}\n{}", file.name, Render(result.ok() ? result->warnings : result.error()));
      if (result.ok() && !result->is_module) actual += Print(result->program);
    }
    ExpectGolden(folder.path().string() + ".txt", actual);
  }
}

TEST(Module, SitesNameTheFileOfTheModule) {
  Files files;
  files.Add("p.moult", fmt::format("policy p\nuse lib\n{}rule r {{ when lib.half(n) > 1 then block }}\n", kHead));
  files.Add("lib.moult", "module lib\n// comment\nfn half(x: int) -> int = 100 / x\n");
  const Result<Compiled> compiled = files.CompileFirst();
  ASSERT_TRUE(compiled.ok()) << Render(compiled.error());
  EXPECT_EQ(compiled->modules, std::vector<std::string>{"lib"});
  const Program& program = compiled->program;
  for (const Node& node : program.nodes) {
    if (node.op != Op::kDiv) continue;
    const SiteSpan span = program.sites[node.site];
    EXPECT_EQ(span.file, 1u);
    EXPECT_EQ(files.all().back().text.substr(span.begin, span.end - span.begin), "100 / x");
  }
}

TEST(Module, WhatAModuleAddsChangesNoProgramThatDoesNotUseIt) {
  const auto print = [](const std::string& more) {
    Files files;
    files.Add("p.moult", fmt::format("policy p\nuse lib\n{}rule r {{ when s in lib.known then block }}\n", kHead));
    files.Add("lib.moult", "module lib\n" + more + "list known: set<string> from \"known\"\n");
    const Result<Compiled> compiled = files.CompileFirst();
    return compiled.ok() ? Print(compiled->program) : Render(compiled.error());
  };
  const std::string plain = print("");
  EXPECT_NE(plain.find("list lib.known"), std::string::npos) << plain;
  EXPECT_EQ(print("list other: set<string> from \"other\"\nconst N = 1\nfn f(x: int) -> bool = x / 2 > N\n"), plain);
}

TEST(Module, ChainsOfUsesAreFollowed) {
  constexpr int kCount = 300;
  Files files;
  files.Add("p.moult", fmt::format("policy p\nuse m0\n{}rule r {{ when n > m0.N then block }}\n", kHead));
  for (int k = 0; k < kCount; ++k) {
    files.Add(fmt::format("m{}.moult", k),
              k + 1 < kCount ? fmt::format("module m{}\nuse m{}\nconst N = m{}.N + 1\n", k, k + 1, k + 1)
                             : fmt::format("module m{}\nconst N = 0\n", k));
  }
  const Result<Compiled> compiled = files.CompileFirst();
  ASSERT_TRUE(compiled.ok()) << Render(compiled.error());
  EXPECT_EQ(compiled->modules.size(), static_cast<size_t>(kCount));
}

TEST(Module, LimitsHoldForEachFile) {
  Files files;
  files.Add("p.moult", fmt::format("policy p\nuse lib\n{}rule r {{ when n > lib.N then block }}\n", kHead));
  const std::string module = "module lib\nconst N = 0\n// " + std::string(200, 'x') + "\n";
  files.Add("lib.moult", module);
  CompileLimits limits;
  limits.source_bytes = module.size();
  EXPECT_EQ(Codes(files.CompileFirst(limits)), "");
  --limits.source_bytes;
  EXPECT_EQ(Codes(files.CompileFirst(limits)), "E-source-too-large@lib.moult ");
}

TEST(Module, BytesThatAreNoTextAreReportedInTheirFile) {
  Files files;
  files.Add("p.moult", fmt::format("policy p\nuse lib\n{}rule r {{ when n > lib.N then block }}\n", kHead));
  files.Add("lib.moult", "module lib\nconst N = 0 // \xff\n");
  const Result<Compiled> compiled = files.CompileFirst();
  ASSERT_EQ(Codes(compiled), "E-not-utf8@lib.moult ");
  EXPECT_EQ(compiled.error()[0].line, 2u);
  EXPECT_EQ(compiled.error()[0].column, 16u);
}

TEST(Module, AnErrorAtTheEndOfAFileIsInThatFile) {
  Files files;
  files.Add("p.moult", fmt::format("policy p\n{}use lib", kHead));
  files.Add("lib.moult", "module lib\nconst N =");
  EXPECT_EQ(Codes(files.CompileFirst()), "E-syntax@lib.moult ");
}

TEST(ReadHeader, ReadsNoFurtherThanTheName) {
  const auto show = [](const std::string& text) {
    const FileHeader header = ReadHeader(text);
    return fmt::format("{}{}", header.is_module ? "module " : "", header.name.text);
  };
  EXPECT_EQ(show("\xEF\xBB\xBF// comment\nmodule lib . web\nfn"), "module lib.web");
  EXPECT_EQ(show("policy a.b.c\xff"), "a.b.c");
  EXPECT_EQ(show("module"), "module ");
  EXPECT_EQ(show("module 7"), "module ");
  EXPECT_EQ(show("module lib."), "module lib");
  EXPECT_EQ(show(""), "");
  EXPECT_EQ(show("\xff\xfe"), "");
  EXPECT_EQ(show("fn f() -> int = 1"), "");
}

}  // namespace
}  // namespace moult::lang
