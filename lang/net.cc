#include "moult/net.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace moult {
namespace {

constexpr size_t kGroups = 8;     // of 16 bits, in an IPv6 address
constexpr uint32_t kV4Bits = 96;  // of 128, before those of an IPv4 address
using Groups = std::array<uint16_t, kGroups>;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A decimal number of at most `max` without leading zeros, from the front of `text`; nothing when there is none.
std::optional<uint32_t> TakeNumber(std::string_view& text, uint32_t max) {
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const auto length = static_cast<size_t>(end - text.data());
  if (error != std::errc() || value > max || (length > 1 && text[0] == '0') || !IsDigit(text[0])) return std::nullopt;
  text.remove_prefix(length);
  return value;
}

std::optional<uint32_t> ParseV4(std::string_view text) {
  uint32_t address = 0;
  for (int k = 0; k < 4; ++k) {
    if (k > 0) {
      if (text.empty() || text[0] != '.') return std::nullopt;
      text.remove_prefix(1);
    }
    const std::optional<uint32_t> part = TakeNumber(text, 255);
    if (!part) return std::nullopt;
    address = address << 8 | *part;
  }
  if (!text.empty()) return std::nullopt;
  return address;
}

// One to four hexadecimal digits.
std::optional<uint16_t> TakeGroup(std::string_view& text) {
  uint16_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  const auto length = static_cast<size_t>(end - text.data());
  if (error != std::errc() || length > 4 || text[0] == '-') return std::nullopt;
  text.remove_prefix(length);
  return value;
}

Ip Join(const Groups& groups) {
  uint64_t halves[2] = {0, 0};
  for (size_t k = 0; k < kGroups; ++k) halves[k / 4] = halves[k / 4] << 16 | groups[k];
  return {halves[0], halves[1]};
}

Groups Split(const Ip& ip) {
  Groups groups;
  for (size_t k = 0; k < kGroups; ++k) {
    groups[k] = static_cast<uint16_t>((k < 4 ? ip.high() : ip.low()) >> (16 * (3 - k % 4)));
  }
  return groups;
}

std::optional<Ip> ParseV6(std::string_view text) {
  Groups groups{};
  size_t count = 0;
  size_t gap = kGroups + 1;  // before which group `::` stands
  bool dotted = false;
  if (text.starts_with("::")) {
    gap = 0;
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    if (count == kGroups || dotted) return std::nullopt;
    if (text.find_first_of(".:") != std::string_view::npos && text[text.find_first_of(".:")] == '.') {
      const std::optional<uint32_t> v4 = ParseV4(text);
      if (!v4 || count + 2 > kGroups) return std::nullopt;
      groups[count++] = static_cast<uint16_t>(*v4 >> 16);
      groups[count++] = static_cast<uint16_t>(*v4);
      dotted = true;
      break;
    }
    const std::optional<uint16_t> group = TakeGroup(text);
    if (!group) return std::nullopt;
    groups[count++] = *group;
    if (text.empty()) break;
    if (text[0] != ':') return std::nullopt;
    text.remove_prefix(1);
    if (text.empty()) return std::nullopt;  // one colon at the end
    if (text[0] != ':') continue;
    if (gap <= kGroups) return std::nullopt;
    gap = count;
    text.remove_prefix(1);
  }
  if (gap <= kGroups) {
    if (count == kGroups) return std::nullopt;  // `::` stands for one group at least
    for (size_t k = count; k-- > gap;) groups[k + kGroups - count] = groups[k];
    for (size_t k = gap; k < gap + kGroups - count; ++k) groups[k] = 0;
  } else if (count < kGroups) {
    return std::nullopt;
  }
  const Ip ip = Join(groups);
  if (dotted && ip.is_v4()) return std::nullopt;
  return ip;
}

// The longest run of at least two groups that are zero, the first of several: begin and end.
std::pair<size_t, size_t> LongestZeros(const Groups& groups) {
  size_t begin = 0;
  size_t end = 0;
  for (size_t k = 0; k < kGroups; ++k) {
    size_t stop = k;
    while (stop < kGroups && groups[stop] == 0) ++stop;
    if (stop - k > std::max<size_t>(end - begin, 1)) begin = k, end = stop;
  }
  return {begin, end};
}

void AppendNumber(std::string& out, uint32_t value, int base = 10) {
  char digits[16];
  const auto result = std::to_chars(digits, digits + sizeof digits, value, base);
  out.append(digits, result.ptr);
}

// The bits of `ip` that the first `bits` are, the others zero.
Ip Mask(const Ip& ip, uint32_t bits) {
  const auto keep = [](uint64_t word, uint32_t count) {
    return count == 0 ? 0 : count >= 64 ? word : word & ~uint64_t{0} << (64 - count);
  };
  return {keep(ip.high(), bits), keep(ip.low(), bits <= 64 ? 0 : bits - 64)};
}

}  // namespace

std::optional<Ip> Ip::FromBytes(std::span<const std::byte> bytes) {
  if (bytes.size() != 4 && bytes.size() != 16) return std::nullopt;
  uint64_t words[2] = {0, 0};
  for (size_t k = 0; k < bytes.size(); ++k) {
    uint64_t& word = words[bytes.size() == 4 ? 1 : k / 8];
    word = word << 8 | std::to_integer<uint64_t>(bytes[k]);
  }
  if (bytes.size() == 4) return FromV4(static_cast<uint32_t>(words[1]));
  return Ip(words[0], words[1]);
}

std::optional<Ip> Ip::Parse(std::string_view text) {
  constexpr size_t kLongest = 45;  // eight groups, of which the last two are dotted
  if (text.empty() || text.size() > kLongest) return std::nullopt;
  if (text.find(':') != std::string_view::npos) return ParseV6(text);
  const std::optional<uint32_t> v4 = ParseV4(text);
  if (!v4) return std::nullopt;
  return FromV4(*v4);
}

std::string Ip::ToString() const {
  std::string out;
  if (is_v4()) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      AppendNumber(out, low_ >> shift & 0xFF);
      if (shift > 0) out += '.';
    }
    return out;
  }
  const Groups groups = Split(*this);
  const auto [begin, end] = LongestZeros(groups);
  for (size_t k = 0; k < kGroups; ++k) {
    if (k >= begin && k < end) {
      if (k == begin) out += "::";
      continue;
    }
    if (k > 0 && !out.ends_with(':')) out += ':';
    AppendNumber(out, groups[k], 16);
  }
  return out;
}

bool Ip::IsLoopback() const { return is_v4() ? (low_ >> 24 & 0xFF) == 127 : high_ == 0 && low_ == 1; }

bool Ip::IsUnspecified() const { return is_v4() ? static_cast<uint32_t>(low_) == 0 : high_ == 0 && low_ == 0; }

bool Ip::IsMulticast() const { return is_v4() ? (low_ >> 28 & 0xF) == 0xE : high_ >> 56 == 0xFF; }

bool Ip::IsLinkLocalMulticast() const {
  return is_v4() ? (low_ >> 8 & 0xFFFFFF) == 0xE00000 : (high_ >> 48 & 0xFF0F) == 0xFF02;
}

bool Ip::IsLinkLocalUnicast() const { return is_v4() ? (low_ >> 16 & 0xFFFF) == 0xA9FE : high_ >> 54 == 0xFE80 >> 6; }

bool Ip::IsGlobalUnicast() const {
  const bool broadcast = is_v4() && static_cast<uint32_t>(low_) == UINT32_MAX;
  return !broadcast && !IsUnspecified() && !IsLoopback() && !IsMulticast() && !IsLinkLocalUnicast();
}

std::optional<Cidr> Cidr::Create(Ip ip, uint32_t bits) {
  if (bits > (ip.is_v4() ? 32u : 128u)) return std::nullopt;
  return Cidr(ip, bits + (ip.is_v4() ? kV4Bits : 0));
}

std::optional<Cidr> Cidr::Parse(std::string_view text) {
  const size_t slash = text.rfind('/');
  if (slash == std::string_view::npos || slash + 1 == text.size()) return std::nullopt;
  const std::optional<Ip> ip = Ip::Parse(text.substr(0, slash));
  std::string_view count = text.substr(slash + 1);
  const std::optional<uint32_t> bits = TakeNumber(count, 128);
  if (!ip || !bits || !count.empty()) return std::nullopt;
  const bool mapped = ip->is_v4() && text.find(':') != std::string_view::npos;  // then the count is of 128
  if (mapped && *bits < kV4Bits) return std::nullopt;
  return Create(*ip, mapped ? *bits - kV4Bits : *bits);
}

std::string Cidr::ToString() const {
  std::string out = ip_.ToString() + '/';
  AppendNumber(out, prefix_length());
  return out;
}

Cidr Cidr::Masked() const { return Cidr(Mask(ip_, bits()), bits_); }

bool Cidr::Contains(Ip ip) const { return ip.is_v4() == ip_.is_v4() && Mask(ip, bits()) == Mask(ip_, bits()); }

bool Cidr::Contains(const Cidr& other) const { return bits_ <= other.bits_ && Contains(other.ip_); }

}  // namespace moult
