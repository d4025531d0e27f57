#include "forward/codec/h264.hpp"

#include <algorithm>

#include "forward/codec/h264_nal.hpp"

namespace noir {

namespace {

// ITU-T H.264 §7.3.3: a slice header begins with first_mb_in_slice, and Exp-Golomb writes 0 as a single 1.
constexpr std::uint8_t kFirstMacroblock = 0x80;

// `rest` is what comes behind the NAL unit's header, or as much of it as there is.
H264Parts parts_of(std::uint8_t nal_header, ByteSpan rest) {
  H264Parts parts;
  if (rest.empty()) return parts;
  const std::uint8_t type = nal_header & h264::kType;
  parts.sps = type == h264::kSps;
  parts.pps = type == h264::kPps;
  parts.idr = type == h264::kIdr && (rest[0] & kFirstMacroblock) != 0;
  return parts;
}

H264Parts parts_of_aggregate(ByteReader& in) {
  H264Parts parts;
  while (in.remaining() > 0) {
    const ByteSpan unit = in.take(in.u16());
    // A unit that is longer than the packet: receivers drop all of it.
    if (!in.ok()) return {};
    if (!unit.empty()) parts.add(parts_of(unit[0], unit.subspan(1)));
  }
  return parts;
}

H264Slices slices_of(std::uint8_t nal_header, std::uint8_t type) {
  if (type == 0 || type > h264::kIdr) return H264Slices::kNone;
  return (nal_header & h264::kImportance) == 0 ? H264Slices::kNotNeeded : H264Slices::kNeeded;
}

}  // namespace

H264Slices find_h264_slices(ByteSpan payload) {
  if (payload.size() < 2) return H264Slices::kNone;
  ByteReader in(payload);
  const std::uint8_t header = in.u8();
  const std::uint8_t type = header & h264::kType;
  if (type == h264::kFuA) return slices_of(header, in.u8() & h264::kType);
  if (type != h264::kStapA) return slices_of(header, type);
  auto all = H264Slices::kNone;
  while (in.remaining() > 0) {
    const ByteSpan unit = in.take(in.u16());
    if (!in.ok()) return H264Slices::kNone;
    const auto one = unit.empty() ? H264Slices::kNone : slices_of(unit[0], unit[0] & h264::kType);
    if (all != H264Slices::kNeeded && one != H264Slices::kNone) all = one;
  }
  return all;
}

H264Parts find_h264_parts(ByteSpan payload) {
  if (payload.size() < 2) return {};
  ByteReader in(payload);
  const std::uint8_t header = in.u8();
  switch (header & h264::kType) {
    case h264::kStapA:
      return parts_of_aggregate(in);
    case h264::kFuA: {
      const std::uint8_t fu_header = in.u8();
      if ((fu_header & h264::kFuStart) == 0) return {};
      return parts_of(fu_header, payload.subspan(2));
    }
    default:
      return parts_of(header, payload.subspan(1));
  }
}

std::uint64_t H264KeyframeFinder::handle_packet(std::uint64_t ext_seq, std::uint32_t rtp_ts, ByteSpan payload) {
  if (last_ == 0 || (rtp_ts != rtp_ts_ && ext_seq > last_)) {
    *this = {};
    first_ = ext_seq;
    rtp_ts_ = rtp_ts;
  }
  if (rtp_ts != rtp_ts_) return 0;  // Late, of an earlier one.
  first_ = std::min(first_, ext_seq);
  last_ = std::max(last_, ext_seq);
  parts_.add(find_h264_parts(payload));
  if (found_ || !parts_.complete()) return 0;
  found_ = true;
  return first_;
}

}  // namespace noir
