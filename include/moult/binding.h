// Binding: telling Moult where the fields of a C++ struct are, so that policies read them in place.
//
//   struct User { int64_t id; double reputation; bool verified; };
//   enum class Action : uint8_t { kLogin, kPost };
//   struct Message { User user; Action action; std::string text; std::vector<std::string> links; std::optional<std::string> country; };
//
//   template <> struct moult::Describe<User> {
//     static void Fields(moult::Record<User>& r) {
//       r.Field("id", &User::id).Field("reputation", &User::reputation).Field("verified", &User::verified);
//     }
//   };
//   template <> struct moult::Describe<Message> {
//     static void Fields(moult::Record<Message>& r) {
//       r.Field("user", &Message::user).Field("text", &Message::text).Field("links", &Message::links)
//        .Field("country", &Message::country)
//        .Enum("action", &Message::action, {{"login", Action::kLogin}, {"post", Action::kPost}});
//     }
//   };
//
// Field types: bool, integers of every width, float, double, std::string, std::string_view, described structs, std::vector and
// std::span of these (not vector<bool>), std::optional of these; a map is a std::vector or std::span of std::pair<K, V>.
//   bytes      std::vector<std::byte>, std::span<const std::byte>; also what holds a string, and vectors and spans of uint8_t
//   timestamp  std::chrono::system_clock::time_point, and sys_time of nano-, micro-, milliseconds or seconds in 64 bits
//   duration   std::chrono::nanoseconds, microseconds, milliseconds, seconds
//   ip, cidr   moult::Ip, moult::Cidr
// A count of time that a policy's timestamp or duration cannot be is an error of the rule that reads it. Only public,
// non-virtual members of standard-layout-like structs; the struct must not be polymorphic, and must not contain itself (a tree).
//
// A bound struct is hostile input: any bytes in strings, any value in bools and enums are handled, not trusted.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "moult/layout.h"
#include "moult/net.h"

namespace moult {

// Specialise for each struct, as above.
template <class T>
struct Describe;

template <class T>
LayoutRef LayoutOf();

namespace internal {
// Makers of layouts (lang/layout.cc). Sizes and offsets in bytes.
LayoutRef ScalarLayout(Layout::Kind kind, size_t width, bool is_signed);
LayoutRef StringLayout(Layout::Form form);
LayoutRef BytesLayout(Layout::Form form);
LayoutRef TimeLayout(Layout::Kind kind, uint32_t ticks_per_second);
LayoutRef IpLayout();
LayoutRef CidrLayout();
LayoutRef SequenceLayout(Layout::Form form, LayoutRef element, size_t size);
LayoutRef OptionalLayout(LayoutRef payload, size_t flag_offset, size_t size, size_t align);
LayoutRef PairLayout(LayoutRef key, LayoutRef value, size_t value_offset, size_t size, size_t align);
LayoutRef EnumLayout(size_t width, bool is_signed, std::vector<std::pair<std::string, int64_t>> enumerators);
// Whether std::string, string_view, vector, span, optional and pair of this process lie in memory as Layout says (libstdc++): to be
// asked once at the start, before any struct is read.
bool HostLayoutsAsExpected();

template <class T> struct IsVector : std::false_type {};
template <class T, class A> struct IsVector<std::vector<T, A>> : std::true_type {};
template <class T> struct IsSpan : std::false_type {};
template <class T> struct IsSpan<std::span<T>> : std::true_type {};
template <class T> struct IsOptional : std::false_type {};
template <class T> struct IsOptional<std::optional<T>> : std::true_type {};
// The ticks of a std::chrono type in a second; 0 for any other.
template <class T> struct TicksOf : std::integral_constant<uint32_t, 0> {};
template <class R, class P> struct TicksOf<std::chrono::duration<R, P>> : std::integral_constant<uint32_t, P::den> {
  static_assert(std::is_integral_v<R> && std::is_signed_v<R> && sizeof(R) == 8 && P::num == 1 &&
                    (P::den == 1 || P::den == 1'000 || P::den == 1'000'000 || P::den == 1'000'000'000),
                "bind 64-bit counts of nanoseconds, microseconds, milliseconds or seconds");
};
template <class T> struct IsMoment : std::false_type {};
template <class D> struct IsMoment<std::chrono::time_point<std::chrono::system_clock, D>> : std::true_type {};
template <class T> struct IsPair : std::false_type {};
template <class A, class B> struct IsPair<std::pair<A, B>> : std::true_type {};

// The offset of a member, from aligned storage in which no object lives; nothing is read or written there.
template <class T, class M>
size_t OffsetOf(M T::*member) {
  alignas(T) static std::byte storage[sizeof(T)];
  const T* object = reinterpret_cast<const T*>(storage);
  return static_cast<size_t>(reinterpret_cast<const std::byte*>(std::addressof(object->*member)) - storage);
}
}  // namespace internal

// Collects the fields of one struct.
template <class T>
class Record {
 public:
  static_assert(!std::is_polymorphic_v<T>, "a bound struct has no virtual functions");
  Record() {
    layout_.kind = Layout::Kind::kRecord;
    layout_.size = sizeof(T);
    layout_.align = alignof(T);
    layout_.host_type = "struct";
  }

  template <class M>
  Record& Field(std::string name, M T::*member) {
    static_assert(!std::is_enum_v<M>, "bind an enum with Enum(name, member, {{\"name\", value}, ...})");
    return Add(std::move(name), member, LayoutOf<M>());
  }
  template <class M>
  Record& Enum(std::string name, M T::*member, std::initializer_list<std::pair<const char*, M>> values) {
    static_assert(std::is_enum_v<M>);
    using U = std::underlying_type_t<M>;
    std::vector<std::pair<std::string, int64_t>> enumerators;
    for (const auto& [n, v] : values) enumerators.emplace_back(n, static_cast<int64_t>(v));
    return Add(std::move(name), member, internal::EnumLayout(sizeof(M), std::is_signed_v<U>, std::move(enumerators)));
  }
  // The C++ name that messages use; "struct" when it is not set.
  Record& Named(std::string host_type) { layout_.host_type = std::move(host_type); return *this; }

  LayoutRef Build() && { return std::make_shared<const Layout>(std::move(layout_)); }

 private:
  template <class M>
  Record& Add(std::string name, M T::*member, LayoutRef layout) {
    layout_.fields.push_back({std::move(name), static_cast<uint32_t>(internal::OffsetOf(member)), std::move(layout)});
    return *this;
  }
  Layout layout_;
};

// The layout of a C++ type, made once per type.
template <class T>
LayoutRef LayoutOf() {
  using namespace internal;
  static const LayoutRef layout = [] {
    if constexpr (std::is_same_v<T, bool>) {
      return ScalarLayout(Layout::Kind::kBool, 1, false);
    } else if constexpr (std::is_integral_v<T>) {
      static_assert(sizeof(T) <= 8, "an integer of more than 64 bits cannot be bound");
      return ScalarLayout(Layout::Kind::kInt, sizeof(T), std::is_signed_v<T>);
    } else if constexpr (std::is_floating_point_v<T>) {
      static_assert(sizeof(T) <= 8, "long double cannot be bound");
      return ScalarLayout(Layout::Kind::kDouble, sizeof(T), true);
    } else if constexpr (std::is_same_v<T, std::string>) {
      return StringLayout(Layout::Form::kOwned);
    } else if constexpr (std::is_same_v<T, std::string_view>) {
      return StringLayout(Layout::Form::kView);
    } else if constexpr (IsMoment<T>::value) {
      return TimeLayout(Layout::Kind::kTimestamp, TicksOf<typename T::duration>::value);
    } else if constexpr (TicksOf<T>::value != 0) {
      return TimeLayout(Layout::Kind::kDuration, TicksOf<T>::value);
    } else if constexpr (std::is_same_v<T, Ip>) {
      return IpLayout();
    } else if constexpr (std::is_same_v<T, Cidr>) {
      return CidrLayout();
    } else if constexpr (std::is_same_v<T, std::vector<std::byte>>) {
      return BytesLayout(Layout::Form::kOwned);
    } else if constexpr (std::is_same_v<T, std::span<const std::byte>> || std::is_same_v<T, std::span<std::byte>>) {
      return BytesLayout(Layout::Form::kView);
    } else if constexpr (IsVector<T>::value) {
      static_assert(!std::is_same_v<typename T::value_type, bool>, "vector<bool> has no elements in memory");
      static_assert(sizeof(T) == 3 * sizeof(void*), "a vector with a stateful allocator cannot be bound");
      return SequenceLayout(Layout::Form::kOwned, LayoutOf<typename T::value_type>(), sizeof(T));
    } else if constexpr (IsSpan<T>::value) {
      return SequenceLayout(Layout::Form::kView, LayoutOf<std::remove_cv_t<typename T::element_type>>(), sizeof(T));
    } else if constexpr (IsOptional<T>::value) {
      using P = typename T::value_type;
      return OptionalLayout(LayoutOf<P>(), sizeof(P), sizeof(T), alignof(T));
    } else if constexpr (IsPair<T>::value) {
      using K = typename T::first_type;
      using V = typename T::second_type;
      return PairLayout(LayoutOf<K>(), LayoutOf<V>(), (sizeof(K) + alignof(V) - 1) / alignof(V) * alignof(V), sizeof(T), alignof(T));
    } else {
      Record<T> record;
      Describe<T>::Fields(record);
      return std::move(record).Build();
    }
  }();
  return layout;
}

}  // namespace moult
