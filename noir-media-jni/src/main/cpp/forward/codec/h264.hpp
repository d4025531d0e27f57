#pragma once

#include <cstdint>

#include "base/bytes.hpp"

namespace noir {

/// What a decoder needs to begin with, as far as one H264 packet has it (RFC 6184).
struct H264Parts {
  bool sps : 1 = false;
  bool pps : 1 = false;
  bool idr : 1 = false;  // The first slice of an IDR picture, or its beginning.

  void add(H264Parts other) {
    sps |= other.sps;
    pps |= other.pps;
    idr |= other.idr;
  }
  [[nodiscard]] bool complete() const { return sps && pps && idr; }
};

/// Nothing in it when the payload is malformed.
[[nodiscard]] H264Parts find_h264_parts(ByteSpan payload);

/// What the slices in one packet are to other pictures (nal_ref_idc).
enum class H264Slices : std::uint8_t { kNone, kNeeded, kNotNeeded };

/// `kNone` when the payload is malformed or has no slice.
[[nodiscard]] H264Slices find_h264_slices(ByteSpan payload);

/// Finds the access units that a decoder can start with: those with SPS, PPS and the first slice of an IDR picture, in
/// any order, also of the network's making. Thread: loop.
class H264KeyframeFinder {
 public:
  void restart() { *this = {}; }
  /// `ext_seq` of the first packet of an access unit that has become complete with this packet; 0 = none. Each access
  /// unit is found once.
  [[nodiscard]] std::uint64_t handle_packet(std::uint64_t ext_seq, std::uint32_t rtp_ts, ByteSpan payload);

 private:
  // The access unit that came last; RFC 6184 §5.1: its packets have one timestamp.
  std::uint64_t first_ = 0;
  std::uint64_t last_ = 0;
  std::uint32_t rtp_ts_ = 0;
  H264Parts parts_;
  bool found_ = false;
};

}  // namespace noir
