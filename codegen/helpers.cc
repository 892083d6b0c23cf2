#include "codegen/helpers.h"

#include <compare>
#include <cstring>

#include "codegen/code_blob.h"
#include "lang/deep.h"
#include "lang/memory.h"
#include "lang/scalar_ops.h"
#include "lang/scalar_text.h"
#include "lang/text.h"

namespace moult::codegen {
namespace {

std::string_view View(const char* data, uint64_t size) { return {data, static_cast<size_t>(size)}; }

// A result that is there, though it may be empty and then have come without data.
Pair Present(std::string_view text) { return {text.data() != nullptr ? text.data() : "", text.size()}; }
Pair OrNull(const std::optional<std::string_view>& text) { return text ? Present(*text) : Pair{nullptr, 0}; }

lang::Place PlaceAt(const void* image, const void* value) { return {lang::LayoutImage(image), value}; }

Moment OrOutOfRange(const Result<lang::Timestamp, lang::ErrorKind>& moment) {
  return moment ? Moment{moment->seconds, moment->nanos} : Moment{0, -1};
}

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

bool MoultHelperListContains(const lang::DataList* list, uint64_t a, uint64_t b) noexcept { return list->Contains({a, b}); }

bool MoultHelperListCovers(const lang::DataList* list, uint64_t high, uint64_t low) noexcept {
  return list->Covers(Ip(high, low));
}

const void* MoultHelperListFind(const lang::DataList* list, uint64_t a, uint64_t b) noexcept { return list->Find({a, b}); }

uint64_t MoultHelperListSize(const lang::DataList* list) noexcept { return list->size(); }

Pair MoultHelperListItems(const lang::DataList* list) noexcept {
  const NativeSpan items = list->Items();
  return {items.data, items.count};
}

bool MoultHelperRangeContains(const Cidr* range, uint64_t high, uint64_t low) noexcept {
  return lang::LoadAs<Cidr>(range).Contains(Ip(high, low));
}

void* MoultHelperAllocate(EvalFrame* frame, uint64_t count, uint64_t size) noexcept {
  uint64_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) return nullptr;
  return frame->arena->Allocate(bytes != 0 ? bytes : 1);
}

Status MoultHelperCheckWhole(const void* image, const void* value) noexcept {
  return lang::Pack({lang::CheckWhole(PlaceAt(image, value)), 0});
}

Status MoultHelperCopyWhole(EvalFrame* frame, const void* from, const void* value, const void* to, void* target) noexcept {
  return lang::Pack({lang::CopyWhole(PlaceAt(from, value), lang::LayoutImage(to), target, *frame->arena), 0});
}

uint64_t MoultHelperEqualWhole(EvalFrame* frame, const void* a_image, const void* a, const void* b_image, const void* b) noexcept {
  const lang::Place left = PlaceAt(a_image, a);
  const lang::Place right = PlaceAt(b_image, b);
  lang::ErrorKind bad = lang::CheckWhole(left);
  if (bad == lang::ErrorKind::kNone) bad = lang::CheckWhole(right);
  if (bad != lang::ErrorKind::kNone) return lang::Pack({bad, 0});
  return lang::EqualWhole(left, right, frame->arena);
}

bool MoultHelperFindWhole(const void* collection_image, const void* collection, const void* item_image, const void* item) noexcept {
  return lang::FindElement(PlaceAt(collection_image, collection), PlaceAt(item_image, item)) != lang::kNotFound;
}

uint64_t MoultHelperKeepDistinct(EvalFrame* frame, const void* element_image, void* data, uint64_t count) noexcept {
  return lang::KeepDistinct(lang::LayoutImage(element_image), data, count, frame->arena);
}

bool MoultHelperHaveEqualKeys(EvalFrame* frame, const void* map_image, const void* map) noexcept {
  return lang::HaveEqual(lang::Elements(PlaceAt(map_image, map)), frame->arena);
}

Pair MoultHelperConcatenate(EvalFrame* frame, const void* a, uint64_t a_count, const void* b, uint64_t b_count,
                            uint64_t size) noexcept {
  uint64_t count = 0;
  if (__builtin_add_overflow(a_count, b_count, &count)) return {nullptr, 0};
  void* const data = MoultHelperAllocate(frame, count, size);
  if (data == nullptr) return {nullptr, 0};
  if (a_count != 0) std::memcpy(data, a, a_count * size);
  if (b_count != 0) std::memcpy(lang::AddressAt(data, a_count * size), b, b_count * size);
  return {data, count};
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

Pair MoultHelperRenderPlain(EvalFrame* frame, uint32_t kind, uint64_t a, uint64_t b) noexcept {
  lang::Value value{.integer = static_cast<int64_t>(a), .low = static_cast<int64_t>(b)};
  const auto type = static_cast<lang::TypeKind>(kind);
  const auto* data = reinterpret_cast<const char*>(a);
  if (type == lang::TypeKind::kBytes) value.text = View(data, b);
  if (type == lang::TypeKind::kCidr) value.text = View(data, sizeof(Cidr));
  return OrNull(lang::RenderPlain(type, value, *frame->arena));
}

Moment MoultHelperAddDuration(int64_t seconds, int64_t nanos, int64_t duration) noexcept {
  return OrOutOfRange(lang::AddDuration({seconds, nanos}, duration));
}

Moment MoultHelperSubtractDuration(int64_t seconds, int64_t nanos, int64_t duration) noexcept {
  return OrOutOfRange(lang::SubtractDuration({seconds, nanos}, duration));
}

bool MoultHelperCallSource(EvalFrame* frame, uint32_t source, const lang::Scalar* arguments, uint64_t count,
                           lang::Scalar* result) noexcept {
  if (frame->sources == nullptr) return false;
  return frame->sources->Call(source, {arguments, static_cast<size_t>(count)}, result);
}

}  // extern "C"

}  // namespace moult::codegen
