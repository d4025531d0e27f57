#include "forward/codec/h264_frame.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "forward/codec/bit_reader.hpp"
#include "forward/codec/h264.hpp"
#include "forward/codec/h264_nal.hpp"

namespace noir {

namespace {

/// Puts units into a frame, whole or in fragments.
class UnitWriter {
 public:
  UnitWriter(H264ParameterSets& sets, EncodedFrame& frame) : sets_(sets), frame_(frame) {}

  [[nodiscard]] bool is_open() const { return header_.has_value(); }

  void add(const MediaPacket& packet, ByteSpan unit) {
    if (unit.empty()) return;
    const std::uint8_t type = unit[0] & h264::kType;
    if (type == h264::kSps || type == h264::kPps) return sets_.add(unit);
    if (type == h264::kDelimiter || type == h264::kFiller) return;
    add_length(unit.size());
    frame_.bytes.add(packet.buffer, unit);
  }
  // RFC 6184 §5.8: the unit's header is made of the fragments'.
  void begin(std::uint8_t header) { header_ = header; }
  void continue_with(const MediaPacket& packet, ByteSpan fragment) { fragments_.push_back({&packet, fragment}); }
  void end() {
    std::size_t size = 1;
    for (const Fragment& fragment : fragments_) size += fragment.bytes.size();
    const std::uint8_t type = *header_ & h264::kType;
    if (type == h264::kSps || type == h264::kPps) {
      std::vector<std::uint8_t> whole{*header_};
      for (const Fragment& f : fragments_) whole.insert(whole.end(), f.bytes.begin(), f.bytes.end());
      sets_.add(whole);
    } else if (type != h264::kDelimiter && type != h264::kFiller) {
      add_length(size);
      frame_.bytes.add(ByteSpan(&*header_, 1));
      for (const Fragment& fragment : fragments_) frame_.bytes.add(fragment.packet->buffer, fragment.bytes);
    }
    header_.reset();
    fragments_.clear();
  }

 private:
  struct Fragment {
    const MediaPacket* packet;
    ByteSpan bytes;
  };

  void add_length(std::size_t size) {
    std::array<std::uint8_t, 4> length{};
    store_be32(length.data(), static_cast<std::uint32_t>(size));
    frame_.bytes.add(length);
  }

  H264ParameterSets& sets_;
  EncodedFrame& frame_;
  std::optional<std::uint8_t> header_;  // Of the unit of which fragments come.
  std::vector<Fragment> fragments_;
};

bool add_aggregate(const MediaPacket& packet, UnitWriter& out) {
  ByteReader in(packet.payload().subspan(1));
  while (in.remaining() > 0) {
    const ByteSpan unit = in.take(in.u16());
    if (!in.ok()) return false;
    out.add(packet, unit);
  }
  return true;
}

bool add_fragment(const MediaPacket& packet, UnitWriter& out) {
  const ByteSpan payload = packet.payload();
  if (payload.size() < 3) return false;
  const std::uint8_t fragment = payload[1];
  const bool starts = (fragment & h264::kFuStart) != 0;
  if (starts == out.is_open()) return false;
  if (starts) out.begin(static_cast<std::uint8_t>((payload[0] & ~h264::kType) | (fragment & h264::kType)));
  out.continue_with(packet, payload.subspan(2));
  if ((fragment & h264::kFuEnd) != 0) out.end();
  return true;
}

bool add_packet(const MediaPacket& packet, UnitWriter& out) {
  const ByteSpan payload = packet.payload();
  const std::uint8_t type = payload[0] & h264::kType;
  if (type == h264::kFuA) return add_fragment(packet, out);
  if (out.is_open()) return false;
  if (type == h264::kStapA) return add_aggregate(packet, out);
  if (type == 0 || type > h264::kLastSingle) return false;
  out.add(packet, payload);
  return true;
}

// What High profiles' configurations end with.
void add_format(ByteSpan sps, std::vector<std::uint8_t>& out) {
  constexpr std::array<std::uint8_t, 4> kProfiles{100, 110, 122, 144};
  if (std::find(kProfiles.begin(), kProfiles.end(), sps[1]) == kProfiles.end()) return;
  BitReader in(sps.subspan(4));
  (void)in.exp_golomb();
  const std::uint32_t chroma = in.exp_golomb();
  if (chroma == 3) in.skip(1);
  const std::uint32_t luma_depth = in.exp_golomb();
  const std::uint32_t chroma_depth = in.exp_golomb();
  if (!in.ok()) return;
  out.push_back(static_cast<std::uint8_t>(0xFC | (chroma & 3U)));
  out.push_back(static_cast<std::uint8_t>(0xF8 | (luma_depth & 7U)));
  out.push_back(static_cast<std::uint8_t>(0xF8 | (chroma_depth & 7U)));
  out.push_back(0);
}

void add_set(const std::vector<std::uint8_t>& unit, std::vector<std::uint8_t>& out) {
  out.push_back(static_cast<std::uint8_t>(unit.size() >> 8));
  out.push_back(static_cast<std::uint8_t>(unit.size()));
  out.insert(out.end(), unit.begin(), unit.end());
}

}  // namespace

void H264ParameterSets::add(ByteSpan unit) {
  if (unit.size() < 4 && (unit.empty() || (unit[0] & h264::kType) == h264::kSps)) return;
  if (unit.size() > kMaxBytes) return;
  std::vector<std::uint8_t> copy(unit.begin(), unit.end());
  if ((unit[0] & h264::kType) == h264::kSps) {
    if (copy == sps_) return;
    sps_ = std::move(copy);
    pps_.clear();
    return;
  }
  if (std::find(pps_.begin(), pps_.end(), copy) != pps_.end()) return;
  pps_.push_back(std::move(copy));
  while (pps_.size() > kMaxPps || (bytes() > kMaxBytes && !pps_.empty())) pps_.erase(pps_.begin());
}

std::size_t H264ParameterSets::bytes() const {
  std::size_t sum = sps_.size();
  for (const auto& pps : pps_) sum += pps.size();
  return sum;
}

FrameSize H264ParameterSets::size() const { return find_frame_size(Codec::kH264, sps_).value_or(FrameSize{}); }

std::vector<std::uint8_t> H264ParameterSets::configuration() const {
  // Version, profile, compatibility, level; lengths of 4 octets; one SPS.
  std::vector<std::uint8_t> out{1, sps_[1], sps_[2], sps_[3], 0xFF, 0xE1};
  add_set(sps_, out);
  out.push_back(static_cast<std::uint8_t>(pps_.size()));
  for (const auto& pps : pps_) add_set(pps, out);
  add_format(sps_, out);
  return out;
}

bool build_h264_frame(std::span<const MediaPacket> packets, H264ParameterSets& sets, EncodedFrame& frame) {
  UnitWriter out(sets, frame);
  bool idr = false;
  for (const MediaPacket& packet : packets) {
    if (packet.payload().empty() || !add_packet(packet, out)) return false;
    idr |= find_h264_parts(packet.payload()).idr;
  }
  if (out.is_open()) return false;
  frame.key = idr && sets.complete() && frame.bytes.size() > 0;
  if (!frame.key) return true;
  frame.size = sets.size();
  frame.codec_private = sets.configuration();
  return true;
}

}  // namespace noir
