#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "forward/payload_list.hpp"

namespace noir {

/// What a track's AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1) says: its parameter sets, and of how many
/// octets the lengths in front of its units are.
class H264Parameters {
 public:
  /// False when it is malformed; then everything stays as it was.
  [[nodiscard]] bool read(ByteSpan configuration);

  /// Sequence parameter sets first.
  [[nodiscard]] const std::vector<std::vector<std::uint8_t>>& sets() const { return sets_; }
  [[nodiscard]] std::size_t length_size() const { return length_size_; }

 private:
  std::vector<std::vector<std::uint8_t>> sets_;
  std::size_t length_size_ = 4;
};

/// Appends the payloads of one access unit (RFC 6184, packetization-mode 1): small units together (STAP-A), large ones
/// in fragments (FU-A), a key frame behind the parameter sets, unless it brings its own. False when a unit is
/// malformed, there is none, or a key frame has no parameter sets. A `configuration` that is not empty is remembered.
[[nodiscard]] bool write_h264_payloads(ByteSpan frame, bool key, ByteSpan configuration, H264Parameters& parameters,
                                       PayloadList& out);

}  // namespace noir
