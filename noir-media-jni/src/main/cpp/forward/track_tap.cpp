#include "forward/track_tap.hpp"

#include <bit>
#include <utility>

#include "base/check.hpp"

namespace noir {

namespace {

std::uint8_t highest(std::uint8_t encodings) {
  return encodings == 0 ? std::uint8_t{0} : static_cast<std::uint8_t>(std::bit_width(encodings) - 1);
}

std::uint8_t bit(std::size_t encoding) { return static_cast<std::uint8_t>(1U << (encoding & 7U)); }

}  // namespace

TrackTap::TrackTap(const Track& track, const PeerClock& peer)
    : track_(track), peer_(peer), current_(lane(highest(track.active_encodings()))) {}

TrackTap::Lane TrackTap::lane(std::uint8_t encoding) const {
  return {encoding, FrameAssembler(track_.kind(), track_.params().nack)};
}

void TrackTap::handle_packet(const MediaPacket& packet) {
  if (track_.encoding_count() > 1) choose(packet);
  if (packet.encoding == current_.encoding) {
    current_.assembler.insert(packet);
  } else if (next_ && packet.encoding == next_->encoding) {
    next_->assembler.insert(packet);
  }
  handle_timeout(packet.arrival);
}

void TrackTap::handle_timeout(Instant now) {
  current_.assembler.handle_timeout(now);
  if (next_) next_->assembler.handle_timeout(now);
}

void TrackTap::restart() {
  current_.assembler.restart();
  next_.reset();
  waited_ = false;
}

void TrackTap::flush() { current_.assembler.flush(); }

void TrackTap::choose(const MediaPacket& packet) {
  const std::uint8_t wanted = better(packet.arrival, packet.active_encodings);
  if (wanted == current_.encoding) {
    next_.reset();
  } else if (!current_.assembler.has_begun()) {
    current_ = lane(wanted);
    waited_ = false;
  } else if (!next_ || next_->encoding != wanted) {
    next_ = lane(wanted);
    waited_ = false;
  }
}

std::uint8_t TrackTap::better(Instant now, std::uint8_t active) {
  const std::uint8_t best = highest(active);
  const bool gone = (active & bit(current_.encoding)) == 0;
  if (gone || !current_.assembler.has_begun()) return best;
  if (best <= current_.encoding) {
    better_at_.reset();
    return current_.encoding;
  }
  if (!better_at_) better_at_ = now;
  return now - *better_at_ >= kBetterFor ? best : current_.encoding;
}

std::optional<EncodedFrame> TrackTap::poll(Instant now) {
  FrameAssembler::Frame frame;
  if (!current_.assembler.poll(frame)) {
    if (!next_ || !next_->assembler.poll(frame)) return std::nullopt;
    // What is still on its way in the other encoding is older than this, or of the same time.
    frame.encoded.lost = current_.assembler.lost();
    current_ = *std::exchange(next_, std::nullopt);
    better_at_.reset();
    clock_.restart();
  }
  if (is_full(now)) {
    current_.assembler.break_off(1 + frame.encoded.lost);
    while (current_.assembler.poll(frame)) current_.assembler.break_off(1);
    return std::nullopt;
  }
  return finish(now, frame);
}

bool TrackTap::is_full(Instant now) const {
  return queued_ > kMaxQueued || (!queue_.empty() && now - queue_.front().since > kMaxQueuedFor);
}

EncodedFrame TrackTap::finish(Instant now, FrameAssembler::Frame& frame) {
  if (frame.generation != generation_) clock_.restart();
  generation_ = frame.generation;
  const CaptureClock::Reading reading = clock_.read(now, {frame.rtp_ts, frame.encoded.clock_rate, frame.arrival},
                                                    track_.receiver(current_.encoding).clock(), peer_);
  frame.encoded.captured = reading.captured;
  frame.encoded.rtp_ts = reading.rtp_ts;
  queue_.push_back({now, frame.encoded.bytes.size()});
  queued_ += queue_.back().bytes;
  return std::move(frame.encoded);
}

void TrackTap::note_taken() {
  NOIR_CHECK(!queue_.empty());
  queued_ -= queue_.front().bytes;
  queue_.pop_front();
}

std::uint8_t TrackTap::wanted_encodings() const {
  if (track_.kind() != MediaKind::kVideo) return 0;
  return bit(track_.encoding_count() - 1) | bit(current_.encoding);
}

}  // namespace noir
