#include "sctp/sctp_header.hpp"

#include <usrsctp.h>

#include <cstring>

namespace noir {

namespace {

// RFC 9260 §3.1: u16 source port | u16 destination port | u32 verification tag | u32 checksum.
constexpr std::size_t kHeaderSize = 12;
constexpr std::size_t kDestination = 2;
constexpr std::size_t kChecksum = 8;

// RFC 9260 §3.2: u8 type | u8 flags | u16 length, without what pads it to four octets.
constexpr std::size_t kChunkHeaderSize = 4;
constexpr std::uint8_t kHeartbeat = 4;
constexpr std::uint8_t kHeartbeatAck = 5;

}  // namespace

void finish_sctp_header(MutableByteSpan packet) {
  if (packet.size() < kHeaderSize) return;
  store_be16(packet.data(), kSctpPort);
  store_be32(packet.data() + kChecksum, 0);
  // In the order of the wire already.
  const std::uint32_t checksum = usrsctp_crc32c(packet.data(), packet.size());
  std::memcpy(packet.data() + kChecksum, &checksum, sizeof checksum);
}

std::optional<std::vector<std::uint8_t>> address_sctp_packet(ByteSpan packet, std::uint16_t port) {
  if (packet.size() < kHeaderSize || load_be16(packet.data() + kDestination) != kSctpPort) return std::nullopt;
  std::vector<std::uint8_t> addressed(packet.begin(), packet.end());
  std::memcpy(addressed.data() + kDestination, &port, sizeof port);
  return addressed;
}

bool only_keeps_alive(ByteSpan packet) {
  if (packet.size() < kHeaderSize + kChunkHeaderSize) return false;
  const ByteSpan chunk = packet.subspan(kHeaderSize);
  const std::size_t length = load_be16(chunk.data() + 2);
  return (chunk[0] == kHeartbeat || chunk[0] == kHeartbeatAck) && length + 3 >= chunk.size();
}

}  // namespace noir
