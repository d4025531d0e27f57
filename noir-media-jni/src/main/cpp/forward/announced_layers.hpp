#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "forward/codec/frame_size.hpp"
#include "forward/media_packet.hpp"
#include "rtp/layers_allocation.hpp"

namespace noir {

/// What a publisher says of a track's layers before they can be measured. It counts its rtp streams in an order of its
/// own, so which encoding one is, is known once a packet of it has said so.
/// Thread: loop.
class AnnouncedLayers {
 public:
  /// Said by `packet`, of a track with so many encodings. What is older than what its encoding has said, as a repair
  /// may be, is passed over.
  void handle(const LayersAllocation& allocation, const MediaPacket& packet, std::size_t encodings);

  /// Bit per encoding of which is known that it is not being made.
  [[nodiscard]] std::uint8_t paused() const { return paused_; }
  /// Whether a spatial layer is known not to be.
  [[nodiscard]] bool is_paused(std::uint8_t encoding, std::uint8_t spatial) const;
  /// bit/s; nothing when nothing is said.
  [[nodiscard]] std::optional<std::uint64_t> bitrate(std::uint8_t encoding, Layer layer) const;
  /// Of the encoding's highest spatial layer; 0 = not said.
  [[nodiscard]] FrameSize size(std::uint8_t encoding) const;

 private:
  static constexpr std::uint8_t kUnknown = 0xFF;
  using Layers = std::array<LayersAllocation::Spatial, LayersAllocation::kSpatial>;

  [[nodiscard]] const Layers* layers_of(std::uint8_t encoding) const;
  void review();

  struct Said {
    std::uint32_t generation = 0;
    std::uint64_t seq = 0;
  };

  LayersAllocation last_;
  std::array<Said, LayersAllocation::kStreams> said_{};  // By encoding.
  std::array<std::uint8_t, LayersAllocation::kStreams> encoding_of_{kUnknown, kUnknown, kUnknown, kUnknown};
  std::uint8_t paused_ = 0;
};

}  // namespace noir
