#include "forward/frame_assembler.hpp"

#include <algorithm>
#include <utility>

namespace noir {

void FrameAssembler::insert(const MediaPacket& packet) {
  if (started_ && packet.generation < generation_) return;
  if (!started_ || packet.generation != generation_) begin(packet);
  if (packet.ext_seq < next_) return;  // Has been given up, or came before the first.
  if (packet.ext_seq > next_) return keep(packet);
  take(packet);
  take_waiting();
}

void FrameAssembler::begin(const MediaPacket& packet) {
  unit_.clear();
  unit_bytes_ = 0;
  unit_too_large_ = false;
  waiting_.clear();
  waiting_bytes_ = 0;
  keyframe_ = 0;
  builder_.restart();
  waits_ = kind_ == MediaKind::kVideo;
  started_ = true;
  generation_ = packet.generation;
  next_ = packet.ext_seq;
}

void FrameAssembler::restart() {
  if (!unit_.empty() && unit_.back().marker) end_unit();
  started_ = false;
  begun_ = false;
  waits_ = true;
  unit_.clear();
  waiting_.clear();
}

void FrameAssembler::break_off(std::uint32_t packets) {
  lose(packets);
  waits_ = kind_ == MediaKind::kVideo;
}

void FrameAssembler::keep(const MediaPacket& packet) {
  if (waiting_.empty()) missing_since_ = packet.arrival;
  if (!waiting_.emplace(packet.ext_seq, packet).second) return;
  waiting_bytes_ += packet.buffer->bytes().size();
  if (packet.keyframe_start) {
    keyframe_ = std::max(keyframe_, packet.ext_seq - std::min<std::uint64_t>(packet.keyframe_behind, packet.ext_seq));
  }
  while (waiting_bytes_ > kMaxBytes || waiting_.size() > kMaxPackets) give_up();
}

Duration FrameAssembler::patience() const {
  if (!repaired_) return kReorderWait;
  return kind_ == MediaKind::kAudio || next_ >= keyframe_ ? kRepairWait : kOldRepairWait;
}

void FrameAssembler::handle_timeout(Instant now) {
  while (!waiting_.empty() && now - missing_since_ >= patience()) give_up();
}

void FrameAssembler::flush() {
  while (!waiting_.empty()) give_up();
}

void FrameAssembler::give_up() {
  const std::uint64_t first = waiting_.begin()->first;
  unit_.clear();  // What has come of the frame that the packet was of, or of the one before it.
  unit_bytes_ = 0;
  break_off(static_cast<std::uint32_t>(std::min<std::uint64_t>(first - next_, kMaxPackets)));
  next_ = first;
  take_waiting();
}

void FrameAssembler::take_waiting() {
  while (!waiting_.empty() && waiting_.begin()->first == next_) {
    const MediaPacket packet = std::move(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
    waiting_bytes_ -= packet.buffer->bytes().size();
    take(packet);
  }
  if (!waiting_.empty()) missing_since_ = waiting_.begin()->second.arrival;
}

void FrameAssembler::take(const MediaPacket& packet) {
  ++next_;
  if (packet.payload_size == 0) return;  // Padding.
  if (!unit_.empty() && unit_.front().rtp_ts != packet.rtp_ts) end_unit();
  unit_too_large_ |= unit_bytes_ + packet.payload_size > kMaxBytes || unit_.size() >= kMaxPackets;
  if (!unit_too_large_) {
    unit_.push_back(packet);
    unit_bytes_ += packet.payload_size;
  }
  if (packet.marker || kind_ == MediaKind::kAudio) end_unit();
}

void FrameAssembler::end_unit() {
  Frame frame;
  const auto same_codec = [&](const MediaPacket& packet) { return packet.codec == unit_.front().codec; };
  auto outcome = FrameBuilder::Outcome::kBroken;
  if (!unit_too_large_ && std::all_of(unit_.begin(), unit_.end(), same_codec)) {
    outcome = builder_.build(unit_, frame.encoded);
  }
  if (outcome == FrameBuilder::Outcome::kFrame && (!waits_ || frame.encoded.key)) {
    waits_ = false;
    begun_ = true;
    frame.encoded.lost = std::exchange(lost_, 0U);
    frame.rtp_ts = unit_.front().rtp_ts;
    frame.generation = generation_;
    const auto earlier = [](const MediaPacket& a, const MediaPacket& b) { return a.arrival < b.arrival; };
    frame.arrival = std::min_element(unit_.begin(), unit_.end(), earlier)->arrival;
    frames_.push_back(std::move(frame));
  } else if (outcome != FrameBuilder::Outcome::kNothing) {
    break_off(static_cast<std::uint32_t>(unit_.size()));
  }
  unit_.clear();
  unit_bytes_ = 0;
  unit_too_large_ = false;
}

// What comes before the first frame is nobody's loss.
void FrameAssembler::lose(std::size_t packets) {
  if (begun_) lost_ += static_cast<std::uint32_t>(packets);
}

bool FrameAssembler::poll(Frame& frame) {
  if (frames_.empty()) return false;
  frame = std::move(frames_.front());
  frames_.pop_front();
  return true;
}

}  // namespace noir
