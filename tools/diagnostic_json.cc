#include "tools/diagnostic_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "lang/quote.h"
#include "lang/utf8.h"

namespace moult::tools {
namespace {

std::string Uri(const std::string& file) {
  std::error_code ignored;
  const std::filesystem::path absolute = std::filesystem::absolute(file, ignored);
  std::string uri = "file://";
  for (char c : absolute.empty() ? file : absolute.lexically_normal().string()) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("/-._~").find(c) != std::string_view::npos;
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

std::string Quoted(std::string_view text) {
  std::string out;
  lang::AppendJsonString(out, text);
  return out;
}

// The `line`th line, from 1, without its end; empty if there is none.
std::string_view LineOf(std::string_view text, uint32_t line) {
  for (; line > 1 && !text.empty(); --line) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  return text.substr(0, text.find('\n'));
}

// Of the first `count` code points.
uint32_t Utf16Units(std::string_view text, uint32_t count) {
  uint32_t units = 0;
  for (size_t i = 0; i < text.size() && count > 0; --count) {
    const lang::CodePoint c = lang::DecodeUtf8(text, i);
    units += c.value > 0xFFFF ? 2 : 1;
    i += c.length;
  }
  return units;
}

class Writer {
 public:
  Writer(const std::string& path, const Bundle& bundle) : path_(path), bundle_(bundle) {}

  std::string File(const std::string& file, const Diagnostics& diagnostics) const {
    std::string list;
    for (const Diagnostic& d : diagnostics) {
      if (FileOf(d.file) != file) continue;
      if (!list.empty()) list += ",";
      list += One(d);
    }
    return fmt::format("{{\"uri\":{},\"diagnostics\":[{}]}}\n", Quoted(Uri(file)), list);
  }

  const std::string& FileOf(const std::string& file) const { return file.empty() ? path_ : file; }

 private:
  std::string One(const Diagnostic& d) const {
    std::string out = fmt::format("{{\"range\":{},\"severity\":{},\"code\":{},\"source\":\"moult\",\"message\":{}",
                                  Range(d.file, d.line, d.column, d.length), d.severity == Severity::kError ? 1 : 2,
                                  Quoted(d.code), Quoted(d.hint.empty() ? d.message : d.message + "\nhint: " + d.hint));
    if (!d.notes.empty()) {
      std::string notes;
      for (const DiagnosticNote& note : d.notes) {
        notes += fmt::format("{}{{\"location\":{{\"uri\":{},\"range\":{}}},\"message\":{}}}", notes.empty() ? "" : ",",
                             Quoted(Uri(FileOf(note.file))), Range(note.file, note.line, note.column, note.length),
                             Quoted(note.message));
      }
      out += fmt::format(",\"relatedInformation\":[{}]", notes);
    }
    return out + "}";
  }

  std::string Range(const std::string& file, uint32_t line, uint32_t column, uint32_t length) const {
    if (line == 0) return R"({"start":{"line":0,"character":0},"end":{"line":0,"character":0}})";
    const std::string_view text = LineOf(TextOf(file), line);
    return fmt::format(R"({{"start":{{"line":{0},"character":{1}}},"end":{{"line":{0},"character":{2}}}}})", line - 1,
                       Utf16Units(text, column - 1), Utf16Units(text, column - 1 + length));
  }

  std::string_view TextOf(const std::string& file) const {
    for (const Bundle::File& policy : bundle_.policies()) {
      if (policy.name == file) return policy.text;
    }
    return {};
  }

  const std::string& path_;
  const Bundle& bundle_;
};

}  // namespace

std::string DiagnosticsJson(const std::string& path, const Bundle& bundle, const Diagnostics& diagnostics) {
  const Writer writer(path, bundle);
  std::vector<std::string> files;
  for (const Bundle::File& policy : bundle.policies()) files.push_back(policy.name);
  for (const Diagnostic& d : diagnostics) {
    const std::string& file = writer.FileOf(d.file);
    if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(file);
  }
  std::string out;
  for (const std::string& file : files) out += writer.File(file, diagnostics);
  return out;
}

}  // namespace moult::tools
