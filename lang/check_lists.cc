// Functions of lists whose typing is their own: first, last, flatten and sortBy.
#include <fmt/format.h>

#include "lang/checker.h"
#include "lang/function.h"

namespace moult::lang {

// The first or last element of a list, which an empty list lacks.
Checked Checker::CheckEnd(const Expr& e) {
  if (!CheckArity(e, e.children.size(), 1, 1)) return Checked::Bad();
  Checked list = CheckPlain(e.children[0]);
  if (!RequireList(e, list)) return Checked::Bad();
  const Type type = types()[list.type];
  const TypeId optional = types().OptionalOf(type.element);
  const NodeId bound = Use(list);  // before the local: a constant is made only now
  const LocalId local = builder_.AddLocal(e.text, list.type);
  const auto constant = [&](int64_t value) { return Use(MakeConstant(kIntType, {.integer = value, .real = 0, .text = {}})); };
  const NodeId whole = Use(Make(Op::kLocal, list.type, {}, e.span, local));
  const NodeId size = Use(Make(Op::kSize, kIntType, {whole}, e.span));
  const NodeId position =
      e.text == "first" ? constant(0) : Use(Make(Op::kSub, kIntType, {size, constant(1)}, e.span));
  const NodeId element = Use(Make(Op::kIndex, type.element, {whole, position}, e.span));
  const NodeId there = Use(Make(Op::kGt, kBoolType, {size, constant(0)}, e.span));
  const NodeId some = Use(Make(Op::kSome, optional, {element}, e.span));
  const NodeId chosen = Use(Make(Op::kCond, optional, {there, some, Use(Make(Op::kNone, optional, {}, e.span))}, e.span));
  return Make(Op::kBind, optional, {bound, chosen}, e.span, local);
}

// Whether a checked receiver is a list. Reports.
bool Checker::RequireList(const Expr& e, const Checked& list) {
  if (list.bad || types().kind(list.type) == TypeKind::kList) return !list.bad;
  Report(Code::kType, ast_[e.children[0]].span, fmt::format("{} has no `{}`", ATypeName(list.type), e.text));
  return false;
}

// A list of lists as one list: once, or as often as a constant says and the type has levels.
Checked Checker::CheckFlatten(const Expr& e) {
  if (!CheckArity(e, e.children.size(), 1, 2)) return Checked::Bad();
  Checked list = CheckPlain(e.children[0]);
  int64_t depth = 1;
  bool fine = RequireList(e, list);
  if (e.children.size() == 2) {
    const Checked given = CheckAs(e.children[1], kIntType, ArgumentText(e, 1));
    fine = fine && !given.bad;
    if (!given.bad && (!given.constant || given.constant->integer < 0)) {
      Report(given.constant ? Code::kBadConstant : Code::kDynamic, ast_[e.children[1]].span,
             given.constant ? "there is no negative depth" : "the depth is no constant: the result's type depends on it");
      fine = false;
    }
    if (fine) depth = given.constant->integer;
  }
  if (!fine) return Checked::Bad();
  const FunctionInfo& flatten = InfoOf(Function::kListFlatten);
  for (; depth > 0 && !list.bad; --depth) {
    Candidate candidate{&flatten, {}};
    if (!Unify(types(), flatten.parameters[0], list.type, candidate.bindings)) break;  // no lists within: it is flat
    list = MakeLibraryCall(e, candidate, {list});
  }
  return list;
}

// xs.sortBy(x, key): the list is computed once, and so is each key.
Checked Checker::CheckSortBy(const Expr& e) {
  if (!CheckArity(e, e.children.size(), 3, 3)) return Checked::Bad();
  const Checked list = CheckPlain(e.children[0]);
  const bool fine = RequireList(e, list);
  if (!RequireVariable(e, e.children[1]) || !fine) return Checked::Bad();
  const NodeId values = Use(list);
  const LocalId local = builder_.AddLocal(e.text, list.type);
  const auto whole = [&] { return Use(Make(Op::kLocal, list.type, {}, e.span, local)); };
  const NodeId visited = whole();  // before the variable that is bound to its elements
  const size_t outer = bindings_.size();
  const std::optional<Variables> bound = BindVariables(e, list, 1);
  const Checked key = CheckPlain(e.children[2]);
  bindings_.resize(outer);
  if (!bound || key.bad) return Checked::Bad();
  if (!HasOrder(types().kind(key.type))) {
    Report(Code::kType, ast_[e.children[2]].span, fmt::format("the key of `sortBy` is {}, which has no order", ATypeName(key.type)));
    return Checked::Bad();
  }
  const TypeId keys_type = types().ListOf(key.type);
  const NodeId keys = Use(Make(Op::kToList, keys_type, {visited, Use(key)}, e.span, bound->imm()));
  const auto function = static_cast<uint64_t>(Function::kListSortBy);
  const NodeId sorted = Use(Make(Op::kCall, list.type, {whole(), keys}, e.span, function));
  return Make(Op::kBind, list.type, {values, sorted}, e.span, local);
}

}  // namespace moult::lang
