#include "moult/net.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "tests/support/seed.h"

namespace moult {
namespace {

std::string Canonical(std::string_view text) {
  const std::optional<Ip> ip = Ip::Parse(text);
  return ip ? ip->ToString() : "refused";
}

std::string CanonicalCidr(std::string_view text) {
  const std::optional<Cidr> cidr = Cidr::Parse(text);
  return cidr ? cidr->ToString() : "refused";
}

TEST(Ip, ReadsAndWritesIPv4) {
  EXPECT_EQ(Canonical("0.0.0.0"), "0.0.0.0");
  EXPECT_EQ(Canonical("192.168.0.1"), "192.168.0.1");
  EXPECT_EQ(Canonical("255.255.255.255"), "255.255.255.255");
  EXPECT_EQ(Ip::Parse("127.0.0.1"), Ip::FromV4(0x7F000001));
  for (const char* bad : {"", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "01.2.3.4", "1.2.3.256", "1.2.3.4 ", " 1.2.3.4",
                          "-1.2.3.4", "+1.2.3.4", "0x1.2.3.4", "1.2.3.4/8", "1.2.3.99999999999999999999"}) {
    EXPECT_EQ(Canonical(bad), "refused") << bad;
  }
}

TEST(Ip, ReadsAndWritesIPv6) {
  EXPECT_EQ(Canonical("::"), "::");
  EXPECT_EQ(Canonical("::1"), "::1");
  EXPECT_EQ(Canonical("1::"), "1::");
  EXPECT_EQ(Canonical("2001:DB8::0068"), "2001:db8::68");
  EXPECT_EQ(Canonical("2001:db8:0:0:0:0:0:1"), "2001:db8::1");
  EXPECT_EQ(Canonical("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1");       // one zero group is written
  EXPECT_EQ(Canonical("2001:0:0:1:0:0:0:1"), "2001:0:0:1::1");                // the longest run
  EXPECT_EQ(Canonical("2001:db8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");          // the first of two
  EXPECT_EQ(Canonical("1:2:3:4:5:6:7::"), "1:2:3:4:5:6:7:0");
  EXPECT_EQ(Canonical("64:ff9b::192.0.2.33"), "64:ff9b::c000:221");
  EXPECT_EQ(Canonical("1:2:3:4:5:6:1.2.3.4"), "1:2:3:4:5:6:102:304");
  for (const char* bad : {":", ":::", "1:::2", "::1::", ":1", "1:", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8",
                          "12345::", "g::", "::1%en0", "::1.2.3", "::1.2.3.4.5", "::1.2.3.4:1", "1:2:3:4:5:6:7:1.2.3.4", "::-1", "::0x1", "[::1]"}) {
    EXPECT_EQ(Canonical(bad), "refused") << bad;
  }
}

TEST(Ip, HoldsAMappedAddressAsIPv4) {
  EXPECT_EQ(Ip::Parse("::ffff:c0a8:1"), Ip::Parse("192.168.0.1"));
  EXPECT_EQ(Canonical("::ffff:c0a8:1"), "192.168.0.1");
  EXPECT_EQ(Ip::Parse("::ffff:c0a8:1")->family(), 4);
  EXPECT_EQ(Canonical("::ffff:192.168.0.1"), "refused");
  EXPECT_EQ(Canonical("0:0:0:0:0:ffff:192.168.0.1"), "refused");
  EXPECT_EQ(Ip::Parse("::ffff")->family(), 6);
}

TEST(Ip, ReadsBytesInNetworkOrder) {
  const std::array<std::byte, 4> v4 = {std::byte{10}, std::byte{0}, std::byte{0}, std::byte{1}};
  EXPECT_EQ(Ip::FromBytes(v4), Ip::Parse("10.0.0.1"));
  std::array<std::byte, 16> v6{};
  v6[0] = std::byte{0xfe};
  v6[1] = std::byte{0x80};
  v6[15] = std::byte{7};
  EXPECT_EQ(Ip::FromBytes(v6), Ip::Parse("fe80::7"));
  EXPECT_EQ(Ip::FromBytes(std::span(v6).first(5)), std::nullopt);
}

TEST(Ip, TellsSpecialAddresses) {
  const auto of = [](const char* text) { return *Ip::Parse(text); };
  for (const char* ip : {"127.0.0.1", "127.255.0.9", "::1"}) EXPECT_TRUE(of(ip).IsLoopback()) << ip;
  for (const char* ip : {"126.0.0.1", "128.0.0.1", "::2", "1::1"}) EXPECT_FALSE(of(ip).IsLoopback()) << ip;
  for (const char* ip : {"0.0.0.0", "::"}) EXPECT_TRUE(of(ip).IsUnspecified()) << ip;
  for (const char* ip : {"0.0.0.1", "::1", "1::"}) EXPECT_FALSE(of(ip).IsUnspecified()) << ip;
  for (const char* ip : {"224.0.0.1", "224.0.0.255", "ff02::1", "ff12::9"}) EXPECT_TRUE(of(ip).IsLinkLocalMulticast()) << ip;
  for (const char* ip : {"224.0.1.1", "225.0.0.1", "ff01::1", "fe02::1"}) EXPECT_FALSE(of(ip).IsLinkLocalMulticast()) << ip;
  for (const char* ip : {"169.254.0.1", "fe80::1", "febf::1"}) EXPECT_TRUE(of(ip).IsLinkLocalUnicast()) << ip;
  for (const char* ip : {"169.253.0.1", "fec0::1", "fd80::1"}) EXPECT_FALSE(of(ip).IsLinkLocalUnicast()) << ip;
  for (const char* ip : {"8.8.8.8", "192.168.0.1", "2001:db8::1", "fd00::1"}) EXPECT_TRUE(of(ip).IsGlobalUnicast()) << ip;
  for (const char* ip : {"255.255.255.255", "224.9.9.9", "ff05::1", "0.0.0.0", "::", "::1", "127.1.1.1", "169.254.1.1", "fe80::1"}) {
    EXPECT_FALSE(of(ip).IsGlobalUnicast()) << ip;
  }
}

TEST(Cidr, ReadsAndWrites) {
  EXPECT_EQ(CanonicalCidr("192.168.1.5/24"), "192.168.1.5/24");
  EXPECT_EQ(CanonicalCidr("0.0.0.0/0"), "0.0.0.0/0");
  EXPECT_EQ(CanonicalCidr("::/0"), "::/0");
  EXPECT_EQ(CanonicalCidr("2001:DB8::/32"), "2001:db8::/32");
  EXPECT_EQ(CanonicalCidr("::ffff:c0a8:1/120"), "192.168.0.1/24");
  for (const char* bad : {"", "/", "/8", "1.2.3.4", "1.2.3.4/", "1.2.3.4/33", "::/129", "1.2.3.4/08", "1.2.3.4/-1", "1.2.3.4/+8", "1.2.3.4/8 ",
                          "1.2.3.4/8/8", "::ffff:c0a8:1/95", "::ffff:192.168.0.1/120", "fe80::1%en0/24", "300.0.0.0/8"}) {
    EXPECT_EQ(CanonicalCidr(bad), "refused") << bad;
  }
}

TEST(Cidr, ContainsWhatSharesItsPrefixAndFamily) {
  const auto contains = [](const char* range, const char* ip) { return Cidr::Parse(range)->Contains(*Ip::Parse(ip)); };
  EXPECT_TRUE(contains("10.0.0.0/8", "10.255.0.1"));
  EXPECT_FALSE(contains("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(contains("10.1.2.3/8", "10.9.9.9"));
  EXPECT_TRUE(contains("0.0.0.0/0", "255.1.2.3"));
  EXPECT_FALSE(contains("0.0.0.0/0", "::1"));
  EXPECT_FALSE(contains("::/0", "1.2.3.4"));
  EXPECT_TRUE(contains("::/0", "ffff::1"));
  EXPECT_TRUE(contains("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(contains("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(contains("2001:db8::1/128", "2001:db8::1"));
  EXPECT_FALSE(contains("2001:db8::1/128", "2001:db8::2"));
  const auto nests = [](const char* outer, const char* inner) { return Cidr::Parse(outer)->Contains(*Cidr::Parse(inner)); };
  EXPECT_TRUE(nests("10.0.0.0/8", "10.0.0.0/8"));
  EXPECT_TRUE(nests("192.168.0.0/24", "192.168.0.1/32"));
  EXPECT_FALSE(nests("192.168.0.0/24", "192.168.0.0/23"));
  EXPECT_FALSE(nests("::/0", "10.0.0.0/8"));
  EXPECT_EQ(Cidr::Parse("192.168.0.1/24")->Masked(), Cidr::Parse("192.168.0.0/24"));
  EXPECT_EQ(Cidr::Parse("2001:db8::1:2:3:4/64")->Masked().ToString(), "2001:db8::/64");
  EXPECT_NE(Cidr::Parse("10.0.0.1/8"), Cidr::Parse("10.0.0.0/8"));
}

TEST(Cidr, IsMadeOfAnAddressAndACount) {
  EXPECT_EQ(Cidr::Create(*Ip::Parse("10.0.0.1"), 8)->ToString(), "10.0.0.1/8");
  EXPECT_EQ(Cidr::Create(*Ip::Parse("10.0.0.1"), 33), std::nullopt);
  EXPECT_EQ(Cidr::Create(*Ip::Parse("::1"), 128)->prefix_length(), 128u);
  EXPECT_EQ(Cidr::Create(*Ip::Parse("::1"), 129), std::nullopt);
}

// What is written is read as the same; and a range contains exactly what agrees with it bit by bit.
TEST(Cidr, AgreesWithABitByBitReadingOnRandomAddresses) {
  const uint64_t seed = test::Seed();
  std::mt19937_64 random(seed);
  const auto bit = [](const Ip& ip, uint32_t k) { return (k < 64 ? ip.high() >> (63 - k) : ip.low() >> (127 - k)) & 1; };
  for (int round = 0; round < 5000; ++round) {
    const bool v4 = random() % 2 == 0;
    const auto any = [&] {
      if (v4) return Ip::FromV4(static_cast<uint32_t>(random()));
      return Ip(random() & random() & random(), random() & random());
    };
    const Ip a = any();
    Ip b = any();
    if (random() % 2 == 0) b = Ip(a.high() ^ (v4 ? 0 : uint64_t{1} << random() % 64), a.low() ^ uint64_t{1} << random() % 32);
    EXPECT_EQ(Ip::Parse(a.ToString()), a) << a.ToString();
    const auto bits = static_cast<uint32_t>(random() % ((a.is_v4() ? 32 : 128) + 1));
    const Cidr range = *Cidr::Create(a, bits);
    EXPECT_EQ(Cidr::Parse(range.ToString()), range) << range.ToString();
    bool same = a.family() == b.family();
    for (uint32_t k = 0; k < range.bits(); ++k) same = same && bit(a, k) == bit(b, k);
    EXPECT_EQ(range.Contains(b), same) << range.ToString() << " " << b.ToString() << " seed " << seed;
  }
}

}  // namespace
}  // namespace moult
