// The functions that generated code calls, and their addresses. Each is total and never throws; each keeps a frame pointer, so that
// a stack walk by rbp gets from any of them through generated code to its caller.
#pragma once

#include <cstddef>
#include <cstdint>

#include "codegen/abi.h"
#include "lang/data_list.h"
#include "lang/function.h"
#include "lang/regex.h"

namespace moult::codegen {

enum class Helper : uint32_t {
#define MOULT_HELPER(name) k##name,
#include "codegen/helpers.def"
#undef MOULT_HELPER
};

inline constexpr size_t kHelperCount = 0
#define MOULT_HELPER(name) +1
#include "codegen/helpers.def"
#undef MOULT_HELPER
    ;

const char* HelperName(Helper helper);
const void* HelperAddress(Helper helper);

// A string or a collection as generated code holds it: returned in rax and rdx. From a helper that can fail, null data means
// that it did; an empty result has data that is not null.
struct Pair {
  const void* data;
  uint64_t size;
};

// A timestamp as generated code holds it: returned in rax and rdx.
struct Moment {
  int64_t seconds;
  int64_t nanos;
};

extern "C" {
bool MoultHelperEqualBytes(const void* a, const void* b, uint64_t size) noexcept;
int MoultHelperCompareText(const char* a, uint64_t a_size, const char* b, uint64_t b_size) noexcept;  // < 0, 0, > 0
int MoultHelperCompareIntDouble(int64_t a, double b) noexcept;  // -1, 0, 1 as a is less, equal, greater; 2 when b is NaN

int64_t MoultHelperCodePoints(const char* text, uint64_t size) noexcept;
bool MoultHelperStartsWith(const char* text, uint64_t size, const char* part, uint64_t part_size) noexcept;
bool MoultHelperEndsWith(const char* text, uint64_t size, const char* part, uint64_t part_size) noexcept;
bool MoultHelperContainsText(const char* text, uint64_t size, const char* part, uint64_t part_size) noexcept;
Pair MoultHelperConcat(EvalFrame* frame, const char* a, uint64_t a_size, const char* b, uint64_t b_size) noexcept;
bool MoultHelperMatches(const lang::Regex* regex, const char* text, uint64_t size) noexcept;

// The operations of lang/data_list.h. `a` and `b` are the words of an item, the first alone of one that has one.
bool MoultHelperListContains(const lang::DataList* list, uint64_t a, uint64_t b) noexcept;
bool MoultHelperListCovers(const lang::DataList* list, uint64_t high, uint64_t low) noexcept;
const void* MoultHelperListFind(const lang::DataList* list, uint64_t a, uint64_t b) noexcept;  // null: there is none
uint64_t MoultHelperListSize(const lang::DataList* list) noexcept;
Pair MoultHelperListItems(const lang::DataList* list) noexcept;  // REQUIRES: they have been made
bool MoultHelperRangeContains(const Cidr* range, uint64_t high, uint64_t low) noexcept;

// `count` elements of `size` bytes in the arena; null when it is full or the product overflows, never null for none.
void* MoultHelperAllocate(EvalFrame* frame, uint64_t count, uint64_t size) noexcept;

// The operations of lang/deep.h. An image is a lang::LayoutImage's address. A Status is 0, or an ErrorKind in its upper half, where
// lang::Pack has it.
using Status = uint64_t;
Status MoultHelperCheckWhole(const void* image, const void* value) noexcept;
Status MoultHelperCopyWhole(EvalFrame* frame, const void* from, const void* value, const void* to, void* target) noexcept;
// 0 or 1; or, when one of them holds what is no value, a Status.
uint64_t MoultHelperEqualWhole(EvalFrame* frame, const void* a_image, const void* a, const void* b_image, const void* b) noexcept;
bool MoultHelperFindWhole(const void* collection_image, const void* collection, const void* item_image, const void* item) noexcept;
uint64_t MoultHelperKeepDistinct(EvalFrame* frame, const void* element_image, void* data, uint64_t count) noexcept;
bool MoultHelperHaveEqualKeys(EvalFrame* frame, const void* map_image, const void* map) noexcept;
// Of two arrays with elements of `size` bytes; null data when the arena is full.
Pair MoultHelperConcatenate(EvalFrame* frame, const void* a, uint64_t a_count, const void* b, uint64_t b_count,
                            uint64_t size) noexcept;

Pair MoultHelperRenderInt(EvalFrame* frame, int64_t value) noexcept;
Pair MoultHelperRenderDouble(EvalFrame* frame, double value) noexcept;

// Calls the library function whose place in functions.def is `function`. `types`: of a generic one; see lang::Call.
lang::ErrorKind MoultHelperCallFunction(EvalFrame* frame, uint32_t function, const lang::Words* arguments, lang::Words* result,
                                        const void* types) noexcept;

// Of a type from bytes to cidr: the words that a LetSlot keeps of such a value. `kind` is a TypeKind.
Pair MoultHelperRenderPlain(EvalFrame* frame, uint32_t kind, uint64_t a, uint64_t b) noexcept;

// Seconds and nanoseconds; the nanoseconds are negative when the result is out of range.
Moment MoultHelperAddDuration(int64_t seconds, int64_t nanos, int64_t duration) noexcept;
Moment MoultHelperSubtractDuration(int64_t seconds, int64_t nanos, int64_t duration) noexcept;

// `result->kind` says what is expected. False when the source failed.
bool MoultHelperCallSource(EvalFrame* frame, uint32_t source, const lang::Scalar* arguments, uint64_t count,
                           lang::Scalar* result) noexcept;
}

}  // namespace moult::codegen
