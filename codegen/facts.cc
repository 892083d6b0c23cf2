#include "codegen/facts.h"

#include <algorithm>
#include <span>

#include "lang/bind.h"
#include "lang/time.h"

namespace moult::codegen {

using lang::NodeId;
using lang::Op;
using lang::TypeId;
using lang::TypeKind;
using lang::TypeTable;

namespace {

const Layout& StripOptional(const Layout& layout) {
  const Layout* payload = &layout;
  while (payload->kind == Layout::Kind::kOptional) payload = payload->element.get();
  return *payload;
}

bool IsRead(Op op) { return op == Op::kField || op == Op::kIndex || op == Op::kMapGet || op == Op::kMapFind; }

}  // namespace

Shape ShapeOf(TypeKind kind) {
  switch (kind) {
    case TypeKind::kBool:
      return Shape::kBool;
    case TypeKind::kInt:
    case TypeKind::kDuration:
    case TypeKind::kEnum:
      return Shape::kInt;
    case TypeKind::kDouble:
      return Shape::kDouble;
    case TypeKind::kCidr:
    case TypeKind::kRecord:
      return Shape::kAddress;
    default:
      return Shape::kPair;
  }
}

TypeId Payload(const TypeTable& types, TypeId type) {
  while (types.IsOptional(type)) type = types[type].element;
  return type;
}

bool IsComposite(const TypeTable& types, TypeId type) {
  const TypeKind kind = types.kind(Payload(types, type));
  return kind == TypeKind::kRecord || kind == TypeKind::kList || kind == TypeKind::kSet || kind == TypeKind::kMap;
}

bool SameLayout(const Layout& a, const Layout& b) {
  if (&a == &b) return true;
  if (a.kind != b.kind || a.form != b.form || a.width != b.width || a.is_signed != b.is_signed || a.ticks_per_second != b.ticks_per_second || a.size != b.size ||
      a.flag_offset != b.flag_offset || a.fields.size() != b.fields.size() || !a.element != !b.element) {
    return false;
  }
  if (a.kind == Layout::Kind::kEnum) {
    if (a.enumerators.size() != b.enumerators.size()) return false;
    for (size_t k = 0; k < a.enumerators.size(); ++k) {
      if (a.enumerators[k].second != b.enumerators[k].second) return false;
    }
  }
  for (size_t k = 0; k < a.fields.size(); ++k) {
    const FieldLayout& x = a.fields[k];
    const FieldLayout& y = b.fields[k];
    if (x.offset != y.offset || !x.layout != !y.layout) return false;
    if (x.layout && !SameLayout(*x.layout, *y.layout)) return false;
  }
  return !a.element || SameLayout(*a.element, *b.element);
}

Facts::Facts(const lang::Program& program, const Layout& input)
    : program_(program),
      input_(input),
      binders_(program.locals.size()),
      layouts_(program.nodes.size()),
      natives_(program.types.size()),
      images_(program.types) {
  for (uint32_t k = 0; k < program.nodes.size(); ++k) {
    if (!lang::Binds(program.nodes[k].op)) continue;
    const auto variables = lang::Variables::Of(program.nodes[k].imm);
    binders_[variables.first] = {k};
    if (variables.second != lang::Variables::kNone) binders_[variables.second] = {k};
  }
  // One pass suffices: operands, a let's value and the value bound to a local all come before the node that takes them.
  for (uint32_t k = 0; k < program.nodes.size(); ++k) {
    if (!IsComposite(program.types, program.nodes[k].type)) continue;
    unsupported_ = UnsupportedReason(Payload(program.types, program.nodes[k].type));
    if (!unsupported_.empty()) return;
    layouts_[k] = Derive({k});
  }
  may_fail_ = lang::MayFail(program_, [this](NodeId id) { return NodeReadMayFail(id); });
}

std::string Facts::UnsupportedReason(TypeId type) const {
  LayoutRef& native = natives_[type.index];
  if (native) return "";  // has been asked before
  native = lang::NativeLayout(program_.types, type);
  if (!native) return "values of type `" + program_.types.Name(type) + "` are too large";
  if (program_.types.kind(type) == TypeKind::kMap && program_.types.kind(program_.types[type].key) > TypeKind::kEnum) {
    return "the keys of `" + program_.types.Name(type) + "` are no scalars";
  }
  return "";
}

const Layout& Facts::layout(NodeId id) const {
  const Layout* known = layouts_[id.index];
  return known != nullptr ? *known : Native(Payload(program_.types, program_[id].type));
}

const Layout& Facts::Native(TypeId type) const {
  return *natives_[type.index];
}

const Layout* Facts::Derive(NodeId id) const {
  const lang::Node& node = program_[id];
  switch (node.op) {
    case Op::kInput:
      return &input_;
    case Op::kField:
    case Op::kIndex:
    case Op::kMapGet:
    case Op::kMapFind:
      return &StripOptional(StorageRead(id));
    case Op::kLocal:
      return DeriveLocal(static_cast<lang::LocalId>(node.imm));
    case Op::kLetRef:
      return layouts_[program_.lets[node.imm].value.index];
    case Op::kBind:
      return layouts_[program_.operand(id, 1).index];
    case Op::kSome:
    case Op::kUnwrap:
      return layouts_[program_.operand(id, 0).index];
    case Op::kCoalesce:
      return Join(program_.operand(id, 0), program_.operand(id, 1), node.type);
    case Op::kCond:
      return Join(program_.operand(id, 1), program_.operand(id, 2), node.type);
    case Op::kAdd:
      return Join(program_.operand(id, 0), program_.operand(id, 1), node.type);
    case Op::kNone:
      return nullptr;
    default:  // what code or a helper makes is native
      return &Native(Payload(program_.types, node.type));
  }
}

const Layout* Facts::DeriveLocal(lang::LocalId id) const {
  const NodeId binder = binders_[id];
  const NodeId value = program_.operand(binder, 0);
  if (program_[binder].op == Op::kBind) return layouts_[value.index];
  const bool is_second = lang::Variables::Of(program_[binder].imm).second == id;
  return &StripOptional(*(is_second ? SecondElement(value) : VisitedElement(value)).layout);
}

const Layout* Facts::Join(NodeId a, NodeId b, TypeId type) const {
  const Layout* x = layouts_[a.index];
  const Layout* y = layouts_[b.index];
  if (x == nullptr) return y;
  if (y == nullptr) return x;
  // A collection in registers does not show its form: only its elements count.
  const bool same = x->kind == Layout::Kind::kSequence ? SameLayout(*x->element, *y->element) : SameLayout(*x, *y);
  return same ? x : &Native(Payload(program_.types, type));
}

const Layout& Facts::StorageRead(NodeId id) const {
  const lang::Node& node = program_[id];
  const Layout& from = layout(program_.operand(id, 0));
  if (node.op == Op::kField) return *from.fields[node.imm].layout;
  if (node.op == Op::kIndex) return *from.element;
  return *from.element->fields[1].layout;
}

ElementPlace Facts::VisitedElement(NodeId collection) const {
  const Layout& element = *layout(collection).element;
  const TypeId type = Payload(program_.types, program_[collection].type);
  if (program_.types.kind(type) != TypeKind::kMap) return {0, &element};
  return {element.fields[0].offset, element.fields[0].layout.get()};
}

bool Facts::ReadMayFail(const Layout& storage) {
  const Layout& layout = StripOptional(storage);
  if (layout.kind == Layout::Kind::kEnum) return true;
  if (layout.kind == Layout::Kind::kTimestamp || layout.kind == Layout::Kind::kDuration) {
    return layout.ticks_per_second != lang::kNanosPerSecond;  // nanoseconds in 64 bits are always in range
  }
  return layout.kind == Layout::Kind::kInt && !layout.is_signed && layout.width == 8;
}

bool Facts::NodeReadMayFail(NodeId id) const {
  const lang::Node& node = program_[id];
  for (size_t k = 0; k < node.operand_count; ++k) {
    if (lang::ReadsWhole(program_, id, k) && images_.image(Image(program_.operand(id, k))).may_be_bad()) return true;
  }
  if (IsRead(node.op)) return ReadMayFail(StorageRead(id));
  if (!lang::IsComprehension(node.op)) return false;
  const NodeId collection = program_.operand(id, 0);
  const bool has_second = lang::Variables::Of(node.imm).second != lang::Variables::kNone;
  return ReadMayFail(*VisitedElement(collection).layout) || (has_second && ReadMayFail(*SecondElement(collection).layout));
}

ElementPlace Facts::SecondElement(NodeId collection) const {
  const Layout& element = *layout(collection).element;
  const TypeId type = Payload(program_.types, program_[collection].type);
  if (program_.types.kind(type) != TypeKind::kMap) return {0, &element};
  return {element.fields[1].offset, element.fields[1].layout.get()};
}

uint32_t Facts::Image(NodeId id) const {
  const TypeId type = Payload(program_.types, program_[id].type);
  if (!IsComposite(program_.types, type)) return images_.AddWord(type);
  if (program_.types.kind(type) == TypeKind::kRecord) return images_.Add(type, layout(id));
  return images_.AddSpan(type, *layout(id).element);
}

}  // namespace moult::codegen
