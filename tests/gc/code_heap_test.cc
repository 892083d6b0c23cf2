// Sealed blocks: sharing by content, callees, W^X, and what happens when the operating system refuses.
#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "gc/os.h"
#include "tests/gc/heap_fixture.h"

namespace moult::gc {
namespace {

// "r-x" and the like, of the mapping that holds `address`.
std::string ProtectionOf(uintptr_t address) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    uintptr_t begin = 0;
    uintptr_t end = 0;
    char protection[8] = {};
    if (sscanf(line.c_str(), "%lx-%lx %7s", &begin, &end, protection) == 3 && address >= begin && address < end) {
      return std::string(protection, 3);
    }
  }
  return "none";
}

bool AnythingWritableAndExecutable() {
  std::ifstream maps("/proc/self/maps");
  std::stringstream all;
  all << maps.rdbuf();
  return all.str().find("rwx") != std::string::npos;
}

class CodeBlocks : public HeapTest {};

TEST_F(CodeBlocks, NeverWritableAndExecutable) {
  Slot slot;
  uintptr_t masked = 0;  // of the code; complemented, so as to hold nothing
  PublishTo(&slot, FreshNumber(), {ReturnConstant(0x1234500)});
  Elsewhere([&] { Enter(slot, [&](const Version* v) { masked = ~reinterpret_cast<uintptr_t>(v->code(0)); }); });
  EXPECT_EQ(ProtectionOf(~masked), "r-x");
  EXPECT_FALSE(AnythingWritableAndExecutable());
  PublishTo(&slot, FreshNumber(), {ReturnConstant(0x1234501)});
  CollectNow();
  EXPECT_NE(ProtectionOf(~masked).substr(2), "x");
  EXPECT_FALSE(AnythingWritableAndExecutable());
}

TEST_F(CodeBlocks, CodeIsAlignedAndEveryTailPaddedWithInt3) {
  for (size_t size : {1u, 63u, 64u, 4028u, 4029u, 4030u, 4031u, 4032u, 8125u, 8126u, 100000u}) {
    Bytes code(size, std::byte{0x90});
    code[0] = std::byte{0xc3};
    const Pin pin = MakeVersion(FreshNumber(), {code});
    const auto* start = static_cast<const unsigned char*>(pin->code(0));
    EXPECT_EQ(reinterpret_cast<uintptr_t>(start) % 64, 0u) << size;
    EXPECT_EQ(start[size], 0xcc) << size;
    EXPECT_EQ(ProtectionOf(reinterpret_cast<uintptr_t>(start) + size), "r-x") << size;
  }
}

TEST_F(CodeBlocks, EqualContentIsOneBlock) {
  CollectNow();
  const uint64_t blocks = Heap::counters().live_blocks;
  const Pin a = MakeVersion(FreshNumber(), {ReturnConstant(0x2234500), ReturnConstant(0x2234501)});
  const Pin b = MakeVersion(FreshNumber(), {ReturnConstant(0x2234501), ReturnConstant(0x2234502)});
  EXPECT_EQ(Heap::counters().live_blocks, blocks + 3);
  EXPECT_EQ(a->code(1), b->code(0));
  EXPECT_NE(a->code(0), b->code(1));
}

TEST_F(CodeBlocks, SharedBlockOutlivesTheVersionThatBroughtIt) {
  auto pins = std::make_unique<Pin[]>(2);
  Recorder recorder;
  const uint64_t first = FreshNumber();
  Elsewhere([&] {
    pins[0] = MakeVersion(first, {ReturnConstant(0x3234500), ReturnConstant(0x3234501)});
    pins[1] = MakeVersion(FreshNumber(), {ReturnConstant(0x3234501)});
  });
  Elsewhere([&] { pins[0].Reset(); });
  CollectNow();
  ASSERT_EQ(recorder.Of(first).size(), 1u);
  EXPECT_EQ(recorder.Of(first)[0].code_bytes, 4096u);  // the other block lives
  Elsewhere([&] {
    EXPECT_EQ(reinterpret_cast<IntFunction>(const_cast<void*>(pins[1]->code(0)))(), 0x3234501);
  });
}

TEST_F(CodeBlocks, SameCodeWithOtherCalleesIsAnotherBlock) {
  const Bytes caller = ReturnConstant(0x4234500);
  const Bytes one = ReturnConstant(0x4234501);
  const Bytes two = ReturnConstant(0x4234502);
  VersionSpec spec;
  spec.number = FreshNumber();
  spec.blocks = {{one, {}}, {two, {}}, {caller, {0}}, {caller, {1}}, {caller, {0}}, {caller, {0, 1}}};
  const Pin pin = std::move(*Heap::Create(std::move(spec)));
  EXPECT_NE(pin->code(2), pin->code(3));
  EXPECT_EQ(pin->code(2), pin->code(4));
  EXPECT_NE(pin->code(2), pin->code(5));
}

TEST_F(CodeBlocks, CalleesAreFoundBeforeTheCodeAndKeptByIt) {
  // mov rax, [rip - 7 - 16]: the second callee's address, from the word at code - 16; then jump there.
  const Bytes caller = Code({0x48, 0x8b, 0x05, 0xe9, 0xff, 0xff, 0xff, 0xff, 0xe0});
  const Bytes one = ReturnConstant(0x5234501);
  const Bytes two = ReturnConstant(0x5234502);
  auto keep = std::make_unique<Pin>();
  Elsewhere([&] {
    VersionSpec spec;
    spec.number = FreshNumber();
    spec.blocks = {{one, {}}, {two, {}}, {caller, {0, 1}}};
    *keep = std::move(*Heap::Create(std::move(spec)));
  });
  CollectNow();
  Elsewhere([&] {
    const auto* words = static_cast<const void* const*>((*keep)->code(2));
    EXPECT_EQ(words[-1], (*keep)->code(0));
    EXPECT_EQ(words[-2], (*keep)->code(1));
    EXPECT_EQ(reinterpret_cast<IntFunction>(const_cast<void*>((*keep)->code(2)))(), 0x5234502);
  });
}

// Faults. Each puts the real call back at its end.

class Faults : public HeapTest {
 protected:
  void TearDown() override {
    internal::os_calls.protect = ::mprotect;
    internal::os_calls.allocate_code = allocate_;
  }
  decltype(internal::os_calls.allocate_code.load()) allocate_ = internal::os_calls.allocate_code;
};

int RefuseToSeal(void* address, size_t bytes, int protection) {
  if ((protection & PROT_EXEC) == 0) return mprotect(address, bytes, protection);
  errno = ENOMEM;
  return -1;
}

int RefuseToUnseal(void* address, size_t bytes, int protection) {
  if ((protection & PROT_WRITE) == 0) return mprotect(address, bytes, protection);
  errno = ENOMEM;
  return -1;
}

TEST_F(Faults, CreateFailsCleanlyWhenSealingIsRefused) {
  CollectNow();
  const Counters before = Heap::counters();
  internal::os_calls.protect = RefuseToSeal;
  for (uint32_t i = 0; i < 20; ++i) {
    auto made = Heap::Create(SpecOf(FreshNumber(), {ReturnConstant(0x6234500 + i)}));
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().code, "E-code-memory");
    EXPECT_NE(made.error().message.find("Cannot allocate memory"), std::string::npos) << made.error().message;
  }
  internal::os_calls.protect = ::mprotect;
  CollectNow();
  const Counters after = Heap::counters();
  EXPECT_EQ(after.live_versions, before.live_versions);
  EXPECT_EQ(after.live_blocks, before.live_blocks);
  EXPECT_EQ(after.live_code_bytes, before.live_code_bytes);
  const Pin made = MakeVersion(FreshNumber(), {ReturnConstant(0x6234500)});
  EXPECT_EQ(reinterpret_cast<IntFunction>(const_cast<void*>(made->code(0)))(), 0x6234500);
}

TEST_F(Faults, SecondBlockRefusedFreesTheFirst) {
  CollectNow();
  const uint64_t blocks = Heap::counters().live_blocks;
  static int calls;
  calls = 0;
  internal::os_calls.protect = [](void* address, size_t bytes, int protection) {
    return ++calls == 2 ? RefuseToSeal(address, bytes, protection) : mprotect(address, bytes, protection);
  };
  Elsewhere([] {
    EXPECT_FALSE(Heap::Create(SpecOf(FreshNumber(), {ReturnConstant(0x7234500), ReturnConstant(0x7234501)})).ok());
  });
  CollectNow();
  EXPECT_EQ(Heap::counters().live_blocks, blocks);
}

TEST_F(Faults, CreateFailsCleanlyWithoutMemory) {
  internal::os_calls.allocate_code = [](size_t, int) -> void* { return nullptr; };
  auto made = Heap::Create(SpecOf(FreshNumber(), {ReturnConstant(0x8234500)}));
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, "E-code-memory");
}

TEST_F(Faults, BlockThatCannotBeUnsealedIsKeptAndNeverShared) {
  const Bytes code = ReturnConstant(0x9234500);
  const uint64_t number = FreshNumber();
  Elsewhere([&] { (void)MakeVersion(number, {code}); });
  internal::os_calls.protect = RefuseToUnseal;
  CollectNow();
  EXPECT_EQ(Alive(number), 0u);
  const Pin again = MakeVersion(FreshNumber(), {code});  // a new block: the old one is dead
  EXPECT_EQ(reinterpret_cast<IntFunction>(const_cast<void*>(again->code(0)))(), 0x9234500);
  internal::os_calls.protect = ::mprotect;
  CollectNow();
  EXPECT_EQ(reinterpret_cast<IntFunction>(const_cast<void*>(again->code(0)))(), 0x9234500);
  EXPECT_FALSE(AnythingWritableAndExecutable());
}

}  // namespace
}  // namespace moult::gc
