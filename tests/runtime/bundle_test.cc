// Bundle: what is read from disk, and what is said about what cannot be.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/runtime/fixture.h"

namespace moult::test {
namespace {

class BundleTest : public testing::Test {
 protected:
  BundleTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "moult-bundle-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
  }
  ~BundleTest() override { std::filesystem::remove_all(directory_); }
  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = directory_ + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  std::string Refusal(const std::string& path, size_t max_bytes = 4u << 20) {
    const Result<Bundle> bundle = Bundle::FromPath(path, max_bytes);
    if (bundle.ok()) return "ok";
    return bundle.error()[0].code + ": " + bundle.error()[0].message;
  }
  std::string directory_;
};

TEST_F(BundleTest, ADirectoryIsItsPoliciesByName) {
  Write("b.moult", "policy b");
  Write("a.moult", "policy a");
  Write(".#a.moult", "an editor's");
  Write("notes.txt", "not a policy");
  const Result<Bundle> bundle = Bundle::FromPath(directory_);
  ASSERT_TRUE(bundle.ok());
  ASSERT_EQ(bundle->policies().size(), 2u);
  EXPECT_EQ(bundle->policies()[0].name, directory_ + "/a.moult");
  EXPECT_EQ(bundle->policies()[1].text, "policy b");
}

TEST_F(BundleTest, ADirectoryIsReadWithItsFolders) {
  std::filesystem::create_directories(directory_ + "/sub/deep");
  std::filesystem::create_directories(directory_ + "/.git");
  Write("p.moult", "policy p");
  Write("sub/deep/lib.moult", "module lib\nlist l: set<string> from \"l.txt\"");
  Write("sub/deep/l.txt", "a\n");
  Write(".git/x.moult", "policy x");
  std::filesystem::create_directory_symlink(directory_, directory_ + "/sub/circle");
  const Result<Bundle> bundle = Bundle::FromPath(directory_);
  ASSERT_TRUE(bundle.ok()) << ToText(bundle.error());
  ASSERT_EQ(bundle->policies().size(), 2u);
  EXPECT_EQ(bundle->policies()[0].name, directory_ + "/p.moult");
  EXPECT_EQ(bundle->policies()[1].name, directory_ + "/sub/deep/lib.moult");
  EXPECT_NE(bundle->FindData(bundle->policies()[1].name, "l.txt"), nullptr);
}

TEST_F(BundleTest, APolicyAloneComesWithTheModulesThatItUses) {
  std::filesystem::create_directories(directory_ + "/lib");
  const std::string policy = Write("p.moult", std::string(kHeader) + "use lib.web\nuse lib.none\nrule r { when web.is(name) then score +5 }\n");
  Write("other.moult", "policy other");
  Write("lib/web.moult", "module lib.web\nuse lib.text\nlist names: set<string> from \"names.txt\"\n");
  Write("lib/names.txt", "ann\n");
  Write("text.moult", "module text");
  std::filesystem::create_directories(directory_ + "/lib/lib");
  Write("lib/lib/text.moult", "module not.this");
  Write("lib/text.moult", "module lib.text\nuse lib.web\n");
  const Result<Bundle> bundle = Bundle::FromPath(policy);
  ASSERT_TRUE(bundle.ok()) << ToText(bundle.error());
  std::vector<std::string> names;
  for (const Bundle::File& file : bundle->policies()) names.push_back(file.name.substr(directory_.size() + 1));
  EXPECT_EQ(names, (std::vector<std::string>{"p.moult", "lib/web.moult", "lib/text.moult"}));
  EXPECT_NE(bundle->FindData(directory_ + "/lib/web.moult", "names.txt"), nullptr);
}

TEST_F(BundleTest, DataFilesStandBesideThePolicyThatNamesThem) {
  const std::string policy = Write("p.moult", std::string(kHeader) +
                                                  "list names: set<string> from \"names.txt\"\n"
                                                  "rule r { when name in names then score +5 }\n");
  Write("names.txt", "ann\n");
  for (const std::string& path : {policy, directory_}) {
    const Result<Bundle> bundle = Bundle::FromPath(path);
    ASSERT_TRUE(bundle.ok());
    const std::string* data = bundle->FindData(policy, "names.txt");
    ASSERT_NE(data, nullptr);
    EXPECT_EQ(*data, "ann\n");
    EXPECT_TRUE(MakeEngine()->Publish(*bundle).ok());
  }
  std::filesystem::remove(directory_ + "/names.txt");
  const Result<Bundle> bundle = Bundle::FromPath(policy);
  ASSERT_TRUE(bundle.ok()) << "for Publish to report, at its declaration";
  const Result<VersionInfo> info = MakeEngine()->Publish(*bundle);
  ASSERT_FALSE(info.ok());
  EXPECT_EQ(info.error()[0].code, "E-missing-file");
  EXPECT_EQ(info.error()[0].line, 4u);
}

// A policy whose list comes from `file`.
std::string Listing(const std::string& file) {
  return std::string(kHeader) + "list names: set<string> from \"" + file +
         "\"\nrule r { when name in names then score +5 }\n";
}

TEST_F(BundleTest, ADataFileThatIsNoFileIsNamedAtItsDeclaration) {
  ASSERT_EQ(mkfifo((directory_ + "/fifo").c_str(), 0600), 0);
  std::filesystem::create_directory(directory_ + "/folder");
  std::filesystem::create_symlink("/dev/zero", directory_ + "/device");
  for (const char* name : {"fifo", "folder", "device"}) {
    const Result<Bundle> bundle = Bundle::FromPath(Write("p.moult", Listing(name)));
    ASSERT_FALSE(bundle.ok()) << name;
    const Diagnostic& problem = bundle.error()[0];
    EXPECT_EQ(problem.code + ": " + problem.message,
              "E-read: the data file of list `names` cannot be read: not a regular file");
    EXPECT_EQ(problem.file, directory_ + "/p.moult");
    EXPECT_EQ(problem.line, 4u);
    EXPECT_EQ(problem.column, 30u);
  }
}

TEST_F(BundleTest, DataOutsideOfThePolicysFolderIsNotRead) {
  Write("names.txt", "ann\n");
  std::filesystem::create_directory(directory_ + "/set");
  for (const std::string& name :
       {directory_ + "/names.txt", std::string("../names.txt"), std::string("x/../../names.txt")}) {
    const Result<Bundle> bundle = Bundle::FromPath(Write("set/p.moult", Listing(name)));
    ASSERT_TRUE(bundle.ok()) << "for Publish to report, at its declaration";
    EXPECT_TRUE(bundle->data().empty()) << name;
    const Result<VersionInfo> info = MakeEngine()->Publish(*bundle);
    ASSERT_FALSE(info.ok()) << name;
    EXPECT_EQ(info.error()[0].code, "E-bad-file-name");
    EXPECT_EQ(info.error()[0].line, 4u);
  }
  std::filesystem::create_symlink("../names.txt", directory_ + "/set/link.txt");
  const Result<Bundle> linked = Bundle::FromPath(Write("set/p.moult", Listing("link.txt")));
  ASSERT_TRUE(linked.ok());
  EXPECT_TRUE(MakeEngine()->Publish(*linked).ok()) << "a link is its owner's doing";
}

TEST_F(BundleTest, WhatCannotBeReadIsNamed) {
  EXPECT_EQ(Refusal(directory_ + "/none.moult"), "E-read: cannot be read: No such file or directory");
  EXPECT_EQ(Refusal(directory_), "E-no-policy: no .moult file in this directory or its folders");
  Write("large.moult", std::string(1001, ' '));
  EXPECT_EQ(Refusal(directory_ + "/large.moult", 1000), "E-read: cannot be read: larger than 1000 bytes");
  EXPECT_EQ(Refusal(directory_ + "/large.moult", 1001), "ok");
  const std::string fifo = directory_ + "/fifo.moult";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_EQ(Refusal(fifo), "E-read: cannot be read: not a regular file") << "and not waited for";
  EXPECT_EQ(Refusal("/dev/zero"), "E-read: cannot be read: not a regular file");
}

TEST(BundleData, TheFileBesideAPolicyComesBeforeOneOfThatName) {
  Bundle bundle = Bundle::FromText("dir/p.moult", "");
  bundle.AddData("x.txt", "anywhere").AddData("dir/x.txt", "beside");
  EXPECT_EQ(*bundle.FindData("dir/p.moult", "x.txt"), "beside");
  EXPECT_EQ(*bundle.FindData("other/p.moult", "x.txt"), "anywhere");
  EXPECT_EQ(bundle.FindData("dir/p.moult", "y.txt"), nullptr);
  bundle.AddData("x.txt", "newer");
  EXPECT_EQ(*bundle.FindData("other/p.moult", "x.txt"), "newer");
}

}  // namespace
}  // namespace moult::test
