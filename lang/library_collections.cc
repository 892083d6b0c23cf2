// Library functions of lists and sets. Elements are equal as EqualWhole (lang/deep.h) has it.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>

#include "lang/function.h"
#include "lang/memory.h"
#include "lang/text.h"

namespace moult::lang::library {
namespace {

// The elements of a result, as many as there is room for. Its memory lies in the arena.
class Gathered {
 public:
  // `data()` is null when the arena is full.
  Gathered(Call& call, uint32_t stride, uint64_t capacity) : stride_(stride) {
    uint64_t bytes = 0;
    if (!__builtin_mul_overflow(capacity, stride, &bytes)) data_ = static_cast<std::byte*>(call.arena().Allocate(bytes));
  }

  bool ok() const { return data_ != nullptr; }
  void Add(const void* elements, uint64_t count) {
    if (count != 0) std::memcpy(data_ + count_ * stride_, elements, count * stride_);
    count_ += count;
  }
  ErrorKind Give(Call& call) const {
    if (!ok()) return ErrorKind::kArenaExhausted;
    return call.GiveItems(NativeSpan{data_, count_});
  }
  std::byte* data() const { return data_; }
  uint64_t count() const { return count_; }

 private:
  uint32_t stride_;
  std::byte* data_ = nullptr;
  uint64_t count_ = 0;
};

bool NanLast(double a, double b) { return a < b || (std::isnan(b) && !std::isnan(a)); }

// Whether an element of `a` is, or is not, in `b`.
bool HasElement(const Elements& a, const Elements& b, bool is_in, Arena& scratch) {
  ElementTable table(b, &scratch);
  table.AddAll();
  for (uint64_t i = 0; i < a.count; ++i) {
    if ((table.Find(a[i]) != kNotFound) == is_in) return true;
  }
  return false;
}

bool IsSubset(const Elements& a, const Elements& b, Arena& scratch) { return !HasElement(a, b, false, scratch); }

// Those elements of the first set that are, or are not, in the second.
ErrorKind GiveSelected(Call& call, bool is_in) {
  const Elements a(call.place(0)), b(call.place(1));
  Gathered selected(call, a.stride, a.count);
  if (!selected.ok()) return ErrorKind::kArenaExhausted;
  ElementTable table(b, &call.arena());
  table.AddAll();
  for (uint64_t i = 0; i < a.count; ++i) {
    if ((table.Find(a[i]) != kNotFound) == is_in) selected.Add(a[i].address, 1);
  }
  return selected.Give(call);
}

ErrorKind GiveDistinct(Call& call, const LayoutImage& element, const Gathered& all) {
  if (!all.ok()) return ErrorKind::kArenaExhausted;
  return call.GiveItems(NativeSpan{all.data(), KeepDistinct(element, all.data(), all.count(), &call.arena())});
}

// Whether the first of two values of one scalar type that has an order comes before the second. A NaN, which has no order, comes behind
// all others.
bool ComesBefore(const Place& a, const Place& b) {
  switch (a.image.kind()) {
    case Layout::Kind::kBool:
      return LoadAs<uint8_t>(a.address) < LoadAs<uint8_t>(b.address);
    case Layout::Kind::kDouble:
      return NanLast(LoadAs<double>(a.address), LoadAs<double>(b.address));
    case Layout::Kind::kString:
      return LoadText(Layout::Form::kView, a.address) < LoadText(Layout::Form::kView, b.address);
    case Layout::Kind::kBytes:
      return LoadBytes(Layout::Form::kView, a.address) < LoadBytes(Layout::Form::kView, b.address);
    case Layout::Kind::kTimestamp:
      return LoadAs<Timestamp>(a.address) < LoadAs<Timestamp>(b.address);
    case Layout::Kind::kInt:
    case Layout::Kind::kEnum:
    case Layout::Kind::kDuration:
      return LoadAs<int64_t>(a.address) < LoadAs<int64_t>(b.address);
    default:  // no order: the checker lets none through
      return false;
  }
}

template <class T, class Less>
ErrorKind GiveSorted(Call& call, Less less) {
  const std::span<const T> items = call.List<T>(0);
  Gathered sorted(call, sizeof(T), items.size());
  if (!sorted.ok()) return ErrorKind::kArenaExhausted;
  sorted.Add(items.data(), items.size());
  auto* const first = reinterpret_cast<T*>(sorted.data());
  std::sort(first, first + items.size(), less);
  return sorted.Give(call);
}

}  // namespace

ErrorKind StringContainsAny(Call& call) noexcept {
  const std::string_view text = call.Text(0);
  const std::span<const std::string_view> parts = call.List<std::string_view>(1);
  return call.GiveBool(std::ranges::any_of(parts, [&](std::string_view part) { return ContainsText(text, part); }));
}

ErrorKind ListContainsAny(Call& call) noexcept { return SetsIntersects(call); }

ErrorKind SetDifference(Call& call) noexcept { return GiveSelected(call, false); }
ErrorKind SetIntersect(Call& call) noexcept { return GiveSelected(call, true); }
ErrorKind SetSubset(Call& call) noexcept {
  return call.GiveBool(IsSubset(Elements(call.place(0)), Elements(call.place(1)), call.arena()));
}
ErrorKind SetUnion(Call& call) noexcept {
  const Elements a(call.place(0)), b(call.place(1));
  Gathered all(call, a.stride, a.count + b.count);
  if (!all.ok()) return ErrorKind::kArenaExhausted;
  all.Add(a.data, a.count);
  all.Add(b.data, b.count);
  return GiveDistinct(call, a.image, all);
}

ErrorKind SetsContains(Call& call) noexcept {
  return call.GiveBool(IsSubset(Elements(call.place(1)), Elements(call.place(0)), call.arena()));
}
ErrorKind SetsEquivalent(Call& call) noexcept {
  const Elements a(call.place(0)), b(call.place(1));
  return call.GiveBool(IsSubset(a, b, call.arena()) && IsSubset(b, a, call.arena()));
}
ErrorKind SetsIntersects(Call& call) noexcept {
  return call.GiveBool(HasElement(Elements(call.place(0)), Elements(call.place(1)), true, call.arena()));
}

ErrorKind ListDistinct(Call& call) noexcept {
  const Elements items(call.place(0));
  Gathered all(call, items.stride, items.count);
  if (all.ok()) all.Add(items.data, items.count);
  return GiveDistinct(call, items.image, all);
}

ErrorKind ListFlatten(Call& call) noexcept {
  const std::span<const NativeSpan> lists = call.List<NativeSpan>(0);
  uint64_t count = 0;
  for (const NativeSpan& list : lists) {
    if (__builtin_add_overflow(count, list.count, &count)) return ErrorKind::kArenaExhausted;
  }
  Gathered flat(call, call.type(1).element().size(), count);
  if (!flat.ok()) return ErrorKind::kArenaExhausted;
  for (const NativeSpan& list : lists) flat.Add(list.data, list.count);
  return flat.Give(call);
}

ErrorKind ListReverse(Call& call) noexcept {
  const Elements items(call.place(0));
  Gathered reversed(call, items.stride, items.count);
  if (!reversed.ok()) return ErrorKind::kArenaExhausted;
  for (uint64_t i = items.count; i-- > 0;) reversed.Add(items[i].address, 1);
  return reversed.Give(call);
}

// Positions begin .. end, a part of the list itself.
ErrorKind ListSlice(Call& call) noexcept {
  const Elements items(call.place(0));
  const int64_t begin = call.Int(1);
  const int64_t end = call.Int(2);
  if (begin < 0 || begin > end || static_cast<uint64_t>(end) > items.count) return ErrorKind::kIndexOutOfRange;
  const auto count = static_cast<uint64_t>(end - begin);
  return call.GiveItems(NativeSpan{count == 0 ? items.data : items[static_cast<uint64_t>(begin)].address, count});
}

ErrorKind ListSortBools(Call& call) noexcept {
  return GiveSorted<uint8_t>(call, [](uint8_t a, uint8_t b) { return a < b; });
}
ErrorKind ListSortInts(Call& call) noexcept {
  return GiveSorted<int64_t>(call, [](int64_t a, int64_t b) { return a < b; });
}
ErrorKind ListSortDoubles(Call& call) noexcept { return GiveSorted<double>(call, NanLast); }
ErrorKind ListSortDurations(Call& call) noexcept { return ListSortInts(call); }
ErrorKind ListSortTimestamps(Call& call) noexcept { return GiveSorted<Timestamp>(call, std::less<>()); }
ErrorKind ListSortBytes(Call& call) noexcept {
  const auto text = [](const NativeSpan& bytes) { return std::string_view(static_cast<const char*>(bytes.data), bytes.count); };
  return GiveSorted<NativeSpan>(call, [&](const NativeSpan& a, const NativeSpan& b) { return text(a) < text(b); });
}
// Equal keys leave the order as it is.
ErrorKind ListSortBy(Call& call) noexcept {
  const Elements items(call.place(0)), keys(call.place(1));
  if (items.count != keys.count) return ErrorKind::kBadArgument;  // of a program made by hand
  Gathered sorted(call, items.stride, items.count), order(call, sizeof(uint64_t), items.count);
  if (!sorted.ok() || !order.ok()) return ErrorKind::kArenaExhausted;
  for (uint64_t i = 0; i < items.count; ++i) order.Add(&i, 1);
  auto* const first = reinterpret_cast<uint64_t*>(order.data());
  std::sort(first, first + items.count, [&](uint64_t a, uint64_t b) {
    if (ComesBefore(keys[a], keys[b])) return true;
    return a < b && !ComesBefore(keys[b], keys[a]);
  });
  for (uint64_t i = 0; i < items.count; ++i) sorted.Add(items[first[i]].address, 1);
  return sorted.Give(call);
}

// Of no int when the number is negative, as in CEL.
ErrorKind ListsRange(Call& call) noexcept {
  const auto count = static_cast<uint64_t>(std::max<int64_t>(call.Int(0), 0));
  Gathered range(call, sizeof(int64_t), count);
  if (!range.ok()) return ErrorKind::kArenaExhausted;
  for (uint64_t i = 0; i < count; ++i) range.Add(&i, 1);
  return range.Give(call);
}
ErrorKind ListSortStrings(Call& call) noexcept {
  return GiveSorted<std::string_view>(call, [](std::string_view a, std::string_view b) { return a < b; });
}

}  // namespace moult::lang::library
