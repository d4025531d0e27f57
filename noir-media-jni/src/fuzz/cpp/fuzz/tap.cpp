// Frames out of packets, as taps have them: packets of one codec, decrypted, in any order, with holes, with timestamps
// and markers that lie. What comes out of them has no more bytes than came in, but for lengths and sizes.

#include <array>
#include <vector>

#include "base/check.hpp"
#include "forward/frame_assembler.hpp"
#include "fuzz/input.hpp"

namespace {

using namespace noir;

constexpr std::size_t kMost = 1400;
constexpr std::uint8_t kMarker = 0x01;
constexpr std::uint8_t kNewTimestamp = 0x02;
constexpr std::uint8_t kKeyframe = 0x04;
constexpr std::uint8_t kRed = 0x08;

class Tap {
 public:
  Tap(Codec codec, bool repaired)
      : codec_(codec), assembler_(codec == Codec::kOpus ? MediaKind::kAudio : MediaKind::kVideo, repaired) {}

  void take(std::uint8_t flags, std::uint8_t step, ByteSpan payload) {
    if (payload.size() > kMost) return;
    if ((flags & kNewTimestamp) != 0) rtp_ts_ += 3000;
    now_ += std::chrono::milliseconds(flags >> 4);
    seq_ = step == 0xFF ? 1 : seq_ + static_cast<std::uint64_t>(static_cast<std::int8_t>(step)) + 1;
    MediaPacket packet;
    packet.buffer = pool_.copy_of(payload);
    packet.payload_size = static_cast<std::uint16_t>(payload.size());
    packet.ext_seq = kFirst + seq_;
    packet.generation = step == 0xFF ? ++generation_ : generation_;
    packet.rtp_ts = rtp_ts_;
    packet.arrival = now_;
    packet.clock_rate = 90'000;
    packet.codec = codec_;
    packet.marker = (flags & kMarker) != 0;
    packet.keyframe_start = (flags & kKeyframe) != 0;
    packet.keyframe_behind = step;
    packet.red = codec_ == Codec::kOpus && (flags & kRed) != 0;
    in_ += payload.size();
    assembler_.insert(packet);
    assembler_.handle_timeout(now_);
    poll();
  }
  void end() {
    assembler_.flush();
    poll();
  }

 private:
  void poll() {
    for (FrameAssembler::Frame frame; assembler_.poll(frame); frame = {}) {
      const std::size_t size = frame.encoded.bytes.size();
      NOIR_CHECK(size > 0);
      std::vector<std::uint8_t> bytes(size);
      NOIR_CHECK(frame.encoded.bytes.copy(0, bytes) == size);
      NOIR_CHECK(frame.encoded.codec_private.empty() || frame.encoded.key);
      out_ += size;
      NOIR_CHECK(out_ <= 6 * in_);
    }
  }

  static constexpr std::uint64_t kFirst = 1'000'000;

  PacketPool pool_{65'536};
  Codec codec_;
  FrameAssembler assembler_;
  std::uint64_t seq_ = 0;
  std::uint32_t generation_ = 0;
  std::uint32_t rtp_ts_ = 0xFFFF'0000;
  Instant now_{std::chrono::seconds(100)};
  std::size_t in_ = 0;
  std::size_t out_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::uint8_t choice = input.byte();
  constexpr std::array kCodecs{Codec::kVp8, Codec::kVp9, Codec::kH264, Codec::kAv1, Codec::kOpus};
  Tap tap(kCodecs.at((choice & 0x7F) % kCodecs.size()), (choice & 0x80) != 0);
  while (!input.empty()) {
    const std::uint8_t flags = input.byte();
    const std::uint8_t step = input.byte();
    tap.take(flags, step, input.piece());
  }
  tap.end();
  return 0;
}
