#include "forward/codec/dependency_descriptor.hpp"

#include <algorithm>

#include "forward/codec/bit_reader.hpp"

namespace noir {

namespace {

constexpr std::size_t kMandatoryBits = 24;
constexpr std::size_t kMandatorySize = 3;
constexpr unsigned kTemplateIds = 64;
constexpr std::uint8_t kMaxSpatial = 3;
constexpr std::uint8_t kMaxTemporal = 7;

/// §A.8.3, DTI.
enum : std::uint32_t { kNotPresent = 0, kDiscardable = 1, kSwitch = 2, kRequired = 3 };

struct Flags {
  bool structure = false;
  bool active_targets = false;
  bool custom_targets = false;
  bool custom_references = false;
  bool custom_chains = false;
};

Flags read_flags(BitReader& in) {
  Flags flags;
  flags.structure = in.flag();
  flags.active_targets = in.flag();
  flags.custom_targets = in.flag();
  flags.custom_references = in.flag();
  flags.custom_chains = in.flag();
  return flags;
}

bool read_layers(BitReader& in, DependencyStructure& structure) {
  enum : std::uint32_t { kSame = 0, kNextTemporal = 1, kNextSpatial = 2, kEnd = 3 };
  DependencyStructure::Template layer;
  for (std::uint32_t next = kSame; next != kEnd; next = in.bits(2)) {
    if (next == kNextTemporal) ++layer.temporal_id;
    if (next == kNextSpatial) {
      ++layer.spatial_id;
      layer.temporal_id = 0;
    }
    if (layer.spatial_id > kMaxSpatial || layer.temporal_id > kMaxTemporal) return false;
    if (!in.ok() || structure.templates.size() == kTemplateIds) return false;
    structure.templates.push_back(layer);
  }
  return in.ok();
}

void read_targets(BitReader& in, std::size_t count, DecodeTargetInfo& info) {
  info.present = 0;
  info.switches = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t dti = in.bits(2);
    if (dti != kNotPresent) info.present |= static_cast<std::uint16_t>(1U << i);
    if (dti == kSwitch) info.switches |= static_cast<std::uint16_t>(1U << i);
  }
}

// Which frames a frame refers to follows from its chains and targets as far as we need it.
void skip_template_references(BitReader& in) {
  while (in.ok() && in.flag()) in.skip(4);
}

void skip_custom_references(BitReader& in) {
  for (std::uint32_t size = in.bits(2); in.ok() && size != 0; size = in.bits(2)) in.skip(std::size_t{4} * size);
}

bool read_chains(BitReader& in, DependencyStructure& structure) {
  const std::uint32_t count = in.below(structure.target_count + 1U);
  if (count > DependencyStructure::kMaxChains) return false;
  structure.chain_count = static_cast<std::uint8_t>(count);
  if (count == 0) return true;
  for (std::size_t i = 0; i < structure.target_count; ++i) {
    structure.targets[i].chain = static_cast<std::uint8_t>(in.below(count));
  }
  for (auto& layer : structure.templates) {
    for (std::size_t i = 0; i < count; ++i) layer.info.chain_diffs[i] = static_cast<std::uint8_t>(in.bits(4));
  }
  return true;
}

// §A.8.2, decode_target_layers: a target has the layers of the frames that it needs.
void derive_targets(DependencyStructure& structure) {
  for (std::size_t i = 0; i < structure.target_count; ++i) {
    auto& target = structure.targets[i];
    for (const auto& layer : structure.templates) {
      if ((layer.info.present >> i & 1U) == 0) continue;
      target.spatial_id = std::max(target.spatial_id, layer.spatial_id);
      target.temporal_id = std::max(target.temporal_id, layer.temporal_id);
    }
  }
}

void read_resolutions(BitReader& in, DependencyStructure& structure) {
  if (!in.flag()) return;
  for (int i = 0; i <= structure.templates.back().spatial_id; ++i) {
    structure.width = static_cast<std::uint16_t>(in.bits(16) + 1);
    structure.height = static_cast<std::uint16_t>(in.bits(16) + 1);
  }
}

bool read_structure(BitReader& in, DependencyStructure& structure) {
  const std::size_t begin = in.position();
  structure.first_template = static_cast<std::uint8_t>(in.bits(6));
  const std::uint32_t targets = in.bits(5) + 1;
  if (targets > DependencyStructure::kMaxTargets) return false;
  structure.target_count = static_cast<std::uint8_t>(targets);
  if (!read_layers(in, structure)) return false;
  for (auto& layer : structure.templates) read_targets(in, targets, layer.info);
  for (std::size_t i = 0; i < structure.templates.size(); ++i) skip_template_references(in);
  if (!read_chains(in, structure)) return false;
  derive_targets(structure);
  read_resolutions(in, structure);
  structure.bits = static_cast<std::uint16_t>(in.position() - begin);
  return in.ok();
}

// What the frame changes of its template.
void read_custom(BitReader& in, const Flags& flags, const DependencyStructure& structure, DecodeTargetInfo& info) {
  if (flags.custom_targets) read_targets(in, structure.target_count, info);
  if (flags.custom_references) skip_custom_references(in);
  if (!flags.custom_chains) return;
  for (std::size_t i = 0; i < structure.chain_count; ++i) info.chain_diffs[i] = static_cast<std::uint8_t>(in.bits(8));
}

}  // namespace

std::optional<DependencyStructure> parse_dependency_structure(ByteSpan descriptor) {
  if (descriptor.size() <= kMandatorySize) return std::nullopt;
  BitReader in(descriptor);
  in.skip(kMandatoryBits);
  if (!read_flags(in).structure) return std::nullopt;
  DependencyStructure structure;
  if (!read_structure(in, structure)) return std::nullopt;
  return structure;
}

std::optional<DependencyDescriptor> parse_dependency_descriptor(ByteSpan descriptor,
                                                                const DependencyStructure* structure) {
  if (descriptor.size() < kMandatorySize) return std::nullopt;
  BitReader in(descriptor);
  DependencyDescriptor result;
  result.frame_start = in.flag();
  result.frame_end = in.flag();
  const std::uint32_t template_id = in.bits(6);
  result.frame_number = static_cast<std::uint16_t>(in.bits(16));
  const Flags flags = descriptor.size() > kMandatorySize ? read_flags(in) : Flags{};
  result.has_structure = flags.structure;
  if (structure == nullptr) return result;
  if (flags.structure) {
    in.skip(structure->bits);
    result.active = structure->all_targets();
  }
  if (flags.active_targets) result.active = static_cast<std::uint16_t>(in.bits(structure->target_count));
  const std::size_t index = (template_id + kTemplateIds - structure->first_template) % kTemplateIds;
  if (index >= structure->templates.size()) return result;
  const auto& layer = structure->templates[index];
  result.spatial_id = layer.spatial_id;
  result.temporal_id = layer.temporal_id;
  result.info = layer.info;
  read_custom(in, flags, *structure, result.info);
  if (!in.ok()) return std::nullopt;
  result.known = true;
  return result;
}

}  // namespace noir
