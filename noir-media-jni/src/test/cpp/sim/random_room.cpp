#include "sim/random_room.hpp"

#include <gtest/gtest.h>

namespace noir {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

TrackOrigin origin(const SimTrack& track) { return {track.loop, track.id}; }

}  // namespace

RandomRoom::RandomRoom(std::uint64_t seed, LoopIndex loops, Choose choose)
    : loops_(loops), choose_(std::move(choose)), room_(seed, {}, loops) {
  room_.net().set_default_link(
      {.loss = 0.03, .duplicate = 0.01, .delay = milliseconds(15), .jitter = milliseconds(10)});
  if (seed % 2 == 0) room_.number_packets();
}

void RandomRoom::act() {
  switch (choose_() % 13) {
    case 0:
    case 1:
      return join(TransportRole::kPublisher, publishers_, 4);
    case 2:
    case 3:
      return join(TransportRole::kSubscriber, subscribers_, 6);
    case 4:
    case 5:
      return publish();
    case 6:
      return leave(publishers_);
    case 7:
      return leave(subscribers_);
    case 8:
      return restart_ice();
    case 9:
      return remove_track();
    case 10:
      return squelch();
    default:
      return change_down_track();
  }
}

void RandomRoom::run_a_little() { room_.run_for(milliseconds(choose_() % 250)); }

void RandomRoom::empty() {
  while (!publishers_.empty()) leave(publishers_);
  while (!subscribers_.empty()) leave(subscribers_);
  room_.run_for(seconds(1));
}

void RandomRoom::join(TransportRole role, std::vector<SimEnd*>& ends, std::size_t most) {
  if (ends.size() >= most) return;
  JoinOptions options;
  options.loop = static_cast<LoopIndex>(choose_() % loops_);
  SimEnd& end = room_.join(role, options);
  ends.push_back(&end);
  if (role == TransportRole::kPublisher) return;
  (void)room_.sfu(end.loop).open_channel(room_.now(), end.transport, "ion-sfu", true);
  for (const SimTrack& track : tracks_) subscribe(end, track);
}

void RandomRoom::subscribe(SimEnd& subscriber, const SimTrack& track) {
  downs_.push_back({room_.subscribe(subscriber, track, choose_() % 2 == 0), origin(track), &subscriber});
}

void RandomRoom::publish() {
  if (publishers_.empty() || tracks_.size() >= 6) return;
  SimEnd& publisher = *any_of(publishers_);
  const auto kind = choose_() % 3;
  tracks_.push_back(kind == 0   ? room_.publish_audio(publisher)
                    : kind == 1 ? room_.publish_video(publisher)
                                : room_.publish_simulcast(publisher, true));
  owners_[origin(tracks_.back())] = &publisher;
  for (SimEnd* subscriber : subscribers_) subscribe(*subscriber, tracks_.back());
}

void RandomRoom::leave(std::vector<SimEnd*>& ends) {
  if (ends.empty()) return;
  SimEnd* end = any_of(ends);
  std::erase(ends, end);
  std::erase_if(tracks_, [&](const SimTrack& t) { return owners_.at(origin(t)) == end && (forget_source(t), true); });
  std::erase_if(downs_, [&](const Down& d) { return d.subscriber == end && (tally(d), true); });
  if (choose_() % 2 == 0 && end->client->can_send()) {
    end->client->close();
    room_.run_for(milliseconds(1));
  }
  (void)room_.sfu(end->loop).close_transport(room_.now(), end->transport);
  room_.drop(*end);
}

void RandomRoom::remove_track() {
  if (tracks_.empty()) return;
  const SimTrack track = any_of(tracks_);
  for (SyntheticSource* source : track.encodings) source->set_paused(room_.now(), true);
  EXPECT_TRUE(room_.sfu(track.loop).remove_track(room_.now(), track.id).ok());
  std::erase_if(tracks_, [&](const SimTrack& t) { return origin(t) == origin(track); });
  forget_source(track);
  room_.run_for(Duration{});  // The other loops are told.
}

void RandomRoom::squelch() {
  if (tracks_.empty()) return;
  const SimTrack& track = any_of(tracks_);
  EXPECT_TRUE(room_.sfu(track.loop).set_squelched(room_.now(), track.id, choose_() % 3 == 0).ok());
}

void RandomRoom::restart_ice() {
  if (subscribers_.empty()) return;
  SimEnd& end = *any_of(subscribers_);
  if (!end.client->can_send()) return;
  end.server_ice = room_.new_credentials();
  end.client_ice = room_.new_credentials();
  end.addresses.push_back(room_.new_address());
  const auto local = static_cast<std::uint16_t>(end.addresses.size() - 1);
  (void)room_.sfu(end.loop).restart_ice(room_.now(), end.transport, end.server_ice.ufrag, end.server_ice.pwd);
  room_.set_remote(end);
  end.client->restart_ice(room_.now(), end.client_ice, end.server_ice, {Path{local, room_.server(end.loop)}});
}

void RandomRoom::change_down_track() {
  if (downs_.empty()) return;
  const Down& down = any_of(downs_);
  const bool muted = choose_() % 4 == 0;
  EXPECT_TRUE(room_.sfu(down.track.loop)
                  .set_down_track(room_.now(), down.track.id,
                                  {.muted = muted,
                                   .max_spatial = static_cast<int>(choose_() % 3),
                                   .width = static_cast<std::uint16_t>(choose_() % 3 * 300)})
                  .ok());
  down.subscriber->client->request_keyframe(down.track.recorder->params().ssrc);
}

void RandomRoom::forget_source(const SimTrack& track) {
  std::erase_if(downs_, [&](const Down& d) { return d.source == origin(track) && (tally(d), true); });
}

void RandomRoom::tally(const Down& down) {
  frames_ += down.track.recorded().frames;
  payload_errors_ += down.track.recorded().payload_errors;
}

SimEnd* RandomRoom::anybody() {
  std::vector<SimEnd*>& ends = choose_() % 2 == 0 ? publishers_ : subscribers_;
  if (ends.empty()) return nullptr;
  SimEnd* end = any_of(ends);
  return end->client->can_send() ? end : nullptr;
}

}  // namespace noir
