#include "runtime/resource_table.h"

#include <utility>

#include "lang/regex.h"

namespace moult::runtime {
namespace {

template <class T>
void Destroy(void* object) noexcept {
  delete static_cast<T*>(object);
}

const lang::DataList* AsList(const void* object) { return static_cast<const lang::DataList*>(object); }

// The index of the first resource that `same` accepts, or the count of resources.
template <class Same>
size_t IndexOf(const std::vector<ResourceMeta>& resources, Same&& same) {
  size_t i = 0;
  while (i < resources.size() && !same(resources[i])) ++i;
  return i;
}

}  // namespace

ResourceTable::~ResourceTable() {
  for (auto& foreign : foreigns_) {
    if (auto* owned = std::get_if<gc::ForeignSpec>(&foreign)) owned->destroy(owned->object);
  }
}

const std::vector<ResourceMeta>* ResourceTable::BaseResources() const {
  return base_ ? &MetaOf(base_.get()).resources : nullptr;
}

const void* ResourceTable::AddShared(size_t index) {
  const ResourceMeta& shared = (*BaseResources())[index];
  const size_t known = IndexOf(metas_, [&](const ResourceMeta& m) { return m.object == shared.object; });
  if (known == metas_.size()) {
    metas_.push_back(shared);
    foreigns_.push_back(gc::SharedForeign{&base_, VersionMeta::kFirstResource + index});
  }
  return shared.object;
}

const void* ResourceTable::AddOwned(ResourceMeta meta, gc::ForeignSpec foreign) {
  meta.object = foreign.object;
  metas_.push_back(std::move(meta));
  foreigns_.push_back(foreign);
  return foreign.object;
}

const void* ResourceTable::AddRegex(const std::string& pattern, std::string* error) {
  auto same = [&](const ResourceMeta& m) { return m.pattern == pattern; };
  if (const size_t known = IndexOf(metas_, same); known < metas_.size()) return metas_[known].object;
  if (const auto* base = BaseResources()) {
    if (const size_t known = IndexOf(*base, same); known < base->size()) return AddShared(known);
  }
  std::unique_ptr<lang::Regex> regex = lang::Regex::Create(pattern, error);
  if (regex == nullptr) return nullptr;
  const size_t bytes = regex->MemoryBytes();
  return AddOwned({.pattern = pattern}, {regex.release(), Destroy<lang::Regex>, bytes});
}

Result<const lang::DataList*> ResourceTable::AddList(const ListFile& file, lang::ListShape shape) {
  ListMeta meta{.text = FingerprintOf(file.text), .is_json = IsJsonList(file.name), .shape = std::move(shape)};
  auto same = [&](const ResourceMeta& m) { return m.list == meta; };
  if (const size_t known = IndexOf(metas_, same); known < metas_.size()) return AsList(metas_[known].object);
  if (const auto* base = BaseResources()) {
    if (const size_t known = IndexOf(*base, same); known < base->size()) return AsList(AddShared(known));
  }
  Result<std::unique_ptr<const lang::DataList>> list = ReadList(file, meta.shape);
  if (!list) return Failure(std::move(list).error());
  const size_t bytes = (*list)->MemoryBytes();
  auto* object = const_cast<lang::DataList*>(list->release());
  return AsList(AddOwned({.list = std::move(meta)}, {object, Destroy<lang::DataList>, bytes}));
}

const void* ResourceTable::Share(const void* object) {
  return AddShared(IndexOf(*BaseResources(), [&](const ResourceMeta& m) { return m.object == object; }));
}

std::vector<ResourceMeta> ResourceTable::TakeMeta() { return std::exchange(metas_, {}); }

void ResourceTable::TakeForeigns(std::vector<std::variant<gc::ForeignSpec, gc::SharedForeign>>& foreigns) {
  foreigns.insert(foreigns.end(), foreigns_.begin(), foreigns_.end());
  foreigns_.clear();
}

}  // namespace moult::runtime
