#include "moult/decision.h"

#include <cstring>
#include <string>

namespace moult {

// The words of one Decision, immutable once made.
struct Decision::Words {
  std::unique_ptr<char[]> text;
  std::vector<std::string_view> tags;
  std::vector<HostValue> arguments;
};

namespace {

// Calls `visit` on every view of the words. Views share neither text nor order with anything else.
template <class Visit>
void EachRuleText(std::vector<FiredRule>& rules, Visit&& visit) {
  for (FiredRule& rule : rules) {
    visit(rule.name);
    visit(rule.reason);
    visit(rule.would_decide);
  }
}

template <class Visit>
void EachErrorText(ErrorText& error, Visit&& visit) {
  visit(error.rule);
  visit(error.text);
  visit(error.file);
}

}  // namespace

void Decision::Own() {
  if (owned_ != nullptr) return;
  auto each_text = [this](auto&& visit) {
    visit(verdict_name_);
    EachRuleText(rules_, visit);
    EachRuleText(shadow_rules_, visit);
    for (ErrorText& error : error_texts_) EachErrorText(error, visit);
    for (Effect& effect : effects_) {
      visit(effect.name);
      EachErrorText(effect.error_text, visit);
    }
  };
  auto words = std::make_shared<Words>();
  for (std::vector<FiredRule>* rules : {&rules_, &shadow_rules_}) {
    for (const FiredRule& rule : *rules) words->tags.insert(words->tags.end(), rule.tags.begin(), rule.tags.end());
  }
  for (const Effect& effect : effects_) {
    words->arguments.insert(words->arguments.end(), effect.arguments.begin(), effect.arguments.end());
  }
  size_t bytes = 0;
  auto measure = [&bytes](std::string_view& text) { bytes += text.size(); };
  each_text(measure);
  for (std::string_view& tag : words->tags) measure(tag);
  for (const HostValue& argument : words->arguments) bytes += argument.Viewed().size();
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
  for (HostValue& argument : words->arguments) {
    std::string_view text = argument.Viewed();
    move(text);
    argument.Review(text.data());
  }
  first = 0;
  for (Effect& effect : effects_) {
    effect.arguments = {words->arguments.data() + first, effect.arguments.size()};
    first += effect.arguments.size();
  }
  owned_ = std::move(words);
}

}  // namespace moult
