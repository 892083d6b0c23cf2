// Fuzz targets: functions of any bytes that abort when something promised does not hold.
//
// The same functions are replayed over the kept corpus by fuzz_tests, driven by moult_fuzz (main.cc), and given to libFuzzer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace moult::fuzz {

#define MOULT_FUZZ_TARGET(Name, name, seeds, longest) int Fuzz##Name(const uint8_t* data, size_t size);
#include "tests/fuzz/targets.def"
#undef MOULT_FUZZ_TARGET

enum class Seeds : uint8_t { kNone, kPolicies };

struct Target {
  const char* name;
  int (*run)(const uint8_t* data, size_t size);  // returns 0
  Seeds seeds;
  size_t longest;  // bytes of an input
};
std::span<const Target> Targets();
// Null if there is none of that name.
const Target* FindTarget(std::string_view name);

// Ends the process, having said `broken`, unless `holds`. `about`, such as the text in question, is shown as well.
void Require(bool holds, std::string_view broken, std::string_view about = {});

inline std::string_view AsText(const uint8_t* data, size_t size) { return {reinterpret_cast<const char*>(data), size}; }

}  // namespace moult::fuzz
