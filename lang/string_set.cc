#include "lang/string_set.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <functional>

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

// An open-addressing hash table of indices into `items`, at most half full. The hash beside each index spares most
// probes of other items' text.
struct StringSet::Impl {
  struct Slot {
    size_t hash = 0;
    size_t index = kEmpty;
  };
  static constexpr size_t kEmpty = SIZE_MAX;

  std::string text;  // does not change once `items` point into it
  std::vector<std::string_view> items;
  std::vector<Slot> slots;

  void Index(const std::vector<std::string_view>& entries);
  // The slot that holds `item`, or the empty one where it would be.
  size_t Find(std::string_view item, size_t hash) const {
    size_t slot = hash & (slots.size() - 1);
    while (slots[slot].index != kEmpty && !(slots[slot].hash == hash && items[slots[slot].index] == item)) {
      slot = (slot + 1) & (slots.size() - 1);
    }
    return slot;
  }
};

void StringSet::Impl::Index(const std::vector<std::string_view>& entries) {
  slots.resize(std::bit_ceil(entries.size() * 2 + 1));
  for (std::string_view entry : entries) {
    const size_t hash = std::hash<std::string_view>()(entry);
    Slot& slot = slots[Find(entry, hash)];
    if (slot.index != kEmpty) continue;
    slot = {hash, items.size()};
    items.push_back(entry);
  }
  items.shrink_to_fit();
}

StringSet::StringSet(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
StringSet::~StringSet() = default;

std::unique_ptr<StringSet> StringSet::FromLines(std::string text) {
  auto impl = std::make_unique<Impl>();
  impl->text = std::move(text);
  impl->Index(EntriesOf(impl->text));
  return std::unique_ptr<StringSet>(new StringSet(std::move(impl)));
}

std::unique_ptr<StringSet> StringSet::FromItems(const std::vector<std::string>& items) {
  auto impl = std::make_unique<Impl>();
  for (const std::string& item : items) impl->text += item;
  std::vector<std::string_view> entries;
  entries.reserve(items.size());
  size_t offset = 0;
  for (const std::string& item : items) {
    entries.push_back({impl->text.data() + offset, item.size()});
    offset += item.size();
  }
  impl->Index(entries);
  return std::unique_ptr<StringSet>(new StringSet(std::move(impl)));
}

bool StringSet::Contains(std::string_view item) const noexcept {
  return impl_->slots[impl_->Find(item, std::hash<std::string_view>()(item))].index != Impl::kEmpty;
}

size_t StringSet::size() const { return impl_->items.size(); }
std::string_view StringSet::item(size_t i) const { return impl_->items[i]; }
const std::string_view* StringSet::data() const { return impl_->items.data(); }

size_t StringSet::MemoryBytes() const {
  return sizeof(StringSet) + sizeof(Impl) + impl_->text.capacity() +
         impl_->items.capacity() * sizeof(std::string_view) + impl_->slots.capacity() * sizeof(Impl::Slot);
}

}  // namespace moult::lang
