#include <map>
#include <set>
#include <utility>

#include "lang/ir.h"

namespace moult::lang {
namespace {

using Path = std::vector<uint32_t>;

// Strips optionals and elements: what a path through a value of this type leads to.
TypeId Innermost(const TypeTable& types, TypeId type) {
  for (;;) {
    switch (types.kind(type)) {
      case TypeKind::kOptional:
      case TypeKind::kList:
      case TypeKind::kSet:
      case TypeKind::kMap:
        type = types[type].element;
        break;
      default:
        return type;
    }
  }
}

class Uses {
 public:
  explicit Uses(const Program& program)
      : program_(program), origins_(program.nodes.size()), bound_values_(program.locals.size()) {}

  std::vector<InputUse> Run() {
    for (uint32_t k = 0; k < program_.nodes.size(); ++k) {
      const Node& node = program_.nodes[k];
      if (!Binds(node.op)) continue;
      const Variables variables = Variables::Of(node.imm);
      for (LocalId local : {variables.first, variables.second}) {
        if (local != Variables::kNone) bound_values_[local] = program_.operand({k}, 0);
      }
    }
    for (uint32_t k = 0; k < program_.nodes.size(); ++k) origins_[k] = Visit({k});
    std::vector<InputUse> uses;
    for (const auto& [path, use] : uses_) uses.push_back({path, use.type, use.site});
    return uses;
  }

 private:
  struct Use {
    TypeId type;
    SiteId site;
  };
  // Where in the input a value (or the collection it is an element of) lies; null when it was computed.
  using Origin = const Path*;

  Origin OriginOf(NodeId id) const { return origins_[id.index]; }

  // Notes what the node reads; returns its own origin.
  Origin Visit(NodeId id) {
    const Node& node = program_[id];
    std::span<const NodeId> operands = program_.operands(id);
    switch (node.op) {
      case Op::kInput:
        return &root_;
      case Op::kField:
        return ReadField(id);
      case Op::kLocal:
        return OriginOf(bound_values_[node.imm]);
      case Op::kLetRef:
        return OriginOf(program_.lets[node.imm].value);
      case Op::kUnwrap:
      case Op::kSome:
      case Op::kIndex:
        return OriginOf(operands[0]);
      case Op::kBind:
        return OriginOf(operands[1]);
      case Op::kHas:
      case Op::kSize:
      case Op::kExists:
      case Op::kAll:
      case Op::kExistsOne:
        return nullptr;  // these look at presence, count, or one element at a time, which is a Local
      case Op::kToList:
      case Op::kToMap:
        for (NodeId body : operands.subspan(1)) TakeWhole(body);
        return nullptr;
      default:
        for (NodeId operand : operands) TakeWhole(operand);
        return nullptr;
    }
  }

  Origin ReadField(NodeId id) {
    const Node& node = program_[id];
    Origin record = OriginOf(program_.operand(id, 0));
    if (record == nullptr) return nullptr;
    Path path = *record;
    path.push_back(static_cast<uint32_t>(node.imm));
    return Note(std::move(path), node.type, node.site);
  }

  Origin Note(Path path, TypeId type, SiteId site) {
    return &uses_.try_emplace(std::move(path), Use{type, site}).first->first;
  }

  void TakeWhole(NodeId id) {
    Origin origin = OriginOf(id);
    const bool has_fields = program_.types.kind(Innermost(program_.types, program_[id].type)) == TypeKind::kRecord;
    if (origin == nullptr || !has_fields || !whole_.insert(origin).second) return;
    TakeFields(*origin, program_[id].type, program_[id].site);
  }

  // Recurses as deep as the input's records do, which cannot contain themselves.
  void TakeFields(const Path& path, TypeId type, SiteId site) {
    TypeId record = Innermost(program_.types, type);
    if (program_.types.kind(record) != TypeKind::kRecord) return;
    const std::vector<RecordField>& fields = program_.types.record(record).fields;
    for (uint32_t k = 0; k < fields.size(); ++k) {
      Path inner = path;
      inner.push_back(k);
      TakeFields(*Note(std::move(inner), fields[k].type, site), fields[k].type, site);
    }
  }

  const Program& program_;
  const Path root_;
  std::vector<Origin> origins_;
  std::vector<NodeId> bound_values_;  // by LocalId
  std::map<Path, Use> uses_;          // origins point at its keys
  std::set<Origin> whole_;            // taken whole before
};

}  // namespace

std::vector<InputUse> InputUses(const Program& program) { return Uses(program).Run(); }

}  // namespace moult::lang
