#include "loop/plane.hpp"

#include <gtest/gtest.h>

#include "stun/message.hpp"

namespace noir {
namespace {

using test::Client;
using test::loopback;
using test::PlaneTest;
using test::send_to;

TEST_F(PlaneTest, MediaCrossesLoopsWithoutTheirThreadsLeavingThem) {
  hold_call();
  const int home_returns = loops_[0]->returns();
  const int away_returns = loops_[1]->returns();
  ASSERT_TRUE(run_until_frames(15));
  EXPECT_EQ(loops_[0]->returns(), home_returns);
  EXPECT_EQ(loops_[1]->returns(), away_returns);

  const LoopCounters home = loops_[0]->call([](Loop& l) { return l.counters(); });
  const LoopCounters away = loops_[1]->call([](Loop& l) { return l.counters(); });
  EXPECT_GT(home.sfu.packets_handed_over, 50U);
  EXPECT_GE(away.sfu.packets_forwarded, 2 * 50U);
  EXPECT_EQ(away.sfu.mirrors, 1U);
  EXPECT_EQ(home.dropped_handover, 0U);
  for (const auto& client : clients_) {
    if (client->recorder == nullptr) continue;
    EXPECT_EQ(client->recorder->recorded().payload_errors, 0U);
  }
}

// One check with a forged sender moved a subscriber's media to somebody else's socket.
TEST_F(PlaneTest, AForgedNominationBringsAVictimThreeTimesItsBytes) {
  hold_call();
  const UdpSocket victim(loopback());
  std::vector<std::uint8_t> check(256);
  StunWriter writer(check, StunClass::kRequest, kStunBinding, {1, 2, 3});
  writer.username("AAAAAAAAAAserve2:client2");
  writer.attribute_u32(StunAttribute::kPriority, 0x7FFFFFFF);
  writer.attribute_u64(StunAttribute::kIceControlling, 1);
  writer.attribute(StunAttribute::kUseCandidate, {});
  const std::string password = "password-of-twenty-two-chars-2";
  HmacSha1 key({reinterpret_cast<const std::uint8_t*>(password.data()), password.size()});
  writer.message_integrity(key);
  check.resize(writer.finish());
  send_to(victim, clients_[1]->server, check);
  const std::uint64_t frames = clients_[1]->frames();
  EXPECT_TRUE(run_until([&] { return clients_[1]->frames() >= frames + 60; })) << "the one before goes on";
  std::size_t bytes = 0;
  std::size_t answers = 0;
  while (const auto datagram = test::receive_from(victim, 0)) {
    bytes += datagram->size();
    ++answers;
  }
  EXPECT_GE(answers, 2U) << "the answer and a check of ours";
  EXPECT_LE(bytes, 3 * check.size());
}

// Something between it and us has sent it to the wrong port. It takes answers from nowhere else.
TEST_F(PlaneTest, AClientAtTheWrongLoopHoldsACall) {
  Client& publisher = join(0, TransportRole::kPublisher, false, true);
  Client& subscriber = join(1, TransportRole::kSubscriber, false, true);
  ASSERT_TRUE(run_until([&] { return publisher.peer->can_send() && subscriber.peer->can_send(); }));
  publish(publisher);
  subscribe(1, subscriber);
  ASSERT_TRUE(run_until_frames(15));
  EXPECT_EQ(subscriber.recorder->recorded().payload_errors, 0U);
  for (const auto& loop : loops_) {
    EXPECT_GT(loop->call([](Loop& l) { return l.counters().sfu.datagrams_at_wrong_loop; }), 2U);
    EXPECT_EQ(loop->call([](Loop& l) { return l.counters().dropped_handover; }), 0U);
  }
}

TEST_F(PlaneTest, AClientMayWaitForOurHello) {
  Client& publisher = join(0, TransportRole::kPublisher, true);
  Client& subscriber = join(0, TransportRole::kSubscriber, true);
  ASSERT_TRUE(run_until([&] { return publisher.peer->can_send() && subscriber.peer->can_send(); }));
  publish(publisher);
  subscribe(0, subscriber);
  EXPECT_TRUE(run_until_frames(15));
}

TEST_F(PlaneTest, TheMirrorsLoopEndsFirst) {
  hold_call();
  loops_[1]->stop();
  const std::uint64_t frames = clients_[1]->frames();
  EXPECT_TRUE(run_until([&] { return clients_[1]->frames() >= frames + 10; }));
}

TEST_F(PlaneTest, TheHomeLoopEndsFirst) {
  hold_call();
  loops_[0]->stop();
  // Retransmissions come from buffers of the pool of a loop that is gone.
  const LoopCounters away = loops_[1]->call([](Loop& l) { return l.counters(); });
  EXPECT_EQ(away.sfu.transports, 2U);
  EXPECT_TRUE(
      loops_[1]->call([&](Loop& l) { return l.sfu().close_transport(monotonic_now(), clients_[2]->transport).ok(); }));
}

TEST_F(PlaneTest, TracksComeAndGoUnderMedia) {
  hold_call();
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(loops_[0]->call([&](Loop& l) { return l.sfu().remove_track(monotonic_now(), track_id_).ok(); }));
    ASSERT_TRUE(run_until([&] { return loops_[1]->call([](Loop& l) { return l.counters().sfu.down_tracks; }) == 0; }));
    track_id_ =
        loops_[0]->call([&](Loop& l) { return *l.sfu().add_track(monotonic_now(), clients_[0]->transport, track_); });
    for (const std::size_t client : {2U, 4U}) {
      DownTrackParams params;
      params.mid = "0";
      params.ssrc = static_cast<std::uint32_t>(1000 + i);
      params.payloads = {{96, 96, 0}};
      EXPECT_TRUE(loops_[1]->call([&](Loop& l) {
        return l.sfu()
            .add_mirrored_down_track(monotonic_now(), clients_[client]->transport, {0, track_id_}, track_, params)
            .ok();
      }));
    }
    const std::uint64_t before = loops_[1]->call([](Loop& l) { return l.counters().sfu.packets_forwarded; });
    ASSERT_TRUE(run_until(
        [&] { return loops_[1]->call([](Loop& l) { return l.counters().sfu.packets_forwarded; }) > before + 10; }));
  }
}

}  // namespace
}  // namespace noir
