// Emitter: the expressions of a program as machine code, in one pass over the graph.
//
// Registers have roles, not values to be allocated:
//   rbx  the EvalFrame          r12  the input record
//   r13  verdict (-1: none) or score so far (decide only)     r14  where the next fired rule's number goes (decide only)
//   rbp  the function's frame; temporaries live in its slots
//   rax, rdx, rcx, xmm0  the value just computed: an int, enum, bool or address in rax, a pair in rax and rdx, a double in
//                        xmm0; an optional's presence (0 or 1) in rcx beside it
//   the others  scratch within one Emit function
// Value(n) leaves n's value there; whoever needs it across another Value spills it to slots. Conditions are not values: Jump(n,
// when, target) goes to `target` if n comes to `when` and falls through otherwise, so that `&&`, `||` and `!` cost only jumps.
// What fails jumps with its packed EvalError in rax to the error target of the moment: the nearest absorbing operand, or the rule.
#pragma once

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "codegen/assembly.h"
#include "codegen/facts.h"
#include "lang/eval.h"
#include "lang/ir.h"

namespace moult::codegen {

namespace role {
inline constexpr auto& kFrame = asmjit::x86::rbx;
inline constexpr auto& kInput = asmjit::x86::r12;
inline constexpr auto& kTally = asmjit::x86::r13;
inline constexpr auto& kFired = asmjit::x86::r14;
inline constexpr auto& kValue = asmjit::x86::rax;
inline constexpr auto& kSize = asmjit::x86::rdx;
inline constexpr auto& kPresence = asmjit::x86::rcx;
inline constexpr auto& kReal = asmjit::x86::xmm0;
}  // namespace role

// Consecutive 8-byte words of the function's frame, the first at [rbp + offset].
struct Slot {
  int32_t offset = 0;
  asmjit::x86::Mem word(int k = 0) const { return asmjit::x86::qword_ptr(asmjit::x86::rbp, offset + 8 * k); }
};

// Gives out the slots of one function's frame, in the manner of a stack.
class SlotStack {
 public:
  // `below` bytes under rbp are taken: saved registers.
  void Reset(int32_t below) { base_ = below, used_ = 0, peak_ = 0; }
  Slot Take(int32_t words);
  int32_t used() const { return used_; }
  void Release(int32_t used) { used_ = used; }
  // Of the whole function; such that rsp is aligned to 16 with `base` bytes and the frame under an aligned rbp.
  uint32_t FrameBytes() const;

 private:
  int32_t base_ = 0;
  int32_t used_ = 0;  // words
  int32_t peak_ = 0;
};

// What to do with memory that holds no value of the language: fail at a site, or go to a label.
struct OnBadValue {
  lang::SiteId site = 0;
  asmjit::Label label;  // if valid
};

class Emitter {
 public:
  Emitter(const lang::Program& program, const Layout& input, const Options& options);
  Result<CodeBlob> Run();

 private:
  using Label = asmjit::Label;
  using Mem = asmjit::x86::Mem;
  using NodeId = lang::NodeId;
  using Node = lang::Node;
  using TypeId = lang::TypeId;
  using SiteId = lang::SiteId;
  using ErrorKind = lang::ErrorKind;

  // Within the scope, code is that of a comprehension's bodies.
  class VisitScope {
   public:
    VisitScope(Emitter& e, SiteId site) : emitter_(e), outer_(std::exchange(e.visited_at_, site)) {}
    ~VisitScope() { emitter_.visited_at_ = outer_; }
    VisitScope(const VisitScope&) = delete;
    VisitScope& operator=(const VisitScope&) = delete;

   private:
    Emitter& emitter_;
    std::optional<SiteId> outer_;
  };
  // Slots taken within a scope are free again after it.
  class SlotScope {
   public:
    explicit SlotScope(Emitter& e) : slots_(e.slots_), used_(slots_.used()) {}
    ~SlotScope() { slots_.Release(used_); }
    SlotScope(const SlotScope&) = delete;
    SlotScope& operator=(const SlotScope&) = delete;

   private:
    SlotStack& slots_;
    int32_t used_;
  };
  // Within the scope, what fails jumps to `target`.
  class ErrorScope {
   public:
    ErrorScope(Emitter& e, Label target) : emitter_(e), outer_(e.error_target_) { e.error_target_ = target; }
    ~ErrorScope() { emitter_.error_target_ = outer_; }
    ErrorScope(const ErrorScope&) = delete;
    ErrorScope& operator=(const ErrorScope&) = delete;
    Label outer() const { return outer_; }

   private:
    Emitter& emitter_;
    Label outer_;
  };
  // Within the scope, code computes this node (CodeBlob::notes).
  class NodeScope {
   public:
    NodeScope(Emitter& e, NodeId id) : asm_(e.asm_), before_(asm_.EnterNode(id)) {}
    ~NodeScope() { asm_.EnterNode(before_); }
    NodeScope(const NodeScope&) = delete;
    NodeScope& operator=(const NodeScope&) = delete;

   private:
    Assembly& asm_;
    NodeId before_;
  };
  struct LocalPlace {
    enum class Where : uint8_t { kNowhere, kAddress, kValue } where = Where::kNowhere;
    Slot slot;                       // kAddress: of the element's address; kValue: of the value
    const Layout* layout = nullptr;  // kAddress: of the element
  };
  struct FunctionStack {
    uint32_t frame_bytes = 0;           // return address and saved registers included
    std::vector<lang::LetId> calls;
  };
  // A place in the code that jumps leave for when something fails; emitted after the function's straight path.
  struct FailStub { Label entry; uint64_t error; Label target; };

  // -- functions (emit_rules.cc)
  void EmitDecide();
  void EmitRules();
  void EmitRule(uint32_t index);
  void EmitFire(uint32_t index);
  void EmitRecordError();
  void EmitVerdict();
  void EmitReason();
  void EmitArgument();
  // Goes to the entry whose number is in esi, of a table that EmitTable writes among the data: how far from it each entry begins.
  void JumpToEntry(Label table);
  void EmitTable(Label table, const std::vector<Label>& entries);
  void EmitLet(lang::LetId id);
  // A function's frame: rbp, then `saved` registers, then slots. End writes what stands off the straight path, and the frame's size.
  void BeginFunction(const Label& entry, std::string_view name, std::span<const asmjit::x86::Gp> saved);
  FunctionStack EndFunction();
  void EmitReturn(std::span<const asmjit::x86::Gp> saved);
  void EmitColdStubs();
  uint32_t StackBytes() const;

  // -- any expression (emit_value.cc)
  void Value(NodeId id);
  void Jump(NodeId id, bool when, Label target);
  void BoolValue(NodeId id);
  void JumpOnValue(NodeId id, bool when, Label target);
  void JumpCond(NodeId id, bool when, Label target);
  void Constant(NodeId id);
  void CondValue(NodeId id);
  void LetValue(NodeId id);
  void BindLocal(NodeId id);
  void LocalValue(NodeId id);
  void CoalesceValue(NodeId id);
  void UnwrapValue(NodeId id);
  void JumpHas(NodeId id, bool when, Label target);
  // Value(id) as the layout of the join `user` needs it.
  void JoinedValue(NodeId id, NodeId user);
  // Value(id), its composite type laid out as `to`.
  void ValueLaidOutAs(const Layout& to, NodeId id, SiteId site);

  // -- memory (emit_load.cc)
  void Load(const Mem& at, const Layout& storage, TypeId type, const OnBadValue& bad);
  void LoadOptional(const Mem& at, const Layout& storage, TypeId type, const OnBadValue& bad);
  void LoadInt(const asmjit::x86::Gp& to, const Mem& at, const Layout& layout);
  void CheckInt(const Layout& layout, const OnBadValue& bad);
  void MapEnum(const Layout& layout, const OnBadValue& bad);
  void LoadPair(const Mem& at);
  void LoadTimestamp(const Mem& at, const Layout& layout, const OnBadValue& bad);
  void LoadDuration(const Mem& at, const Layout& layout, const OnBadValue& bad);
  void LoadSequence(const Mem& at, const Layout& layout);
  void LoadDouble(const asmjit::x86::Xmm& to, const Mem& at, const Layout& layout);
  // The address of a record, without computing one where it is known: relative to the input or to a local.
  Mem RecordAddress(NodeId id);
  Mem FieldAddress(NodeId id);
  void FieldValue(NodeId id);
  // Whether the node is a field of the input at a fixed offset whose reading cannot fail.
  bool IsInputField(NodeId id) const;

  // -- logic (emit_logic.cc)
  void JumpLogic(NodeId id, bool when, Label target);
  void JumpFallibleLogic(std::span<const NodeId> terms, bool decisive, Label decided, Slot pending);
  std::vector<NodeId> Terms(NodeId id) const;
  void KeepFirstError(Label entry, Slot pending, Label go_on);

  // -- comparison and arithmetic (emit_compare.cc, emit_arithmetic.cc)
  void JumpCompare(NodeId id, bool when, Label target);
  void JumpCompareInts(lang::Op op, NodeId left, NodeId right, bool when, Label target);
  void JumpCompareDoubles(lang::Op op, NodeId left, NodeId right, bool when, Label target);
  void JumpCompareMixed(lang::Op op, NodeId left, NodeId right, bool when, Label target);
  void JumpCompareTexts(lang::Op op, NodeId left, NodeId right, bool when, Label target);
  void JumpComparePairs(lang::Op op, NodeId left, NodeId right, bool when, Label target);
  void JumpCompareCidrs(lang::Op op, NodeId left, NodeId right, bool when, Label target);
  // The flags say whether the pair in rax, rdx equals the one in the slot, or the 24 bytes at rax those at [the slot].
  void ComparePairWith(Slot slot);
  void CompareCidrWith(Slot slot);
  // The left operand in rax, rdx and the right in rcx, rsi.
  void TwoPairs(NodeId left, NodeId right);
  // The two words of a constant timestamp or ip.
  std::pair<int64_t, int64_t> ConstantWords(NodeId id) const;
  // Leaves the left operand in xmm0 and the right in xmm1, or in rax and rcx.
  void TwoDoubles(NodeId left, NodeId right);
  void TwoInts(NodeId left, NodeId right);
  // Operands that one instruction loads without touching the value registers.
  bool IsDirectInt(NodeId id) const;
  void DirectInt(const asmjit::x86::Gp& to, NodeId id);
  bool IsDirectDouble(NodeId id) const;
  void DirectDouble(const asmjit::x86::Xmm& to, NodeId id);
  bool DoubleConstant(NodeId id, double* value) const;
  void Arithmetic(NodeId id);
  void TimeArithmetic(NodeId id);
  void TimeDifference(SiteId site);
  void IntArithmetic(const Node& n);
  void IntDivision(const Node& n);
  void Negate(NodeId id);

  // -- text (emit_text.cc)
  void Size(NodeId id);
  void JumpText(NodeId id, bool when, Label target);
  void JumpPrefix(NodeId id, bool when, Label target);
  void JumpMatches(NodeId id, bool when, Label target);
  // The two texts as the first four arguments of a helper, or after the frame as the second to fifth.
  void TwoTexts(NodeId left, NodeId right, bool after_frame = false);
  void Render(NodeId id);
  void RenderPayload(TypeId type);
  void RenderEnum(TypeId type);
  void TextConstant(std::string_view text);
  void TextConstantKeepingFlags(std::string_view text);
  void CheckPair(ErrorKind error, SiteId site);

  // -- literals in conditions (emit_literal.cc)
  void JumpEqualsLiteral(NodeId text, std::string_view literal, bool when, Label target);
  // As many bytes at rax as `literal` has: to `target` if their being equal is `when`.
  void JumpBytes(std::string_view literal, bool when, Label target);
  void JumpShortBytes(std::string_view literal, bool when, Label target);
  void JumpWideBytes(std::string_view literal, size_t vector, bool when, Label target);
  void JumpInConstants(NodeId id, bool when, Label target);
  void JumpInDoubles(std::span<const NodeId> constants, Label found);
  void JumpInPairs(std::span<const NodeId> constants, Label found);
  void JumpInCidrs(std::span<const NodeId> constants, Label found);
  void JumpInRanges(std::span<const NodeId> constants, Label found);
  void JumpInInts(std::span<const NodeId> constants, Label found);
  // Falls through or goes to `missing` when it is not among them.
  void JumpInTexts(std::span<const NodeId> constants, Label found, Label missing);
  void JumpInTextsOfSize(std::span<const std::string_view> texts, Label found);
  void LoadShortText(size_t size);

  // -- collections (emit_collection.cc)
  void JumpIn(NodeId id, bool when, Label target);
  void JumpInListData(NodeId id, bool when, Label target);
  void JumpQuantifier(NodeId id, bool when, Label target);
  void JumpExistsOne(NodeId id, bool when, Label target);
  // What walks over a collection: the element's address, how many are left, and where there is one the position.
  struct Walk { Slot cursor; Slot left; Slot position; bool has_position = false; uint32_t stride = 0; };
  // The collection is in rax, rdx; to `end` if it is empty.
  Walk StartWalk(NodeId comprehension, Label end);
  void NextElement(const Walk& walk, Label loop);
  void BindVariables(NodeId id, const Walk& walk);
  void BindElement(lang::LocalId id, Slot cursor, const ElementPlace& place, SiteId site);
  void IndexValue(NodeId id);
  void MapValue(NodeId id);
  // Goes to `found`, the element's address in `cursor`, when an element (of a map: a key) equals the value in `needle`; falls through
  // when none does. The collection is in rax, rdx.
  void FindElement(NodeId collection, TypeId element_type, Slot needle, Slot cursor, Label found);
  void JumpElementEquals(const Mem& at, const Layout& layout, TypeId type, Slot needle, Label found, Label next);
  void MakeCollection(NodeId id);
  void MakeMap(NodeId id);
  void MakeRecord(NodeId id);
  void TransformCollection(NodeId id);  // ToList, ToMap
  void CheckKeys(NodeId map, Slot data_and_count);
  std::vector<NodeId> DistinctConstants(NodeId set) const;
  void Concatenate(NodeId id);
  void JumpEqualWhole(NodeId id, bool when, Label target);
  void JumpInWhole(NodeId id, bool when, Label target);
  void ListDataValue(NodeId id);
  void LoadList(NodeId id);  // to rdi
  // Leaves what the helper answers about the item.
  void AskList(Helper question, NodeId list, NodeId item);
  void FindMapped(NodeId map, NodeId key, Label absent);
  void JumpRangeContains(Slot ip, Label found);
  void LoadResource(const asmjit::x86::Gp& to, size_t index);

  // -- fuel, as lang/fuel.h counts it (emit_fuel.cc). These keep all registers but r10 and r11.
  void SpendSteps(SiteId site);  // as many as r11 says
  void SpendVisit(SiteId site);
  // Within a comprehension alone: for `bytes` of text; for a comparison with other bytes; for a search through the collection in rax
  // and rdx, or in `where`.
  void SpendOnText(const asmjit::x86::Gp& bytes, uint32_t bytes_per_step);
  void SpendOnShorter(const asmjit::x86::Gp& bytes, const asmjit::Operand& other_bytes);
  void SpendOnSearch(TypeId element_type, Slot needle);
  void SpendOnElements(TypeId collection, std::initializer_list<Slot> where);
  void SpendOnCall(NodeId id, Slot arguments);
  // Wherever the call stands.
  void SpendOnSource(NodeId id, Slot arguments);

  // -- values stored as Moult itself lays them out (emit_native.cc)
  void AllocateArray(uint32_t element_size, SiteId site);
  // The value of `source`, in the value registers, to [base] + offset.
  void StoreNative(Slot base, int32_t offset, const Layout& native, TypeId type, NodeId source, SiteId site);
  void StorePayload(const Mem& at, const Layout& native, TypeId type);
  // The record or collection that `source` spilled to `slot` becomes one laid out as `to` says, looked into on the way.
  void ReadWhole(Slot slot, NodeId source, const Layout& to, SiteId site);
  void LoadImage(const asmjit::x86::Gp& to, uint32_t image);
  void LoadPlace(const asmjit::x86::Gp& to, Slot spilled, TypeId type);  // the address of the value
  void CheckStatus(SiteId site);  // of a helper, in rax

  // -- the library (emit_library.cc)
  void LibraryValue(NodeId id);
  uint32_t CallTypes(NodeId id);  // the image of its arguments' and its result's types
  // A label that, jumped to with an ErrorKind in eax, fails with it.
  Label FailWithKind(SiteId site);

  // -- the host (emit_source.cc)
  void SourceValue(NodeId id);
  void StoreArgument(Slot at, TypeId type);
  void StoreEmptyResult(Slot at);
  void LoadResult(Slot at, TypeId type, SiteId site);

  // -- helpers of the above (emitter.cc)
  bool ok() const { return asm_.ok(); }
  Label NewLabel() { return out_.newLabel(); }
  // A label that, jumped to, fails with this error.
  Label Fail(ErrorKind kind, SiteId site);
  Label BadLabel(ErrorKind kind, const OnBadValue& bad) { return bad.label.isValid() ? bad.label : Fail(kind, bad.site); }
  // Emitted after the function's straight path. It must take no slots.
  void Later(std::function<void()> stub) { later_.push_back(std::move(stub)); }
  Slot Spill(TypeId type);
  void SpillTo(Slot slot, TypeId type);
  void Fill(Slot slot, TypeId type);
  Mem FrameField(size_t offset, uint32_t size = 8) const;
  void MoveImmediate(const asmjit::x86::Gp& to, int64_t value);
  void MultiplyBy(const asmjit::x86::Gp& reg, uint32_t factor);
  void NoteNode(NodeId id);
  // To `target` if the flags' condition is `when`.
  void JumpIf(asmjit::x86::CondCode condition, bool when, Label target);
  void JumpIfBool(bool when, Label target);  // on the bool in al

  const Node& node(NodeId id) const { return program_[id]; }
  TypeId type(NodeId id) const { return program_[id].type; }
  lang::TypeKind kind(TypeId id) const { return program_.types.kind(id); }
  Shape shape(TypeId id) const { return ShapeOf(kind(Payload(program_.types, id))); }
  bool by_score() const { return program_.decide.mode == lang::DecideMode::kScore; }
  bool IsConstant(NodeId id) const { return node(id).op <= lang::Op::kConstEnum; }
  std::string_view text(NodeId constant) const { return program_.strings[node(constant).imm]; }

  const lang::Program& program_;
  Facts facts_;
  Assembly asm_;
  asmjit::x86::Assembler& out_;

  // Of the function being emitted.
  SlotStack slots_;
  Label error_target_;
  std::vector<FailStub> fail_stubs_;
  std::vector<std::function<void()>> later_;
  size_t frame_site_ = 0;
  uint32_t saved_bytes_ = 0;
  std::vector<lang::LetId> calls_;  // the lets that it calls, for the stack's bound
  Label decided_;                   // first_match: where a live rule goes on when it has decided; valid from the first rule of a run

  std::optional<SiteId> visited_at_;  // the innermost comprehension within whose body code is emitted

  // Of the program.
  std::vector<LocalPlace> locals_;
  std::vector<Label> lets_;           // valid: called from somewhere


  std::vector<FunctionStack> let_stacks_;
  FunctionStack decide_stack_, reason_stack_, argument_stack_;
  Label decide_, reason_, argument_, record_error_, reason_table_, argument_table_;
  std::vector<Label> reason_entries_;    // by rule
  std::vector<Label> argument_entries_;  // of effects
};

}  // namespace moult::codegen
