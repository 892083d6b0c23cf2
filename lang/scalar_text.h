// Bytes, timestamps, durations, addresses and ranges as text, and back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lang/arena.h"
#include "lang/types.h"
#include "lang/value.h"

namespace moult::lang {

// As JSON input has it and as reasons show it: RFC 3339 in UTC, seconds ("90s"), the canonical form of an address or range, base64 of
// bytes. REQUIRES: a kind from kBytes to kCidr; the value is present.
std::string PlainText(TypeKind kind, const Value& value);
// The same in the arena; nothing when it is full.
std::optional<std::string_view> RenderPlain(TypeKind kind, const Value& value, Arena& arena) noexcept;

// As a policy writes it: `timestamp("2026-01-02T03:04:05Z")`, `b"a\xff"`. Of bytes at most `max_bytes` are shown, then `...`.
std::string LiteralText(TypeKind kind, const Value& value, size_t max_bytes = SIZE_MAX);

enum class TextStatus : uint8_t { kStored, kRefused, kArenaFull };

// Stores the value that `text`, in the form of PlainText, stands for at `out` as it lies natively; bytes lie in the arena. REQUIRES: a
// kind from kBytes to kCidr.
TextStatus StoreScalarText(TypeKind kind, std::string_view text, Arena& arena, std::byte* out);

// What is expected, for messages: "timestamp (RFC 3339, as \"2026-01-02T03:04:05Z\")".
const char* ScalarTextForm(TypeKind kind);

}  // namespace moult::lang
