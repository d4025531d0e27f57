#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "forward/frame_info.hpp"

namespace noir {

/// The template dependency structure that a key frame brings (AV1 RTP specification §A.8.2): the kinds of frames that
/// will follow, and the decode targets.
struct DependencyStructure {
  static constexpr std::size_t kMaxTargets = 16;  // The format allows 32; four by three layers make 12.
  static constexpr std::size_t kMaxChains = 4;

  struct Template {
    std::uint8_t spatial_id = 0;
    std::uint8_t temporal_id = 0;
    DecodeTargetInfo info;
  };
  /// A decode target: its highest layers, and the chain that keeps it decodable.
  struct Target {
    std::uint8_t spatial_id = 0;
    std::uint8_t temporal_id = 0;
    std::uint8_t chain = 0;
  };

  std::uint8_t first_template = 0;
  std::uint8_t target_count = 0;
  std::uint8_t chain_count = 0;
  std::uint16_t width = 0;  // Of the highest spatial layer; 0 = not said.
  std::uint16_t height = 0;
  std::uint16_t bits = 0;  // What it takes in the descriptor.
  std::vector<Template> templates;
  std::array<Target, kMaxTargets> targets{};

  [[nodiscard]] std::uint16_t all_targets() const { return static_cast<std::uint16_t>((1U << target_count) - 1); }
};

/// A dependency descriptor (§A.8.1).
struct DependencyDescriptor {
  bool frame_start = false;
  bool frame_end = false;
  bool has_structure = false;
  bool known = false;  // Its template is one of the structure's; else what follows says nothing.
  std::uint16_t frame_number = 0;
  std::uint8_t spatial_id = 0;
  std::uint8_t temporal_id = 0;
  std::optional<std::uint16_t> active;  // Bit per decode target that the publisher makes, when it says so.
  DecodeTargetInfo info;
};

/// The structure in a descriptor. Nothing when there is none, when it is malformed, or larger than we go along with.
[[nodiscard]] std::optional<DependencyStructure> parse_dependency_structure(ByteSpan descriptor);

/// `structure`: the descriptor's own when it has one, else that of the last key frame; null = none is known. Nothing
/// when the descriptor is malformed.
[[nodiscard]] std::optional<DependencyDescriptor> parse_dependency_descriptor(ByteSpan descriptor,
                                                                              const DependencyStructure* structure);

/// In a descriptor's octets, where the 16-bit frame number is.
inline constexpr std::size_t kFrameNumberAt = 1;

}  // namespace noir
