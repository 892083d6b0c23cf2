#include "tests/structure/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <regex>
#include <set>
#include <string_view>

namespace moult::structure {
namespace {

using Strings = std::vector<std::string_view>;

bool StartsWithAny(std::string_view text, const Strings& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view p) { return text.starts_with(p); });
}

bool EndsWithAny(std::string_view text, const Strings& suffixes) {
  return std::any_of(suffixes.begin(), suffixes.end(), [&](std::string_view s) { return text.ends_with(s); });
}

bool IsCode(const File& file) { return EndsWithAny(file.path, {".cc", ".h", ".def"}); }

// Calls `visit(line number, line)` for each line. Of a very long one only the beginning: std::regex recurses on every
// character.
void ForEachLine(const File& file, const std::function<void(size_t, const std::string&)>& visit) {
  size_t number = 0;
  for (size_t begin = 0; begin < file.text.size();) {
    size_t end = file.text.find('\n', begin);
    if (end == std::string::npos) end = file.text.size();
    visit(++number, file.text.substr(begin, std::min<size_t>(end - begin, 1000)));
    begin = end + 1;
  }
}

// ---- includes

// What files below `folder` may include of the project itself, by the first part of the path. The first rule that
// matches counts.
struct LayerRule {
  std::string_view folder;
  Strings allowed;
};
const std::vector<LayerRule>& LayerRules() {
  static const std::vector<LayerRule> rules = {
      {"include/moult/", {"moult/"}},
      {"lang/", {"lang/", "moult/"}},
      {"codegen/", {"codegen/", "lang/", "moult/"}},
      {"gc/", {"gc/", "moult/"}},
      {"runtime/", {"runtime/", "lang/", "codegen/", "gc/", "moult/"}},
      // lang/ and codegen/: the command shows what the compiler makes of a policy. It decides through the public API alone.
      {"tools/", {"tools/", "lang/", "codegen/", "moult/"}},
      {"examples/", {"examples/", "moult/"}},
      // gc/: to time entering a version without an engine around it; lang/: a list's index without a policy.
      {"bench/", {"bench/", "gc/", "lang/", "moult/"}},
      {"tests/lang/", {"tests/", "lang/", "moult/"}},
      {"tests/codegen/", {"tests/", "codegen/", "lang/", "moult/"}},
      {"tests/gc/", {"tests/", "gc/", "moult/"}},
      {"tests/", {"tests/", "runtime/", "codegen/", "lang/", "gc/", "tools/", "examples/", "bench/", "moult/"}},
  };
  return rules;
}
const Strings kProjectFolders = {"moult/", "lang/",  "codegen/",  "gc/",   "runtime/",
                                 "tools/", "tests/", "examples/", "bench/"};

// Third-party libraries, and the folders that may include them. bdwgc's headers come in angle brackets, our gc/ in
// quotes.
struct LibraryRule {
  std::string_view library;
  Strings headers;
  Strings folders;
};
const std::vector<LibraryRule>& LibraryRules() {
  static const std::vector<LibraryRule> rules = {
      {"bdwgc", {"gc.h", "gc/", "gc_"}, {"gc/", "bench/peers/bdwgc"}},
      {"asmjit", {"asmjit/"}, {"codegen/"}},
      {"re2", {"re2/"}, {"lang/"}},
      {"simdjson", {"simdjson"}, {"runtime/", "examples/", "bench/", "tests/"}},
      {"liburcu", {"urcu"}, {"bench/peers/"}},
      {"CLI11", {"CLI/"}, {"tools/", "examples/", "bench/"}},
      {"capstone", {"capstone/"}, {"tools/", "tests/"}},
      {"GoogleTest", {"gtest/", "gmock/"}, {"tests/"}},
      {"fmt", {"fmt/"}, {"lang/", "codegen/", "gc/", "runtime/", "tools/", "examples/", "bench/", "tests/"}},
  };
  return rules;
}

std::string ComplainAboutInclude(const std::string& path, bool angle, const std::string& header) {
  // A public header may be written either way; other headers of the project in quotes only, else they are a library's.
  if (!angle || header.starts_with("moult/")) {
    for (const LayerRule& rule : LayerRules()) {
      if (!path.starts_with(rule.folder)) continue;
      if (StartsWithAny(header, rule.allowed)) return "";
      if (StartsWithAny(header, kProjectFolders)) return fmt::format("{} may not include \"{}\"", rule.folder, header);
      // An outside project, as in tests/package, has headers of its own.
      return fmt::format("\"{}\" is not named from the root of the tree", header);
    }
    return "";
  }
  for (const LibraryRule& rule : LibraryRules()) {
    if (StartsWithAny(header, rule.headers) && !StartsWithAny(path, rule.folders)) {
      return fmt::format("{} (<{}>) belongs in {} only", rule.library, header, fmt::join(rule.folders, ", "));
    }
  }
  return "";
}

}  // namespace

Complaints CheckIncludes(const Files& files) {
  static const std::regex include(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"].*)");
  Complaints complaints;
  for (const File& file : files) {
    if (!IsCode(file)) continue;
    ForEachLine(file, [&](size_t line, const std::string& text) {
      std::smatch match;
      if (!std::regex_match(text, match, include)) return;
      const std::string complaint = ComplainAboutInclude(file.path, match[1] == "<", match[2]);
      if (!complaint.empty()) complaints.push_back(fmt::format("{}:{}: {}", file.path, line, complaint));
    });
  }
  return complaints;
}

Complaints CheckShape(const Files& files) {
  Complaints complaints;
  for (const File& file : files) {
    if (!IsCode(file) && !EndsWithAny(file.path, {".cmake", ".sh", "CMakeLists.txt", "Makefile"})) continue;
    const size_t lines = static_cast<size_t>(std::count(file.text.begin(), file.text.end(), '\n'));
    // A .def is a table, as long as what it lists.
    if (lines > kMaxLines && !file.path.ends_with(".def"))
      complaints.push_back(fmt::format("{}:{}: over {} lines", file.path, lines, kMaxLines));
    if (file.path.ends_with(".h") && file.text.find("#pragma once\n") == std::string::npos) {
      complaints.push_back(fmt::format("{}:1: no #pragma once", file.path));
    }
  }
  return complaints;
}

Complaints CheckPaths(const Files& files) {
  // A path component before the slash makes it relative, or part of a URL.
  static const std::regex machine_path(R"((^|[^A-Za-z0-9_.~}/-])/(home|Users|work|workspace)/)");
  // Policies and sample requests speak of paths that attackers try.
  static const Strings exempt = {".moult", ".jsonl", ".json"};
  Complaints complaints;
  for (const File& file : files) {
    if (EndsWithAny(file.path, exempt)) continue;
    ForEachLine(file, [&](size_t line, const std::string& text) {
      if (std::regex_search(text, machine_path)) {
        complaints.push_back(fmt::format("{}:{}: a path of one machine: {}", file.path, line, text));
      }
    });
  }
  return complaints;
}

Complaints CheckTestFolders(const Files& files) {
  std::set<std::string> with_tests, registered;
  for (const File& file : files) {
    if (!file.path.starts_with("tests/")) continue;
    const size_t slash = file.path.find('/', 6);
    if (slash == std::string::npos) continue;
    const std::string folder = file.path.substr(0, slash);
    if (file.path.ends_with("_test.cc")) with_tests.insert(folder);
    const bool registers =
        file.text.find("moult_test(") != std::string::npos || file.text.find("add_test(") != std::string::npos;
    if (file.path == folder + "/CMakeLists.txt" && registers) registered.insert(folder);
  }
  Complaints complaints;
  for (const std::string& folder : with_tests) {
    if (!registered.contains(folder)) {
      complaints.push_back(fmt::format("{}:1: has tests but no CMakeLists.txt that registers them", folder));
    }
  }
  for (const char* layer : {"lang", "codegen", "gc", "runtime", "tools"}) {
    const std::string folder = fmt::format("tests/{}", layer);
    if (!with_tests.contains(folder)) complaints.push_back(fmt::format("{}:1: the layer has no tests", folder));
  }
  return complaints;
}

namespace {

// `link` of the document at `path`, as a path from the root.
std::string Resolve(const std::string& path, std::string link) {
  std::string folder = path.substr(0, path.rfind('/') == std::string::npos ? 0 : path.rfind('/'));
  while (link.starts_with("../")) {
    link = link.substr(3);
    folder = folder.find('/') == std::string::npos ? "" : folder.substr(0, folder.rfind('/'));
  }
  if (link.starts_with("./")) link = link.substr(2);
  return folder.empty() ? link : folder + "/" + link;
}

}  // namespace

Complaints CheckReferences(const Files& files) {
  static const std::regex markdown_link(R"(\]\(([^)#:\s]+)(#[^)]*)?\))");
  static const std::regex document(
      R"((^|[^A-Za-z0-9_./-])((docs/[A-Za-z0-9_/-]+|ARCHITECTURE|CONTRIBUTING|README|CHANGELOG)\.md))");
  std::set<std::string> known;
  for (const File& file : files) {
    for (size_t at = 0; at != std::string::npos; at = file.path.find('/', at + 1))
      known.insert(file.path.substr(0, at));
    known.insert(file.path);
  }
  const auto exists = [&](std::string path) {
    if (path.ends_with('/')) path.pop_back();
    return known.contains(path);
  };
  Complaints complaints;
  for (const File& file : files) {
    const bool is_document = file.path.ends_with(".md");
    const bool is_rule_test = file.path.starts_with("tests/structure/");  // speaks of files that are not there
    if (!is_document && (!IsCode(file) || is_rule_test)) continue;
    const std::regex& reference = is_document ? markdown_link : document;
    ForEachLine(file, [&](size_t line, const std::string& text) {
      for (std::sregex_iterator match(text.begin(), text.end(), reference), end; match != end; ++match) {
        const std::string target = is_document ? Resolve(file.path, (*match)[1]) : (*match)[2].str();
        if (!exists(target)) complaints.push_back(fmt::format("{}:{}: no such file: {}", file.path, line, target));
      }
    });
  }
  return complaints;
}

Complaints CheckInvariants(const Files& files) {
  static const std::regex citation(R"(INVARIANT\(([a-z-]+)\))");
  static const std::regex definition(R"(^- `([a-z-]+)`.*)");
  std::set<std::string> defined;
  std::map<std::string, std::string> cited;  // name -> first place
  for (const File& file : files) {
    if (file.path == "ARCHITECTURE.md") {
      bool inside = false;
      ForEachLine(file, [&](size_t, const std::string& text) {
        if (text.starts_with("#")) inside = text.find("Invariants") != std::string::npos;
        std::smatch match;
        if (inside && std::regex_match(text, match, definition)) defined.insert(match[1]);
      });
    }
    if (!IsCode(file) || file.path.starts_with("tests/")) continue;
    ForEachLine(file, [&](size_t line, const std::string& text) {
      for (std::sregex_iterator match(text.begin(), text.end(), citation), end; match != end; ++match) {
        cited.emplace((*match)[1], fmt::format("{}:{}", file.path, line));
      }
    });
  }
  Complaints complaints;
  for (const auto& [name, place] : cited) {
    if (!defined.contains(name))
      complaints.push_back(fmt::format("{}: INVARIANT({}) is not in ARCHITECTURE.md", place, name));
  }
  for (const std::string& name : defined) {
    if (!cited.contains(name))
      complaints.push_back(fmt::format("ARCHITECTURE.md:1: no code cites INVARIANT({})", name));
  }
  return complaints;
}

}  // namespace moult::structure
