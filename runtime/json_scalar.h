// Scalars in native memory, and those that JSON writes as strings: timestamps in RFC 3339, durations ("1.5s"), addresses and ranges, bytes in base64.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lang/arena.h"
#include "lang/types.h"
#include "moult/layout.h"

namespace moult::runtime {

enum class TextStatus : uint8_t { kStored, kRefused, kArenaFull };

// Stores the value that `text` stands for at `out`, in its native form; bytes lie in the arena. REQUIRES: a kind from kBytes to kCidr.
TextStatus StoreScalarText(lang::TypeKind kind, std::string_view text, lang::Arena& arena, std::byte* out);

// What is expected, for messages: "timestamp (RFC 3339, as \"2026-01-02T03:04:05Z\")".
const char* ScalarTextForm(lang::TypeKind kind);

// An order of two scalars in native memory, for finding equal ones: < 0, 0, > 0. REQUIRES: IsScalarLayout(layout).
int CompareScalars(const Layout& layout, const std::byte* a, const std::byte* b);
bool IsScalarLayout(const Layout& layout);

}  // namespace moult::runtime
