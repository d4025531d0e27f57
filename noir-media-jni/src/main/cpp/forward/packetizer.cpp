#include "forward/packetizer.hpp"

#include "forward/codec/av1_payloads.hpp"
#include "forward/codec/vp8_payloads.hpp"
#include "forward/codec/vp9_payloads.hpp"

namespace noir {

namespace {

// RFC 7587 §4.2: one packet in one. What is larger than any encoder makes of one is none.
bool write_opus(ByteSpan packet, PayloadList& out) {
  if (packet.size() > PayloadList::kMaxPayload) return false;
  out.begin();
  out.add(packet);
  return true;
}

}  // namespace

bool Packetizer::packetize(const SourceFrame& frame, PayloadList& out) {
  out.clear();
  const bool sized = !frame.bytes.empty() && frame.bytes.size() <= kMaxFrame;
  if (!sized || frame.codec_private.size() > kMaxPrivate || !write(frame, out)) {
    out.clear();
    return false;
  }
  picture_ = static_cast<std::uint16_t>((picture_ + 1) & 0x7FFF);
  return true;
}

bool Packetizer::write(const SourceFrame& frame, PayloadList& out) {
  switch (codec_) {
    case Codec::kOpus:
      return write_opus(frame.bytes, out);
    case Codec::kRed:
      return false;
    case Codec::kVp8:
      return write_vp8_payloads(frame.bytes, picture_, out);
    case Codec::kVp9:
      return write_vp9_payloads(frame.bytes, picture_, out);
    case Codec::kH264:
      return write_h264_payloads(frame.bytes, frame.key, frame.codec_private, h264_, out);
    case Codec::kAv1:
      return write_av1_payloads(frame.bytes, frame.key, frame.codec_private, out);
  }
  return false;
}

}  // namespace noir
