// RTP packets, decrypted: header, extensions in both forms, payload descriptors of all codecs.

#include <array>

#include "base/check.hpp"
#include "forward/codec/keyframe.hpp"
#include "forward/codec/vp8.hpp"
#include "fuzz/input.hpp"
#include "rtp/rtp_packet.hpp"

namespace {

void read_payload(noir::ByteSpan payload) {
  using namespace noir;
  for (const Codec codec : {Codec::kOpus, Codec::kVp8, Codec::kVp9, Codec::kH264, Codec::kAv1}) {
    (void)is_keyframe_start(codec, payload);
  }
  const auto descriptor = parse_vp8_descriptor(payload);
  if (!descriptor) return;
  NOIR_CHECK(descriptor->size <= payload.size());
  std::array<std::uint8_t, Vp8Descriptor::kMaxSize> rewritten{};
  const std::size_t size = rewrite_vp8_descriptor(payload, {.picture = 0x7FFF, .tl0_pic_idx = 1}, rewritten.data());
  NOIR_CHECK(size <= rewritten.size());
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
                                .dependency_descriptor = 20};
  const ByteSpan packet = input.rest();
  const auto view = parse_rtp(packet, extensions);
  if (!view) return 0;
  NOIR_CHECK(std::size_t{view->header_size} + view->payload_size + view->padding_size == packet.size());
  read_payload(packet.subspan(view->header_size, view->payload_size));
  return 0;
}
