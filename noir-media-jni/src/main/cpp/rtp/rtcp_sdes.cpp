#include "rtp/rtcp_sdes.hpp"

#include <algorithm>

namespace noir {

namespace {

constexpr std::uint8_t kEnd = 0;    // RFC 3550 §6.5: ends a chunk's list of items.
constexpr std::uint8_t kCname = 1;  // RFC 3550 §6.5.1

}  // namespace

bool SourceDescription::next_chunk(ByteSpan& rest, std::uint32_t& ssrc, std::string_view& cname) {
  if (rest.empty()) return false;
  ByteReader in(rest);
  ssrc = in.u32();
  cname = {};
  while (in.ok()) {
    const std::uint8_t item = in.u8();
    if (item == kEnd) break;
    const std::uint8_t size = in.u8();
    const ByteSpan text = in.take(size);
    if (item == kCname) cname = as_text(text);
  }
  if (!in.ok()) return false;
  // The next chunk starts at the next multiple of four.
  in.skip((4 - in.position() % 4) % 4);
  rest = in.ok() ? rest.subspan(in.position()) : ByteSpan{};
  return in.ok();
}

std::optional<SourceDescription> parse_source_description(const RtcpPacket& packet) {
  ByteSpan rest = packet.body;
  std::uint32_t ssrc = 0;
  std::string_view cname;
  for (std::uint8_t i = 0; i < packet.count; ++i) {
    if (!SourceDescription::next_chunk(rest, ssrc, cname)) return std::nullopt;
  }
  SourceDescription description;
  description.chunks_ = packet.body.first(packet.body.size() - rest.size());
  return description;
}

bool write_source_description(ByteWriter& out, std::uint32_t ssrc, std::string_view cname) {
  cname = cname.substr(0, 255);
  const std::size_t used = 4 + 2 + cname.size();
  const std::size_t padding = 4 - used % 4;  // At least one: the end of the list.
  const std::size_t body = used + padding;
  if (out.remaining() < kRtcpHeaderSize + body) return false;
  write_rtcp_header(out, RtcpType::kSourceDescription, 1, body);
  out.u32(ssrc);
  out.u8(kCname);
  out.u8(static_cast<std::uint8_t>(cname.size()));
  out.text(cname);
  out.zeros(padding);
  return true;
}

}  // namespace noir
