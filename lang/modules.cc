#include "lang/modules.h"

#include "lang/lexer.h"

namespace moult::lang {
FileHeader ReadHeader(std::string_view text) {
  Reporter ignored({}, {}, 0);
  Lexer lexer(text, {0, static_cast<uint32_t>(text.size())}, ignored);
  const auto text_of = [text](const Token& token) {
    return text.substr(token.span.begin, token.span.end - token.span.begin);
  };
  FileHeader header;
  const Token word = lexer.Next();
  if (text_of(word) != "module" && text_of(word) != "policy") return header;
  header.is_module = text_of(word) == "module";
  Token part = lexer.Next();
  if (part.kind != TokenKind::kIdentifier) return header;
  header.name = {std::string(text_of(part)), part.span};
  while (lexer.Next().kind == TokenKind::kDot) {
    part = lexer.Next();
    if (part.kind != TokenKind::kIdentifier) break;
    header.name.text += "." + std::string(text_of(part));
    header.name.span.end = part.span.end;
  }
  return header;
}

const Modules::File* Modules::Add(const std::string& module, File file) {
  const auto [entry, is_new] = files_.try_emplace(module, file);
  return is_new ? nullptr : &entry->second;
}

const Modules::File* Modules::Find(const std::string& module) const {
  const auto found = files_.find(module);
  return found == files_.end() ? nullptr : &found->second;
}

std::vector<std::string_view> Modules::Names() const {
  std::vector<std::string_view> names;
  for (const auto& [name, file] : files_) names.push_back(name);
  return names;
}

}  // namespace moult::lang
