// OriginRecorder: notes where values come from while the checker works. Internal to lang/check*.cc.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "lang/ast.h"
#include "lang/origin.h"

namespace moult::lang {

// Off until it is given somewhere to write. Begin and End pair up and nest as the text does.
class OriginRecorder {
  struct Open {
    OriginId id;
    const Expr* expr;
  };

 public:
  void WriteTo(Origins* origins) { origins_ = origins; }
  bool on() const { return origins_ != nullptr && paused_ == 0; }

  OriginId Begin(const Expr& e, SiteSpan place) {
    const auto id = static_cast<OriginId>(origins_->all.size());
    const uint32_t anchor = place.begin + (e.name_span.end > 0 ? e.name_span.begin - e.span.begin : 0);
    origins_->all.push_back({.place = place, .anchor = anchor, .literal = IsLiteral(e), .condition = IsOperand() && !IsLogic(e)});
    if (!open_.empty()) origins_->all[open_.back().id].parts.push_back(id);
    open_.push_back({id, &e});
    return id;
  }
  void End(OriginId id, NodeId node) {
    origins_->all[id].node = node;
    open_.pop_back();
    if (open_.empty()) last_root_ = id;
  }

  // What ended last outside of any other expression, as the value of a let.
  void EndLet() {
    if (on()) origins_->lets.push_back(last_root_);
  }
  // Likewise, as a clause of a rule.
  OriginId EndClause(const Expr& e) {
    if (!on() || last_root_ == kNoOrigin) return kNoOrigin;
    origins_->all[last_root_].condition = !IsLogic(e);
    return last_root_;
  }
  void EndRule(RuleOrigin rule) {
    if (on()) origins_->rules.push_back(rule);
  }

  // While it lives nothing is recorded.
  class Pause {
   public:
    explicit Pause(OriginRecorder& recorder) : recorder_(recorder) { ++recorder_.paused_; }
    ~Pause() { --recorder_.paused_; }
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

   private:
    OriginRecorder& recorder_;
  };
  // While it lives what is recorded is no part of what is open.
  class Apart {
   public:
    explicit Apart(OriginRecorder& recorder) : recorder_(recorder), open_(std::exchange(recorder.open_, {})) {}
    ~Apart() { recorder_.open_ = std::move(open_); }
    Apart(const Apart&) = delete;
    Apart& operator=(const Apart&) = delete;

   private:
    OriginRecorder& recorder_;
    std::vector<Open> open_;
  };

 private:
  static bool IsLogic(const Expr& e) { return e.kind == ExprKind::kBinary && (e.text == "&&" || e.text == "||"); }
  static bool IsLiteral(const Expr& e) {
    return e.kind == ExprKind::kBool || e.kind == ExprKind::kInt || e.kind == ExprKind::kDouble || e.kind == ExprKind::kString;
  }
  // Whether what begins now is an operand of `&&` or `||`, or the condition of `?:`.
  bool IsOperand() const {
    if (open_.empty()) return false;
    const Open& around = open_.back();
    return IsLogic(*around.expr) || (around.expr->kind == ExprKind::kConditional && origins_->all[around.id].parts.empty());
  }

  Origins* origins_ = nullptr;
  uint32_t paused_ = 0;
  OriginId last_root_ = kNoOrigin;
  std::vector<Open> open_;
};

}  // namespace moult::lang
