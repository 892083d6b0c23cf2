#include "runtime/binding.h"

#include <algorithm>
#include <utility>

namespace moult::runtime {

BindingRef BindingRegistry::Find(std::string_view policy, const LayoutRef& host) const {
  for (const auto& weak : bindings_) {
    BindingRef binding = weak.lock();
    if (binding != nullptr && binding->policy == policy && binding->host == host) return binding;
  }
  return nullptr;
}

BindingRef BindingRegistry::Add(const EngineCore* engine, std::string policy, LayoutRef host) {
  auto free = std::find_if(bindings_.begin(), bindings_.end(), [](const auto& weak) { return weak.expired(); });
  if (free == bindings_.end()) free = bindings_.insert(free, std::weak_ptr<const internal::PolicyBinding>());
  auto binding = std::make_shared<const internal::PolicyBinding>(internal::PolicyBinding{
      engine, std::move(policy), std::move(host), static_cast<uint32_t>(free - bindings_.begin()), next_serial_++});
  *free = binding;
  return binding;
}

std::vector<BindingRef> BindingRegistry::Live() const {
  std::vector<BindingRef> live;
  for (const auto& weak : bindings_) {
    if (BindingRef binding = weak.lock()) live.push_back(std::move(binding));
  }
  return live;
}

}  // namespace moult::runtime
