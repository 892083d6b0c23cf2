// What stands in a list: texts or values of one size, in order, each once, with the index that finds one. Internal to
// lang/data_list.cc.
//
// Each class has: Item; FromWords; Find, the number of an item or PositionTable::kNone; Add, of an item that is not
// there; ForEach in order; Shrink, after the last Add; MemoryBytes. Thread-safety: after Shrink, from any threads.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/function.h"
#include "lang/memory.h"
#include "lang/position_table.h"
#include "lang/time.h"
#include "moult/net.h"

namespace moult::lang {

// Each bit of the input reaches each bit of the result (MurmurHash3's last step).
constexpr uint64_t MixBits(uint64_t x) {
  x = (x ^ x >> 33) * 0xFF51'AFD7'ED55'8CCD;
  x = (x ^ x >> 33) * 0xC4CE'B9FE'1A85'EC53;
  return x ^ x >> 33;
}
inline uint64_t HashOf(int64_t v) { return MixBits(static_cast<uint64_t>(v)); }
inline uint64_t HashOf(const Ip& v) { return MixBits(v.low() + MixBits(v.high())); }
inline uint64_t HashOf(const Cidr& v) { return MixBits(HashOf(v.ip()) + v.bits()); }
inline uint64_t HashOf(const Timestamp& v) { return MixBits(static_cast<uint64_t>(v.nanos) + HashOf(v.seconds)); }

// Texts end to end, each after its size and, if they are numbered, before its number. The table holds where.
class TextKeys {
 public:
  using Item = std::string_view;

  // For at most `count` texts of together at most `bytes` bytes. Find of one that is not numbered gives any number.
  TextKeys(size_t count, size_t bytes, bool numbered)
      : numbered_(numbered), table_(count, bytes + count * (kLongestSize + sizeof(uint32_t))) {
    packed_.reserve(bytes + count * (numbered ? 1 + sizeof(uint32_t) : 1));
  }
  static Item FromWords(const Words& words) {
    return {reinterpret_cast<const char*>(words.a), static_cast<size_t>(words.b)};
  }

  uint32_t Find(Item item) const {
    const uint32_t at = table_.Find(Hash(item), [&](uint32_t position) { return At(position) == item; });
    if (at == PositionTable::kNone || !numbered_) return at;
    const Item found = At(at);
    return LoadAs<uint32_t>(found.data() + found.size());
  }
  void Add(Item item) {
    table_.Add(Hash(item), static_cast<uint32_t>(packed_.size()));
    size_t size = item.size();
    for (; size >= 0x80; size >>= 7) packed_ += static_cast<char>(0x80 | (size & 0x7F));
    packed_ += static_cast<char>(size);
    packed_ += item;
    if (numbered_) packed_.append(reinterpret_cast<const char*>(&count_), sizeof count_);
    ++count_;
  }
  template <class Visit>
  void ForEach(Visit visit) const {
    for (size_t offset = 0; offset < packed_.size();) {
      const Item item = At(offset);
      visit(item);
      offset = static_cast<size_t>(item.data() - packed_.data()) + item.size() + (numbered_ ? sizeof count_ : 0);
    }
  }
  void Shrink() { packed_.shrink_to_fit(); }
  size_t MemoryBytes() const { return packed_.capacity() + table_.MemoryBytes(); }

 private:
  static constexpr size_t kLongestSize = 5;  // bytes that tell a size below 2^35

  static uint64_t Hash(Item item) { return std::hash<std::string_view>()(item); }
  Item At(size_t offset) const {
    size_t size = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(packed_[offset++]);
      size |= static_cast<size_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return {packed_.data() + offset, size};
    }
  }

  bool numbered_;
  uint32_t count_ = 0;
  std::string packed_;
  PositionTable table_;
};

// Values as they lie in Moult's own layout.
template <class T>
class FixedKeys {
 public:
  using Item = T;

  FixedKeys(size_t count, size_t /*bytes*/, bool /*numbered*/) : table_(count, count) { items_.reserve(count); }
  static Item FromWords(const Words& words) {
    if constexpr (sizeof(T) == sizeof(int64_t)) return static_cast<T>(words.a);
    if constexpr (sizeof(T) == sizeof(Cidr)) return LoadAs<T>(reinterpret_cast<const void*>(words.a));
    return LoadAs<T>(&words);
  }

  uint32_t Find(const Item& item) const {
    return table_.Find(HashOf(item), [&](uint32_t position) { return items_[position] == item; });
  }
  void Add(const Item& item) {
    table_.Add(HashOf(item), static_cast<uint32_t>(items_.size()));
    items_.push_back(item);
  }
  template <class Visit>
  void ForEach(Visit visit) const {
    for (const Item& item : items_) visit(item);
  }
  void Shrink() { items_.shrink_to_fit(); }
  const std::vector<T>& items() const { return items_; }
  size_t MemoryBytes() const { return items_.capacity() * sizeof(T) + table_.MemoryBytes(); }

 private:
  std::vector<T> items_;
  PositionTable table_;
};

}  // namespace moult::lang
