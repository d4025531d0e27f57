// RTP packets, decrypted: header, extensions in both forms, payload descriptors of all codecs, dependency
// descriptors.

#include <array>

#include "base/check.hpp"
#include "forward/codec/dependency_descriptor.hpp"
#include "forward/codec/frame_size.hpp"
#include "forward/codec/h264.hpp"
#include "forward/codec/keyframe.hpp"
#include "forward/codec/vp8.hpp"
#include "forward/codec/vp9.hpp"
#include "fuzz/input.hpp"
#include "rtp/layers_allocation.hpp"
#include "rtp/red.hpp"
#include "rtp/rtp_packet.hpp"
#include "rtp/rtx.hpp"

namespace {

void read_payload(noir::ByteSpan payload) {
  using namespace noir;
  for (const Codec codec : {Codec::kOpus, Codec::kVp8, Codec::kVp9, Codec::kH264, Codec::kAv1}) {
    (void)is_keyframe_start(codec, payload);
    (void)find_frame_size(codec, payload);
  }
  (void)find_h264_slices(payload);
  if (const auto red = parse_red(payload)) {
    NOIR_CHECK(std::size_t{red->primary.at} + red->primary.size == payload.size());
    std::array<std::uint8_t, RedPacket::kMaxHeader> head{};
    NOIR_CHECK(red->header_size <= head.size());
    rewrite_red_header(payload, red->header_size, 96, head.data());
  }
  if (const auto vp9 = parse_vp9_descriptor(payload)) {
    NOIR_CHECK(vp9->head_size <= payload.size());
    std::array<std::uint8_t, Vp9Descriptor::kMaxHead> head{};
    NOIR_CHECK(rewrite_vp9_head(payload, {.picture = 0x7FFF, .tl0_pic_idx = 1}, head.data()) <= head.size());
  }
  const auto descriptor = parse_vp8_descriptor(payload);
  if (!descriptor) return;
  NOIR_CHECK(descriptor->size <= payload.size());
  std::array<std::uint8_t, Vp8Descriptor::kMaxSize> rewritten{};
  const std::size_t size = rewrite_vp8_descriptor(payload, {.picture = 0x7FFF, .tl0_pic_idx = 1}, rewritten.data());
  NOIR_CHECK(size <= rewritten.size());
}

// As a header extension, and again as what follows it.
void read_descriptor(noir::ByteSpan bytes) {
  using namespace noir;
  (void)parse_dependency_descriptor(bytes, nullptr);
  const auto structure = parse_dependency_structure(bytes);
  if (!structure) return;
  NOIR_CHECK(structure->target_count <= DependencyStructure::kMaxTargets && structure->bits <= bytes.size() * 8);
  (void)parse_dependency_descriptor(bytes, &*structure);
  for (const std::size_t cut : {bytes.size() / 2, bytes.size() - 1}) {
    (void)parse_dependency_descriptor(bytes.subspan(cut), &*structure);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace noir;
  fuzz::Input input(data, size);
  const std::uint8_t ids = input.byte();
  const ExtensionIds extensions{.mid = static_cast<std::uint8_t>(ids & 15),
                                .rid = 2,
                                .repaired_rid = 3,
                                .audio_level = static_cast<std::uint8_t>(ids >> 4),
                                .transport_sequence = 5,
                                .abs_send_time = 6,
                                .video_orientation = 7,
                                .dependency_descriptor = 20,
                                .capture_time = 8,
                                .playout_delay = 9,
                                .layers_allocation = 10};
  const ByteSpan packet = input.rest();
  const auto view = parse_rtp(packet, extensions);
  if (!view) return 0;
  NOIR_CHECK(std::size_t{view->header_size} + view->payload_size + view->padding_size == packet.size());
  if (const auto repeated = unwrap_rtx(packet, *view)) {
    NOIR_CHECK(std::size_t{repeated->header_size} + repeated->payload_size + repeated->padding_size == packet.size());
  }
  read_payload(packet.subspan(view->header_size, view->payload_size));
  (void)parse_layers_allocation(view->layers_allocation);
  (void)parse_layers_allocation(packet.subspan(view->header_size, view->payload_size));
  read_descriptor(view->dependency_descriptor);
  read_descriptor(packet.subspan(view->header_size, view->payload_size));
  return 0;
}
