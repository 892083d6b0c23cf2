// IrBuilder: Programs by hand, tersely.
//
//   IrBuilder b;
//   b.AddField("n", kIntType);
//   b.AddRule("large", b.Gt(b.Field("n"), b.Int(3)));
//   Program program = b.Build();
//
// Every node gets a site of its own (SiteOf), so that a test can tell which one an error came from. Rules give the verdict "block" of
// `severest [allow < review < block] default allow` unless changed through program().
#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lang/function.h"
#include "lang/ir.h"

namespace moult::lang::test {

class IrBuilder {
 public:
  static constexpr uint32_t kAllow = 0, kReview = 1, kBlock = 2;

  IrBuilder() {
    program_.name = "test.policy";
    program_.sites.emplace_back();
    program_.input = types().AddRecord({"input", {}});
    program_.decide = {DecideMode::kSeverest, {"allow", "review", "block"}, kAllow, {}};
  }

  TypeTable& types() { return program_.types; }
  Program& program() { return program_; }  // to change what the short forms below do not
  SiteId SiteOf(NodeId node) const { return program_[node].site; }
  TypeId TypeOf(NodeId node) const { return program_[node].type; }

  // A field of the input. REQUIRES: no node reads the input yet by position.
  void AddField(std::string name, TypeId type) { types().record(program_.input).fields.push_back({std::move(name), type}); }

  NodeId Add(Op op, TypeId type, const std::vector<NodeId>& operands, uint64_t imm = 0) {
    program_.sites.emplace_back();
    return program_.Add(op, type, operands, imm, static_cast<SiteId>(program_.sites.size() - 1));
  }

  // -- leaves
  NodeId Bool(bool v) { return Add(Op::kConstBool, kBoolType, {}, v); }
  NodeId Int(int64_t v) { return Add(Op::kConstInt, kIntType, {}, static_cast<uint64_t>(v)); }
  NodeId Double(double v) { return Add(Op::kConstDouble, kDoubleType, {}, std::bit_cast<uint64_t>(v)); }
  NodeId String(std::string_view v) { return Add(Op::kConstString, kStringType, {}, program_.AddString(v)); }
  NodeId Enum(TypeId type, uint64_t ordinal) { return Add(Op::kConstEnum, type, {}, ordinal); }
  NodeId None(TypeId payload) { return Add(Op::kNone, types().OptionalOf(payload), {}); }
  NodeId Input() { return Add(Op::kInput, program_.input, {}); }
  NodeId Local(LocalId local) { return Add(Op::kLocal, program_.locals[local].type, {}, local); }
  NodeId LetRef(LetId let) { return Add(Op::kLetRef, program_.lets[let].type, {}, let); }
  NodeId ListData(ListId list) { return Add(Op::kListData, program_.lists[list].type, {}, list); }

  // -- declarations
  LetId AddLet(std::string name, NodeId value) {
    program_.lets.push_back({std::move(name), TypeOf(value), value});
    return static_cast<LetId>(program_.lets.size() - 1);
  }
  LocalId AddLocal(std::string name, TypeId type) {
    program_.locals.push_back({std::move(name), type});
    return static_cast<LocalId>(program_.locals.size() - 1);
  }
  ListId AddList(std::string name) { return AddList(std::move(name), types().SetOf(kStringType)); }
  ListId AddList(std::string name, TypeId type) {
    program_.lists.push_back({name, type, name + ".txt", {}});
    return static_cast<ListId>(program_.lists.size() - 1);
  }
  SourceId AddSource(std::string name, std::vector<TypeId> parameters, TypeId result) {
    program_.sources.push_back({std::move(name), std::move(parameters), result});
    return static_cast<SourceId>(program_.sources.size() - 1);
  }
  RegexId AddRegex(std::string pattern) {
    program_.regexes.push_back(std::move(pattern));
    return static_cast<RegexId>(program_.regexes.size() - 1);
  }

  // -- structure
  NodeId Field(NodeId record, std::string_view name) {
    const int index = types().FieldIndex(TypeOf(record), name);
    EXPECT_GE(index, 0) << "no field " << name;
    return Add(Op::kField, types().record(TypeOf(record)).fields[index].type, {record}, static_cast<uint64_t>(index));
  }
  NodeId Field(std::string_view name) { return Field(Input(), name); }
  NodeId Index(NodeId list, NodeId index) { return Add(Op::kIndex, ElementOf(list), {list, index}); }
  NodeId MapGet(NodeId map, NodeId key) { return Add(Op::kMapGet, ElementOf(map), {map, key}); }
  NodeId MapFind(NodeId map, NodeId key) { return Add(Op::kMapFind, types().OptionalOf(ElementOf(map)), {map, key}); }
  NodeId List(TypeId element, const std::vector<NodeId>& items) { return Add(Op::kMakeList, types().ListOf(element), items); }
  NodeId Set(TypeId element, const std::vector<NodeId>& items) { return Add(Op::kMakeSet, types().SetOf(element), items); }
  // `body` takes the Local's node.
  template <class Body>
  NodeId Bind(NodeId value, Body body) {
    const LocalId local = AddLocal("bound", TypeOf(value));
    const NodeId result = body(Local(local));
    return Add(Op::kBind, TypeOf(result), {value, result}, local);
  }

  // -- missing values
  NodeId Some(NodeId v) { return Add(Op::kSome, types().OptionalOf(TypeOf(v)), {v}); }
  NodeId Has(NodeId v) { return Add(Op::kHas, kBoolType, {v}); }
  NodeId Unwrap(NodeId v) { return Add(Op::kUnwrap, ElementOf(v), {v}); }
  NodeId Coalesce(NodeId a, NodeId b) { return Add(Op::kCoalesce, TypeOf(b), {a, b}); }

  // -- logic, comparison, arithmetic
  NodeId And(NodeId a, NodeId b) { return Add(Op::kAnd, kBoolType, {a, b}); }
  NodeId Or(NodeId a, NodeId b) { return Add(Op::kOr, kBoolType, {a, b}); }
  NodeId Not(NodeId a) { return Add(Op::kNot, kBoolType, {a}); }
  NodeId Cond(NodeId condition, NodeId a, NodeId b) { return Add(Op::kCond, TypeOf(a), {condition, a, b}); }
  NodeId Compare(Op op, NodeId a, NodeId b) { return Add(op, kBoolType, {a, b}); }
  NodeId Eq(NodeId a, NodeId b) { return Compare(Op::kEq, a, b); }
  NodeId Lt(NodeId a, NodeId b) { return Compare(Op::kLt, a, b); }
  NodeId Gt(NodeId a, NodeId b) { return Compare(Op::kGt, a, b); }
  NodeId In(NodeId item, NodeId collection) { return Compare(Op::kIn, item, collection); }
  NodeId Arithmetic(Op op, NodeId a, NodeId b) { return Add(op, TypeOf(a), {a, b}); }
  NodeId Plus(NodeId a, NodeId b) { return Arithmetic(Op::kAdd, a, b); }
  NodeId Divide(NodeId a, NodeId b) { return Arithmetic(Op::kDiv, a, b); }
  NodeId Neg(NodeId a) { return Add(Op::kNeg, TypeOf(a), {a}); }

  // -- strings
  NodeId Size(NodeId a) { return Add(Op::kSize, kIntType, {a}); }
  NodeId Matches(NodeId text, std::string pattern) { return Add(Op::kMatches, kBoolType, {text}, AddRegex(std::move(pattern))); }
  NodeId Render(NodeId a) { return Add(Op::kRender, kStringType, {a}); }

  // -- comprehensions; `body` takes the Local's node
  template <class Body>
  NodeId Exists(NodeId collection, Body body) { return Comprehension(Op::kExists, collection, body); }
  template <class Body>
  NodeId All(NodeId collection, Body body) { return Comprehension(Op::kAll, collection, body); }

  // REQUIRES: the function is no operation of its own, and fits the arguments.
  NodeId Library(Function function, const std::vector<NodeId>& arguments) {
    const FunctionInfo& info = InfoOf(function);
    TypeBindings bindings;
    for (size_t k = 0; k < arguments.size(); ++k) {
      EXPECT_TRUE(Unify(types(), info.parameters[k], TypeOf(arguments[k]), bindings)) << FunctionText(function);
    }
    return Add(Op::kCall, *Substitute(types(), info.result, bindings), arguments, static_cast<uint64_t>(function));
  }
  NodeId Call(SourceId source, const std::vector<NodeId>& arguments) {
    return Add(Op::kCallSource, program_.sources[source].result, arguments, source);
  }

  Rule& AddRule(std::string name, NodeId when, NodeId reason = {}) {
    Rule rule;
    rule.name = std::move(name);
    rule.when = when;
    rule.has_verdict = true;
    rule.verdict = kBlock;
    rule.fires_on_error = true;
    rule.reason = reason;
    program_.rules.push_back(std::move(rule));
    return program_.rules.back();
  }

  // The program so far. What Verify has against it fails the test.
  Program Build() const {
    EXPECT_EQ(Verify(program_).value_or(""), "") << Print(program_);
    return program_;
  }

 private:
  TypeId ElementOf(NodeId node) { return types()[TypeOf(node)].element; }

  template <class Body>
  NodeId Comprehension(Op op, NodeId collection, Body body) {
    const Type type = types()[TypeOf(collection)];
    const LocalId local = AddLocal("element", type.kind == TypeKind::kMap ? type.key : type.element);
    const NodeId result = body(Local(local));
    return Add(op, kBoolType, {collection, result}, local);
  }

  Program program_;
};

}  // namespace moult::lang::test
