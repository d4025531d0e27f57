#include "sctp/dcep.hpp"

namespace noir {

namespace {

constexpr std::size_t kOpenHeader = 12;
constexpr std::uint8_t kUnordered = 0x80;

}  // namespace

Result<DcepType> dcep_type(ByteSpan message) {
  if (message.empty()) return ErrorCode::kMalformed;
  if (message[0] == static_cast<std::uint8_t>(DcepType::kOpen)) return DcepType::kOpen;
  // RFC 8832 §5.2: ACK is that byte alone.
  if (message[0] == static_cast<std::uint8_t>(DcepType::kAck) && message.size() == 1) return DcepType::kAck;
  return ErrorCode::kMalformed;
}

Result<DcepOpen> parse_dcep_open(ByteSpan message) {
  ByteReader reader(message);
  const std::uint8_t type = reader.u8();
  const std::uint8_t channel_type = reader.u8();
  DcepOpen open;
  open.priority = reader.u16();
  open.reliability_parameter = reader.u32();
  const std::size_t label_size = reader.u16();
  const std::size_t protocol_size = reader.u16();
  if (label_size > DcepOpen::kMaxText || protocol_size > DcepOpen::kMaxText) return ErrorCode::kLimitExceeded;
  open.label = as_text(reader.take(label_size));
  open.protocol = as_text(reader.take(protocol_size));
  const auto reliability = static_cast<std::uint8_t>(channel_type & ~kUnordered);
  const bool is_known = reliability <= static_cast<std::uint8_t>(DcepReliability::kLimitedLifetime);
  const bool is_whole = reader.ok() && reader.remaining() == 0;
  if (type != static_cast<std::uint8_t>(DcepType::kOpen) || !is_known || !is_whole) return ErrorCode::kMalformed;
  open.reliability = static_cast<DcepReliability>(reliability);
  open.ordered = (channel_type & kUnordered) == 0;
  return open;
}

std::vector<std::uint8_t> write_dcep_open(const DcepOpen& open) {
  std::vector<std::uint8_t> message(kOpenHeader + open.label.size() + open.protocol.size());
  ByteWriter writer(message);
  writer.u8(static_cast<std::uint8_t>(DcepType::kOpen));
  writer.u8(static_cast<std::uint8_t>(static_cast<std::uint8_t>(open.reliability) | (open.ordered ? 0 : kUnordered)));
  writer.u16(open.priority);
  writer.u32(open.reliability_parameter);
  writer.u16(static_cast<std::uint16_t>(open.label.size()));
  writer.u16(static_cast<std::uint16_t>(open.protocol.size()));
  writer.text(open.label);
  writer.text(open.protocol);
  return message;
}

std::vector<std::uint8_t> write_dcep_ack() { return {static_cast<std::uint8_t>(DcepType::kAck)}; }

}  // namespace noir
