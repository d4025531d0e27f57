#include "forward/codec/vp9_frame.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>

#include "forward/codec/bit_reader.hpp"
#include "forward/codec/vp9.hpp"

namespace noir {

namespace {

constexpr std::size_t kMaxLayers = 8;  // A superframe has no room for more.

struct Layers {
  std::array<std::size_t, kMaxLayers> sizes{};
  std::size_t count = 0;
};

// Annex B: the sizes of the frames, little-endian, between two markers that say how many they are and how long.
void add_index(const Layers& layers, EncodedFrame& frame) {
  const auto sizes = std::span(layers.sizes).first(layers.count);
  const std::size_t largest = *std::max_element(sizes.begin(), sizes.end());
  const std::size_t octets = (static_cast<std::size_t>(std::bit_width(largest)) + 7) / 8;
  std::array<std::uint8_t, 2 + 4 * kMaxLayers> index{};
  std::size_t at = 0;
  const auto marker = static_cast<std::uint8_t>(0xC0 | (octets - 1) << 3 | (layers.count - 1));
  index[at++] = marker;
  for (const std::size_t size : sizes) {
    for (std::size_t i = 0; i < octets; ++i) index[at++] = static_cast<std::uint8_t>(size >> (8 * i));
  }
  index[at++] = marker;
  frame.bytes.add(ByteSpan(index).first(at));
}

}  // namespace

// VP9 bitstream specification §7.2: what stands in front of a key frame's size.
std::optional<FrameSize> vp9_key_frame_size(ByteSpan frame) {
  constexpr std::uint32_t kSyncCode = 0x498342;
  constexpr std::uint32_t kRgb = 7;
  BitReader in(frame);
  if (in.bits(2) != 2) return std::nullopt;
  const std::uint32_t low = in.bits(1);
  const std::uint32_t profile = in.bits(1) << 1 | low;
  if (profile == 3) in.skip(1);
  if (in.flag() || in.flag()) return std::nullopt;  // Shows another frame, or is no key frame.
  in.skip(2);
  if (in.bits(24) != kSyncCode) return std::nullopt;
  if (profile >= 2) in.skip(1);
  const bool odd = profile == 1 || profile == 3;
  if (in.bits(3) != kRgb) {
    in.skip(odd ? 4 : 1);
  } else if (odd) {
    in.skip(1);
  }
  const std::uint32_t width = in.bits(16) + 1;
  const std::uint32_t height = in.bits(16) + 1;
  if (!in.ok() || width > 0xFFFF || height > 0xFFFF) return std::nullopt;
  return FrameSize{static_cast<std::uint16_t>(width), static_cast<std::uint16_t>(height)};
}

bool build_vp9_frame(std::span<const MediaPacket> packets, EncodedFrame& frame) {
  Layers layers;
  bool inside = false;
  std::optional<FrameSize> size;
  for (const MediaPacket& packet : packets) {
    const auto descriptor = parse_vp9_descriptor(packet.payload());
    if (!descriptor || descriptor->frame_start == inside) return false;
    const ByteSpan part = packet.payload().subspan(descriptor->size);
    if (part.empty()) return false;
    if (descriptor->frame_start && layers.count == 0) {
      if (descriptor->spatial_id != 0) return false;
      // Some senders' descriptors never say that a picture needs another one.
      size = vp9_key_frame_size(part);
      frame.key = descriptor->keyframe_start && size;
      if (const auto said = find_frame_size(Codec::kVp9, packet.payload())) size = said;
    }
    if (descriptor->frame_start && ++layers.count > kMaxLayers) return false;
    layers.sizes.at(layers.count - 1) += part.size();
    frame.bytes.add(packet.buffer, part);
    inside = !descriptor->frame_end;
  }
  if (inside) return false;
  if (layers.count > 1) add_index(layers, frame);
  if (frame.key) frame.size = size.value_or(FrameSize{});
  return true;
}

}  // namespace noir
