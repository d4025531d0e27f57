#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "forward/encoded_frame.hpp"
#include "forward/media_packet.hpp"

namespace noir {

/// H264's parameter sets, which files hold apart from the pictures: one SPS and the PPS that came with it or since.
/// Thread: loop.
class H264ParameterSets {
 public:
  /// `unit` with its NAL header. Of more ones than encoders make the latest are kept.
  void add(ByteSpan unit);
  [[nodiscard]] bool complete() const { return !sps_.empty() && !pps_.empty(); }
  [[nodiscard]] FrameSize size() const;
  /// AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1), of units behind 4 octets of length.
  [[nodiscard]] std::vector<std::uint8_t> configuration() const;

 private:
  static constexpr std::size_t kMaxBytes = 4000;  // Of all together, so that a configuration has 4096 at most.
  static constexpr std::size_t kMaxPps = 8;

  [[nodiscard]] std::size_t bytes() const;

  std::vector<std::uint8_t> sps_;
  std::vector<std::vector<std::uint8_t>> pps_;
};

/// Fills in the frame with the units of one access unit (RFC 6184: single units, STAP-A, FU-A), each behind its length,
/// but for parameter sets, which go to `sets`, delimiters and filler. False when something is malformed, or a unit's
/// beginning or end is missing. The frame may have no bytes.
[[nodiscard]] bool build_h264_frame(std::span<const MediaPacket> packets, H264ParameterSets& sets, EncodedFrame& frame);

}  // namespace noir
