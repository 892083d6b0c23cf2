// Each rule complains where it should, and only there.

#include "tests/structure/rules.h"

#include <gtest/gtest.h>

namespace moult::structure {
namespace {

struct IncludeCase {
  const char* path;
  const char* include;
  bool allowed;
};

class Includes : public testing::TestWithParam<IncludeCase> {};

TEST_P(Includes, AreCheckedByLayerAndLibrary) {
  const IncludeCase& c = GetParam();
  const Complaints complaints = CheckIncludes({{c.path, std::string("#include ") + c.include + "\n"}});
  EXPECT_EQ(complaints.empty(), c.allowed) << c.path << " including " << c.include;
}

INSTANTIATE_TEST_SUITE_P(Rules, Includes,
                         testing::Values(                                                    //
                             IncludeCase{"lang/a.cc", "\"lang/ir.h\"", true},                //
                             IncludeCase{"lang/a.cc", "<vector>", true},                     //
                             IncludeCase{"lang/a.cc", "<re2/re2.h>", true},                  //
                             IncludeCase{"lang/a.cc", "\"codegen/abi.h\"", false},           //
                             IncludeCase{"lang/a.cc", "\"gc/heap.h\"", false},               //
                             IncludeCase{"lang/a.cc", "\"runtime/engine.h\"", false},        //
                             IncludeCase{"lang/a.cc", "\"ir.h\"", false},                    //
                             IncludeCase{"codegen/a.cc", "<asmjit/x86.h>", true},            //
                             IncludeCase{"codegen/a.cc", "\"lang/ir.h\"", true},             //
                             IncludeCase{"codegen/a.cc", "\"gc/heap.h\"", false},            //
                             IncludeCase{"gc/a.cc", "<gc/gc.h>", true},                      //
                             IncludeCase{"gc/a.cc", "<gc/gc_mark.h>", true},                 //
                             IncludeCase{"gc/a.cc", "\"moult/result.h\"", true},             //
                             IncludeCase{"gc/a.cc", "\"lang/ir.h\"", false},                 //
                             IncludeCase{"runtime/a.cc", "\"gc/slot.h\"", true},             //
                             IncludeCase{"runtime/a.cc", "<gc/gc.h>", false},                //
                             IncludeCase{"runtime/a.cc", "<asmjit/x86.h>", false},           //
                             IncludeCase{"include/moult/a.h", "\"moult/result.h\"", true},   //
                             IncludeCase{"include/moult/a.h", "\"gc/pin.h\"", false},        //
                             IncludeCase{"include/moult/a.h", "<fmt/format.h>", false},      //
                             IncludeCase{"tools/a.cc", "<moult/engine.h>", true},            //
                             IncludeCase{"tools/a.cc", "\"runtime/engine.h\"", false},       //
                             IncludeCase{"tools/a.cc", "\"lang/compile.h\"", true},          //
                             IncludeCase{"tools/a.cc", "\"gc/heap.h\"", false},              //
                             IncludeCase{"examples/a.cc", "<moult/engine.h>", true},         //
                             IncludeCase{"examples/a.cc", "\"gc/slot.h\"", false},           //
                             IncludeCase{"bench/a.cc", "\"gc/slot.h\"", true},               //
                             IncludeCase{"bench/a.cc", "\"runtime/decide.h\"", false},       //
                             IncludeCase{"bench/a.cc", "<gc/gc.h>", false},                  //
                             IncludeCase{"bench/peers/bdwgc.cc", "<gc/gc.h>", true},         //
                             IncludeCase{"tests/gc/a_test.cc", "<gc/gc.h>", false},          //
                             IncludeCase{"tests/lang/a_test.cc", "\"runtime/x.h\"", false},  //
                             IncludeCase{"tests/runtime/a_test.cc", "\"lang/ir.h\"", true}));

TEST(Includes, AreComplainedAboutWithTheirPlace) {
  const Complaints complaints =
      CheckIncludes({{"gc/a.cc", "\n#include <vector>\n  #  include <asmjit/x86.h>  // why\n"}});
  ASSERT_EQ(complaints.size(), 1u);
  EXPECT_TRUE(complaints[0].starts_with("gc/a.cc:3: asmjit")) << complaints[0];
}

TEST(Shape, LongFilesAndUnguardedHeadersAreFound) {
  const std::string lines(kMaxLines, '\n');
  EXPECT_EQ(CheckShape({{"lang/a.cc", lines}}).size(), 0u);
  EXPECT_EQ(CheckShape({{"lang/a.cc", lines + "\n"}}).size(), 1u);
  EXPECT_EQ(CheckShape({{"README.md", lines + "\n"}}).size(), 0u);
  EXPECT_EQ(CheckShape({{"lang/a.h", "#pragma once\n"}}).size(), 0u);
  EXPECT_EQ(CheckShape({{"lang/a.h", "int x;\n"}}).size(), 1u);
}

TEST(Paths, OfOneMachineAreFound) {
  const std::string home =
      "/ho"
      "me/";  // in two parts, so that this file passes
  EXPECT_EQ(CheckPaths({{"lang/a.cc", "open(\"" + home + "ada/x\")\n"}}).size(), 1u);
  EXPECT_EQ(CheckPaths({{"README.md", "see https://example.org" + home + "x\n"}}).size(), 0u);
  EXPECT_EQ(CheckPaths({{"lang/a.cc", "open(\"/proc/self/maps\")\n"}}).size(), 0u);
}

TEST(TestFolders, MustBeRegistered) {
  Files files;
  for (const char* layer : {"lang", "codegen", "gc", "runtime", "tools"}) {
    files.push_back({std::string("tests/") + layer + "/a_test.cc", ""});
    files.push_back({std::string("tests/") + layer + "/CMakeLists.txt", "moult_test(x)\n"});
  }
  EXPECT_EQ(CheckTestFolders(files).size(), 0u);
  files.push_back({"tests/model/a_test.cc", ""});
  EXPECT_EQ(CheckTestFolders(files).size(), 1u);
  files.push_back({"tests/model/CMakeLists.txt", "# nothing\n"});
  EXPECT_EQ(CheckTestFolders(files).size(), 1u);
  files.back().text = "moult_test(model_tests)\n";
  EXPECT_EQ(CheckTestFolders(files).size(), 0u);
  files.erase(files.begin());
  EXPECT_EQ(CheckTestFolders(files).size(), 1u);
}

TEST(References, MustExist) {
  const File present{"docs/language.md", ""};
  EXPECT_EQ(CheckReferences({present, {"README.md", "[a](docs/language.md#rules) [b](https://x.org/y)\n"}}).size(), 0u);
  EXPECT_EQ(CheckReferences({present, {"README.md", "[a](docs/absent.md)\n"}}).size(), 1u);
  EXPECT_EQ(CheckReferences({present, {"README.md", "[a](docs/) [b](#here)\n"}}).size(), 0u);
  EXPECT_EQ(CheckReferences({present, {"docs/notes/x.md", "[a](../language.md)\n"}}).size(), 0u);
  EXPECT_EQ(CheckReferences({present, {"docs/notes/x.md", "[a](language.md)\n"}}).size(), 1u);
  EXPECT_EQ(CheckReferences({present, {"gc/a.h", "// see docs/language.md, \"Rules\"\n"}}).size(), 0u);
  EXPECT_EQ(CheckReferences({present, {"gc/a.h", "// see docs/absent.md\n"}}).size(), 1u);
}

TEST(Invariants, AreNamedAndCited) {
  const File named{"ARCHITECTURE.md", "## Invariants\n- `sealed`: x\n## Other\n- `loose`: y\n"};
  EXPECT_EQ(CheckInvariants({named, {"gc/a.cc", "// INVARIANT(sealed)\n"}}).size(), 0u);
  EXPECT_EQ(CheckInvariants({named, {"gc/a.cc", ""}}).size(), 1u);  // named, not cited
  EXPECT_EQ(CheckInvariants({named, {"tests/gc/a.cc", "// INVARIANT(sealed)\n"}}).size(),
            1u);  // a test does not keep it
  EXPECT_EQ(CheckInvariants({named, {"gc/a.cc", "// INVARIANT(sealed) INVARIANT(new)\n"}}).size(), 1u);
}

}  // namespace
}  // namespace moult::structure
