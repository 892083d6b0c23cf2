// Ip and Cidr: network addresses and ranges as values, for bound structs, sources and whoever reads them.
//
//   std::optional<moult::Ip> ip = moult::Ip::Parse("2001:db8::1");
//   std::optional<moult::Cidr> range = moult::Cidr::Parse("10.0.0.0/8");
//   range->Contains(moult::Ip::FromV4(0x0A000001));                        // 10.0.0.1: true
//
// An IPv4 address a.b.c.d is held as the 128 bits of ::ffff:a.b.c.d, and that is the only way: the two are one value, of family 4.
// Thread-safety: as any value. Nothing here allocates but ToString.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace moult {

// An IPv4 or IPv6 address. Trivially copyable; policies read it in place as 16 bytes: the upper 64 bits, then the lower, each in
// the byte order of the machine.
class Ip {
 public:
  constexpr Ip() = default;  // ::
  constexpr Ip(uint64_t high, uint64_t low) : high_(high), low_(low) {}
  // 0x7F000001 is 127.0.0.1.
  static constexpr Ip FromV4(uint32_t address) { return {0, kMappedPrefix | address}; }
  // In network order, as in in_addr and in6_addr. Nothing unless there are 4 or 16 bytes.
  static std::optional<Ip> FromBytes(std::span<const std::byte> bytes);

  // Dotted decimal without leading zeros, or an IPv6 address as RFC 4291 has it. Refused are zones ("fe80::1%eth0"), and an IPv4
  // address written with dots within an IPv4-mapped one ("::ffff:1.2.3.4"), of which readers differ. Cost: linear.
  static std::optional<Ip> Parse(std::string_view text);
  // Canonical: dotted decimal, or as RFC 5952 says.
  std::string ToString() const;

  constexpr bool is_v4() const { return high_ == 0 && low_ >> 32 == kMappedPrefix >> 32; }
  constexpr int family() const { return is_v4() ? 4 : 6; }
  constexpr uint64_t high() const { return high_; }
  constexpr uint64_t low() const { return low_; }

  // 127.0.0.0/8, ::1.
  bool IsLoopback() const;
  // 0.0.0.0, ::.
  bool IsUnspecified() const;
  // 224.0.0.0/24, ff02::/16 (of any flags: ffx2).
  bool IsLinkLocalMulticast() const;
  // 169.254.0.0/16, fe80::/10.
  bool IsLinkLocalUnicast() const;
  // Neither unspecified, loopback, multicast, link-local unicast nor 255.255.255.255. Private addresses are global in this sense.
  bool IsGlobalUnicast() const;

  friend constexpr bool operator==(const Ip&, const Ip&) = default;
  friend constexpr auto operator<=>(const Ip&, const Ip&) = default;  // as 128-bit numbers

 private:
  static constexpr uint64_t kMappedPrefix = 0xFFFF'0000'0000;
  bool IsMulticast() const;

  uint64_t high_ = 0;
  uint64_t low_ = 0;
};

// A range of addresses as it is written: an address and how many of its leading bits count. The bits after those are kept, as in
// "192.168.1.5/24"; Masked() drops them. Policies read it in place as 24 bytes: the address, then the count of 128 bits.
class Cidr {
 public:
  constexpr Cidr() = default;  // ::/0
  // `bits` of 32 for an IPv4 address, of 128 for any other. Nothing when it is larger.
  static std::optional<Cidr> Create(Ip ip, uint32_t bits);
  // An address as Ip::Parse has it and a decimal count without leading zeros: "10.0.0.0/8". For an IPv4 address that is written as
  // an IPv6 one the count is of 128, and at least 96. Cost: linear.
  static std::optional<Cidr> Parse(std::string_view text);
  std::string ToString() const;

  constexpr Ip ip() const { return ip_; }
  constexpr uint32_t prefix_length() const { return static_cast<uint32_t>(bits_) - (ip_.is_v4() ? 96 : 0); }  // as it is written
  constexpr uint32_t bits() const { return static_cast<uint32_t>(bits_); }                                    // of 128
  Cidr Masked() const;
  // False for an address or range of the other family.
  bool Contains(Ip ip) const;
  bool Contains(const Cidr& other) const;

  // By address and count: 10.0.0.1/8 and 10.0.0.0/8 differ. Compare what is Masked() to compare what is contained.
  friend constexpr bool operator==(const Cidr&, const Cidr&) = default;
  friend constexpr auto operator<=>(const Cidr&, const Cidr&) = default;

 private:
  constexpr Cidr(Ip ip, uint64_t bits) : ip_(ip), bits_(bits) {}

  Ip ip_;
  uint64_t bits_ = 0;
};

}  // namespace moult
