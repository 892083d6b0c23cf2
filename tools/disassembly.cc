#include "tools/disassembly.h"

#include <capstone/capstone.h>
#include <fmt/format.h>

#include <algorithm>

#include "codegen/helpers.h"

namespace moult::tools {
namespace {

// The helper that an instruction calls through its slot, or empty.
std::string CalledHelper(const cs_insn& insn, const codegen::CodeBlob& blob) {
  if (insn.id != X86_INS_CALL || insn.detail == nullptr) return {};
  const cs_x86& x86 = insn.detail->x86;
  if (x86.op_count != 1 || x86.operands[0].type != X86_OP_MEM || x86.operands[0].mem.base != X86_REG_RIP) return {};
  const uint64_t slot = insn.address + insn.size + static_cast<uint64_t>(x86.operands[0].mem.disp);
  for (const codegen::Relocation& relocation : blob.relocations) {
    if (relocation.offset == slot) return codegen::HelperName(relocation.helper);
  }
  return {};
}

std::optional<uint32_t> CallTarget(const cs_insn& insn) {
  if (insn.id != X86_INS_CALL || insn.detail == nullptr || insn.detail->x86.op_count != 1) return std::nullopt;
  const cs_x86_op& operand = insn.detail->x86.operands[0];
  if (operand.type != X86_OP_IMM) return std::nullopt;
  return static_cast<uint32_t>(operand.imm);
}

}  // namespace

std::vector<Instruction> Disassemble(const codegen::CodeBlob& blob) {
  std::vector<Instruction> instructions;
  csh handle;
  if (cs_open(CS_ARCH_X86, CS_MODE_64, &handle) != CS_ERR_OK) return instructions;
  cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON);
  cs_insn* insn = cs_malloc(handle);
  const auto* code = reinterpret_cast<const uint8_t*>(blob.bytes.data());
  size_t left = blob.code_size;
  uint64_t address = 0;
  while (insn != nullptr && left > 0) {
    if (!cs_disasm_iter(handle, &code, &left, &address, insn)) break;
    if (insn->id == X86_INS_INT3) continue;
    const std::string helper = CalledHelper(*insn, blob);
    std::string text = helper.empty() ? fmt::format("{} {}", insn->mnemonic, insn->op_str) : "call " + helper;
    if (text.back() == ' ') text.pop_back();
    instructions.push_back({static_cast<uint32_t>(insn->address), insn->size, std::move(text), CallTarget(*insn)});
  }
  if (insn != nullptr) cs_free(insn, 1);
  cs_close(&handle);
  return instructions;
}

}  // namespace moult::tools
