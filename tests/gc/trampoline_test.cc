// The machine code of the trampolines: the version is stored in the frame before the call, the call is not a jump, and the word
// is still the frame's after it.
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <regex>
#include <string>

#include "tests/gc/heap_fixture.h"

namespace moult::gc {
namespace {

std::string Disassemble(const std::string& symbol) {
  std::array<char, 4096> path{};
  if (readlink("/proc/self/exe", path.data(), path.size() - 1) <= 0) return "";
  const std::string command =
      "objdump -d --no-show-raw-insn --no-addresses --disassemble=" + symbol + " '" + path.data() + "' 2>/dev/null";
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "";
  std::string text;
  std::array<char, 4096> chunk;
  for (size_t n; (n = fread(chunk.data(), 1, chunk.size(), pipe)) > 0;) text.append(chunk.data(), n);
  pclose(pipe);
  const size_t begin = text.find("<" + symbol + ">:");
  return begin == std::string::npos ? "" : text.substr(begin);
}

class Trampoline : public ::testing::TestWithParam<const char*> {};

TEST_P(Trampoline, KeepsTheVersionInItsFrameAcrossTheCall) {
#if !defined(__OPTIMIZE__) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "for plain optimised builds";
#endif
  const std::string code = Disassemble(GetParam());
  if (system("objdump --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "no objdump here";
  ASSERT_FALSE(code.empty());
  std::smatch call;
  ASSERT_TRUE(std::regex_search(code, call, std::regex("call +\\*"))) << code;
  const std::string before = code.substr(0, static_cast<size_t>(call.position()));
  const std::string after = code.substr(static_cast<size_t>(call.position()));
  std::smatch store;
  ASSERT_TRUE(std::regex_search(before, store, std::regex("mov +%r[a-z0-9]+,(0x[0-9a-f]+)?\\((%rsp|%rbp)\\)"))) << code;
  const std::string slot = store.str().substr(store.str().find(',') + 1);
  EXPECT_NE(after.find("$0x0," + slot), std::string::npos) << "the word is not the frame's after the call\n" << code;
  EXPECT_FALSE(std::regex_search(code, std::regex("jmp +\\*"))) << "a tail call\n" << code;
  EXPECT_NE(after.find("ret"), std::string::npos) << code;
}

INSTANTIATE_TEST_SUITE_P(Both, Trampoline,
                         ::testing::Values("_ZN5moult2gc9EnterSlotERKNS0_4SlotEPFvPKNS0_7VersionEPvES7_",
                                           "_ZN5moult2gc12EnterVersionEPKNS0_7VersionEPFvS3_PvES4_"));

}  // namespace
}  // namespace moult::gc
