// Packets out of frames, as injectors make them of what files hold: frames of one codec, well-formed or not. What is
// taken fits its packets, and a receiver puts it together again.

#include <array>
#include <vector>

#include "base/check.hpp"
#include "forward/frame_builder.hpp"
#include "forward/packetizer.hpp"
#include "fuzz/input.hpp"

namespace {

using namespace noir;

std::vector<MediaPacket> to_packets(PacketPool& pool, Codec codec, const PayloadList& payloads) {
  std::vector<MediaPacket> packets;
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    NOIR_CHECK(!payloads[i].empty() && payloads[i].size() <= PayloadList::kMaxPayload);
    MediaPacket& packet = packets.emplace_back();
    packet.buffer = pool.copy_of(payloads[i]);
    packet.payload_size = static_cast<std::uint16_t>(payloads[i].size());
    packet.codec = codec;
    packet.clock_rate = 90'000;
  }
  return packets;
}

// The sequence header of AV1 is not read by who sends it.
void check_outcome(Codec codec, FrameBuilder::Outcome outcome) {
  NOIR_CHECK(codec == Codec::kAv1 || outcome != FrameBuilder::Outcome::kBroken);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  constexpr std::array kCodecs{Codec::kVp8, Codec::kVp9, Codec::kH264, Codec::kAv1, Codec::kOpus};
  const Codec codec = kCodecs.at(input.byte() % kCodecs.size());
  PacketPool pool(65'536);
  Packetizer packetizer(codec, input.u16());
  PayloadList payloads;
  FrameBuilder builder;
  while (!input.empty()) {
    const bool key = (input.byte() & 1) != 0;
    const ByteSpan configuration = input.piece();
    const bool taken = packetizer.packetize({key, configuration, input.piece()}, payloads);
    NOIR_CHECK(taken == (payloads.size() > 0));
    if (!taken) continue;
    const auto packets = to_packets(pool, codec, payloads);
    EncodedFrame frame;
    check_outcome(codec, builder.build(packets, frame));
  }
  return 0;
}
