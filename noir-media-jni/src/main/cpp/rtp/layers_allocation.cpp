#include "rtp/layers_allocation.hpp"

namespace noir {

namespace {

constexpr std::size_t kMaxSize = 255;  // Of an extension (RFC 8285 §4.3).
constexpr std::uint32_t kMaxKilobits = 10'000'000;
constexpr std::size_t kSizeOctets = 5;

using Spatial = LayersAllocation::Spatial;

/// Calls `with` for every layer that is being made, in the order of the wire.
template <typename With>
void for_each(LayersAllocation& allocation, With with) {
  for (std::size_t stream = 0; stream < allocation.streams; ++stream) {
    for (Spatial& layer : allocation.layers.at(stream)) {
      if (layer.temporal_layers != 0) with(layer);
    }
  }
}

/// One bit mask for all rtp streams, or one of half an octet for each.
void read_masks(ByteReader& in, std::uint8_t common, LayersAllocation& allocation) {
  std::uint8_t pair = 0;
  for (std::size_t stream = 0; stream < allocation.streams; ++stream) {
    if (common == 0 && stream % 2 == 0) pair = in.u8();
    const unsigned mask = common != 0 ? common : stream % 2 == 0 ? pair >> 4U : pair & 0x0FU;
    for (std::size_t s = 0; s < LayersAllocation::kSpatial; ++s) {
      allocation.layers.at(stream).at(s).temporal_layers = static_cast<std::uint8_t>(mask >> s & 1U);
    }
  }
}

void read_temporal_layers(ByteReader& in, LayersAllocation& allocation) {
  std::uint8_t octet = 0;
  unsigned left = 0;
  for_each(allocation, [&](Spatial& layer) {
    if (left == 0) {
      octet = in.u8();
      left = 4;
    }
    --left;
    layer.temporal_layers = static_cast<std::uint8_t>((octet >> (2 * left) & 3U) + 1U);
  });
}

/// AV1 specification §4.10.5; up to four octets are more than anybody needs. False: longer, or absurd.
bool read_leb128(ByteReader& in, std::uint32_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 28; shift += 7) {
    const std::uint8_t octet = in.u8();
    value |= (octet & 0x7FU) << shift;
    if ((octet & 0x80U) == 0) return in.ok() && value <= kMaxKilobits;
  }
  return false;
}

bool read_bitrates(ByteReader& in, LayersAllocation& allocation) {
  bool valid = true;
  for_each(allocation, [&](Spatial& layer) {
    for (std::size_t t = 0; t < layer.temporal_layers && valid; ++t) {
      valid = read_leb128(in, layer.kilobits_per_s.at(t));
    }
  });
  return valid;
}

void read_sizes(ByteReader& in, LayersAllocation& allocation) {
  for_each(allocation, [&](Spatial& layer) {
    // Less by one on the wire; 65536 is no size that anybody shows.
    layer.width = static_cast<std::uint16_t>(in.u16() + 1U);
    layer.height = static_cast<std::uint16_t>(in.u16() + 1U);
    (void)in.u8();  // Pictures a second.
  });
}

}  // namespace

std::optional<LayersAllocation> parse_layers_allocation(ByteSpan bytes) {
  if (bytes.empty() || bytes.size() > kMaxSize) return std::nullopt;
  LayersAllocation allocation;
  if (bytes.size() == 1 && bytes[0] == 0) return allocation;
  ByteReader in(bytes);
  const std::uint8_t first = in.u8();
  allocation.stream = first >> 6U;
  allocation.streams = static_cast<std::uint8_t>((first >> 4U & 3U) + 1U);
  if (allocation.stream >= allocation.streams) return std::nullopt;
  read_masks(in, first & 0x0FU, allocation);
  read_temporal_layers(in, allocation);
  if (!in.ok() || !read_bitrates(in, allocation)) return std::nullopt;
  std::size_t made = 0;
  for_each(allocation, [&](const Spatial&) { ++made; });
  if (in.remaining() != 0 && in.remaining() != made * kSizeOctets) return std::nullopt;
  if (in.remaining() != 0) read_sizes(in, allocation);
  return allocation;
}

}  // namespace noir
