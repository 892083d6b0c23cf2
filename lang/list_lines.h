// The files of lists, one entry a line.
//
//   # a comment
//   example.org            of a set: the item
//   example.org = 12       of a map: the key, `=`, and what it is mapped to
//
// Blanks around items, keys and values are dropped, blank lines and lines that begin with `#` skipped, and so is a byte
// order mark. A key ends at the first `=`.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lang/data_list.h"
#include "lang/report.h"
#include "lang/value.h"

namespace moult::lang {

class ListMaker;

struct ListLimits {
  size_t bytes = size_t{256} << 20;  // of a file
  size_t entries = 10'000'000;       // that differ
};

// The list that `text` holds; null after errors, of which as many as `reporter` takes are reported: it is about `text`.
// `name` is what the policy calls the list, for messages. REQUIRES: `text` is within the limits. Cost: linear.
std::unique_ptr<const DataList> ReadListLines(std::string_view text, const ListShape& shape, const ListLimits& limits,
                                              std::string_view name, Reporter& reporter);

// What every form of file does with an entry: adds it, or reports why not. `item` and `value` are the texts that they
// stand for, which lie at the spans. False when there is no use in going on.
struct ListEntry {
  std::string_view item;
  std::string_view value;
  TextSpan item_span;
  TextSpan value_span;
};
bool AddEntry(ListMaker& maker, const ListEntry& entry, std::string_view text, const ListLimits& limits,
              std::string_view name, Reporter& reporter);

// Lines that are read as the set or map `value`; nothing if there are none, since an item begins or ends with a blank,
// say.
std::optional<std::string> ListLines(const TypeTable& types, TypeId type, const Value& value);

}  // namespace moult::lang
