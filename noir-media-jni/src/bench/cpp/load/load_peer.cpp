#include "load/load_peer.hpp"

#include <algorithm>

#include "loop/clock.hpp"

namespace noir {

namespace {

constexpr std::uint32_t kSsrcsPerPeer = 16;

MediaKind kind_of(const SourceParams& source) {
  return source.codec == Codec::kOpus ? MediaKind::kAudio : MediaKind::kVideo;
}

/// Gives each source its ssrc and section: mid 0 is the data channel, and encodings of one track share theirs.
// The next moment that lies where `phase` says, on a grid that all peers share.
Instant first_frame(Instant now, const SourceParams& source, double phase) {
  const auto offset = std::chrono::duration_cast<Duration>(source.frame_interval * phase);
  const Duration since = (now.time_since_epoch() - offset) % source.frame_interval;
  return now + (source.frame_interval - since);
}

PeerPlan numbered(PeerPlan plan, std::uint32_t number) {
  int section = 0;
  bool in_simulcast = false;
  for (std::size_t i = 0; i < plan.sources.size(); ++i) {
    SourceParams& source = plan.sources[i];
    const bool simulcast = !source.rid.empty();
    if (!simulcast || !in_simulcast) ++section;
    in_simulcast = simulcast;
    source.ssrc = (number + 1) * kSsrcsPerPeer + static_cast<std::uint32_t>(i);
    source.mid = std::to_string(section);
    source.payload_type = kind_of(source) == MediaKind::kAudio ? kOpusPayloadType : kVp8PayloadType;
  }
  return plan;
}

}  // namespace

LoadPeer::LoadPeer(boost::asio::io_context& io, const SignalUrl& url, const LoadContext& context, std::uint32_t number,
                   PeerPlan plan)
    : plan_(numbered(std::move(plan), number)),
      takes_numbers_(context.numbers),
      publisher_(context, number * 2, false),
      subscriber_(context, number * 2 + 1, plan_.sampled),
      signal_(io, url, *this),
      started_(monotonic_now()) {}

void LoadPeer::on_open() {
  signal_.join(plan_.room, plan_.uid, write_publisher_offer(publisher_.local(), plan_.uid + "-stream", tracks()));
}

std::vector<PublishedTrack> LoadPeer::tracks() const {
  std::vector<PublishedTrack> tracks;
  for (const SourceParams& source : plan_.sources) {
    if (tracks.empty() || tracks.back().mid != source.mid) {
      tracks.push_back({kind_of(source), source.mid, plan_.uid + "-track-" + source.mid, source.ssrc, {}});
    }
    // Sources stand from the smallest up.
    if (!source.rid.empty()) tracks.back().rids.insert(tracks.back().rids.begin(), source.rid);
  }
  return tracks;
}

void LoadPeer::on_joined(const std::string& answer_sdp) {
  auto remote = parse_description(answer_sdp);
  if (!remote) {
    failure_ = "the server's answer lacks candidates or transport parameters";
    return;
  }
  // The answer repeats what we offered, for one kind of media or both.
  remote->extensions = kPublisherExtensions;
  publisher_.set_remote(monotonic_now(), *remote);
  publisher_.open_api_channel();
}

void LoadPeer::on_offer(const std::string& sdp) {
  const auto remote = parse_description(sdp);
  if (!remote) {
    failure_ = "the server's offer lacks candidates or transport parameters";
    return;
  }
  signal_.answer(write_subscriber_answer(subscriber_.local(), sdp, takes_numbers_));
  subscriber_.set_remote(monotonic_now(), *remote);
}

void LoadPeer::update(Instant now) {
  if (publisher_.has_failed() || subscriber_.has_failed()) failure_ = "a transport failed";
  // Not before: a source makes up for the time in which it could not send.
  if (publisher_.is_connected() && publisher_.sources().empty()) {
    for (const SourceParams& source : plan_.sources) publisher_.publish(first_frame(now, source, plan_.phase), source);
  }
  if (joined_after_ || !publisher_.is_connected() || !subscriber_.has_channel()) return;
  joined_after_ = now - started_;
}

std::optional<Duration> LoadPeer::first_packet_after() const {
  std::optional<Duration> after;
  for (const StreamCounter& stream : subscriber_.streams()) {
    if (!stream.first_arrival()) continue;
    const Duration d = *stream.first_arrival() - started_;
    after = after ? std::min(*after, d) : d;
  }
  return after;
}

}  // namespace noir
