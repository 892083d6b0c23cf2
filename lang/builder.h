// Builder: makes the program of one check. Adds to Program::Add what lowering needs: one node for equal constants,
// sites by span, and the limits on nodes and depth.
#pragma once

#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "lang/ast.h"
#include "lang/ir.h"
#include "lang/source_text.h"
#include "lang/time.h"

namespace moult::lang {

// A value known while compiling: `text` for string, bytes and what is wider than 64 bits (as Node::imm refers to it), `real` for
// double, `integer` for the others (an enum's ordinal).
struct Constant {
  int64_t integer = 0;
  double real = 0;
  std::string text;
};

// The constant of a value that is wider than 64 bits: a Timestamp, Ip or Cidr.
template <class T>
Constant ConstantOf(const T& value) {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) >= 16);
  Constant constant;
  constant.text.assign(reinterpret_cast<const char*>(&value), sizeof value);
  return constant;
}
// REQUIRES: it is one.
inline Timestamp TimestampIn(const Constant& constant) {
  Timestamp t;
  std::memcpy(&t, constant.text.data(), sizeof t);
  return t;
}

// Copyable, so that code can be built on trial.
class Builder {
 public:
  enum class Limit : uint8_t { kNone, kNodes, kDepth };

  Builder(const SourceText& text, uint32_t node_limit) : text_(&text), node_limit_(node_limit) {}

  // Once a limit has been reached nothing more is added, and `limit()` says which.
  NodeId Add(Op op, TypeId type, std::span<const NodeId> operands, TextSpan place, uint64_t imm = 0);
  NodeId AddConstant(const Constant& constant, TypeId type);
  // A constant list or set of `type`; equal elements of a set become one.
  NodeId AddConstants(const std::vector<Constant>& items, TypeId type);
  NodeId AddInput();
  RegexId AddRegex(const std::string& pattern);
  LocalId AddLocal(std::string name, TypeId type);
  SiteId AddSite(TextSpan place);
  SiteSpan PlaceOf(TextSpan place) const;

  Limit limit() const { return limit_; }
  Program& program() { return program_; }
  const Program& program() const { return program_; }

 private:
  // One node for equal leaves; their `imm` says it all.
  NodeId Leaf(Op op, TypeId type, uint64_t imm);
  bool NeedsSite(NodeId id) const;

  Program program_;
  const SourceText* text_;
  uint32_t node_limit_;
  Limit limit_ = Limit::kNone;
  std::vector<uint32_t> depths_;  // by node
  std::map<std::tuple<Op, uint32_t, uint64_t>, NodeId> leaves_;
  std::map<std::pair<uint32_t, std::vector<uint32_t>>, NodeId> collections_;  // by type and elements
  std::map<std::string, RegexId> regex_ids_;
  std::map<std::pair<uint32_t, uint32_t>, SiteId> site_ids_;
};

}  // namespace moult::lang
