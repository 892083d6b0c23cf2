#include "lang/bind.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "lang/report.h"

namespace moult::lang {
namespace {

// What the program reads, as a tree of field indices.
struct UseTree {
  std::map<uint32_t, UseTree> fields;
};

UseTree TreeOf(const std::vector<InputUse>& uses) {
  UseTree root;
  for (const InputUse& use : uses) {
    UseTree* tree = &root;
    for (uint32_t field : use.path) tree = &tree->fields[field];
  }
  return root;
}

class Binder {
 public:
  explicit Binder(const Program& program) : types_(program.types) {}

  LayoutRef BindInput(TypeId input, const Layout& host, const UseTree& uses) {
    place_ = {"the input", input, &host};
    return Bind(input, host, uses);
  }
  Diagnostics TakeDiagnostics() { return std::move(diagnostics_); }

 private:
  // The field that is being bound; what is wrong inside its elements is reported of it.
  struct Place {
    std::string name;  // "field `user.age`"
    TypeId type;
    const Layout* host;
  };

  // Null after a report. `uses`: of the fields of the record that `type` leads to through optionals and elements.
  LayoutRef Bind(TypeId type, const Layout& host, const UseTree& uses);
  LayoutRef BindScalar(TypeId type, const Layout& host);
  LayoutRef BindBytes(const Layout& host);
  LayoutRef BindEnum(TypeId type, const Layout& host);
  LayoutRef BindOptional(TypeId type, const Layout& host, const UseTree& uses);
  LayoutRef BindSequence(TypeId type, const Layout& host, const UseTree& uses);
  LayoutRef BindMap(TypeId type, const Layout& host, const UseTree& uses);
  LayoutRef BindRecord(TypeId type, const Layout& host, const UseTree& uses);
  LayoutRef BindField(const RecordField& field, const FieldLayout& host, const UseTree& uses);

  LayoutRef Report(std::string message, std::string hint = {});
  LayoutRef ReportMismatch(std::string hint = {});

  const TypeTable& types_;
  Place place_;
  std::vector<std::string> path_;
  Diagnostics diagnostics_;
};

LayoutRef Binder::Report(std::string message, std::string hint) {
  Diagnostic diagnostic;
  diagnostic.code = CodeText(Code::kBinding);
  diagnostic.message = std::move(message);
  diagnostic.hint = std::move(hint);
  diagnostics_.push_back(std::move(diagnostic));
  return nullptr;
}

LayoutRef Binder::ReportMismatch(std::string hint) {
  return Report(fmt::format("{} is `{}` in the policy, but the host has `{}`", place_.name, types_.Name(place_.type),
                            place_.host->host_type),
                std::move(hint));
}

LayoutRef Binder::Bind(TypeId type, const Layout& host, const UseTree& uses) {
  if (types_.kind(type) != TypeKind::kOptional && host.kind == Layout::Kind::kOptional) {
    if (&host != place_.host) return ReportMismatch("the host's elements may be missing");
    return ReportMismatch(fmt::format("the host's value may be missing: declare the field `{}?`", types_.Name(type)));
  }
  switch (types_.kind(type)) {
    case TypeKind::kBool:
    case TypeKind::kInt:
    case TypeKind::kDouble:
    case TypeKind::kString:
    case TypeKind::kTimestamp:
    case TypeKind::kDuration:
    case TypeKind::kIp:
    case TypeKind::kCidr:
      return BindScalar(type, host);
    case TypeKind::kBytes:
      return BindBytes(host);
    case TypeKind::kEnum:
      return BindEnum(type, host);
    case TypeKind::kOptional:
      return BindOptional(type, host, uses);
    case TypeKind::kList:
    case TypeKind::kSet:
      return BindSequence(type, host, uses);
    case TypeKind::kMap:
      return BindMap(type, host, uses);
    case TypeKind::kRecord:
      return BindRecord(type, host, uses);
  }
  return nullptr;
}

LayoutRef Binder::BindScalar(TypeId type, const Layout& host) {
  constexpr Layout::Kind kKinds[] = {Layout::Kind::kBool,     Layout::Kind::kInt,   Layout::Kind::kDouble,
                                     Layout::Kind::kString,   Layout::Kind::kBytes, Layout::Kind::kTimestamp,
                                     Layout::Kind::kDuration, Layout::Kind::kIp,    Layout::Kind::kCidr};
  if (host.kind != kKinds[static_cast<size_t>(types_.kind(type))]) return ReportMismatch();
  return std::make_shared<const Layout>(host);
}

// Also a string's bytes, and a sequence of integers that are bytes: both are how libraries hold such a value.
LayoutRef Binder::BindBytes(const Layout& host) {
  if (host.kind == Layout::Kind::kBytes) return std::make_shared<const Layout>(host);
  auto bound = std::make_shared<Layout>(host);
  bound->kind = Layout::Kind::kBytes;
  bound->element = nullptr;
  if (host.kind == Layout::Kind::kString) {
    bound->form = host.form == Layout::Form::kOwned ? Layout::Form::kOwnedText : Layout::Form::kViewText;
    return bound;
  }
  const bool bytes = host.kind == Layout::Kind::kSequence && host.element->kind == Layout::Kind::kInt &&
                     host.element->width == 1 && !host.element->is_signed;
  return bytes ? bound : ReportMismatch("bind bytes as a vector or span of std::byte, or as a string");
}

LayoutRef Binder::BindEnum(TypeId type, const Layout& host) {
  if (host.kind != Layout::Kind::kEnum)
    return ReportMismatch("bind an enum with Enum(name, member, {{\"name\", value}, ...})");
  const std::map<std::string_view, int64_t> values(host.enumerators.begin(), host.enumerators.end());
  auto bound = std::make_shared<Layout>(host);
  bound->enumerators.clear();
  std::map<int64_t, std::string_view> names;
  for (const std::string& name : types_.enum_type(type).enumerators) {
    const auto value = values.find(name);
    if (value == values.end()) {
      return Report(fmt::format("{}: the host maps no value to `{}.{}`", place_.name, types_.Name(type), name));
    }
    const auto [other, is_new] = names.emplace(value->second, name);
    if (!is_new) {
      return Report(fmt::format("{}: the host maps the same value to `{}` and `{}`", place_.name, other->second, name));
    }
    bound->enumerators.emplace_back(name, value->second);
  }
  return bound;
}

LayoutRef Binder::BindOptional(TypeId type, const Layout& host, const UseTree& uses) {
  const TypeId payload = types_[type].element;
  if (host.kind != Layout::Kind::kOptional) return Bind(payload, host, uses);  // always present
  LayoutRef element = Bind(payload, *host.element, uses);
  if (element == nullptr) return nullptr;
  auto bound = std::make_shared<Layout>(host);
  bound->element = std::move(element);
  return bound;
}

LayoutRef Binder::BindSequence(TypeId type, const Layout& host, const UseTree& uses) {
  if (host.kind != Layout::Kind::kSequence) return ReportMismatch();
  LayoutRef element = Bind(types_[type].element, *host.element, uses);
  if (element == nullptr) return nullptr;
  auto bound = std::make_shared<Layout>(host);
  bound->element = std::move(element);
  return bound;
}

LayoutRef Binder::BindMap(TypeId type, const Layout& host, const UseTree& uses) {
  constexpr const char* kHint = "bind a map as a vector or span of std::pair<K, V>";
  if (host.kind != Layout::Kind::kSequence || host.element->kind != Layout::Kind::kRecord) return ReportMismatch(kHint);
  const std::vector<FieldLayout>& fields = host.element->fields;
  if (fields.size() != 2 || fields[0].name != "key" || fields[1].name != "value") return ReportMismatch(kHint);
  LayoutRef key = Bind(types_[type].key, *fields[0].layout, {});
  LayoutRef value = key == nullptr ? nullptr : Bind(types_[type].element, *fields[1].layout, uses);
  if (value == nullptr) return nullptr;
  auto entry = std::make_shared<Layout>(*host.element);
  entry->fields[0].layout = std::move(key);
  entry->fields[1].layout = std::move(value);
  auto bound = std::make_shared<Layout>(host);
  bound->element = std::move(entry);
  return bound;
}

LayoutRef Binder::BindRecord(TypeId type, const Layout& host, const UseTree& uses) {
  if (host.kind != Layout::Kind::kRecord) return ReportMismatch();
  std::map<std::string_view, const FieldLayout*> by_name;
  for (const FieldLayout& field : host.fields) by_name.emplace(field.name, &field);
  auto bound = std::make_shared<Layout>(host);
  bound->fields.clear();
  bool complete = true;
  const std::vector<RecordField>& fields = types_.record(type).fields;
  for (uint32_t k = 0; k < fields.size(); ++k) {
    bound->fields.push_back({fields[k].name});
    const auto use = uses.fields.find(k);
    if (use == uses.fields.end()) continue;
    path_.push_back(fields[k].name);
    const auto found = by_name.find(fields[k].name);
    if (found == by_name.end()) {
      Report(fmt::format("the policy reads field `{}`, which the host's `{}` does not have", fmt::join(path_, "."),
                         host.host_type),
             fmt::format("describe it with Field(\"{}\", ...)", fields[k].name));
    } else {
      bound->fields.back().offset = found->second->offset;
      bound->fields.back().layout = BindField(fields[k], *found->second, use->second);
    }
    complete = complete && bound->fields.back().layout != nullptr;
    path_.pop_back();
  }
  return complete ? bound : nullptr;
}

LayoutRef Binder::BindField(const RecordField& field, const FieldLayout& host, const UseTree& uses) {
  const Place outer =
      std::exchange(place_, Place{fmt::format("field `{}`", fmt::join(path_, ".")), field.type, host.layout.get()});
  LayoutRef bound = Bind(field.type, *host.layout, uses);
  place_ = outer;
  return bound;
}

}  // namespace

Result<LayoutRef> BindLayout(const Program& program, const Layout& host) {
  Binder binder(program);
  LayoutRef bound = binder.BindInput(program.input, host, TreeOf(InputUses(program)));
  if (bound == nullptr) return Failure(binder.TakeDiagnostics());
  return bound;
}

}  // namespace moult::lang
