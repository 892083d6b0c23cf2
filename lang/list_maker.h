// ListMaker: the texts of entries to a DataList.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/arena.h"
#include "lang/data_list.h"

namespace moult::lang {

// Makes one list, entry by entry. Thread-safety: none.
class ListMaker {
 public:
  // As NewList.
  ListMaker(ListShape shape, size_t entries, size_t bytes);
  ~ListMaker();

  // How an entry is refused.
  struct Refusal {
    enum class What : uint8_t { kItem, kValue, kDuplicate } what;
    uint32_t first = 0;   // kDuplicate: the place of the entry with that key
    std::string message;  // of the others: "`abc` is no int"
    std::string hint;
  };
  // Adds the entry that the texts stand for, as docs/language.md has it; `place` is what a later entry with the same
  // key is told. An item that a set has already is passed over.
  std::optional<Refusal> Add(std::string_view item, std::string_view value, uint32_t place);
  size_t size() const;

  // Once, last.
  std::unique_ptr<const DataList> Take();

 private:
  std::optional<Refusal> Parse(const ScalarType& type, std::string_view text, Words* words);

  ListShape shape_;
  Arena scratch_;                 // of one entry
  std::vector<uint32_t> places_;  // of a map's entries
  std::unique_ptr<UnfinishedList> list_;
};

}  // namespace moult::lang
