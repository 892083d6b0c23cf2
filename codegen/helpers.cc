#include "codegen/helpers.h"

#include <compare>
#include <cstring>

#include "codegen/code_blob.h"
#include "lang/scalar_ops.h"
#include "lang/text.h"

namespace moult::codegen {
namespace {

std::string_view View(const char* data, uint64_t size) { return {data, static_cast<size_t>(size)}; }

// A result that is there, though it may be empty and then have come without data.
Pair Present(std::string_view text) { return {text.data() != nullptr ? text.data() : "", text.size()}; }
Pair OrNull(const std::optional<std::string_view>& text) { return text ? Present(*text) : Pair{nullptr, 0}; }

}  // namespace

const char* HelperName(Helper helper) {
  static constexpr const char* kNames[] = {
#define MOULT_HELPER(name) #name,
#include "codegen/helpers.def"
#undef MOULT_HELPER
  };
  return kNames[static_cast<size_t>(helper)];
}

const void* HelperAddress(Helper helper) {
  static const void* const kAddresses[] = {
#define MOULT_HELPER(name) reinterpret_cast<const void*>(&MoultHelper##name),
#include "codegen/helpers.def"
#undef MOULT_HELPER
  };
  return kAddresses[static_cast<size_t>(helper)];
}

void Link(CodeBlob& blob) {
  for (const Relocation& relocation : blob.relocations) {
    const void* address = HelperAddress(relocation.helper);
    std::memcpy(blob.bytes.data() + relocation.offset, &address, sizeof address);
  }
}

extern "C" {

bool MoultHelperEqualBytes(const void* a, const void* b, uint64_t size) noexcept {
  return size == 0 || std::memcmp(a, b, size) == 0;
}

int MoultHelperCompareText(const char* a, uint64_t a_size, const char* b, uint64_t b_size) noexcept {
  return View(a, a_size).compare(View(b, b_size));
}

int MoultHelperCompareIntDouble(int64_t a, double b) noexcept {
  const std::partial_ordering order = lang::CompareExactly(a, b);
  if (order == std::partial_ordering::unordered) return 2;
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

int64_t MoultHelperCodePoints(const char* text, uint64_t size) noexcept { return lang::CodePoints(View(text, size)); }

bool MoultHelperStartsWith(const char* text, uint64_t size, const char* part, uint64_t part_size) noexcept {
  return View(text, size).starts_with(View(part, part_size));
}

bool MoultHelperEndsWith(const char* text, uint64_t size, const char* part, uint64_t part_size) noexcept {
  return View(text, size).ends_with(View(part, part_size));
}

bool MoultHelperContainsText(const char* text, uint64_t size, const char* part, uint64_t part_size) noexcept {
  return lang::ContainsText(View(text, size), View(part, part_size));
}

Pair MoultHelperConcat(EvalFrame* frame, const char* a, uint64_t a_size, const char* b, uint64_t b_size) noexcept {
  return OrNull(lang::Concat(View(a, a_size), View(b, b_size), *frame->arena));
}

bool MoultHelperMatches(const lang::Regex* regex, const char* text, uint64_t size) noexcept {
  return regex->Matches(View(text, size));
}

bool MoultHelperSetContains(const lang::StringSet* set, const char* text, uint64_t size) noexcept {
  return set->Contains(View(text, size));
}

Pair MoultHelperSetItems(const lang::StringSet* set) noexcept { return {set->data(), set->size()}; }

void* MoultHelperAllocate(EvalFrame* frame, uint64_t count, uint64_t size) noexcept {
  uint64_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) return nullptr;
  return frame->arena->Allocate(bytes != 0 ? bytes : 1);
}

Pair MoultHelperRenderInt(EvalFrame* frame, int64_t value) noexcept { return OrNull(lang::RenderInt(value, *frame->arena)); }

Pair MoultHelperRenderDouble(EvalFrame* frame, double value) noexcept {
  return OrNull(lang::RenderDouble(value, *frame->arena));
}

lang::ErrorKind MoultHelperCallFunction(EvalFrame* frame, uint32_t function, const lang::Words* arguments, lang::Words* result,
                                        const void* types) noexcept {
  lang::Call call(*frame->arena, arguments, types);
  const lang::ErrorKind error = lang::CallFunction(static_cast<lang::Function>(function), call);
  *result = call.result();
  return error;
}

bool MoultHelperCallSource(EvalFrame* frame, uint32_t source, const lang::Scalar* arguments, uint64_t count,
                           lang::Scalar* result) noexcept {
  if (frame->sources == nullptr) return false;
  return frame->sources->Call(source, {arguments, static_cast<size_t>(count)}, result);
}

}  // extern "C"

}  // namespace moult::codegen
