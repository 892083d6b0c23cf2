#include "lang/check.h"

#include <fmt/format.h>

#include <algorithm>

#include "lang/bind.h"
#include "lang/checker.h"
#include "lang/checker_scope.h"
#include "lang/data_list.h"

namespace moult::lang {

std::optional<Program> Check(const Ast& ast, const Linked& files, const CompileLimits& limits, Reporter& reporter,
                             TestSuite* tests, Origins* origins) {
  Checker checker(ast, files, limits, reporter);
  checker.RecordOrigins(origins);
  std::optional<Program> program = checker.Run();
  if (program && tests != nullptr) *tests = checker.TakeTests();
  return program;
}

Checker::Checker(const Ast& ast, const Linked& files, const CompileLimits& limits, Reporter& reporter)
    : ast_(ast),
      files_(files),
      limits_(limits),
      reporter_(reporter),
      builder_(files.text, limits.nodes),
      scopes_(files.text.size()),
      uses_used_(ast.uses.size()) {}

std::optional<Program> Checker::Run() {
  builder_.program().name = ast_.policy.text;
  builder_.AddSite(ast_.policy.span);
  DeclareUses();
  DeclareTypes();
  DeclareInput();
  CheckRecordNesting();
  CheckSizesOfTypes();
  DeclareValues();
  FindFunctionCycles();
  CheckConstants();
  CheckLets();
  CheckFunctionBodies();
  if (!ast_.is_module) {
    CheckDecide();
    CheckRules();
    CheckTests();
  }
  ReportUnknowns();
  if (reporter_.has_errors()) return std::nullopt;
  if (TypeWithoutNativeLayout(types())) {  // one that expressions make
    Report(Code::kTooDeep, ast_.policy.span, "the types of its expressions are nested too deep");
    return std::nullopt;
  }
  WarnOfSilentErrors();
  WarnOfUnusedUses();
  CheckBudget();
  if (reporter_.has_errors()) return std::nullopt;
  return std::move(builder_.program());
}

bool Checker::CheckFresh(std::unordered_map<std::string, TextSpan>& names, const Name& name, std::string_view what) {
  const auto [first, is_new] = names.try_emplace(name.text, name.span);
  if (is_new) return true;
  Report(Code::kDuplicateName, name.span, fmt::format("{} `{}` is declared twice", what, name.text));
  reporter_.Note(first->second, "it is declared here first");
  return false;
}

// Names of records and enums first, then their fields, so that they may refer to each other in any order.
void Checker::DeclareTypes() {
  for (Scope& scope : scopes_) {
    for (TypeId type : {kBoolType, kIntType, kDoubleType, kStringType, kBytesType, kTimestampType, kDurationType, kIpType, kCidrType}) {
      scope.types.emplace(types().Name(type), type);
    }
  }
  std::unordered_map<uint32_t, TextSpan> places;  // of the declared ones
  auto declare = [&](const Name& name, TypeId type) {
    places.emplace(type.index, name.span);
    const auto [first, is_new] = scope().types.try_emplace(name.text, type);
    if (is_new) return true;
    const auto place = places.find(first->second.index);
    const bool built_in = place == places.end();
    Report(Code::kDuplicateName, name.span,
           fmt::format("the type `{}` is {}", name.text, built_in ? "one of the language" : "declared twice"));
    if (!built_in) reporter_.Note(place->second, "it is declared here first");
    return false;
  };
  for (const EnumDecl& decl : ast_.enums) {
    InFile file(*this, decl.name.span);
    EnumType type{NameForPolicy(decl.name), {}};
    std::unordered_map<std::string, TextSpan> names;
    for (const Name& name : decl.enumerators) {
      if (CheckFresh(names, name, "the name")) type.enumerators.push_back(name.text);
    }
    if (type.enumerators.empty()) continue;  // the parser asks for one
    auto& ordinals = members_[static_cast<uint32_t>(types().size())];
    for (const std::string& name : type.enumerators) ordinals.try_emplace(name, static_cast<uint32_t>(ordinals.size()));
    TypeId id = types().AddEnum(std::move(type));
    if (declare(decl.name, id)) Declare(decl.name, {GlobalKind::kEnum, id.index});
  }
  std::vector<std::pair<const RecordDecl*, TypeId>> declared;
  for (const RecordDecl& decl : ast_.records) {
    InFile file(*this, decl.name.span);
    TypeId id = types().AddRecord({NameForPolicy(decl.name), {}});
    records_.resize(id.index + 1);
    records_[id.index].place = decl.name.span;
    if (declare(decl.name, id)) declared.emplace_back(&decl, id);
  }
  for (const auto& [decl, id] : declared) {
    InFile file(*this, decl->name.span);
    DeclareFields(id, decl->fields);
  }
}

void Checker::DeclareFields(TypeId record, const std::vector<FieldDecl>& fields) {
  std::unordered_map<std::string, TextSpan> names;
  std::vector<RecordField> result;
  for (const FieldDecl& field : fields) {
    if (!CheckFresh(names, field.name, "the field")) continue;
    std::optional<TypeId> type = ResolveType(field.type);
    // A field without a type still has its name: its uses are not unknown.
    if (!type) lost_fields_.insert({record.index, field.name.text});
    if (!type) continue;
    TypeId sized = types().IsOptional(*type) ? types()[*type].element : *type;
    if (field.max && !HasSize(types().kind(sized))) {
      Report(Code::kBadMax, field.max_span, fmt::format("{} has no size that could have a maximum", ATypeName(sized)),
             "leave out `max`");
    }
    members_[record.index].try_emplace(field.name.text, static_cast<uint32_t>(result.size()));
    result.push_back({field.name.text, *type, field.max.value_or(0)});
  }
  types().record(record).fields = std::move(result);
}

void Checker::DeclareInput() {
  TypeId input = types().AddRecord({"input", {}});
  builder_.program().input = input;
  records_.resize(input.index + 1);
  for (size_t k = 1; k < ast_.inputs.size(); ++k) {
    Report(Code::kDuplicateName, ast_.inputs[k].span, "a policy has one `input`, and this is another",
           "put all fields into one");
  }
  if (ast_.inputs.empty()) return;
  records_[input.index].place = ast_.inputs[0].span;
  DeclareFields(input, ast_.inputs[0].fields);
  std::unordered_map<std::string, TextSpan> seen;
  for (const FieldDecl& field : ast_.inputs[0].fields) {
    const uint32_t index = OrdinalOf(input, field.name.text).value_or(UINT32_MAX);  // its type has been reported
    bool is_first = seen.try_emplace(field.name.text, field.name.span).second;
    if (is_first) Declare(field.name, {GlobalKind::kInput, index});
  }
}

bool Checker::Declare(const Name& name, Global global) {
  InFile file(*this, name.span);
  global.place = name.span;
  const auto [first, is_new] = scope().globals.try_emplace(name.text, global);
  if (is_new) return true;
  Report(Code::kDuplicateName, name.span, fmt::format("the name `{}` is taken already", name.text));
  reporter_.Note(first->second.place, "it is taken here");
  return false;
}

void Checker::DeclareValues() {
  input_path_ = narrowing_.NewRoot();
  for (uint32_t k = 0; k < ast_.consts.size(); ++k) Declare(ast_.consts[k].name, {GlobalKind::kConst, k});
  for (uint32_t k = 0; k < ast_.lets.size(); ++k) Declare(ast_.lets[k].name, {GlobalKind::kLet, k});
  for (uint32_t k = 0; k < ast_.functions.size(); ++k) Declare(ast_.functions[k].name, {GlobalKind::kFunction, k});
  for (uint32_t k = 0; k < ast_.sources.size(); ++k) Declare(ast_.sources[k].name, {GlobalKind::kSource, k});
  for (uint32_t k = 0; k < ast_.lists.size(); ++k) Declare(ast_.lists[k].name, {GlobalKind::kList, k});
  constants_.resize(ast_.consts.size());
  lets_.resize(ast_.lets.size());
  for (LetState& let : lets_) let.path = narrowing_.NewRoot();
  DeclareSignatures();
  DeclareSources();
  DeclareLists();
}

void Checker::DeclareSignatures() {
  for (const FunctionDecl& decl : ast_.functions) {
    InFile file(*this, decl.name.span);
    Signature signature;
    std::unordered_map<std::string, TextSpan> names;
    for (const Parameter& parameter : decl.parameters) {
      CheckFresh(names, parameter.name, "the parameter");
      std::optional<TypeId> type = ResolveType(parameter.type);
      signature.bad = signature.bad || !type;
      signature.parameters.push_back(type.value_or(kLostType));
    }
    std::optional<TypeId> result = ResolveType(decl.result);
    signature.bad = signature.bad || !result || !decl.body.valid();
    signature.result = result.value_or(kBoolType);
    functions_.push_back(std::move(signature));
    ReportIfBuiltin(decl.name);
  }
}

void Checker::DeclareSources() {
  for (const SourceDeclAst& decl : ast_.sources) {
    Signature signature;
    std::unordered_map<std::string, TextSpan> names;
    auto resolve = [&](TypeExprId id) {
      const TypeId type = ResolveType(id).value_or(kLostType);
      signature.bad = signature.bad || type == kLostType;
      if (type == kLostType || IsScalar(types().kind(type))) return type;
      Report(Code::kType, ast_[id].span, fmt::format("a source cannot take or give {}", ATypeName(type)),
             "use scalar types: lists, sets, maps and records cannot be asked about");
      signature.bad = true;
      return kLostType;
    };
    for (const Parameter& parameter : decl.parameters) {
      CheckFresh(names, parameter.name, "the parameter");
      signature.parameters.push_back(resolve(parameter.type));
    }
    signature.result = resolve(decl.result);
    builder_.program().sources.push_back(
        {decl.name.text, signature.parameters, signature.result, builder_.PlaceOf(decl.name.span)});
    sources_.push_back(std::move(signature));
    ReportIfBuiltin(decl.name);
  }
}

void Checker::DeclareLists() {
  for (const ListDeclAst& decl : ast_.lists) {
    InFile file(*this, decl.name.span);
    std::optional<TypeId> type = ResolveType(decl.type);
    lists_.emplace_back();
    if (!type || decl.file.span.end == 0) continue;  // reported, or the parser has
    if (!CanBeList(types(), *type)) {
      Report(Code::kType, ast_[decl.type].span, fmt::format("a list from a file cannot be {}", ATypeName(*type)), HintForList(*type));
      continue;
    }
    if (!IsDataFileName(decl.file.text)) {
      Report(Code::kBadFileName, decl.file.span,
             fmt::format("{} is not below the folder of the file that names it", Quoted(decl.file.text)),
             "name a file below that folder");
      continue;
    }
    lists_.back().type = type;
    // One that only a module declares is in the program when it is used.
    if (scope_ == 0) AddList(static_cast<uint32_t>(lists_.size() - 1));
  }
}

std::string Checker::HintForList(TypeId type) const {
  if (types().kind(type) == TypeKind::kList && CanBeItem(types().kind(types()[type].element))) {
    return fmt::format("use `set<{}>`", types().Name(types()[type].element));
  }
  return "use `set<T>` or `map<K, V>` of scalars; doubles and bools are no items and no keys";
}

ListId Checker::AddList(uint32_t index) {
  const ListDeclAst& decl = ast_.lists[index];
  ListState& list = lists_[index];
  if (!list.id) {
    InFile file(*this, decl.name.span);
    std::vector<ListDecl>& lists = builder_.program().lists;
    list.id = static_cast<ListId>(lists.size());
    lists.push_back({NameForPolicy(decl.name), *list.type, decl.file.text, builder_.PlaceOf(decl.file.span)});
  }
  return *list.id;
}

void Checker::CheckConstants() {
  for (uint32_t k = 0; k < ast_.consts.size(); ++k) ConstantValue(k, ast_.consts[k].name.span);
}

void Checker::CheckLets() {
  for (uint32_t k = 0; k < ast_.lets.size(); ++k) LowerLet(k, ast_.lets[k].name.span);
}

// Each body once for itself, so that a function that nobody calls is checked too, and an error in one is reported
// though every call puts the body in place. What this builds is thrown away.
void Checker::CheckFunctionBodies() {
  Builder kept = builder_;
  OriginRecorder::Pause no_origins(origins_);
  bodies_apart_ = true;
  for (uint32_t k = 0; k < ast_.functions.size(); ++k) {
    const FunctionDecl& decl = ast_.functions[k];
    if (functions_[k].bad) continue;
    Outside outside(*this, decl.name.span);
    for (size_t p = 0; p < decl.parameters.size(); ++p) {
      const std::string& name = decl.parameters[p].name.text;
      TypeId type = functions_[k].parameters[p];
      Checked value = Make(Op::kLocal, type, {}, decl.parameters[p].name.span, builder_.AddLocal(name, type));
      value.path = narrowing_.NewRoot();
      bindings_.push_back({name, value});
    }
    Checked body = CheckAs(decl.body, functions_[k].result, "the value of the function");
    functions_[k].bad = body.bad;
  }
  bodies_apart_ = false;
  builder_ = std::move(kept);
  for (ListState& list : lists_) {
    if (list.id && *list.id >= builder_.program().lists.size()) list.id.reset();
  }
}

bool IsDataFileName(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.find('\0') != std::string_view::npos) return false;
  for (size_t begin = 0; begin <= name.size();) {
    const size_t end = std::min(name.find('/', begin), name.size());
    if (name.substr(begin, end - begin) == "..") return false;
    begin = end + 1;
  }
  return true;
}

}  // namespace moult::lang
