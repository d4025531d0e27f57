#include "forward/announced_layers.hpp"

#include <algorithm>

namespace noir {

namespace {

bool is_made(const LayersAllocation::Spatial& layer) { return layer.temporal_layers != 0; }

}  // namespace

void AnnouncedLayers::handle(const LayersAllocation& allocation, const MediaPacket& packet, std::size_t encodings) {
  if (packet.encoding >= said_.size()) return;
  Said& said = said_.at(packet.encoding);
  if (packet.generation == said.generation && packet.ext_seq < said.seq) return;
  said = {packet.generation, packet.ext_seq};
  last_ = allocation;
  if (allocation.streams == encodings) {
    std::replace(encoding_of_.begin(), encoding_of_.end(), packet.encoding, kUnknown);
    encoding_of_.at(allocation.stream) = packet.encoding;
  } else {
    encoding_of_.fill(kUnknown);
  }
  review();
}

void AnnouncedLayers::review() {
  paused_ = 0;
  for (std::size_t stream = 0; stream < last_.streams; ++stream) {
    const std::uint8_t encoding = encoding_of_.at(stream);
    const Layers& layers = last_.layers.at(stream);
    if (encoding != kUnknown && std::none_of(layers.begin(), layers.end(), is_made)) {
      paused_ |= static_cast<std::uint8_t>(1U << encoding);
    }
  }
}

const AnnouncedLayers::Layers* AnnouncedLayers::layers_of(std::uint8_t encoding) const {
  for (std::size_t stream = 0; stream < last_.streams; ++stream) {
    if (encoding_of_.at(stream) == encoding) return &last_.layers.at(stream);
  }
  return nullptr;
}

bool AnnouncedLayers::is_paused(std::uint8_t encoding, std::uint8_t spatial) const {
  const Layers* layers = layers_of(encoding);
  return layers != nullptr && spatial < layers->size() && !is_made(layers->at(spatial));
}

std::optional<std::uint64_t> AnnouncedLayers::bitrate(std::uint8_t encoding, Layer layer) const {
  const Layers* layers = layers_of(encoding);
  if (layers == nullptr || layer.spatial >= layers->size()) return std::nullopt;
  const LayersAllocation::Spatial& spatial = layers->at(layer.spatial);
  if (!is_made(spatial)) return std::nullopt;
  const std::size_t temporal = std::min<std::size_t>(layer.temporal, spatial.temporal_layers - 1U);
  return std::uint64_t{spatial.kilobits_per_s.at(temporal)} * 1000;
}

FrameSize AnnouncedLayers::size(std::uint8_t encoding) const {
  const Layers* layers = layers_of(encoding);
  if (layers == nullptr) return {};
  const auto highest = std::find_if(layers->rbegin(), layers->rend(), is_made);
  return highest == layers->rend() ? FrameSize{} : FrameSize{highest->width, highest->height};
}

}  // namespace noir
