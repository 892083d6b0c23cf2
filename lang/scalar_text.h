// Bytes, timestamps, durations, addresses and ranges as text.
#pragma once

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

}  // namespace moult::lang
