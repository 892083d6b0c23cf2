// Names of modules: `use lib.web` makes `web.name` what the module calls `name`.
#include <fmt/format.h>

#include "lang/checker.h"
#include "lang/checker_scope.h"

namespace moult::lang {

void Checker::DeclareUses() {
  for (uint32_t k = 0; k < ast_.uses.size(); ++k) {
    const UseDecl& use = ast_.uses[k];
    if (files_.FileOf(use.module.text) < 0) {
      ReportUnknown(Code::kUnknownModule, use.module, fmt::format("there is no module {}", Quoted(use.module.text)),
                    files_.modules->Names());
      InFile file(*this, use.alias.span);
      scope().globals.try_emplace(use.alias.text, Global{GlobalKind::kModule, k, use.alias.span});
    } else {
      Declare(use.alias, {GlobalKind::kModule, k});
    }
  }
}

void Checker::WarnOfUnusedUses() {
  for (size_t k = 0; k < ast_.uses.size(); ++k) {
    if (uses_used_[k]) continue;
    const UseDecl& use = ast_.uses[k];
    Report(Code::kUnusedUse, use.module.span, fmt::format("nothing of module `{}` is used", use.module.text),
           "leave out the `use`");
  }
}

const UseDecl* Checker::FindUse(const Expr& e) {
  return e.kind == ExprKind::kName && FindBinding(e.text) == nullptr ? FindUse(e.text) : nullptr;
}

const UseDecl* Checker::FindUse(std::string_view alias) {
  auto global = scope().globals.find(std::string(alias));
  if (global == scope().globals.end() || global->second.kind != GlobalKind::kModule) return nullptr;
  uses_used_[global->second.index] = true;
  return &ast_.uses[global->second.index];
}

const Checker::Scope* Checker::ScopeOf(const UseDecl& use) const {
  const int file = files_.FileOf(use.module.text);
  return file < 0 ? nullptr : &scopes_[static_cast<size_t>(file)];
}

namespace {

// A record or enum: what a module can declare.
bool IsDeclared(TypeKind kind) { return kind == TypeKind::kRecord || kind == TypeKind::kEnum; }

// What `names` has under `name`, the module's own aliases aside: a module does not pass on what it uses.
template <class Names>
auto FindMember(const Names& names, const std::string& name) {
  const auto found = names.find(name);
  return found == names.end() ? nullptr : &found->second;
}

}  // namespace

const Checker::Global* Checker::FindIn(const UseDecl* use, const std::string& name) const {
  const Scope* module = use == nullptr ? nullptr : ScopeOf(*use);
  return module == nullptr ? nullptr : FindMember(module->globals, name);
}

const Checker::Global* Checker::FindGlobal(const Expr& e) {
  if (e.kind == ExprKind::kName) return FindBinding(e.text) == nullptr ? FindMember(scope().globals, e.text) : nullptr;
  return e.kind == ExprKind::kSelect ? FindIn(FindUse(ast_[e.children[0]]), e.text) : nullptr;
}

const Checker::Global* Checker::FindNamed(const std::string& name) {
  const size_t dot = name.find('.');
  if (dot == std::string::npos) return FindMember(scope().globals, name);
  return FindIn(FindUse(std::string_view(name).substr(0, dot)), name.substr(dot + 1));
}

const Checker::Global* Checker::FindCallee(const Expr& e) {
  if (e.kind == ExprKind::kCall) return FindMember(scope().globals, e.text);
  return e.kind == ExprKind::kMethod ? FindIn(FindUse(ast_[e.children[0]]), e.text) : nullptr;
}

Checked Checker::CheckModuleMember(const Expr& e, const UseDecl& use) {
  const Scope* module = ScopeOf(use);
  if (module == nullptr) return Checked::Bad();
  Expr named = e;
  named.text = use.alias.text + "." + e.text;
  const Global* global = FindMember(module->globals, e.text);
  if (global != nullptr && global->kind != GlobalKind::kModule) return CheckGlobal(named, *global);
  const TypeId* type = FindMember(module->types, e.text);
  if (type != nullptr && IsDeclared(types().kind(*type))) {
    Report(Code::kNotAValue, e.span, fmt::format("`{}` is a type", named.text));
  } else {
    ReportUnknownMember(Code::kUnknownName, use, {e.text, e.name_span}, "name");
  }
  return Checked::Bad();
}

Checked Checker::CheckModuleCall(const Expr& e, const UseDecl& use) {
  const Scope* module = ScopeOf(use);
  if (module == nullptr) return Checked::Bad();
  const Global* global = FindMember(module->globals, e.text);
  if (global == nullptr || global->kind != GlobalKind::kFunction) {
    ReportUnknownMember(Code::kUnknownFunction, use, {e.text, e.name_span}, "function");
    return Checked::Bad();
  }
  Expr call = e;
  call.kind = ExprKind::kCall;
  call.text = use.alias.text + "." + e.text;
  call.children.erase(call.children.begin());
  return CheckFunctionCall(call, global->index);
}

// How to make `alias` the name of a module of the set; empty when none could have it.
std::string Checker::UseThatDeclares(std::string_view alias) const {
  for (const std::string_view module : files_.modules->Names()) {
    if (module.substr(module.rfind('.') + 1) == alias) return fmt::format("write `use {}`", module);
  }
  return {};
}

void Checker::ReportUnknownMember(Code code, const UseDecl& use, const Name& name, std::string_view what) {
  std::vector<std::string_view> candidates;
  for (const auto& [member, global] : ScopeOf(use)->globals) {
    const bool function = global.kind == GlobalKind::kFunction;
    if (global.kind != GlobalKind::kModule && function == (code == Code::kUnknownFunction)) candidates.push_back(member);
  }
  ReportUnknown(code, name, fmt::format("module `{}` has no {} {}", use.module.text, what, Quoted(name.text)), candidates);
}

std::optional<TypeId> Checker::ResolveModuleType(const TypeExpr& type) {
  const size_t dot = type.name.text.find('.');
  const std::string member = type.name.text.substr(dot + 1);
  const UseDecl* use = FindUse(std::string_view(type.name.text).substr(0, dot));
  if (use == nullptr) {
    ReportUnknownType(type);
    return std::nullopt;
  }
  const Scope* module = ScopeOf(*use);
  if (module == nullptr) return std::nullopt;
  const TypeId* found = FindMember(module->types, member);
  if (found != nullptr && IsDeclared(types().kind(*found))) return *found;
  std::vector<std::string_view> candidates;
  for (const auto& [name, id] : module->types) {
    if (IsDeclared(types().kind(id))) candidates.push_back(name);
  }
  ReportUnknown(Code::kUnknownType, {member, type.name.span},
                fmt::format("module `{}` has no type {}", use->module.text, Quoted(member)), candidates);
  return std::nullopt;
}

std::string Checker::NameForPolicy(const Name& name) const {
  if (scope_ == 0) return name.text;
  const std::string& module = files_.names[scope_];
  return module.substr(module.rfind('.') + 1) + "." + name.text;
}

}  // namespace moult::lang
