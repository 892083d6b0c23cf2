#include "runtime/source_memo.h"

#include <algorithm>
#include <bit>
#include <functional>

#include "lang/host_value.h"
#include "lang/time.h"
#include "lang/value.h"

namespace moult::runtime {
namespace {

using lang::Scalar;
using lang::TypeKind;

constexpr size_t kFirstBuckets = 16;

uint64_t Mix(uint64_t h, uint64_t v) {
  h = (h ^ v) * 0x9e3779b97f4a7c15;
  return h ^ h >> 32;
}

// Arguments are the same question when they are the same bits: a host may tell 0.0 from -0.0.
uint64_t Hash(lang::SourceId source, std::span<const Scalar> arguments) {
  uint64_t h = Mix(0, source);
  for (const Scalar& a : arguments) {
    switch (a.kind) {
      case TypeKind::kString:
      case TypeKind::kBytes:
      case TypeKind::kCidr:
        h = Mix(h, std::hash<std::string_view>()(a.text));
        break;
      case TypeKind::kDouble:
        h = Mix(h, std::bit_cast<uint64_t>(a.real));
        break;
      default:
        h = Mix(Mix(h, static_cast<uint64_t>(a.integer)), static_cast<uint64_t>(a.low));
        break;
    }
  }
  return h;
}

bool Same(const Scalar& a, const Scalar& b) {
  switch (a.kind) {
    case TypeKind::kString:
    case TypeKind::kBytes:
    case TypeKind::kCidr:
      return a.text == b.text;
    case TypeKind::kDouble:
      return std::bit_cast<uint64_t>(a.real) == std::bit_cast<uint64_t>(b.real);
    default:
      return a.integer == b.integer && a.low == b.low;
  }
}

std::string_view AsText(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

void SourceMemo::Begin(const lang::Program& program, std::span<const SourceFunction* const> functions,
                       lang::Arena& arena) {
  program_ = &program;
  functions_ = functions;
  arena_ = &arena;
  if (questions_.empty()) return;
  questions_.clear();
  arguments_.clear();
  std::fill(buckets_.begin(), buckets_.end(), 0);
}

void SourceMemo::End() {
  program_ = nullptr;
  functions_ = {};
}

bool SourceMemo::Call(lang::SourceId source, std::span<const Scalar> arguments, Scalar* result) noexcept try {
  const uint64_t hash = Hash(source, arguments);
  const Question* known = Find(hash, source, arguments);
  if (known == nullptr) {
    Question question{hash, source, static_cast<uint32_t>(arguments_.size()), static_cast<uint32_t>(arguments.size())};
    question.answered = Ask(source, arguments, &question.answer);
    arguments_.insert(arguments_.end(), arguments.begin(), arguments.end());
    Remember(question);
    known = &questions_.back();
  }
  if (known->answered) *result = known->answer;
  return known->answered;
} catch (...) {
  return false;  // out of memory
}

const SourceMemo::Question* SourceMemo::Find(uint64_t hash, lang::SourceId source,
                                             std::span<const Scalar> arguments) const {
  if (questions_.empty()) return nullptr;
  const size_t mask = buckets_.size() - 1;
  for (size_t b = hash & mask; buckets_[b] != 0; b = (b + 1) & mask) {
    const Question& q = questions_[buckets_[b] - 1];
    if (q.hash == hash && q.source == source &&
        std::equal(arguments.begin(), arguments.end(), arguments_.begin() + q.first_argument,
                   arguments_.begin() + q.first_argument + q.argument_count, Same)) {
      return &q;
    }
  }
  return nullptr;
}

void SourceMemo::Remember(const Question& question) {
  questions_.push_back(question);
  if (questions_.size() * 2 > buckets_.size()) {
    Rehash(std::max(kFirstBuckets, buckets_.size() * 2));
    return;
  }
  const size_t mask = buckets_.size() - 1;
  size_t b = question.hash & mask;
  while (buckets_[b] != 0) b = (b + 1) & mask;
  buckets_[b] = static_cast<uint32_t>(questions_.size());
}

void SourceMemo::Rehash(size_t buckets) {
  buckets_.assign(buckets, 0);
  for (uint32_t i = 0; i < questions_.size(); ++i) {
    size_t b = questions_[i].hash & (buckets - 1);
    while (buckets_[b] != 0) b = (b + 1) & (buckets - 1);
    buckets_[b] = i + 1;
  }
}

bool SourceMemo::Ask(lang::SourceId source, std::span<const Scalar> arguments, Scalar* answer) {
  if (source >= functions_.size() || functions_[source] == nullptr) return false;
  values_.clear();
  for (const Scalar& a : arguments) values_.push_back(ToHostValue(a));
  std::optional<SourceValue> value;
  try {
    value = (*functions_[source])(values_);
  } catch (...) {
    return false;
  }
  if (!value) return false;

  const lang::TypeId type = program_->sources[source].result;
  answer->kind = program_->types.kind(type);
  switch (answer->kind) {
    case TypeKind::kBool:
      answer->integer = value->AsBool();
      return value->kind() == SourceValue::Kind::kBool;
    case TypeKind::kInt:
      answer->integer = value->AsInt();
      return value->kind() == SourceValue::Kind::kInt;
    case TypeKind::kEnum:
      answer->integer = value->AsInt();
      return value->kind() == SourceValue::Kind::kInt && answer->integer >= 0 &&
             static_cast<uint64_t>(answer->integer) < program_->types.enum_type(type).enumerators.size();
    case TypeKind::kDouble:
      answer->real = value->AsDouble();
      return value->kind() == SourceValue::Kind::kDouble;
    case TypeKind::kString:
      answer->text = arena_->Copy(value->AsString());
      return value->kind() == SourceValue::Kind::kString && answer->text.data() != nullptr;
    case TypeKind::kBytes:
      answer->text = arena_->Copy(AsText(value->AsBytes()));
      return value->kind() == SourceValue::Kind::kBytes && answer->text.data() != nullptr;
    case TypeKind::kTimestamp: {
      const NativeTimestamp moment = value->AsTime();
      answer->integer = moment.seconds;
      answer->low = moment.nanos;
      return value->kind() == SourceValue::Kind::kTimestamp && moment.nanos >= 0 && moment.nanos < lang::kNanosPerSecond &&
             lang::InRange({moment.seconds, moment.nanos});
    }
    case TypeKind::kDuration:
      answer->integer = value->AsDuration().count();
      return value->kind() == SourceValue::Kind::kDuration;
    case TypeKind::kIp:
      answer->integer = static_cast<int64_t>(value->AsAddress().high());
      answer->low = static_cast<int64_t>(value->AsAddress().low());
      return value->kind() == SourceValue::Kind::kIp;
    case TypeKind::kCidr: {
      const Cidr range = value->AsRange();
      answer->text = arena_->Copy(AsText(std::as_bytes(std::span(&range, 1))));
      return value->kind() == SourceValue::Kind::kCidr && answer->text.data() != nullptr;
    }
    default:
      return false;
  }
}

}  // namespace moult::runtime
