#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "rtp/rtcp_packet.hpp"

namespace noir {

inline constexpr std::uint8_t kTwccFormat = 15;

/// One packet that came: ticks of 250 µs of any origin.
struct TwccArrival {
  std::uint64_t ext_seq = 0;
  std::int64_t ticks = 0;
};

struct TwccFeedback {
  std::uint64_t base_ext_seq = 0;  // At or below the first arrival; what is between is reported as lost.
  std::uint32_t sender_ssrc = 0;
  std::uint32_t media_ssrc = 0;
  std::uint8_t feedback_count = 0;
};

/// Writes one transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1) about `arrivals`,
/// which ascend strictly in `ext_seq`; what is missing between them is reported as lost. Gives how many were taken:
/// fewer than given when the space, a gap or a time delta does not allow more in one message; the rest goes into the
/// next one.
std::size_t write_twcc_feedback(ByteWriter& out, const TwccFeedback& feedback, std::span<const TwccArrival> arrivals);

/// A transport-wide feedback as it came, checked whole: every status it counts is there, and every delta.
class TransportFeedback {
 public:
  std::uint32_t sender_ssrc = 0;
  std::uint32_t media_ssrc = 0;
  std::uint16_t base_seq = 0;
  std::uint16_t status_count = 0;
  std::uint32_t reference = 0;  // 24 bits, units of 64 ms, of an origin that is the receiver's.
  std::uint8_t feedback_count = 0;

  static constexpr std::int64_t kNotReceived = -1'000'000'000;

  /// Calls `visit(seq, count, ticks)` for each packet that came: when, in ticks of 250 µs after the reference, which
  /// deltas may go below; and for each run of those that did not, with `kNotReceived`. There can be tens of thousands
  /// of these in a few octets: of a client that had another server before.
  template <typename Visit>
  void for_each_run(Visit&& visit) const {
    ByteReader deltas(deltas_);
    std::int64_t ticks = 0;
    std::uint16_t seq = base_seq;
    for_each_symbol(chunks_, status_count, [&](unsigned symbol, std::size_t count) {
      if (symbol == 0) {
        visit(seq, count, kNotReceived);
        seq = static_cast<std::uint16_t>(seq + count);
        return;
      }
      for (; count > 0; --count) {
        ticks += symbol == 1 ? deltas.u8() : static_cast<std::int16_t>(deltas.u16());
        visit(seq++, std::size_t{1}, ticks);
      }
    });
  }

 private:
  friend std::optional<TransportFeedback> parse_transport_feedback(const RtcpPacket& packet);

  /// The symbols of §3.1.3 and §3.1.4, and how often; gives the octets of chunks it took, or nothing when there are too
  /// few.
  template <typename Visit>
  static std::optional<std::size_t> for_each_symbol(ByteSpan chunks, std::size_t count, Visit&& visit) {
    ByteReader in(chunks);
    while (count > 0) {
      const unsigned chunk = in.u16();
      if (!in.ok()) return std::nullopt;
      if ((chunk & 0x8000) == 0) {
        const std::size_t taken = std::min<std::size_t>(chunk & 0x1FFF, count);
        if (taken > 0) visit((chunk >> 13) & 3, taken);
        count -= taken;
        continue;
      }
      const unsigned width = (chunk & 0x4000) == 0 ? 1 : 2;
      for (unsigned shift = 14; shift > 0 && count > 0; --count) {
        shift -= width;
        visit((chunk >> shift) & (width == 1 ? 1U : 3U), std::size_t{1});
      }
    }
    return in.position();
  }

  ByteSpan chunks_;
  ByteSpan deltas_;
};

[[nodiscard]] std::optional<TransportFeedback> parse_transport_feedback(const RtcpPacket& packet);

}  // namespace noir
