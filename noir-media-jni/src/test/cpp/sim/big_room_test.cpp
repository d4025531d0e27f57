#include <gtest/gtest.h>

#include "sim/sim_room.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(BigRoomTest, BurstsReachEverySubscriberInOrder) {
  constexpr int kSubscribers = 80;
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  SourceParams params;
  params.packets_per_frame = 12;
  params.keyframe_packets = 60;  // A burst that does not fit into one wake-up's egress.
  params.payload_size = 1100;
  const SimTrack video = room.publish_video(publisher, params);
  std::vector<SimEnd*> ends;
  for (int i = 0; i < kSubscribers; ++i) ends.push_back(&room.join(TransportRole::kSubscriber));
  ASSERT_TRUE(room.run_until([&] {
    return std::all_of(ends.begin(), ends.end(), [](const SimEnd* end) { return end->client->can_send(); });
  }));
  std::vector<SimDownTrack> downs;
  for (SimEnd* end : ends) downs.push_back(room.subscribe(*end, video));
  room.run_for(seconds(2));
  for (const SimDownTrack& down : downs) {
    EXPECT_GE(down.recorded().frames, 55U);
    EXPECT_EQ(down.recorded().nacked, 0U);  // Not even reordered.
    EXPECT_EQ(down.recorded().lost, 0U);
    EXPECT_LE(down.recorder->delays().quantile(1), milliseconds(11));
  }
}

// Each turn of the loop for a single report would wake a processor up.
TEST(BigRoomTest, ReportsOfManySubscribersGoOutTogether) {
  constexpr int kSubscribers = 40;
  constexpr int kSlotsPerSecond = 20;
  SimRoom room;
  SimEnd& publisher = room.join_connected(TransportRole::kPublisher);
  const SimTrack audio = room.publish_audio(publisher);
  std::vector<SimDownTrack> downs;
  for (int i = 0; i < kSubscribers; ++i) {
    downs.push_back(room.subscribe(room.join_connected(TransportRole::kSubscriber), audio));
    room.run_for(milliseconds(7));
  }
  room.run_for(seconds(3));
  const auto reports = [&] {
    return std::accumulate(
        downs.begin(), downs.end(), std::uint64_t{0},
        [](std::uint64_t sum, const SimDownTrack& down) { return sum + down.recorded().sender_reports; });
  };
  const std::uint64_t first = reports();
  int arrivals = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t before = reports();
    room.run_for(milliseconds(1));
    if (reports() > before) ++arrivals;
  }
  EXPECT_GE(reports() - first, std::uint64_t{kSubscribers} - 2);
  EXPECT_LE(arrivals, kSlotsPerSecond + 1);
}

}  // namespace
}  // namespace noir
