#include "runtime/unit_set.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "runtime/problem.h"

namespace moult::runtime {
namespace {

// Compiles one bundle, once.
class UnitCompiler {
 public:
  UnitCompiler(const Bundle& bundle, const UnitSet& known, const lang::CompileLimits& limits)
      : bundle_(bundle), limits_(limits) {
    for (const auto* units : {&known.policies, &known.modules}) {
      for (const PolicyUnitRef& unit : *units) known_.emplace(unit->source().name, unit);
    }
  }

  Result<UnitSet> Run() {
    for (const Bundle::File& file : bundle_.policies()) AddModule(file);
    for (const Bundle::File& file : bundle_.policies()) Compile(file);
    if (!problems_.empty()) return Failure(WithoutRepeats(std::move(problems_)));
    return std::move(units_);
  }

 private:
  void AddModule(const Bundle::File& file) {
    const lang::FileHeader header = lang::ReadHeader(file.text);
    if (!header.is_module || header.name.text.empty()) return;
    if (const lang::Modules::File* other = modules_.Add(header.name.text, {file.name, file.text})) {
      problems_.push_back(
          ProblemAt(lang::Code::kDuplicateModule, file.name, file.text, header.name.span,
                    fmt::format("module `{}` is already defined in {}", header.name.text, other->name)));
      return;
    }
    module_files_[header.name.text] = RefOf(file);
  }

  FileRef RefOf(const Bundle::File& file) const {
    const auto found = known_.find(file.name);
    if (found != known_.end() && found->second->source().text == file.text) return found->second->files[0];
    return std::make_shared<const Bundle::File>(file);
  }

  // Whether every file that it was compiled from is still what it was.
  bool IsUnchanged(const PolicyUnit& unit, const Bundle::File& file) const {
    if (unit.source().text != file.text) return false;
    for (size_t k = 0; k < unit.module_names.size(); ++k) {
      const auto module = module_files_.find(unit.module_names[k]);
      if (module == module_files_.end() || module->second != unit.files[k + 1]) return false;
    }
    return true;
  }

  void Compile(const Bundle::File& file) {
    const auto known = known_.find(file.name);
    if (known != known_.end() && IsUnchanged(*known->second, file)) return Keep(known->second);
    Result<lang::Compiled> compiled = lang::Compile({file.name, file.text}, modules_, limits_);
    if (!compiled) {
      problems_.insert(problems_.end(), compiled.error().begin(), compiled.error().end());
      return;
    }
    std::vector<FileRef> files = {RefOf(file)};
    for (const std::string& module : compiled->modules) files.push_back(module_files_.at(module));
    if (compiled->is_module) files[0] = module_files_.at(compiled->program.name);
    Keep(MakeUnit(std::move(compiled).value(), std::move(files)));
  }

  void Keep(PolicyUnitRef unit) {
    (unit->is_module ? units_.modules : units_.policies).push_back(std::move(unit));
  }

  const Bundle& bundle_;
  const lang::CompileLimits& limits_;
  std::unordered_map<std::string_view, PolicyUnitRef> known_;  // by file; views into the units
  lang::Modules modules_;
  std::map<std::string, FileRef> module_files_;  // by module
  UnitSet units_;
  Diagnostics problems_;
};

}  // namespace

Result<UnitSet> CompileUnits(const Bundle& bundle, const UnitSet& known, const lang::CompileLimits& limits) {
  return UnitCompiler(bundle, known, limits).Run();
}

}  // namespace moult::runtime
