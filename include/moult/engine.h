// Moult: policies compiled to machine code that lives in a garbage-collected heap.
//
//   #include <moult/engine.h>
//
//   auto engine = moult::Engine::Create({});
//   if (!engine) return Fail(engine.error().message);
//   auto bundle = moult::Bundle::FromPath("policies");
//   if (!bundle) return Fail(moult::Render(bundle.error()));
//   auto version = (*engine)->Publish(*bundle);                // compile and swap in
//   if (!version) std::cerr << moult::Render(version.error()); // the old version, if there is one, keeps serving
//
//   auto policy = (*engine)->Find<Message>("abuse.message");   // binds a C++ struct (binding.h) to the policy's input
//   if (!policy) return Fail(moult::Render(policy.error()));
//   moult::Context context(**engine);                          // one per thread
//   moult::Decision decision;                                  // reused
//   if (!policy->Decide(context, message, &decision).ok() || decision.verdict() == block) Block(message);  // fails closed
//
// Threads need no ceremony: the first use on a thread registers it with the collector, its exit unregisters it. A request
// finishes on the version it began with; a Publish in the meantime neither waits for it nor is waited for.
//
// Three rules the host keeps: no longjmp, thread cancellation or thread exit across a Decide; user-mode stacks (fibers) are
// refused; the process's other users of bdwgc, if any, start it through Moult.
//
// Errors are values with stable codes. Of a Status:
//   E-input            the input does not fit the policy's schema; the message begins with the path of the value, or names the
//                      line and column of what is not JSON
//   E-no-version       nothing has been published yet
//   E-no-such-policy   the version has no policy of that name (any more)
//   E-not-bound        the version is pinned and older than the binding: it has no code for it
//   E-context-busy     a Decide inside a source of a Decide on the same Context
//   E-wrong-engine     a Context, Current or Pinned of another Engine
//   E-current-off-stack, E-empty-pin, E-option, E-memory
// Of Publish, beside those of a text (docs/language.md): E-binding, E-missing-file, E-bad-entry, E-bad-json, E-list-too-large,
// E-duplicate-policy, E-no-policy, E-read, E-code-too-large, E-heap.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "moult/binding.h"
#include "moult/decision.h"
#include "moult/diagnostic.h"
#include "moult/host_value.h"
#include "moult/explanation.h"
#include "moult/result.h"

namespace moult {

class Context;
class Current;
class Engine;
class Pinned;

namespace internal {
struct DecideInput;
struct PolicyBinding;
}  // namespace internal
namespace runtime {
class EngineCore;
struct PinnedAccess;
}  // namespace runtime

// The texts of one policy set: policies, the modules that they use, and the data files that their `list ... from` name.
class Bundle {
 public:
  struct File {
    std::string name;  // as shown in diagnostics; the path when read from disk
    std::string text;
  };

  // A directory: every `.moult` file in it and its folders, policies and modules alike, by name; what begins with a dot is passed
  // over. Or one `.moult` file, with the modules that it uses: `lib.web` is then lib/web.moult in its folder. Data files are found in
  // the folder of the file that names them, or below, and may have 1 GiB. A module or data file that is not there, or a data file
  // that is named elsewhere, is for Publish to report, where it is named. Errors: E-read for what cannot be read, is no regular file
  // or has over `max_bytes`; E-no-policy for a directory without a `.moult` file.
  static Result<Bundle> FromPath(const std::string& path, size_t max_bytes = 4u << 20);
  // One policy from memory.
  static Bundle FromText(std::string name, std::string text);

  Bundle& Add(File policy_or_module);
  // A data file by the name that the policy uses, or by its path beside the policy. Replaces one of the same name.
  Bundle& AddData(std::string name, std::string text);

  // The modules included.
  const std::vector<File>& policies() const { return policies_; }
  // The data files that the policies name, by the path they were read from (or the name given to AddData).
  const std::vector<File>& data() const { return data_; }
  // What `policy_file` means by `name`: the file beside it, else one added under just that name. Null if there is none.
  const std::string* FindData(std::string_view policy_file, std::string_view name) const;

 private:
  std::vector<File> policies_;
  std::vector<File> data_;
};

// How Decide evaluates. The interpreter gives the same decisions, slowly; it is the oracle of the tests.
enum class Evaluator : uint8_t { kMachineCode, kInterpreter };

struct EngineOptions {
  Evaluator evaluator = Evaluator::kMachineCode;
  size_t source_bytes = 4u << 20;        // a policy text over this is refused
  uint32_t nesting = 200;                // depth of expressions
  uint32_t rules = 100'000;              // per policy
  size_t code_bytes = 64u << 20;         // per policy and binding
  size_t list_bytes = 256u << 20;        // a list's file over this is refused
  size_t list_entries = 10'000'000;      // different items or keys of one list
  size_t arena_bytes = 16u << 20;        // scratch per request; beyond it a rule errs
  uint64_t fuel = 10'000'000;            // steps of work per request (docs/language.md, "Cost"); beyond it a rule errs
  bool baseline_cpu = false;             // generate for plain x86-64, whatever the processor has
};

struct PolicyInfo {
  std::string name;
  uint32_t rules = 0;
  bool changed = false;                  // new, or its code is not the previous version's
  std::vector<std::string> verdicts;     // by ordinal
};

struct RuleErrors {
  std::string policy;
  std::string rule;
  uint64_t errors = 0;
};

struct VersionInfo {
  uint64_t number = 0;                   // 1, 2, 3 ... per engine; never reused
  std::vector<PolicyInfo> policies;      // sorted by name
  std::vector<std::string> removed;      // policies of the previous version that are gone
  uint64_t code_bytes = 0;
  std::chrono::nanoseconds compile{0};   // text to machine code
  std::chrono::nanoseconds install{0};   // machine code to published
  Diagnostics warnings;
};

// What the engine tells. See Engine::SetObserver.
struct EngineEvent {
  enum class Kind : uint8_t { kPublished, kSuperseded, kReclaimed, kSilentThread };
  Kind kind;
  uint64_t version = 0;
  uint64_t code_bytes = 0;
  std::chrono::nanoseconds since_superseded{0};  // kReclaimed
  std::chrono::nanoseconds silent_for{0};        // kSilentThread
  int thread = 0;                                // kSilentThread: its tid
};

// Totals of the process's heap (all engines share it), and the present.
struct HeapCounters {
  uint64_t published = 0, superseded = 0, reclaimed = 0;
  uint64_t live_versions = 0, live_blocks = 0, live_code_bytes = 0;
  uint64_t cycles = 0, scans = 0, threads = 0;
  std::chrono::nanoseconds scan_total{0}, scan_max{0};        // in request threads, by signal handler
  std::chrono::nanoseconds reclaim_total{0}, reclaim_max{0};  // from superseded to free
};

// What sources take and give.
using SourceValue = HostValue;

// Answers a `source`; nullopt means that it failed (the rule errs), and so does a result of another type than the policy declares.
// May throw: an exception counts as failure. May wait, publish, or decide with another Context. Called on the requesting thread, at
// most once per request and arguments. A string result is copied. Must be safe to call from every thread that decides.
using SourceFunction = std::function<std::optional<SourceValue>(std::span<const SourceValue> arguments)>;

enum class Detail : uint8_t {
  kIds,   // verdict, score, rule ids, errors by number
  kFull,  // also names, reasons, tags and places, rendered into the Context's arena
};

// Scratch for one thread's requests: arena, JSON parser, memo of sources. Must not outlive its Engine. Thread-safety: one thread
// at a time. A Decide inside a source of a Decide needs a Context of its own, and is refused on the same.
class Context {
 public:
  explicit Context(const Engine& engine);
  ~Context();
  Context(Context&&) noexcept;
  Context& operator=(Context&&) noexcept;

  // kIds unless set.
  void set_detail(Detail detail);

  struct Impl;

 private:
  friend class PolicyBase;
  std::unique_ptr<Impl> impl_;
};

// A policy by name with one binding of its input: valid as long as the Engine, whatever versions come. Cheap to copy.
// Deciding fails, by value, when the current version has no policy of that name any more (E-no-such-policy), or the input is
// malformed (E-input); rules that err are in the Decision instead. After a failure the Decision is unspecified, but safe to read.
// An input that is larger than a `max` of the policy's schema is malformed; in a bound struct the maxima of fields inside
// elements of lists are not checked.
class PolicyBase {
 public:
  const std::string& name() const;

 protected:
  friend class Engine;
  using Handle = internal::PolicyBinding;
  explicit PolicyBase(std::shared_ptr<const Handle> handle) : handle_(std::move(handle)) {}
  Status DecideRecord(Context& context, const void* record, Decision* decision) const;
  Status DecideRecord(const Current& current, Context& context, const void* record, Decision* decision) const;
  Status DecideRecord(const Pinned& pinned, Context& context, const void* record, Decision* decision) const;
  Status DecideJson(Context& context, std::string_view json, Decision* decision) const;
  Status DecideJson(const Current& current, Context& context, std::string_view json, Decision* decision) const;
  Status DecideJson(const Pinned& pinned, Context& context, std::string_view json, Decision* decision) const;
  Status ExplainRecord(Context& context, const void* record, Decision* decision, Explanation* explanation) const;
  Status ExplainJson(Context& context, std::string_view json, Decision* decision, Explanation* explanation) const;
  std::shared_ptr<const Handle> handle_;

 private:
  Status Decide(Context& context, const internal::DecideInput& input, Decision* decision) const;
  Status Decide(const Current& current, Context& context, const internal::DecideInput& input, Decision* decision) const;
  Status Decide(const Pinned& pinned, Context& context, const internal::DecideInput& input, Decision* decision) const;
};

template <class T>
class Policy : public PolicyBase {
 public:
  // Decides on the current version. Reads `input` in place; it must not change meanwhile.
  Status Decide(Context& context, const T& input, Decision* decision) const { return DecideRecord(context, &input, decision); }
  // Decides on the version that `on` (a Current or a Pinned) holds.
  template <class On>
  Status Decide(const On& on, Context& context, const T& input, Decision* decision) const {
    return DecideRecord(on, context, &input, decision);
  }
  // Decides on the current version by the interpreter, and says what every expression came to. Cost: a compile of the policy at the
  // first call on a Context, and then far more than a Decide: for looking into one request.
  Status Explain(Context& context, const T& input, Decision* decision, Explanation* explanation) const {
    return ExplainRecord(context, &input, decision, explanation);
  }

 private:
  friend class Engine;
  using PolicyBase::PolicyBase;
};

// A policy whose input comes as JSON text: one object, its members by the names of the input's fields. Unknown members are
// ignored; a missing, duplicate or wrongly typed one is an E-input whose message names the path ("user.age: expected int, got
// string"). `json` need not be padded.
class JsonPolicy : public PolicyBase {
 public:
  Status Decide(Context& context, std::string_view json, Decision* decision) const { return DecideJson(context, json, decision); }
  template <class On>
  Status Decide(const On& on, Context& context, std::string_view json, Decision* decision) const {
    return DecideJson(on, context, json, decision);
  }
  // As Policy::Explain.
  Status Explain(Context& context, std::string_view json, Decision* decision, Explanation* explanation) const {
    return ExplainJson(context, json, decision, explanation);
  }

 private:
  friend class Engine;
  using PolicyBase::PolicyBase;
};

// The current version, held by a frame of the calling thread's stack: several decisions on one version, without a pin. Neither
// copyable nor movable; declare it as a local variable. One that is placed elsewhere (new, a coroutine frame, a fiber) holds
// nothing and says so: ok() is false and every use an error (E-current-off-stack).
class Current {
 public:
  explicit Current(const Engine& engine);
  ~Current();
  Current(const Current&) = delete;
  Current& operator=(const Current&) = delete;
  static void* operator new(size_t) = delete;

  bool ok() const { return version_ != nullptr; }
  uint64_t version() const;  // 0 unless ok()

 private:
  friend class Engine;
  friend class PolicyBase;
  const runtime::EngineCore* core_;  // null when off-stack
  const void* version_;
};

// A version held by a count: may live anywhere, cross threads, be compared, be rolled back to.
class Pinned {
 public:
  Pinned();
  ~Pinned();
  Pinned(const Pinned&);
  Pinned(Pinned&&) noexcept;
  Pinned& operator=(Pinned) noexcept;

  explicit operator bool() const;
  uint64_t version() const;  // 0 when empty
  friend bool operator==(const Pinned& a, const Pinned& b) { return a.Same(b); }

 private:
  friend class Engine;
  friend class PolicyBase;
  friend struct runtime::PinnedAccess;
  bool Same(const Pinned& other) const;
  alignas(8) unsigned char pin_[8];  // a gc::Pin; its header is not public
};

// A set of policies, one version of which is current. Engines share the process's collected heap and are otherwise apart.
// Thread-safety: every method may be called from any thread; publishes are serialised, requests never wait for them.
class Engine {
 public:
  // Starts the process's heap if this is its first use. Errors: an option out of range, an unsupported machine.
  static Result<std::unique_ptr<Engine>, Error> Create(const EngineOptions& options);
  // Requests must have ended; pins and versions in flight elsewhere stay valid.
  ~Engine();

  // Binds the host's answer to a source of that name in every policy, from the next Publish on. Replaces an earlier one, which lives
  // on with the Engine, since versions in flight may call it. A source that is declared but not bound fails when called; the
  // publish warns of it (W-source-not-bound).
  // Errors: E-option for an empty name or function.
  Status BindSource(std::string name, SourceFunction function);

  // Compiles the bundle and makes it current with one atomic store. On failure nothing changes: the old version keeps serving,
  // and the diagnostics say why: errors in a text, a live binding that lacks or mistypes a field that a policy reads
  // (E-binding), limits. Cost: proportional to the texts; see docs/performance.md. When dead versions pile up faster than they are
  // collected (hundreds of publishes a second on busy processors), it first waits for a collection, at most a second.
  Result<VersionInfo> Publish(const Bundle& bundle);

  // Makes a version that is pinned current again, under its own number, sources included. When structs have been bound since, its
  // texts are compiled for these and get a new number. Errors: E-empty-pin, E-wrong-engine, E-binding.
  Result<VersionInfo> Rollback(const Pinned& version);

  // Binds T to the input of the policy `name`. A new binding is an input of compilation: the current texts are compiled for it and
  // published under a new number. It constrains later publishes for as long as a copy of the Policy lives.
  // Errors: E-no-such-policy, E-no-version, E-binding.
  template <class T>
  Result<Policy<T>> Find(const std::string& name) {
    Result<std::shared_ptr<const PolicyBase::Handle>> handle = Bind(name, LayoutOf<T>());
    if (!handle) return Failure(std::move(handle).error());
    return Policy<T>(std::move(handle).value());
  }
  // Likewise for JSON input, which fits every schema. Publishes only if the current version's policy has been compiled for structs
  // alone: one that nobody had bound was compiled for JSON.
  Result<JsonPolicy> FindJson(const std::string& name);

  // The current version, pinned; empty before the first Publish.
  Pinned Pin() const;
  // How often each rule of the current version's policies has erred, live or shadow, in the order of policies and rules; those that
  // never have are left out. Counts begin when a policy's text is first published and go on while the same text stays.
  std::vector<RuleErrors> ErringRules() const;
  // Of the current version; nullopt before the first Publish.
  std::optional<VersionInfo> Info() const;

  // One observer an engine, called on the heap thread: it may only queue. Null removes it. Events of versions of this engine, and
  // silent threads of the process.
  void SetObserver(std::function<void(const EngineEvent&)> observer);

  // Runs a collection now and waits for its verdict; false if a thread did not answer within `timeout`.
  static bool Collect(std::chrono::milliseconds timeout = std::chrono::seconds(10));
  static HeapCounters Counters();

 private:
  friend class Context;
  friend class Current;
  friend class PolicyBase;
  struct Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  Result<std::shared_ptr<const PolicyBase::Handle>> Bind(const std::string& name, LayoutRef host);
  std::unique_ptr<Impl> impl_;
};

}  // namespace moult
