#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "rtp/rtcp_packet.hpp"

namespace noir {

/// RFC 3550 §6.5. Only the CNAME of each chunk is of use to us.
class SourceDescription {
 public:
  SourceDescription() = default;

  /// Calls `visit(ssrc, cname)` for each chunk; the cname is empty when the chunk has none.
  template <typename Visit>
  void for_each(Visit&& visit) const {
    ByteSpan rest = chunks_;
    std::uint32_t ssrc = 0;
    std::string_view cname;
    while (next_chunk(rest, ssrc, cname)) visit(ssrc, cname);
  }

 private:
  friend std::optional<SourceDescription> parse_source_description(const RtcpPacket& packet);
  static bool next_chunk(ByteSpan& rest, std::uint32_t& ssrc, std::string_view& cname);

  ByteSpan chunks_;
};

[[nodiscard]] std::optional<SourceDescription> parse_source_description(const RtcpPacket& packet);

/// One chunk with a CNAME (cut at 255 octets). False, and nothing written, when it does not fit.
bool write_source_description(ByteWriter& out, std::uint32_t ssrc, std::string_view cname);

}  // namespace noir
