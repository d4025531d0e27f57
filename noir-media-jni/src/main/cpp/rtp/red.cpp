#include "rtp/red.hpp"

#include <algorithm>

namespace noir {

namespace {

constexpr std::uint8_t kFollows = 0x80;  // RFC 2198 §3: F, another header follows.
constexpr std::size_t kRepeatHeader = 4;

}  // namespace

std::optional<RedPacket> parse_red(ByteSpan payload) {
  RedPacket red;
  ByteReader in(payload);
  std::uint8_t first = in.u8();
  red.payload_type = first & 0x7FU;
  for (; (first & kFollows) != 0; first = in.u8()) {
    if (red.repeat_count == RedPacket::kMaxRepeats || (first & 0x7FU) != red.payload_type) return std::nullopt;
    const std::uint32_t rest = in.u24();  // 14 bits of timestamp offset, 10 of size.
    RedPacket::Block& block = red.repeats.at(red.repeat_count++);
    block.ts_offset = static_cast<std::uint16_t>(rest >> 10U);
    block.size = static_cast<std::uint16_t>(rest & 0x3FFU);
  }
  if (!in.ok() || (first & 0x7FU) != red.payload_type) return std::nullopt;
  red.header_size = static_cast<std::uint16_t>(in.position());
  for (std::size_t i = 0; i < red.repeat_count; ++i) {
    RedPacket::Block& block = red.repeats.at(i);
    block.at = static_cast<std::uint16_t>(in.position());
    (void)in.take(block.size);
  }
  if (!in.ok() || in.remaining() == 0) return std::nullopt;
  red.primary = {static_cast<std::uint16_t>(in.position()), static_cast<std::uint16_t>(in.remaining()), 0};
  return red;
}

void rewrite_red_header(ByteSpan payload, std::size_t header_size, std::uint8_t payload_type, std::uint8_t* out) {
  std::copy_n(payload.begin(), header_size, out);
  for (std::size_t i = 0; i < header_size; i += kRepeatHeader) {
    out[i] = static_cast<std::uint8_t>((out[i] & kFollows) | payload_type);
  }
}

}  // namespace noir
