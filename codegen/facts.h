// Facts: what the generator must know of a program's nodes before it emits any: where composite values lie and what can fail.
#pragma once

#include <string>
#include <vector>

#include "lang/ir.h"
#include "lang/layout_image.h"
#include "moult/layout.h"

namespace moult::codegen {

// How a value travels in registers; see emitter.h.
enum class Shape : uint8_t { kBool, kInt, kDouble, kPair, kAddress };

// Of a type that is not optional. Enums and durations are ints; strings, bytes and collections are pairs (data, size or count), and so
// are timestamps (seconds, nanoseconds) and ips (upper half, lower half); records and cidrs are addresses.
Shape ShapeOf(lang::TypeKind kind);

// The type without its optionals, if it is one. A T?? is a T with one presence, as in the interpreter: missing at any level is missing.
lang::TypeId Payload(const lang::TypeTable& types, lang::TypeId type);
bool IsComposite(const lang::TypeTable& types, lang::TypeId type);  // a record or collection, or an optional of one

// Where element k of a sequence lies, and how it is laid out: the key, for a map's sequence of pairs.
struct ElementPlace {
  uint32_t offset = 0;
  const Layout* layout = nullptr;
};

class Facts {
 public:
  // Both must outlive the facts.
  Facts(const lang::Program& program, const Layout& input);

  // Why no code can be made of the program; empty when it can. Otherwise nothing else may be asked.
  const std::string& unsupported() const { return unsupported_; }

  // Whether evaluating the node can jump to the error target.
  bool may_fail(lang::NodeId id) const { return may_fail_[id.index]; }
  // The layout of the record, or of the collection whose elements the pair points to, that the node yields. REQUIRES: its type is
  // composite.
  const Layout& layout(lang::NodeId id) const;
  // Whether anything in memory decides that layout: not so for a value that is always missing.
  bool HasLayout(lang::NodeId id) const { return layouts_[id.index] != nullptr; }
  const Layout& let_layout(lang::LetId id) const { return layout(program_.lets[id].value); }
  // REQUIRES: some node's type is `type`, or an optional of it, and composite.
  const Layout& Native(lang::TypeId type) const;
  // What a comprehension or `in` over the node sees of each element.
  ElementPlace VisitedElement(lang::NodeId collection) const;
  // What the second variable of a comprehension over the node sees.
  ElementPlace SecondElement(lang::NodeId collection) const;
  // The image of the node's value, optionals aside, as it lies when spilled to slots; of a record, where its address points.
  uint32_t Image(lang::NodeId id) const;
  lang::LayoutPool& images() const { return images_; }
  // The layout in memory that a Field, Index, MapGet or MapFind reads from; optionals not stripped.
  const Layout& StorageRead(lang::NodeId id) const;
  // Whether reading a value of `storage` can find what the language has no value for.
  static bool ReadMayFail(const Layout& storage);

 private:
  std::string UnsupportedReason(lang::TypeId type) const;
  const Layout* Derive(lang::NodeId id) const;
  const Layout* DeriveLocal(lang::LocalId id) const;
  const Layout* Join(lang::NodeId a, lang::NodeId b, lang::TypeId type) const;
  bool NodeReadMayFail(lang::NodeId id) const;

  const lang::Program& program_;
  const Layout& input_;
  std::vector<lang::NodeId> binders_;            // by LocalId
  std::vector<const Layout*> layouts_;           // by node; null where nothing in memory decides it
  mutable std::vector<LayoutRef> natives_;       // by type; of the composite ones among the nodes' types
  mutable lang::LayoutPool images_;
  std::string unsupported_;
  std::vector<bool> may_fail_;
};

// Whether values of the two layouts of one type are read by the same code.
bool SameLayout(const Layout& a, const Layout& b);

}  // namespace moult::codegen
