#include "runtime/host_value.h"

#include "lang/value.h"

namespace moult {

HostValue ToHostValue(const lang::Scalar& a) {
  switch (a.kind) {
    case lang::TypeKind::kBool:
      return HostValue::Bool(a.integer != 0);
    case lang::TypeKind::kDouble:
      return HostValue::Double(a.real);
    case lang::TypeKind::kString:
      return HostValue::String(a.text);
    case lang::TypeKind::kBytes:
      return HostValue::Bytes(std::as_bytes(std::span<const char>(a.text)));
    case lang::TypeKind::kTimestamp:
      return HostValue::Time({a.integer, a.low});
    case lang::TypeKind::kDuration:
      return HostValue::Duration(std::chrono::nanoseconds(a.integer));
    case lang::TypeKind::kIp:
      return HostValue::Address({static_cast<uint64_t>(a.integer), static_cast<uint64_t>(a.low)});
    case lang::TypeKind::kCidr:
      return HostValue::Range(lang::Value{.text = a.text}.cidr());
    default:
      return HostValue::Int(a.integer);
  }
}

}  // namespace moult
