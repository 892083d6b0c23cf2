#include "runtime/version_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "lang/bind.h"
#include "runtime/problem.h"

namespace moult::runtime {
namespace {

// Whether the operand is asked a question that the list's index answers.
bool IsAsked(lang::Op op, size_t operand) {
  return op == lang::Op::kSize || (op == lang::Op::kIn && operand == 1) ||
         ((op == lang::Op::kMapGet || op == lang::Op::kMapFind) && operand == 0);
}

// Whether the list's items are looked at one by one.
bool IsWalked(const lang::Program& program, const lang::ListDecl& list) {
  const auto is_list = [&](lang::NodeId id) {
    return program[id].op == lang::Op::kListData && &program.lists[program[id].imm] == &list;
  };
  for (uint32_t k = 0; k < program.nodes.size(); ++k) {
    const lang::Node& node = program.nodes[k];
    if (node.op == lang::Op::kLetRef && is_list(program.lets[node.imm].value)) return true;
    const std::span<const lang::NodeId> operands = program.operands({k});
    for (size_t i = 0; i < operands.size(); ++i) {
      if (is_list(operands[i]) && !IsAsked(node.op, i)) return true;
    }
  }
  return false;
}

void Append(Diagnostics& to, Diagnostics from, const std::string& file) {
  for (Diagnostic& d : from) {
    if (d.file.empty()) d.file = file;
    to.push_back(std::move(d));
  }
}

}  // namespace

VersionBuilder::VersionBuilder(BuildInput input, const gc::Pin& base)
    : input_(std::move(input)),
      base_(base),
      base_meta_(base ? &MetaOf(base.get()) : nullptr),
      meta_(std::make_unique<VersionMeta>()),
      resources_(base) {}

Result<gc::Pin> VersionBuilder::Build() {
  if (!SortUnits()) return Failure(std::move(problems_));
  meta_->modules = std::move(input_.units.modules);
  AddPolicies();
  AddBindings();
  if (!problems_.empty()) return Failure(WithoutRepeats(std::move(problems_)));
  FillInfo();
  return Create();
}

bool VersionBuilder::SortUnits() {
  std::vector<PolicyUnitRef>& units = input_.units.policies;
  std::stable_sort(units.begin(), units.end(),
                   [](const PolicyUnitRef& a, const PolicyUnitRef& b) { return a->program.name < b->program.name; });
  for (size_t i = 1; i < units.size(); ++i) {
    const PolicyUnit& unit = *units[i];
    if (unit.program.name != units[i - 1]->program.name) continue;
    const lang::SiteSpan name = unit.program.sites.empty() ? lang::SiteSpan{} : unit.program.sites[0];
    problems_.push_back(
        ProblemAt(lang::Code::kDuplicatePolicy, unit.source().name, unit.source().text, {name.begin, name.end},
                  fmt::format("policy `{}` is already defined in {}", unit.program.name, units[i - 1]->source().name)));
  }
  return problems_.empty();
}

void VersionBuilder::AddPolicies() {
  for (const PolicyUnitRef& unit : input_.units.policies) {
    PolicyMeta policy;
    policy.unit = unit;
    const PolicyMeta* base = input_.data == nullptr ? BasePolicy(unit->program.name) : nullptr;
    if (base != nullptr) {
      policy.sources = base->sources;
      for (const void* object : base->resources) policy.resources.push_back(resources_.Share(object));
    } else {
      for (const std::string& pattern : unit->program.regexes) {
        std::string error;
        policy.resources.push_back(resources_.AddRegex(pattern, &error));
        if (policy.resources.back() == nullptr)
          problems_.push_back(Problem(lang::Code::kRegex, unit->source().name, error));
      }
      for (const lang::ListDecl& list : unit->program.lists) policy.resources.push_back(AddList(*unit, list));
      for (const lang::SourceDecl& source : unit->program.sources)
        policy.sources.push_back(input_.find_source(source.name));
    }
    WarnOfSources(policy);
    meta_->policies.push_back(std::move(policy));
  }
}

void VersionBuilder::WarnOfSources(const PolicyMeta& policy) {
  const PolicyUnit& unit = *policy.unit;
  const auto bound = [](const SourceFunction* function) { return function != nullptr; };
  if (std::all_of(policy.sources.begin(), policy.sources.end(), bound)) return;
  for (size_t k = 0; k < policy.sources.size(); ++k) {
    if (bound(policy.sources[k])) continue;
    const lang::SourceDecl& source = unit.program.sources[k];
    warnings_.push_back(
        ProblemAt(lang::Code::kSourceNotBound, unit.source().name, unit.source().text, {source.place.begin, source.place.end},
                  fmt::format("no function of the host answers source `{}`: each rule that asks it will err", source.name),
                  "bind one with Engine::BindSource before the publish"));
  }
}

const void* VersionBuilder::AddList(const PolicyUnit& unit, const lang::ListDecl& list) {
  const Bundle::File& declared_in = *unit.files[list.place.file];
  const Bundle::File* file = FindData(declared_in.name, list.file);
  if (file != nullptr) {
    Result<const lang::DataList*> read = resources_.AddList(
        {list.name, file->name, file->text, input_.list_limits}, lang::ShapeOfList(unit.program.types, list.type));
    if (!read) {
      Append(problems_, std::move(read).error(), file->name);
      return nullptr;
    }
    // Made now: a request that walks the list finds its items, and cannot fail for want of memory.
    if (IsWalked(unit.program, list)) (*read)->Items();
    return *read;
  }
  problems_.push_back(ProblemAt(lang::Code::kMissingFile, declared_in.name, declared_in.text,
                                {list.place.begin, list.place.end},
                                fmt::format("the data file of list `{}` is missing", list.name),
                                "a data file stands beside the file that names it"));
  return nullptr;
}

const Bundle::File* VersionBuilder::FindData(const std::string& declared_in, const std::string& name) const {
  const std::string* text = input_.data->FindData(declared_in, name);
  const std::vector<Bundle::File>& files = input_.data->data();
  const auto found = std::find_if(files.begin(), files.end(), [&](const Bundle::File& file) { return &file.text == text; });
  return found == files.end() ? nullptr : &*found;
}

void VersionBuilder::AddBindings() {
  for (const BindingRef& binding : input_.bindings) {
    if (meta_->bindings.size() <= binding->index) meta_->bindings.resize(binding->index + 1);
    AddBinding(*binding, meta_->bindings[binding->index]);
  }
  for (PolicyMeta& policy : meta_->policies) {
    // What nobody has bound is compiled for JSON, so that its code has been seen to fit when the version is published.
    const bool bound = std::any_of(meta_->bindings.begin(), meta_->bindings.end(),
                                   [&](const BindingMeta& b) { return b.policy == &policy; });
    if (!bound) AddJsonCode(policy);
  }
}

void VersionBuilder::AddBinding(const internal::PolicyBinding& binding, BindingMeta& out) {
  out.serial = binding.serial;
  // Policies do not move any more: pointers to them may be kept.
  PolicyMeta* policy = const_cast<PolicyMeta*>(meta_->Find(binding.policy));
  out.policy = policy;
  if (policy == nullptr) return;  // removed: its requests get E-no-such-policy
  const PolicyUnit& unit = *policy->unit;
  if (binding.host == nullptr) {
    AddJsonCode(*policy);
    return;
  }
  const BindingMeta* base = BaseBinding(binding);
  if (base != nullptr && (base->policy == nullptr || base->policy->unit != policy->unit)) base = nullptr;
  if (base != nullptr) {
    out.code.layout = base->code.layout;
  } else {
    Result<LayoutRef> layout = lang::BindLayout(unit.program, *binding.host);
    if (!layout) {
      Append(problems_, std::move(layout).error(), unit.source().name);
      return;
    }
    out.code.layout = std::move(layout).value();
  }
  out.code.maxima = FindMaxima(unit.program.types, unit.program.input, *out.code.layout);
  Generate(unit, base == nullptr ? nullptr : &base->code, out.code);
}

void VersionBuilder::AddJsonCode(PolicyMeta& policy) {
  if (policy.json) return;
  const PolicyUnit& unit = *policy.unit;
  const PolicyMeta* base = BasePolicy(unit.program.name);
  const BoundCode* known = base != nullptr && base->unit == policy.unit && base->json ? &*base->json : nullptr;
  BoundCode code;
  code.layout = known != nullptr ? known->layout : lang::NativeLayout(unit.program.types, unit.program.input);
  if (code.layout == nullptr) {
    problems_.push_back(
        Problem(lang::Code::kInputTooLarge, unit.source().name,
                fmt::format("an input of policy `{}` takes over {} bytes", unit.program.name, lang::kMaxValueBytes)));
    return;
  }
  Generate(unit, known, code);
  policy.json = std::move(code);
}

void VersionBuilder::Generate(const PolicyUnit& unit, const BoundCode* known, BoundCode& code) {
  if (input_.evaluator == Evaluator::kInterpreter) return;
  if (known != nullptr && known->block != BoundCode::kNoBlock) {
    code.decide_offset = known->decide_offset;
    code.reason_offset = known->reason_offset;
    code.argument_offset = known->argument_offset;
    AddBlock({static_cast<const std::byte*>(base_->code(known->block)), known->size}, code);
    return;
  }
  Result<codegen::CodeBlob> blob = codegen::Generate(unit.program, *code.layout, input_.codegen);
  if (!blob) {
    Append(problems_, std::move(blob).error(), unit.source().name);
    return;
  }
  codegen::Link(*blob);
  code.decide_offset = blob->decide_offset;
  code.reason_offset = blob->reason_offset;
  code.argument_offset = blob->argument_offset;
  AddBlock({blob->bytes.data(), blob->bytes.size()}, code);
  blobs_.push_back(std::move(blob).value());  // moving a vector does not move what it holds
}

// Two bindings of one layout have the same code: one block then.
void VersionBuilder::AddBlock(Span bytes, BoundCode& code) {
  code.size = static_cast<uint32_t>(bytes.size);
  const auto same = std::find_if(blocks_.begin(), blocks_.end(), [&](const Span& b) {
    return b.size == bytes.size && (b.data == bytes.data || std::memcmp(b.data, bytes.data, b.size) == 0);
  });
  code.block = static_cast<uint32_t>(same - blocks_.begin());
  if (same == blocks_.end()) blocks_.push_back(bytes);
}

void VersionBuilder::FillInfo() {
  VersionInfo& info = meta_->info;
  info.number = input_.number;
  for (const PolicyMeta& policy : meta_->policies) {
    const lang::Program& program = policy.unit->program;
    const Diagnostics& warnings = policy.unit->warnings;
    info.policies.push_back(
        {program.name, static_cast<uint32_t>(program.rules.size()), Changed(policy), program.decide.verdicts});
    info.warnings.insert(info.warnings.end(), warnings.begin(), warnings.end());
  }
  info.warnings.insert(info.warnings.end(), warnings_.begin(), warnings_.end());
  for (const PolicyUnitRef& module : meta_->modules) {
    info.warnings.insert(info.warnings.end(), module->warnings.begin(), module->warnings.end());
  }
  info.warnings = WithoutRepeats(std::move(info.warnings));
  for (const Span& block : blocks_) info.code_bytes += block.size;
  if (base_meta_ != nullptr) {
    for (const PolicyMeta& policy : base_meta_->policies) {
      const std::string& name = policy.unit->program.name;
      if (meta_->Find(name) == nullptr) info.removed.push_back(name);
    }
  }
  info.compile = Clock::now() - input_.begin;
}

bool VersionBuilder::Changed(const PolicyMeta& policy) const {
  const PolicyMeta* base = BasePolicy(policy.unit->program.name);
  if (base == nullptr) return true;
  if (base->unit == policy.unit) return false;
  // Code for the same input tells; where there is none in common, the IR does.
  if (policy.json && base->json && policy.json->block != BoundCode::kNoBlock) {
    return !SameBytes(*policy.json, *base->json);
  }
  for (size_t i = 0; i < meta_->bindings.size() && i < base_meta_->bindings.size(); ++i) {
    const BindingMeta& now = meta_->bindings[i];
    const BindingMeta& before = base_meta_->bindings[i];
    if (now.policy != &policy || before.serial != now.serial || now.code.block == BoundCode::kNoBlock) continue;
    return !SameBytes(now.code, before.code);
  }
  return lang::Print(policy.unit->program) != lang::Print(base->unit->program);
}

bool VersionBuilder::SameBytes(const BoundCode& code, const BoundCode& base_code) const {
  return base_code.block != BoundCode::kNoBlock && code.size == base_code.size &&
         std::memcmp(blocks_[code.block].data, base_->code(base_code.block), code.size) == 0;
}

Result<gc::Pin> VersionBuilder::Create() {
  gc::VersionSpec spec;
  spec.number = input_.number;
  for (const Span& block : blocks_) spec.blocks.push_back({.code = {block.data, block.size}});
  meta_->engine = input_.engine;
  meta_->slot_memory = input_.slot_memory;
  meta_->resources = resources_.TakeMeta();
  const size_t meta_bytes =
      sizeof(VersionMeta) + meta_->policies.size() * sizeof(PolicyMeta) + meta_->bindings.size() * sizeof(BindingMeta);
  spec.foreigns.push_back(gc::ForeignSpec{
      meta_.release(), [](void* meta) noexcept { delete static_cast<VersionMeta*>(meta); }, meta_bytes});
  resources_.TakeForeigns(spec.foreigns);
  Result<gc::Pin, Error> version = gc::Heap::Create(std::move(spec));
  if (!version) return Failure(Diagnostics{Problem(version.error())});
  return std::move(version).value();
}

const PolicyMeta* VersionBuilder::BasePolicy(std::string_view name) const {
  return base_meta_ == nullptr ? nullptr : base_meta_->Find(name);
}

const BindingMeta* VersionBuilder::BaseBinding(const internal::PolicyBinding& binding) const {
  if (base_meta_ == nullptr || binding.index >= base_meta_->bindings.size()) return nullptr;
  const BindingMeta& base = base_meta_->bindings[binding.index];
  return base.serial == binding.serial ? &base : nullptr;
}

}  // namespace moult::runtime
