// What taps take of the core, without sockets: CPU of a whole `Sfu` that receives video, decryption included, with taps
// and without, by the thread's clock; frames are copied to a buffer, as they are for Java. No test: it prints, and
// knows no right number.
//
//   noir_tap_cost [tracks=20] [packets per frame=6] [bytes of payload=1040] [seconds=12]

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

constexpr Duration kFrame = std::chrono::microseconds(33'333);
constexpr int kFrames = 30;  // A second.

struct Plan {
  int tracks = 20;
  std::size_t packets = 6;
  std::size_t payload = 1040;
  int seconds = 12;  // Less than a client goes on without consent.
};

double cpu_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

class TapCost {
 public:
  TapCost(const Plan& plan, bool taps) : plan_(plan) {
    SourceParams video;
    video.packets_per_frame = video.keyframe_packets = plan.packets;
    video.payload_size = plan.payload;
    video.frame_interval = kFrame;
    for (int i = 0; i < plan.tracks; ++i) {
      SimEnd& publisher = room_.join_connected(TransportRole::kPublisher);
      const SimTrack track = room_.publish_video(publisher, video);
      publishers_.push_back(&publisher);
      sources_.push_back(track.source);
      if (taps) (void)room_.sfu().add_tap(room_.now(), track.id);
    }
    room_.run_for(std::chrono::seconds(1));
    // Nothing is under way when the network is left out.
    for (SyntheticSource* source : sources_) source->set_paused(room_.now(), true);
    room_.run_for(std::chrono::milliseconds(100));
    now_ = room_.now();
    for (SyntheticSource* source : sources_) source->set_paused(now_, false);
  }

  // CPU seconds for a second of media.
  double run() {
    double used = 0;
    for (int i = 0; i < plan_.seconds * kFrames; ++i) {
      now_ += kFrame;
      for (SimEnd* publisher : publishers_) used += one_frame(*publisher);
    }
    return used / plan_.seconds;
  }
  [[nodiscard]] std::size_t frames() const { return frames_; }

 private:
  double one_frame(SimEnd& publisher) {
    publisher.client->handle_timeout(now_);
    std::vector<PacketRef> read;
    while (auto transmit = publisher.client->poll_transmit()) read.push_back(pool_.copy_of(transmit->bytes));
    const double before = cpu_seconds();
    for (PacketRef& packet : read) {
      room_.sfu().handle_datagram(now_, Path{0, publisher.addresses.front()}, std::move(packet));
    }
    room_.sfu().handle_timeout(now_);
    room_.sfu().clear_transmits();
    while (const auto event = room_.sfu().poll_event()) {
      const auto* given = std::get_if<TapFrame>(&*event);
      if (given == nullptr) continue;
      ++frames_;
      (void)given->frame.bytes.copy(0, buffer_);
    }
    return cpu_seconds() - before;
  }

  const Plan plan_;
  PacketPool pool_{262'144};
  SimRoom room_;
  std::vector<SimEnd*> publishers_;
  std::vector<SyntheticSource*> sources_;
  Instant now_;
  std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(std::size_t{1} << 20);
  std::size_t frames_ = 0;
};

}  // namespace
}  // namespace noir

int main(int argc, char** argv) {
  const auto number = [&](int i, int otherwise) { return argc > i ? std::atoi(argv[i]) : otherwise; };
  noir::Plan plan;
  plan.tracks = number(1, 20);
  plan.packets = static_cast<std::size_t>(number(2, 6));
  plan.payload = static_cast<std::size_t>(number(3, 1040));
  plan.seconds = number(4, 12);
  noir::TapCost without(plan, false);
  noir::TapCost with(plan, true);
  const double received = without.run();
  const double tapped = with.run();
  std::printf("CPU for a second: received %.2f ms, tapped %.2f ms, so taps %.2f %% of a core; %zu frames\n",
              received * 1e3, tapped * 1e3, (tapped - received) * 1e2, with.frames());
  std::fflush(stdout);
  std::quick_exit(0);
}
