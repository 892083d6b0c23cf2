#include "tools/disasm_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "codegen/generate.h"
#include "lang/bind.h"
#include "lang/compile.h"
#include "tools/command.h"
#include "tools/disassembly.h"
#include "tools/exit_code.h"
#include "tools/modules.h"
#include "tools/text.h"
#include "tools/utf8.h"

namespace moult::tools {
namespace {

using codegen::CodeNote;
using Part = CodeNote::Part;

// The listing of one policy.
class Listing {
 public:
  // `files` are the policy's and those of its modules, as SiteSpan::file counts them.
  Listing(const lang::Program& program, const lang::Origins& origins, std::vector<lang::Modules::File> files,
          const codegen::CodeBlob& blob)
      : program_(program),
        files_(std::move(files)),
        blob_(blob),
        instructions_(Disassemble(blob)),
        places_(program.nodes.size()) {
    for (const lang::Origin& origin : origins.all) {
      if (!origin.node.valid() || places_[origin.node.index]) continue;
      places_[origin.node.index] = Place{origin.place.file, origin.anchor};
    }
  }

  // Sizes of all parts, then the code of each that belongs to `rule`, or of all if there is none.
  std::string Render(std::optional<uint32_t> rule) {
    Measure();
    PutHeader();
    Key shown{Part::kEntry, UINT32_MAX};
    for (const Instruction& instruction : instructions_) {
      const CodeNote& note = NoteAt(instruction.offset);
      const bool of_rule = (note.part == Part::kRule || note.part == Part::kReason) && note.index == rule;
      if (rule && !of_rule) continue;
      if (const Key key{note.part, note.index}; key != shown) {
        shown = key;
        line_.reset();
        fmt::format_to(std::back_inserter(out_), "\n{}\n", NameOf(key));
      }
      PutSource(note);
      fmt::format_to(std::back_inserter(out_), "  {:>6x}  {}{}\n", instruction.offset, instruction.text, Called(instruction));
    }
    return std::move(out_);
  }

 private:
  struct Place {
    uint32_t file;
    uint32_t offset;
    friend bool operator==(const Place&, const Place&) = default;
  };
  using Key = std::pair<Part, uint32_t>;

  const CodeNote& NoteAt(uint32_t offset) const {
    static const CodeNote none;
    const auto after = std::upper_bound(blob_.notes.begin(), blob_.notes.end(), offset,
                                        [](uint32_t at, const CodeNote& note) { return at < note.offset; });
    return after == blob_.notes.begin() ? none : *std::prev(after);
  }

  std::string NameOf(const Key& key) const {
    switch (key.first) {
      case Part::kEntry:
        return "entry";
      case Part::kRule:
        return "rule " + program_.rules[key.second].name;
      case Part::kVerdict:
        return "verdict";
      case Part::kErrors:
        return "errors";
      case Part::kReasons:
        return "reasons";
      case Part::kReason:
        return "reason of " + program_.rules[key.second].name;
      case Part::kLet:
        return "let " + program_.lets[key.second].name;
    }
    return {};
  }

  // The part that a call within the code goes to, as a comment.
  std::string Called(const Instruction& instruction) const {
    if (!instruction.target) return {};
    const CodeNote& note = NoteAt(*instruction.target);
    return "  ; " + NameOf({note.part, note.index});
  }

  void Measure() {
    for (const Instruction& instruction : instructions_) {
      const CodeNote& note = NoteAt(instruction.offset);
      const Key key{note.part, note.index};
      if (!sizes_.contains(key)) order_.push_back(key);
      sizes_[key] += instruction.size;
    }
  }

  void PutHeader() {
    out_ = fmt::format("policy {}: {} of code, {} of data\n", program_.name, Bytes(blob_.code_size),
                       Bytes(blob_.bytes.size() - blob_.code_size));
    for (const Key& key : order_) out_ += fmt::format("  {:>8}  {}\n", sizes_[key], NameOf(key));
  }

  // The line of the text that the code is for, where it is another than before.
  void PutSource(const CodeNote& note) {
    if (!note.node.valid() || !places_[note.node.index]) return;
    const Place at = *places_[note.node.index];
    const std::string_view text = files_[at.file].text;
    const size_t newline = at.offset == 0 ? std::string_view::npos : text.rfind('\n', at.offset - 1);
    const size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
    const Place line{at.file, static_cast<uint32_t>(begin)};
    if (line == line_) return;
    line_ = line;
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string file = at.file == 0 ? "" : fmt::format("{}: ", files_[at.file].name);
    fmt::format_to(std::back_inserter(out_), "{:>6} | {}{}\n", lang::PositionOf(text, line.offset).line, file,
                   Printable(text.substr(begin, end - begin)));
  }

  const lang::Program& program_;
  const std::vector<lang::Modules::File> files_;
  const codegen::CodeBlob& blob_;
  const std::vector<Instruction> instructions_;
  std::vector<std::optional<Place>> places_;  // by node
  std::map<Key, uint64_t> sizes_;
  std::vector<Key> order_;
  std::optional<Place> line_;  // the last that was shown, by where it begins
  std::string out_;
};

std::optional<uint32_t> FindRule(const lang::Program& program, const std::string& name) {
  const auto rule = std::find_if(program.rules.begin(), program.rules.end(), [&](const lang::Rule& r) { return r.name == name; });
  if (rule == program.rules.end()) return std::nullopt;
  return static_cast<uint32_t>(rule - program.rules.begin());
}

}  // namespace

int Disasm(const DisasmOptions& options) {
  Console console;
  const Result<Bundle> bundle = Bundle::FromPath(options.policy_path);
  if (!bundle) return FailWith(kExitPolicy, bundle.error(), &console);
  const lang::Modules modules = ModulesOf(*bundle);
  std::string out;
  bool any_policy = false;
  for (const Bundle::File& file : bundle->policies()) {
    lang::Origins origins;
    const Result<lang::Compiled> compiled = lang::Compile({file.name, file.text}, modules, {}, &origins);
    if (!compiled) return FailWith(kExitPolicy, compiled.error(), &console);
    if (compiled->is_module) continue;
    any_policy = true;
    std::vector<lang::Modules::File> files = {{file.name, file.text}};
    for (const std::string& module : compiled->modules) files.push_back(*modules.Find(module));
    const lang::Program& program = compiled->program;
    const std::optional<uint32_t> rule = FindRule(program, options.rule);
    if (!options.rule.empty() && !rule) continue;
    const LayoutRef layout = lang::NativeLayout(program.types, program.input);
    if (layout == nullptr) {
      return FailWith(kExitPolicy, Error{"E-input-too-large", fmt::format("the input of `{}` is too large", program.name)}, &console);
    }
    const Result<codegen::CodeBlob> blob = codegen::Generate(
        program, *layout,
        {.cpu = options.baseline ? codegen::CpuFeatures::Baseline() : codegen::CpuFeatures::Host(), .notes = true});
    if (!blob) return FailWith(kExitPolicy, blob.error(), &console);
    out += Listing(program, origins, std::move(files), *blob).Render(rule);
  }
  if (!any_policy) {
    return FailWith(kExitUsage, Error{"E-usage", fmt::format("{} has modules alone: their code is that of the policies that use them",
                                                             options.policy_path)}, &console);
  }
  if (out.empty()) {
    return FailWith(kExitUsage, Error{"E-usage", fmt::format("{} has no rule `{}`", options.policy_path, options.rule)}, &console);
  }
  return WriteOut(out, kExitOk, &console);
}

}  // namespace moult::tools
