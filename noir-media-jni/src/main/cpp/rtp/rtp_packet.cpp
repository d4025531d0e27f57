#include "rtp/rtp_packet.hpp"

namespace noir {

namespace {

constexpr std::size_t kFixedHeader = 12;
constexpr std::uint16_t kOneByteProfile = 0xBEDE;  // RFC 8285 §4.2
constexpr std::uint16_t kTwoByteProfile = 0x1000;  // RFC 8285 §4.3; the low four bits are "appbits".
constexpr std::uint8_t kOneByteStop = 15;          // RFC 8285 §4.2: stop processing.

/// False when the id stands for nothing in this set.
bool take_extension(RtpView& view, const ExtensionIds& ids, std::uint8_t id, ByteSpan value) {
  if (id == ids.mid) {
    view.mid = as_text(value);
  } else if (id == ids.transport_sequence) {
    if (value.size() == 2) view.transport_sequence = load_be16(value.data());
  } else if (id == ids.audio_level) {
    if (value.size() == 1) view.audio_level = value[0];
  } else if (id == ids.abs_send_time) {
    if (value.size() == 3) view.abs_send_time = load_be24(value.data());
  } else if (id == ids.rid) {
    view.rid = as_text(value);
  } else if (id == ids.repaired_rid) {
    view.repaired_rid = as_text(value);
  } else if (id == ids.video_orientation) {
    if (value.size() == 1) view.video_orientation = value[0];
  } else if (id == ids.dependency_descriptor) {
    view.dependency_descriptor = value;
  } else if (id == ids.capture_time) {
    if (value.size() == 8 || value.size() == 16) view.capture_time = value;
  } else if (id == ids.playout_delay) {
    if (value.size() == 3) view.playout_delay = value;
  } else if (id == ids.layers_allocation) {
    view.layers_allocation = value;
  } else {
    return false;
  }
  return true;
}

// An element that runs past the block ends the walk; what came before it counts. Id 0 is padding in both forms, so
// an id of 0 ("not negotiated") never matches.
void parse_extensions(RtpView& view, ExtensionSets sets, std::uint16_t profile, ByteSpan block) {
  const bool one_byte = profile == kOneByteProfile;
  if (!one_byte && (profile & 0xFFF0) != kTwoByteProfile) return;
  ByteReader in(block);
  while (in.remaining() > 0) {
    const std::uint8_t first = in.u8();
    if (first == 0) continue;
    const auto id = static_cast<std::uint8_t>(one_byte ? first >> 4 : first);
    if (one_byte && id == kOneByteStop) return;
    // RFC 8285 §4.2: the one-byte form carries length minus one.
    const std::size_t size = one_byte ? (first & 0x0FU) + 1U : in.u8();
    const ByteSpan value = in.take(size);
    if (!in.ok()) return;
    if (id == 0) continue;
    for (const ExtensionIds& ids : sets) {
      if (take_extension(view, ids, id, value)) break;
    }
  }
}

}  // namespace

Result<RtpView> parse_rtp(ByteSpan packet, const ExtensionIds& ids) {
  return parse_bundled_rtp(packet, ExtensionSets(&ids, 1));
}

Result<RtpView> parse_bundled_rtp(ByteSpan packet, ExtensionSets sets) {
  if (packet.size() < kFixedHeader || packet.size() > 0xFFFF) return ErrorCode::kMalformed;
  if ((packet[0] >> 6) != 2) return ErrorCode::kMalformed;
  RtpView view;
  view.marker = (packet[1] & 0x80) != 0;
  view.payload_type = packet[1] & 0x7F;
  view.seq = load_be16(packet.data() + 2);
  view.rtp_ts = load_be32(packet.data() + 4);
  view.ssrc = load_be32(packet.data() + 8);
  std::size_t header = kFixedHeader + std::size_t{4} * (packet[0] & 0x0FU);
  if ((packet[0] & 0x10) != 0) {
    if (packet.size() < header + 4) return ErrorCode::kMalformed;
    const std::uint16_t profile = load_be16(packet.data() + header);
    const std::size_t size = std::size_t{4} * load_be16(packet.data() + header + 2);
    header += 4;
    if (packet.size() < header + size) return ErrorCode::kMalformed;
    parse_extensions(view, sets, profile, packet.subspan(header, size));
    header += size;
  }
  if (packet.size() < header) return ErrorCode::kMalformed;
  std::size_t padding = 0;
  if ((packet[0] & 0x20) != 0) {
    // RFC 3550 §5.1: the last octet counts the padding, itself included.
    padding = packet.back();
    if (padding == 0 || padding > packet.size() - header) return ErrorCode::kMalformed;
  }
  view.header_size = static_cast<std::uint16_t>(header);
  view.padding_size = static_cast<std::uint8_t>(padding);
  view.payload_size = static_cast<std::uint16_t>(packet.size() - header - padding);
  return view;
}

}  // namespace noir
