#include "congestion/media_flow.hpp"

#include <algorithm>
#include <utility>

#include "rtp/rtcp_reader.hpp"

namespace noir::test {

namespace {

using std::chrono::milliseconds;

constexpr Duration kFrame = std::chrono::microseconds(33'333);
constexpr Duration kAudioFrame = milliseconds(20);
constexpr Duration kKeyframeDelay = milliseconds(120);
constexpr Duration kAllocation = milliseconds(50);
constexpr Duration kAfterRaise = milliseconds(500);
constexpr Duration kAfterLower = milliseconds(3000);
constexpr Duration kFailedWithin = milliseconds(5000);
constexpr Duration kMostPatience = milliseconds(12000);
constexpr std::uint32_t kLargestPacket = 1200;
constexpr std::uint32_t kIpUdp = 28;
constexpr std::uint32_t kPacketOverhead = kIpUdp + 12 + 16 + 12;  // RTP with extensions, SRTP's tag.
constexpr std::int64_t kKeyframeFrames = 4;                       // A key frame is as large as so many others.
constexpr std::int64_t kPublisherPace = 250;                      // Percent of its bitrate.
constexpr std::int64_t kUpPercent = 110;

}  // namespace

void Course::add(Instant at, std::uint64_t octets) {
  const auto step = static_cast<std::size_t>((at - start_) / kStep);
  if (octets_.size() <= step) octets_.resize(step + 1);
  octets_[step] += octets;
}

std::int64_t Course::bps(Duration from, Duration to) const {
  std::uint64_t sum = 0;
  for (auto step = static_cast<std::size_t>(from / kStep); step < static_cast<std::size_t>(to / kStep); ++step) {
    if (step < octets_.size()) sum += octets_[step];
  }
  return static_cast<std::int64_t>(sum) * 8'000 / ((to - from) / milliseconds(1));
}

MediaReceiver::MediaReceiver(Schedule& schedule, int flow, Hop& back, const StallParams& stalls, std::uint64_t seed)
    : schedule_(schedule), flow_(flow), back_(back), stalls_(schedule.now(), stalls, seed), received_(schedule.now()) {}

void MediaReceiver::enter(Instant now, VirtualPacket packet) {
  if (const Instant runs_at = stalls_.runs_at(now); runs_at > now) {
    unread_.push_back(std::move(packet));
    schedule_.wake(runs_at, *this);
    return;
  }
  read(now, packet);
  arm();
}

void MediaReceiver::read(Instant now, const VirtualPacket& packet) {
  received_.add(now, packet.octets);
  ++packets_;
  recorder_.handle_packet(now, static_cast<std::uint16_t>(packet.number), 1);
}

void MediaReceiver::wake(Instant now) {
  armed_ = kNever;
  if (const Instant runs_at = stalls_.runs_at(now); runs_at > now) {
    schedule_.wake(runs_at, *this);
    return;
  }
  for (const VirtualPacket& packet : unread_) read(now, packet);
  unread_.clear();
  bool more = recorder_.next_timeout() <= now;
  while (more) {
    VirtualPacket report{flow_, 0, 0, SentKind::kMedia, std::vector<std::uint8_t>(1200)};
    ByteWriter out(report.bytes);
    more = recorder_.poll(now, 1, out);
    report.bytes.resize(out.size());
    report.octets = static_cast<std::uint32_t>(out.size()) + kIpUdp + 14;  // SRTCP.
    if (out.size() > 0) back_.enter(now, std::move(report));
  }
  arm();
}

void MediaReceiver::arm() {
  const Instant due = recorder_.next_timeout();
  if (due >= armed_) return;
  armed_ = due;
  schedule_.wake(std::max(due, schedule_.now()), *this);
}

MediaSender::MediaSender(Schedule& schedule, int flow, Hop& out, const MediaParams& params, std::uint64_t seed)
    : schedule_(schedule),
      flow_(flow),
      out_(out),
      params_(params),
      chance_(seed),
      start_(schedule.now()),
      stalls_(schedule.now(), params.loop, seed + 1),
      controller_(params.bandwidth),
      videos_(static_cast<std::size_t>(params.videos)),
      next_audio_(start_ + params.begin),
      next_allocation_(start_ + params.begin),
      sent_(start_) {
  for (Video& video : videos_) video.next_frame = next_audio_ + chance_.up_to(kFrame);
  schedule_.wake(next_audio_, *this);
}

bool MediaSender::paused(Instant now) const {
  return params_.pause_from != Duration::max() && now - start_ >= params_.pause_from &&
         now - start_ < params_.pause_until;
}

// As sent, with headers: about so much for a layer of `bps`.
static std::int64_t on_the_wire(std::int64_t bps) { return bps * 108 / 100; }

std::int64_t MediaSender::wanted_bps() const {
  const std::int64_t video = std::min(params_.max_video_bps, kLayers.back());
  return on_the_wire(video) * params_.videos + audio_bps();
}

std::int64_t MediaSender::allocated_bps() const {
  std::int64_t sum = audio_bps();
  for (const Video& video : videos_) sum += on_the_wire(layer_bps(std::max(video.layer, video.wanted)));
  return sum;
}

void MediaSender::allocate(Instant now) {
  estimates_.emplace_back(now - start_, controller_.estimate_bps());
  const bool nothing = paused(now);
  controller_.set_wanted(now, nothing ? audio_bps() : wanted_bps() * kUpPercent / 100);
  const std::int64_t budget = nothing ? 0 : controller_.estimate_bps() - audio_bps();
  std::vector<int> layers(videos_.size(), -1);
  std::int64_t used = 0;
  std::int64_t now_used = 0;
  for (const Video& video : videos_) now_used += on_the_wire(layer_bps(video.wanted));
  const bool may_raise = now - raised_at_ > kAfterRaise;
  for (int layer = 0; layer < 3; ++layer) {
    if (layer_bps(layer) > params_.max_video_bps) break;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      if (layers[i] != layer - 1) continue;
      const std::int64_t more = on_the_wire(layer_bps(layer)) - on_the_wire(layer_bps(layer - 1));
      const bool raises = layer > videos_[i].wanted;
      if (raises && (!may_raise || now - videos_[i].lowered_at < videos_[i].patience)) continue;
      if (raises ? (used + more) * kUpPercent / 100 > budget : used + more > budget) continue;
      layers[i] = layer;
      used += more;
    }
  }
  if (used > now_used) raised_at_ = now;
  for (std::size_t i = 0; i < videos_.size(); ++i) choose(now, videos_[i], layers[i]);
}

void MediaSender::choose(Instant now, Video& video, int layer) {
  if (layer == video.wanted) return;
  switches_.push_back(now - start_);
  if (layer > video.wanted) video.raised_at = now;
  if (layer < video.wanted) {
    // Who has to go back soon tries again later.
    const bool failed = now - video.raised_at < kFailedWithin;
    video.patience = failed ? std::min<Duration>(video.patience * 2, kMostPatience) : kAfterLower;
    video.lowered_at = now;
  }
  video.wanted = layer;
  video.key_at = layer == video.layer || layer < 0 ? kNever : now + kKeyframeDelay;
  const bool far_too_much = allocated_bps() > 0 && controller_.estimate_bps() < on_the_wire(layer_bps(video.layer));
  if (layer < 0 || (layer < video.layer && far_too_much)) {
    video.layer = -1;  // Nothing until the key frame comes.
    video.coming.clear();
    queue_.remove_if([&](const Waiting& w) { return w.video == &video - videos_.data(); });
  }
}

void MediaSender::make_frame(Instant now, Video& video) {
  std::int64_t frames = 1;
  if (video.key_at <= now) {
    video.layer = video.wanted;
    video.key_at = kNever;
    frames = kKeyframeFrames;
  }
  video.next_frame += kFrame;
  if (video.layer < 0) return;
  const std::int64_t bps = layer_bps(video.layer);
  const double size = 0.85 + 0.3 * chance_.uniform();
  auto octets = static_cast<std::int64_t>(static_cast<double>(bps * frames / 240) * size);
  Instant at = video.coming.empty() ? now : std::max(now, video.coming.back().first);
  while (octets > 0) {
    const auto payload = static_cast<std::uint32_t>(std::min<std::int64_t>(octets, kLargestPacket - kPacketOverhead));
    octets -= payload;
    video.coming.emplace_back(at, payload + kPacketOverhead);
    at += Duration(std::int64_t{payload} * 8'000'000'000 * 100 / (bps * kPublisherPace));
  }
}

void MediaSender::offer(Instant now, SentKind kind, std::uint32_t octets, int video) {
  if (kind == SentKind::kAudio || (queue_.empty() && controller_.may_send(now))) {
    pacing_delays_.push_back(Duration::zero());
    send(now, kind, octets);
  } else {
    queue_.push(now, kind, octets, {now, kind, octets, video});
  }
}

void MediaSender::drain(Instant now) {
  while (const auto late = queue_.pop_late(now)) {
    ++shed_;
    Video& video = videos_[static_cast<std::size_t>(late->video)];
    if (video.key_at != kNever) continue;
    video.layer = -1;  // The rest cannot be decoded.
    video.key_at = now + kKeyframeDelay;
  }
  while (!queue_.empty() && controller_.may_send(now)) {
    const auto next = queue_.pop();
    pacing_delays_.push_back(now - next->since);
    send(now, next->kind, next->octets);
  }
  for (std::uint32_t padding = controller_.padding_due(now); padding > 0; padding = controller_.padding_due(now)) {
    send(now, SentKind::kPadding, padding + kIpUdp);
  }
}

void MediaSender::send(Instant now, SentKind kind, std::uint32_t octets) {
  controller_.on_sent(now, static_cast<std::uint16_t>(numbers_), octets - kIpUdp, kind);
  sent_.add(now, octets);
  VirtualPacket packet{flow_, numbers_++, octets, kind, {}};
  if (stands_until_ > now) {
    schedule_.deliver(stands_until_, out_, std::move(packet));
  } else {
    out_.enter(now, std::move(packet));
  }
}

void MediaSender::enter(Instant now, VirtualPacket packet) {
  if (const Instant runs_at = std::max(stands_until_, stalls_.runs_at(now)); runs_at > now) {
    unread_.push_back(std::move(packet));
    schedule_.wake(runs_at, *this);
    return;
  }
  take_report(now, packet);
  drain(now);
  arm(now);
}

void MediaSender::take_report(Instant now, const VirtualPacket& packet) {
  RtcpReader reader(packet.bytes);
  while (const auto message = reader.next()) {
    if (const auto* feedback = std::get_if<TransportFeedback>(&*message)) controller_.on_feedback(now, *feedback);
  }
}

void MediaSender::wake(Instant now) {
  if (armed_ <= now) armed_ = kNever;
  const Instant runs_at = std::max(stands_until_, stalls_.runs_at(now));
  const bool begins = params_.stalls_late && stands_until_ <= now;
  if (runs_at > now && !begins) {
    schedule_.wake(runs_at, *this);
    return;
  }
  stands_until_ = runs_at;
  for (const VirtualPacket& report : unread_) take_report(now, report);
  unread_.clear();
  if (now >= next_allocation_) {
    allocate(now);
    next_allocation_ += kAllocation;
  }
  while (next_audio_ <= now) {
    if (params_.audio) offer(now, SentKind::kAudio, 80 + kPacketOverhead, -1);
    next_audio_ += kAudioFrame;
  }
  for (std::size_t i = 0; i < videos_.size(); ++i) {
    Video& video = videos_[i];
    while (video.next_frame <= now) make_frame(now, video);
    while (!video.coming.empty() && video.coming.front().first <= now) {
      offer(now, SentKind::kMedia, video.coming.front().second, static_cast<int>(i));
      video.coming.pop_front();
    }
  }
  if (controller_.next_timeout() <= now) controller_.on_timer(now);
  drain(now);
  arm(now);
}

void MediaSender::arm(Instant now) {
  Instant due = std::min({next_allocation_, next_audio_, controller_.next_timeout()});
  if (!queue_.empty()) due = std::min(due, controller_.pacer().next_send());
  for (const Video& video : videos_) {
    due = std::min(due, video.next_frame);
    if (!video.coming.empty()) due = std::min(due, video.coming.front().first);
  }
  due = std::max(due, now + std::chrono::microseconds(500));  // A loop's timers are no finer.
  if (due >= armed_) return;
  armed_ = due;
  schedule_.wake(due, *this);
}

}  // namespace noir::test
