// Library functions of addresses and ranges; what addresses are is defined in moult/net.h.
#include "lang/function.h"
#include "lang/scalar_text.h"

namespace moult::lang::library {

ErrorKind ParseIp(Call& call) noexcept {
  const std::optional<Ip> ip = Ip::Parse(call.Text(0));
  return ip ? call.GiveAddress(*ip) : ErrorKind::kBadIp;
}
ErrorKind IsIp(Call& call) noexcept { return call.GiveBool(Ip::Parse(call.Text(0)).has_value()); }
ErrorKind IpIsCanonical(Call& call) noexcept {
  const std::optional<Ip> ip = Ip::Parse(call.Text(0));
  return ip ? call.GiveBool(ip->ToString() == call.Text(0)) : ErrorKind::kBadIp;
}
ErrorKind IpFamily(Call& call) noexcept { return call.GiveInt(call.Address(0).family()); }
ErrorKind IsLoopback(Call& call) noexcept { return call.GiveBool(call.Address(0).IsLoopback()); }
ErrorKind IsUnspecified(Call& call) noexcept { return call.GiveBool(call.Address(0).IsUnspecified()); }
ErrorKind IsGlobalUnicast(Call& call) noexcept { return call.GiveBool(call.Address(0).IsGlobalUnicast()); }
ErrorKind IsLinkLocalMulticast(Call& call) noexcept { return call.GiveBool(call.Address(0).IsLinkLocalMulticast()); }
ErrorKind IsLinkLocalUnicast(Call& call) noexcept { return call.GiveBool(call.Address(0).IsLinkLocalUnicast()); }
ErrorKind StringOfIp(Call& call) noexcept {
  return call.GiveText(RenderPlain(TypeKind::kIp, Value::Address(call.Address(0)), call.arena()));
}

ErrorKind ParseCidr(Call& call) noexcept {
  const std::optional<Cidr> cidr = Cidr::Parse(call.Text(0));
  return cidr ? call.GiveRange(*cidr) : ErrorKind::kBadCidr;
}
ErrorKind IsCidr(Call& call) noexcept { return call.GiveBool(Cidr::Parse(call.Text(0)).has_value()); }
ErrorKind ContainsIp(Call& call) noexcept { return call.GiveBool(call.Range(0).Contains(call.Address(1))); }
ErrorKind ContainsIpText(Call& call) noexcept {
  const std::optional<Ip> ip = Ip::Parse(call.Text(1));
  return ip ? call.GiveBool(call.Range(0).Contains(*ip)) : ErrorKind::kBadIp;
}
ErrorKind ContainsCidr(Call& call) noexcept { return call.GiveBool(call.Range(0).Contains(call.Range(1))); }
ErrorKind ContainsCidrText(Call& call) noexcept {
  const std::optional<Cidr> cidr = Cidr::Parse(call.Text(1));
  return cidr ? call.GiveBool(call.Range(0).Contains(*cidr)) : ErrorKind::kBadCidr;
}
ErrorKind CidrIp(Call& call) noexcept { return call.GiveAddress(call.Range(0).ip()); }
ErrorKind CidrMasked(Call& call) noexcept { return call.GiveRange(call.Range(0).Masked()); }
ErrorKind CidrPrefixLength(Call& call) noexcept { return call.GiveInt(call.Range(0).prefix_length()); }
ErrorKind StringOfCidr(Call& call) noexcept {
  const Cidr cidr = call.Range(0);
  const Value value = Value::Text({reinterpret_cast<const char*>(&cidr), sizeof cidr});
  return call.GiveText(RenderPlain(TypeKind::kCidr, value, call.arena()));
}

}  // namespace moult::lang::library
