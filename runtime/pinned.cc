#include "runtime/pinned.h"

#include <new>
#include <utility>

namespace moult {
namespace {

gc::Pin& PinIn(unsigned char* bytes) { return *std::launder(reinterpret_cast<gc::Pin*>(bytes)); }
const gc::Pin& PinIn(const unsigned char* bytes) { return *std::launder(reinterpret_cast<const gc::Pin*>(bytes)); }

}  // namespace

Pinned::Pinned() {
  static_assert(sizeof(gc::Pin) == sizeof(pin_) && alignof(gc::Pin) <= alignof(Pinned));
  new (pin_) gc::Pin;
}
Pinned::~Pinned() { PinIn(pin_).~Pin(); }
Pinned::Pinned(const Pinned& other) { new (pin_) gc::Pin(PinIn(other.pin_)); }
Pinned::Pinned(Pinned&& other) noexcept { new (pin_) gc::Pin(std::move(PinIn(other.pin_))); }
Pinned& Pinned::operator=(Pinned other) noexcept {
  std::swap(PinIn(pin_), PinIn(other.pin_));
  return *this;
}
Pinned::operator bool() const { return static_cast<bool>(PinIn(pin_)); }
uint64_t Pinned::version() const { return *this ? PinIn(pin_)->number() : 0; }
bool Pinned::Same(const Pinned& other) const { return PinIn(pin_) == PinIn(other.pin_); }

const gc::Pin& runtime::PinnedAccess::pin(const Pinned& pinned) { return PinIn(pinned.pin_); }

Pinned runtime::PinnedAccess::Make(gc::Pin pin) {
  Pinned pinned;
  PinIn(pinned.pin_) = std::move(pin);
  return pinned;
}

}  // namespace moult
