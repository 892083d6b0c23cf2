#include "lang/host_value.h"

#include "lang/value.h"

namespace moult::lang {

HostValue ToHostValue(const Scalar& a) {
  switch (a.kind) {
    case TypeKind::kBool:
      return HostValue::Bool(a.integer != 0);
    case TypeKind::kDouble:
      return HostValue::Double(a.real);
    case TypeKind::kString:
      return HostValue::String(a.text);
    case TypeKind::kBytes:
      return HostValue::Bytes(std::as_bytes(std::span<const char>(a.text)));
    case TypeKind::kTimestamp:
      return HostValue::Time({a.integer, a.low});
    case TypeKind::kDuration:
      return HostValue::Duration(std::chrono::nanoseconds(a.integer));
    case TypeKind::kIp:
      return HostValue::Address({static_cast<uint64_t>(a.integer), static_cast<uint64_t>(a.low)});
    case TypeKind::kCidr:
      return HostValue::Range(Value{.text = a.text}.cidr());
    default:
      return HostValue::Int(a.integer);
  }
}

}  // namespace moult::lang
