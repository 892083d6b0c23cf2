// Maxima: the sizes that a policy declares for its input (`links: list<string> max 64`), checked in a bound struct.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lang/types.h"
#include "moult/layout.h"
#include "moult/result.h"

namespace moult::runtime {

// One declared maximum, found from the record's address without walking types.
struct Maximum {
  std::vector<uint32_t> flags;  // offsets of the presence bytes of the optionals around it
  uint32_t offset = 0;
  const Layout* layout = nullptr;  // a string, bytes or a sequence
  uint64_t max = 0;
  std::string path;
};

// The maxima of fields in the input record and in records inside it; those in elements of lists are left out, since
// checking them would cost a walk of the whole input. `bound` must outlive the result.
std::vector<Maximum> FindMaxima(const lang::TypeTable& types, lang::TypeId input, const Layout& bound);

// "65 elements, at most 64 are declared".
std::string TooLarge(const Layout& layout, uint64_t size, uint64_t max);

// E-input, naming the first field that is larger than declared. Cost: a few loads for each maximum; a string that has
// more bytes than its maximum is counted.
Status CheckMaxima(const std::vector<Maximum>& maxima, const void* record);

}  // namespace moult::runtime
