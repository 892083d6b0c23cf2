#include "lang/string_set.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <mutex>

namespace moult::lang {
namespace {

constexpr std::string_view kBlank = " \t\r";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view Trim(std::string_view line) {
  const size_t begin = line.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(kBlank) - begin + 1);
}

std::vector<std::string_view> EntriesOf(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::vector<std::string_view> entries;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = Trim(text.substr(0, end));
    if (!line.empty() && line[0] != '#') entries.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return entries;
}

}  // namespace

// The items lie end to end in `packed`, each after its length, and an open-addressing hash table, at most 7/10 full, says where: a
// probe looks at a slot, and at the item only if 32 bits of the hash agree. Views of all items are made when somebody asks for them.
struct StringSet::Impl {
  struct Slot {
    uint32_t hash = 0;
    uint32_t offset = kEmpty;
  };
  static constexpr uint32_t kEmpty = UINT32_MAX;

  std::string packed;
  size_t count = 0;
  std::vector<Slot> slots;
  mutable std::once_flag viewed;
  mutable std::vector<std::string_view> views;

  void Add(std::span<const std::string_view> entries);
  // The item at `offset`.
  std::string_view At(size_t offset) const {
    size_t size = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(packed[offset++]);
      size |= static_cast<size_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return {packed.data() + offset, size};
    }
  }
  void Append(std::string_view item) {
    size_t size = item.size();
    for (; size >= 0x80; size >>= 7) packed += static_cast<char>(0x80 | (size & 0x7F));
    packed += static_cast<char>(size);
    packed += item;
  }
  // The slot that holds `item`, or the empty one where it would be.
  size_t Find(std::string_view item, size_t hash) const {
    const auto low = static_cast<uint32_t>(hash);
    // The upper half spreads over the slots, whatever their number.
    size_t slot = (hash >> 32) * slots.size() >> 32;
    while (slots[slot].offset != kEmpty && !(slots[slot].hash == low && At(slots[slot].offset) == item)) {
      slot = slot + 1 == slots.size() ? 0 : slot + 1;
    }
    return slot;
  }
};

void StringSet::Impl::Add(std::span<const std::string_view> entries) {
  size_t bytes = 0;
  for (const std::string_view entry : entries) bytes += entry.size() + 1 + entry.size() / 0x80;
  packed.reserve(bytes);
  slots.resize(entries.size() + entries.size() * 3 / 7 + 2);
  for (const std::string_view entry : entries) {
    const size_t hash = std::hash<std::string_view>()(entry);
    Slot& slot = slots[Find(entry, hash)];
    if (slot.offset != kEmpty) continue;
    slot = {static_cast<uint32_t>(hash), static_cast<uint32_t>(packed.size())};
    Append(entry);
    ++count;
  }
}

StringSet::StringSet(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
StringSet::~StringSet() = default;

std::unique_ptr<StringSet> StringSet::Make(std::span<const std::string_view> entries) {
  auto impl = std::make_unique<Impl>();
  impl->Add(entries);
  return std::unique_ptr<StringSet>(new StringSet(std::move(impl)));
}

std::unique_ptr<StringSet> StringSet::FromLines(std::string_view text) { return Make(EntriesOf(text)); }

std::unique_ptr<StringSet> StringSet::FromItems(const std::vector<std::string>& items) {
  return Make(std::vector<std::string_view>(items.begin(), items.end()));
}

bool StringSet::Contains(std::string_view item) const noexcept {
  return impl_->slots[impl_->Find(item, std::hash<std::string_view>()(item))].offset != Impl::kEmpty;
}

size_t StringSet::size() const { return impl_->count; }

const std::string_view* StringSet::data() const {
  std::call_once(impl_->viewed, [this] {
    std::vector<std::string_view> views;
    views.reserve(impl_->count);
    for (size_t offset = 0; offset < impl_->packed.size();) {
      views.push_back(impl_->At(offset));
      offset = static_cast<size_t>(views.back().data() - impl_->packed.data()) + views.back().size();
    }
    impl_->views = std::move(views);
  });
  return impl_->views.data();
}

bool StringSet::SameItems(const StringSet& other) const { return impl_->packed == other.impl_->packed; }

size_t StringSet::MemoryBytes() const {
  return sizeof(StringSet) + sizeof(Impl) + impl_->packed.capacity() + impl_->slots.capacity() * sizeof(Impl::Slot);
}

}  // namespace moult::lang
