// What the core takes to forward a packet, without sockets: CPU of a whole `Sfu` per packet that leaves, by the
// thread's clock. What leaves is copied to a ring as a kernel would copy it, so that a subscriber's state has left the
// inner caches by its next frame. No test: it prints, and knows no right number.
//
//   noir_fan_out_cost [subscribers=100] [rooms=1] [packets per frame=6] [bytes of payload=1040] [audio|video] [frames]
//   [cold|warm|live|numbered]

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <numeric>
#include <string>
#include <vector>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

constexpr std::size_t kRing = std::size_t{16} * 1024 * 1024;
constexpr Duration kFrame = std::chrono::microseconds(33'333);
// More than the caches hold.
constexpr std::size_t kSweep = std::size_t{64} * 1024 * 1024;

struct Plan {
  int subscribers = 100;
  int rooms = 1;
  std::size_t packets = 6;
  std::size_t payload = 1040;
  bool audio = false;
  int frames = 0;
  bool cold = true;      // Everything has left the caches by the next frame.
  bool live = false;     // The clients answer, and what they send is handled, too.
  bool numbers = false;  // Live, with reports of when each packet came.
};

double cpu_nanos() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

class FanOutCost {
 public:
  explicit FanOutCost(const Plan& plan) : plan_(plan) {
    if (plan.numbers) room_.number_packets();
    SourceParams video;
    video.packets_per_frame = plan.packets;
    video.keyframe_packets = plan.packets;
    video.payload_size = plan.payload;
    video.frame_interval = kFrame;
    for (int r = 0; r < plan.rooms; ++r) {
      SimEnd& publisher = room_.join_connected(TransportRole::kPublisher);
      const SimTrack track = plan.audio ? room_.publish_audio(publisher) : room_.publish_video(publisher, video);
      publishers_.push_back(&publisher);
      track.source->set_paused(room_.now(), true);
      sources_.push_back(track.source);
      for (int i = 0; i < plan.subscribers; ++i) {
        (void)room_.subscribe(room_.join_connected(TransportRole::kSubscriber), track, !plan.audio);
      }
    }
    now_ = room_.now();
    for (SyntheticSource* source : sources_) source->set_paused(now_, false);
  }

  // By the clock of the wall, which is read for each datagram: what is interrupted does not count.
  void run_live() {
    room_.run_for(std::chrono::seconds(3));
    std::chrono::steady_clock::time_point entered;
    double nanos = 0;
    room_.watch_sfu([&](bool enters) {
      const auto now = std::chrono::steady_clock::now();
      if (enters) {
        entered = now;
      } else if (now - entered < std::chrono::microseconds(300)) {
        nanos += std::chrono::duration<double, std::nano>(now - entered).count();
      }
    });
    for (int i = 0; i < plan_.frames; i += 100) {
      nanos = 0;
      const auto before = room_.sfu().counters().packets_forwarded;
      room_.run_for(std::chrono::seconds(2));
      std::printf("ns per packet: %.0f\n",
                  nanos / static_cast<double>(room_.sfu().counters().packets_forwarded - before));
    }
  }

  void run() {
    std::vector<double> costs;
    for (int i = 0; i < plan_.frames; ++i) {
      now_ += plan_.audio ? std::chrono::milliseconds(20) : kFrame;
      if (plan_.cold) sweep();
      const auto forwarded = room_.sfu().counters().packets_forwarded;
      const double nanos = one_frame();
      const auto packets = room_.sfu().counters().packets_forwarded - forwarded;
      if (packets > 0 && i >= plan_.frames / 10) costs.push_back(nanos / static_cast<double>(packets));
    }
    std::sort(costs.begin(), costs.end());
    const auto at = [&](double share) {
      return costs[static_cast<std::size_t>(share * static_cast<double>(costs.size() - 1))];
    };
    const double mean = std::accumulate(costs.begin(), costs.end(), 0.0) / static_cast<double>(costs.size());
    std::printf("ns per packet: mean %.0f p10 %.0f p50 %.0f p90 %.0f\n", mean, at(0.1), at(0.5), at(0.9));
  }

 private:
  double one_frame() {
    double nanos = 0;
    for (SimEnd* publisher : publishers_) {
      publisher->client->handle_timeout(now_);
      std::vector<PacketRef> read;
      while (auto transmit = publisher->client->poll_transmit()) read.push_back(pool_.copy_of(transmit->bytes));
      const double before = cpu_nanos();
      for (PacketRef& packet : read) {
        room_.sfu().handle_datagram(now_, Path{0, publisher->addresses.front()}, std::move(packet));
      }
      nanos += cpu_nanos() - before;
      nanos += drain();
    }
    return nanos;
  }

  double drain() {
    double nanos = 0;
    for (int turn = 0; turn < 100; ++turn) {
      const double before = cpu_nanos();
      room_.sfu().handle_timeout(now_);
      const auto transmits = room_.sfu().transmits();
      nanos += cpu_nanos() - before;
      if (transmits.empty()) break;
      for (const Transmit& transmit : transmits) copy(transmit.bytes);
      const double again = cpu_nanos();
      room_.sfu().note_sent(now_);
      room_.sfu().clear_transmits();
      nanos += cpu_nanos() - again;
    }
    while (room_.sfu().poll_event()) {
    }
    return nanos;
  }

  void sweep() {
    for (std::size_t i = 0; i < kSweep; i += 64) ++swept_[i];
  }

  void copy(ByteSpan bytes) {
    if (at_ + bytes.size() > kRing) at_ = 0;
    std::memcpy(ring_.data() + at_, bytes.data(), bytes.size());
    at_ += bytes.size();
  }

  const Plan plan_;
  PacketPool pool_{262'144};
  SimRoom room_;
  std::vector<SimEnd*> publishers_;
  std::vector<SyntheticSource*> sources_;
  Instant now_;
  std::vector<std::uint8_t> ring_ = std::vector<std::uint8_t>(kRing);
  std::size_t at_ = 0;
  std::vector<std::uint8_t> swept_ = std::vector<std::uint8_t>(kSweep);
};

}  // namespace
}  // namespace noir

int main(int argc, char** argv) {
  const auto number = [&](int i, int otherwise) { return argc > i ? std::atoi(argv[i]) : otherwise; };
  noir::Plan plan;
  plan.subscribers = number(1, 100);
  plan.rooms = number(2, 1);
  plan.packets = static_cast<std::size_t>(number(3, 6));
  plan.payload = static_cast<std::size_t>(number(4, 1040));
  plan.audio = argc > 5 && std::string(argv[5]) == "audio";
  plan.frames = number(6, 400);
  const std::string how = argc > 7 ? argv[7] : "cold";
  plan.cold = how == "cold";
  plan.numbers = how == "numbered";
  plan.live = plan.numbers || how == "live";
  noir::FanOutCost cost(plan);
  if (plan.live) {
    cost.run_live();
  } else {
    cost.run();
  }
  std::fflush(stdout);
  std::quick_exit(0);
}
