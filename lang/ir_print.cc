#include <fmt/format.h>

#include <bit>

#include "lang/decide.h"
#include "lang/function.h"
#include "lang/ir.h"
#include "lang/scalar_text.h"

namespace moult::lang {
namespace {

std::string Quote(std::string_view text) {
  std::string out = "\"";
  for (unsigned char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c < 0x20 || c == 0x7f) {
      out += fmt::format("\\x{:02x}", c);
    } else {
      out += static_cast<char>(c);
    }
  }
  return out + '"';
}

// What stands in brackets after the operation's name; empty for none.
std::string Immediate(const Program& program, const Node& node, std::span<const NodeId> operands) {
  switch (node.op) {
    case Op::kConstBool:
      return node.imm != 0 ? "true" : "false";
    case Op::kConstInt:
      return fmt::format("{}", static_cast<int64_t>(node.imm));
    case Op::kConstDouble:
      return fmt::format("{}", std::bit_cast<double>(node.imm));
    case Op::kConstString:
      return Quote(program.strings[node.imm]);
    case Op::kConstBytes:
      return LiteralText(TypeKind::kBytes, ConstantValue(program, node));
    case Op::kConstTimestamp:
    case Op::kConstDuration:
    case Op::kConstIp:
    case Op::kConstCidr:
      return PlainText(program.types.kind(node.type), ConstantValue(program, node));
    case Op::kConstEnum:
      return program.types.enum_type(node.type).enumerators[node.imm];
    case Op::kLocal:
    case Op::kBind:
    case Op::kExists:
    case Op::kAll:
    case Op::kExistsOne:
    case Op::kToList:
    case Op::kToMap: {
      const Variables variables = Variables::Of(node.imm);
      const std::string first = fmt::format("{}'{}", program.locals[variables.first].name, variables.first);
      if (variables.second == Variables::kNone) return first;
      return fmt::format("{}, {}'{}", first, program.locals[variables.second].name, variables.second);
    }
    case Op::kLetRef:
      return program.lets[node.imm].name;
    case Op::kListData:
      return program.lists[node.imm].name;
    case Op::kField:
      return program.types.record(program[operands[0]].type).fields[node.imm].name;
    case Op::kMatches:
      return Quote(program.regexes[node.imm]);
    case Op::kCall:
      return FunctionText(static_cast<Function>(node.imm));
    case Op::kCallSource:
      return program.sources[node.imm].name;
    default:
      return {};
  }
}

std::string PrintNode(const Program& program, NodeId id) {
  const Node& node = program[id];
  std::span<const NodeId> operands = program.operands(id);
  std::string line = fmt::format("%{} = {}", id.index, OpText(node.op));
  if (std::string immediate = Immediate(program, node, operands); !immediate.empty()) line += '[' + immediate + ']';
  for (NodeId operand : operands) line += fmt::format(" %{}", operand.index);
  return line + fmt::format(" : {}\n", program.types.Name(node.type));
}

std::string PrintDecide(const Decide& decide) {
  const std::string& otherwise = decide.verdicts[decide.default_verdict];
  std::string line;
  switch (decide.mode) {
    case DecideMode::kSeverest:
      line = fmt::format(" [{}]", fmt::join(decide.verdicts, " < "));
      break;
    case DecideMode::kFirstMatch:
      line = fmt::format(" [{}]", fmt::join(decide.verdicts, ", "));
      break;
    case DecideMode::kForbidOverrides:
      break;
    case DecideMode::kScore:
      for (const Threshold& threshold : decide.thresholds) {
        line += fmt::format("{}>= {}: {}", line.empty() ? " {" : ", ", threshold.at_least,
                            decide.verdicts[threshold.verdict]);
      }
      line += line.empty() ? " {}" : "}";
      break;
  }
  return fmt::format("decide {}{} default {}\n", DecideModeText(decide.mode), line, otherwise);
}

std::string PrintRule(const Program& program, const Rule& rule) {
  std::string line = "rule " + rule.name;
  if (rule.mode == RuleMode::kShadow) line += " mode shadow";
  if (rule.mode == RuleMode::kOff) line += " mode off";
  line += fmt::format(": when %{}", rule.when.index);
  if (rule.has_verdict) line += " then " + program.decide.verdicts[rule.verdict];
  if (rule.score != 0) line += fmt::format(" score {:+}", rule.score);
  if (rule.reason.valid()) line += fmt::format(" reason %{}", rule.reason.index);
  for (const std::string& tag : rule.tags) line += " tag " + Quote(tag);
  for (uint32_t k = rule.first_effect; k < rule.first_effect + rule.effect_count; ++k) {
    const Effect& effect = program.effects[k];
    std::string arguments;
    for (uint32_t i = 0; i < effect.argument_count; ++i) {
      arguments += fmt::format("{}%{}", i == 0 ? "" : ", ", program.effect_arguments[effect.first_argument + i].index);
    }
    line += fmt::format(" emit {}({})", effect.name, arguments);
  }
  return line + (rule.fires_on_error ? " on-error fire\n" : "\n");
}

}  // namespace

std::string Print(const Program& program) {
  std::string out = fmt::format("policy {}\n", program.name);
  for (uint32_t k = 0; k < program.nodes.size(); ++k) out += PrintNode(program, {k});
  for (const Let& let : program.lets) out += fmt::format("let {} = %{}\n", let.name, let.value.index);
  for (const ListDecl& list : program.lists) {
    out += fmt::format("list {}: {} from {}\n", list.name, program.types.Name(list.type), Quote(list.file));
  }
  for (const SourceDecl& source : program.sources) {
    std::string parameters;
    for (TypeId type : source.parameters) parameters += (parameters.empty() ? "" : ", ") + program.types.Name(type);
    out += fmt::format("source {}({}) -> {}\n", source.name, parameters, program.types.Name(source.result));
  }
  out += PrintDecide(program.decide);
  for (const Rule& rule : program.rules) out += PrintRule(program, rule);
  return out;
}

}  // namespace moult::lang
