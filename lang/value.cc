#include "lang/value.h"

#include <bit>
#include <cassert>

#include "lang/memory.h"

namespace moult::lang {
namespace {

ReadResult ReadInt(const Layout& layout, const void* address) {
  const int64_t bits = LoadInteger(layout.width, layout.is_signed, address);
  if (layout.width == 8 && !layout.is_signed && bits < 0) return Failure(ErrorKind::kIntOutOfRange);
  return Value::Int(bits);
}

ReadResult ReadEnum(const Layout& layout, const void* address) {
  const int64_t bits = LoadInteger(layout.width, layout.is_signed, address);
  for (size_t ordinal = 0; ordinal < layout.enumerators.size(); ++ordinal) {
    if (layout.enumerators[ordinal].second == bits) return Value::Int(static_cast<int64_t>(ordinal));
  }
  return Failure(ErrorKind::kUnknownEnumValue);
}

Value ReadSequence(const Layout& layout, const void* address) {
  const NativeSpan span = LoadSpan(layout.form, layout.element->size, address);
  return {.address = span.data, .layout = layout.element.get(), .count = span.count};
}

const void* ElementAddress(const Value& collection, size_t i) {
  return AddressAt(collection.address, i * collection.layout->size);
}

ReadResult ReadFieldAt(const Layout& record, const void* address, size_t k) {
  const FieldLayout& field = record.fields[k];
  assert(field.layout != nullptr && "the program reads a field that its binding left out");
  return ReadValue(*field.layout, AddressAt(address, field.offset));
}

}  // namespace

ReadResult ReadValue(const Layout& layout, const void* address) {
  switch (layout.kind) {
    case Layout::Kind::kBool:
      return Value::Bool(LoadAs<uint8_t>(address) != 0);
    case Layout::Kind::kInt:
      return ReadInt(layout, address);
    case Layout::Kind::kDouble:
      return Value::Double(LoadReal(layout.width, address));
    case Layout::Kind::kString:
      return Value::Text(LoadText(layout.form, address));
    case Layout::Kind::kBytes:
      return Value::Text(LoadBytes(layout.form, address));
    case Layout::Kind::kTimestamp: {
      const Result<Timestamp, ErrorKind> moment = LoadTimestamp(layout.form, layout.ticks_per_second, address);
      if (!moment) return Failure(moment.error());
      return Value::Moment(*moment);
    }
    case Layout::Kind::kDuration: {
      const Result<int64_t, ErrorKind> nanos = DurationOfTicks(LoadAs<int64_t>(address), layout.ticks_per_second);
      if (!nanos) return Failure(nanos.error());
      return Value::Int(*nanos);
    }
    case Layout::Kind::kIp:
      return Value::Address(LoadAs<Ip>(address));
    case Layout::Kind::kCidr:
      return Value::Text({static_cast<const char*>(address), sizeof(Cidr)});
    case Layout::Kind::kEnum:
      return ReadEnum(layout, address);
    case Layout::Kind::kRecord:
      return Value{.address = address, .layout = &layout};
    case Layout::Kind::kSequence:
      return ReadSequence(layout, address);
    case Layout::Kind::kOptional:
      if (LoadAs<uint8_t>(AddressAt(address, layout.flag_offset)) == 0) return Value::Missing();
      return ReadValue(*layout.element, address);
  }
  return Value();
}

Cidr Value::cidr() const { return LoadAs<Cidr>(text.data()); }

Value ConstantValue(const Program& program, const Node& node) {
  switch (node.op) {
    case Op::kConstDouble:
      return Value::Double(std::bit_cast<double>(node.imm));
    case Op::kConstString:
    case Op::kConstBytes:
    case Op::kConstCidr:
      return Value::Text(program.strings[node.imm]);
    case Op::kConstTimestamp: {
      const auto native = LoadAs<NativeTimestamp>(program.strings[node.imm].data());
      return Value::Moment({native.seconds, native.nanos});
    }
    case Op::kConstIp:
      return Value::Address(LoadAs<Ip>(program.strings[node.imm].data()));
    default:
      return Value::Int(static_cast<int64_t>(node.imm));
  }
}

ReadResult ReadField(const Value& record, size_t k) { return ReadFieldAt(*record.layout, record.address, k); }

size_t CollectionSize(const Value& collection) {
  return collection.count;
}

ReadResult ReadElement(const Value& collection, size_t i) {
  return ReadValue(*collection.layout, ElementAddress(collection, i));
}

ReadResult ReadKey(const Value& map, size_t i) { return ReadFieldAt(*map.layout, ElementAddress(map, i), 0); }
ReadResult ReadMapped(const Value& map, size_t i) { return ReadFieldAt(*map.layout, ElementAddress(map, i), 1); }

}  // namespace moult::lang
