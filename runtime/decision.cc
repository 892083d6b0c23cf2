#include "moult/decision.h"

#include <cstring>
#include <string>

namespace moult {

// The words of one Decision, immutable once made.
struct Decision::Words {
  std::unique_ptr<char[]> text;
  std::vector<std::string_view> tags;
};

namespace {

// Calls `visit` on every view of the words. Views share neither text nor order with anything else.
template <class Visit>
void EachRuleText(std::vector<FiredRule>& rules, Visit&& visit) {
  for (FiredRule& rule : rules) {
    visit(rule.name);
    visit(rule.reason);
  }
}

}  // namespace

void Decision::Own() {
  if (owned_ != nullptr) return;
  auto each_text = [this](auto&& visit) {
    visit(verdict_name_);
    EachRuleText(rules_, visit);
    EachRuleText(shadow_rules_, visit);
    for (ErrorText& error : error_texts_) {
      visit(error.rule);
      visit(error.text);
      visit(error.file);
    }
  };
  auto words = std::make_shared<Words>();
  for (std::vector<FiredRule>* rules : {&rules_, &shadow_rules_}) {
    for (const FiredRule& rule : *rules) words->tags.insert(words->tags.end(), rule.tags.begin(), rule.tags.end());
  }
  size_t bytes = 0;
  auto measure = [&bytes](std::string_view& text) { bytes += text.size(); };
  each_text(measure);
  for (std::string_view& tag : words->tags) measure(tag);
  words->text = std::make_unique<char[]>(bytes);

  char* end = words->text.get();
  auto move = [&end](std::string_view& text) {
    if (!text.empty()) std::memcpy(end, text.data(), text.size());
    text = {end, text.size()};
    end += text.size();
  };
  each_text(move);
  for (std::string_view& tag : words->tags) move(tag);
  size_t first = 0;
  for (std::vector<FiredRule>* rules : {&rules_, &shadow_rules_}) {
    for (FiredRule& rule : *rules) {
      rule.tags = {words->tags.data() + first, rule.tags.size()};
      first += rule.tags.size();
    }
  }
  owned_ = std::move(words);
}

}  // namespace moult
