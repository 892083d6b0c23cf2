// Random inputs in memory, for any layout: the native one and such as hosts may have.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "lang/ir.h"
#include "moult/layout.h"
#include "tests/support/random_values.h"

namespace moult::lang::test {

// A layout in which a host might hold the program's input, to be given to BindLayout: std::string or string_view,
// vector or span, integers and enums of any width and signedness, floats, fields in another order with gaps, fields
// that the policy does not have, no fields that it does not read, a T where the policy takes a T?.
LayoutRef RandomHostLayout(Random& random, const Program& program);

// A value in memory. Every piece of memory is an allocation of exactly its size, so that AddressSanitizer sees a read
// beyond; what no reader may look at (gaps, missing optionals) holds garbage.
class RandomInput {
 public:
  // `hostile`: also what a correct host would not hold: unknown enum values, bool bytes above 1, unsigned integers
  // above the range of int, invalid UTF-8. Fields whose layout is null are left as garbage.
  RandomInput(Random& random, const Layout& layout, bool hostile);
  const void* data() const { return record_; }

 private:
  std::byte* Allocate(size_t size);
  void Fill(const Layout& layout, std::byte* address);
  void FillInteger(const Layout& layout, std::byte* address);
  void FillEnum(const Layout& layout, std::byte* address);
  void FillTime(const Layout& layout, std::byte* address);
  void FillCidr(std::byte* address);
  void FillText(const Layout& layout, std::byte* address);
  void FillSequence(const Layout& layout, std::byte* address);
  void FillOptional(const Layout& layout, std::byte* address);

  Random& random_;
  bool hostile_;
  std::vector<std::unique_ptr<std::byte[]>> memory_;
  int depth_ = 0;
  const void* record_ = nullptr;
};

}  // namespace moult::lang::test
