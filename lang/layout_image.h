// LayoutImage: a Layout as bytes that hold no addresses.
//
// Generated code carries images among its data, so that the operations on values of any depth (lang/deep.h) work for it as they
// do for the interpreter: they read values through images alone. Beside what a Layout says, an image says which kind of
// collection a sequence is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lang/types.h"
#include "moult/layout.h"

namespace moult::lang {

// What an image begins with. `element` and the parts after the head refer to other images by their distance from this one.
struct ImageHead {
  enum class Collection : uint8_t { kList, kSet, kMap };

  Layout::Kind kind = Layout::Kind::kInt;
  Layout::Form form = Layout::Form::kView;
  uint8_t width = 8;
  bool is_signed = true;
  Collection collection = Collection::kList;  // kSequence
  bool may_be_bad = false;   // whether memory may hold, at any depth, what the language has no value for
  uint8_t thousands = 3;     // kTimestamp, kDuration: its ticks_per_second is 1000 to this power
  uint8_t padding = 0;
  uint32_t size = 8;
  uint32_t flag_offset = 0;  // kOptional
  uint32_t count = 0;        // of fields or enumerators: they follow the head
  int32_t element = 0;       // kSequence, kOptional
};
struct ImageField {
  uint32_t offset = 0;
  int32_t image = 0;  // 0: a field that nothing reads
};

// A view of one. Copy freely; valid as long as the pool's bytes stay where they are.
class LayoutImage {
 public:
  explicit LayoutImage(const void* address);

  Layout::Kind kind() const { return head_.kind; }
  const ImageHead& head() const { return head_; }
  uint32_t size() const { return head_.size; }
  bool may_be_bad() const { return head_.may_be_bad; }
  LayoutImage element() const { return At(head_.element); }
  // kRecord. REQUIRES: k < head().count.
  ImageField field(size_t k) const;
  LayoutImage At(int32_t distance) const { return LayoutImage(address_ + distance); }
  // kEnum: the host's value for the enumerator. REQUIRES: ordinal < head().count.
  int64_t enumerator(size_t ordinal) const;
  // Images of one pool are the same exactly if what they say is.
  friend bool operator==(const LayoutImage& a, const LayoutImage& b) { return a.address_ == b.address_; }

 private:
  const std::byte* address_;
  ImageHead head_;
};

// Makes images; equal ones stand once. Cost: linear in the layout at the first call for it. Thread-safety: none.
class LayoutPool {
 public:
  explicit LayoutPool(const TypeTable& types) : types_(types) {}

  // The offset in bytes() of the image of `layout`, which holds a value of `type`. `layout` must live as long as the pool.
  uint32_t Add(TypeId type, const Layout& layout);
  // Of a NativeSpan of elements laid out as `element` says; `type` is the collection's.
  uint32_t AddSpan(TypeId type, const Layout& element);
  // Of a scalar as it lies in a register's words: a string as {data, size}; of a cidr where its word points.
  uint32_t AddWord(TypeId scalar);

  // Of a value as the words that library functions take: of a record, where its address points. `native` is the type's own layout.
  uint32_t AddWords(TypeId type, const Layout& native);
  // A record whose fields are these images, all at offset 0.
  uint32_t AddTuple(std::span<const uint32_t> images);

  // Aligned to 8 wherever it is put. Grows: do not keep views across Add.
  const std::vector<uint64_t>& words() const { return words_; }
  const void* address(uint32_t offset) const { return reinterpret_cast<const std::byte*>(words_.data()) + offset; }
  LayoutImage image(uint32_t offset) const { return LayoutImage(address(offset)); }

 private:
  struct Part { uint32_t offset; uint32_t image; };

  uint32_t Make(TypeId type, const Layout& layout);
  uint32_t MakeRecord(TypeId type, const Layout& layout);
  uint32_t MakeEnum(const Layout& layout);
  uint32_t MakeSequence(TypeId type, Layout::Form form, uint32_t size, const Layout& element);
  uint32_t Intern(ImageHead head, uint32_t element, const std::vector<Part>& parts, const std::vector<int64_t>& enumerators);

  const TypeTable& types_;
  std::vector<uint64_t> words_;
  std::map<std::pair<uint32_t, const Layout*>, uint32_t> made_, spans_;
  std::map<std::string, uint32_t> by_content_;
};

}  // namespace moult::lang
