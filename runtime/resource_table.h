// ResourceTable: the regular expressions and lists of a version being built, shared by content with the version it
// builds on.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gc/heap.h"
#include "lang/data_list.h"
#include "runtime/list_reader.h"
#include "runtime/version_meta.h"

namespace moult::runtime {

// Owns what it makes until Take. `base` must stay pinned until the version is made; it may be empty.
class ResourceTable {
 public:
  explicit ResourceTable(const gc::Pin& base) : base_(base) {}
  ~ResourceTable();
  ResourceTable(const ResourceTable&) = delete;
  ResourceTable& operator=(const ResourceTable&) = delete;

  // The compiled pattern. REQUIRES: it compiles (the checker has seen to that); null if it does not, with `*error`.
  const void* AddRegex(const std::string& pattern, std::string* error);
  // The list in the file. One that another list of this version or of the base has read from the same text is shared, and not read
  // again: its text is hashed, that is all.
  Result<const lang::DataList*> AddList(const ListFile& file, lang::ListShape shape);
  // A resource that the base version has.
  const void* Share(const void* object);

  // Hands over what was added, in the order of the version's foreign resources.
  std::vector<ResourceMeta> TakeMeta();
  void TakeForeigns(std::vector<std::variant<gc::ForeignSpec, gc::SharedForeign>>& foreigns);

 private:
  const std::vector<ResourceMeta>* BaseResources() const;
  const void* AddShared(size_t index);
  const void* AddOwned(ResourceMeta meta, gc::ForeignSpec foreign);

  const gc::Pin& base_;
  std::vector<ResourceMeta> metas_;
  std::vector<std::variant<gc::ForeignSpec, gc::SharedForeign>> foreigns_;  // parallel to metas_
};

}  // namespace moult::runtime
