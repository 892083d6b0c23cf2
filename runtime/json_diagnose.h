// What is wrong with a text that is not one JSON object or array: found by a second, slow reading, when the fast one has
// refused.
//
// simdjson says of most faults only that there is one. The reader here goes byte by byte and keeps the place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace moult::runtime {

// Whether all of `token` is a number by the grammar of JSON.
bool IsJsonNumber(std::string_view token);

// What nesting beyond the limit is called, wherever it is noticed.
std::string NestedTooDeep(int max_depth);

// The first fault of `text` as one JSON object (RFC 8259) whose values are nested at most `max_depth` deep, as a
// message with its place: "malformed JSON at column 17: expected `,` or `}`, found `x`", "at line 3, column 2" when the
// text has lines. Lines and columns count from 1, columns in code points. Nothing if there is no fault. Total on any
// bytes. Cost: linear in the text.
std::optional<std::string> DiagnoseJson(std::string_view text, int max_depth);

// Likewise as an object, or as an array or object, with the byte at which the fault is.
enum class JsonRoot : uint8_t { kObject, kCollection };
struct JsonFault {
  size_t offset = 0;
  std::string cause;    // "expected `,` or `}`, found `x`"
  std::string message;  // what DiagnoseJson says
};
std::optional<JsonFault> FindJsonFault(std::string_view text, JsonRoot root, int max_depth);

}  // namespace moult::runtime
