#include "forward/frame_assembler.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "forward/tap_source.hpp"

namespace noir {
namespace {

using std::chrono::milliseconds;

const Payload kKey{0x10, 0x00, 0, 0, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0x00};
const Payload kInter{0x10, 0x01, 1, 2};
const Payload kRest{0x00, 3, 4};

class FrameAssemblerTest : public ::testing::Test {
 protected:
  // Of two packets.
  std::vector<MediaPacket> picture(bool key) {
    source_.next_frame();
    std::vector<MediaPacket> packets{source_.packet(key ? kKey : kInter), source_.packet(kRest, true)};
    packets[0].keyframe_start = key;
    return packets;
  }
  void insert(const std::vector<MediaPacket>& packets) {
    for (const MediaPacket& packet : packets) assembler_.insert(packet);
  }
  // K a key frame, P another picture; each with what was lost before it.
  std::string frames() {
    std::string seen;
    for (FrameAssembler::Frame frame; assembler_.poll(frame); frame = {}) {
      if (frame.encoded.lost > 0) seen += std::to_string(frame.encoded.lost);
      seen += frame.encoded.key ? 'K' : 'P';
    }
    return seen;
  }

  TapSource source_{Codec::kVp8};
  FrameAssembler assembler_{MediaKind::kVideo, true};
};

TEST_F(FrameAssemblerTest, BeginsWithAKeyFrame) {
  EXPECT_TRUE(assembler_.waits_for_keyframe());
  insert({picture(false)[1]});
  insert(picture(false));
  EXPECT_EQ(frames(), "");
  insert(picture(true));
  insert(picture(false));
  EXPECT_EQ(frames(), "KP");
  EXPECT_FALSE(assembler_.waits_for_keyframe());
}

TEST_F(FrameAssemblerTest, PutsPacketsInOrder) {
  std::mt19937 random(3);
  insert(picture(true));
  EXPECT_EQ(frames(), "K");
  for (int round = 0; round < 50; ++round) {
    std::vector<MediaPacket> packets;
    for (int i = 0; i < 5; ++i) {
      for (const MediaPacket& packet : picture(false)) packets.push_back(packet);
    }
    std::shuffle(packets.begin(), packets.end(), random);
    insert(packets);
    insert({packets[2], packets[0]});  // Again.
    EXPECT_EQ(frames(), "PPPPP");
  }
}

TEST_F(FrameAssemblerTest, WaitsForWhatMayBeSentAgain) {
  insert(picture(true));
  const auto late = picture(false);
  insert({late[1]});
  insert(picture(false));
  assembler_.handle_timeout(source_.now() + FrameAssembler::kRepairWait - milliseconds(50));
  EXPECT_EQ(frames(), "K");
  insert({late[0]});
  EXPECT_EQ(frames(), "PP");
}

TEST_F(FrameAssemblerTest, GivesUpThenAndGoesOnWithAKeyFrame) {
  insert(picture(true));
  insert({picture(false)[1]});
  insert(picture(false));
  assembler_.handle_timeout(source_.now() + FrameAssembler::kRepairWait);
  EXPECT_EQ(frames(), "K");
  EXPECT_TRUE(assembler_.waits_for_keyframe());
  insert(picture(false));
  insert(picture(true));
  EXPECT_EQ(frames(), "6K");  // One that did not come, and five that were of no use.
}

TEST_F(FrameAssemblerTest, WhatCannotBeSentAgainIsWaitedForAShortTime) {
  assembler_ = FrameAssembler(MediaKind::kVideo, false);
  insert(picture(true));
  const auto lost = picture(false);
  insert(picture(false));
  assembler_.handle_timeout(source_.now() + FrameAssembler::kReorderWait - milliseconds(1));
  EXPECT_FALSE(assembler_.waits_for_keyframe());
  assembler_.handle_timeout(source_.now() + FrameAssembler::kReorderWait);
  EXPECT_TRUE(assembler_.waits_for_keyframe());
}

TEST_F(FrameAssemblerTest, WhatIsMissingBeforeAKeyFrameIsNotWaitedForLong) {
  insert(picture(true));
  (void)picture(false);
  insert(picture(false));
  insert(picture(true));
  insert(picture(false));
  EXPECT_EQ(frames(), "K");
  assembler_.handle_timeout(source_.now() + FrameAssembler::kReorderWait);
  EXPECT_EQ(frames(), "");
  assembler_.handle_timeout(source_.now() + FrameAssembler::kOldRepairWait);
  EXPECT_EQ(frames(), "4KP");
}

TEST_F(FrameAssemblerTest, WhatIsMissingOfAKeyFrameIs) {
  insert(picture(true));
  auto key = picture(true);
  insert({picture(false)[0]});
  insert({key[0]});
  assembler_.handle_timeout(source_.now() + FrameAssembler::kOldRepairWait);
  EXPECT_EQ(frames(), "K");
  insert({key[1]});
  EXPECT_EQ(frames(), "K");
}

TEST_F(FrameAssemblerTest, EndsAFrameWithoutAMarkerWithTheNextTimestamp) {
  insert(picture(true));
  auto unmarked = picture(false);
  unmarked[1].marker = false;
  insert(unmarked);
  EXPECT_EQ(frames(), "K");
  insert(picture(false));
  EXPECT_EQ(frames(), "PP");
}

TEST_F(FrameAssemblerTest, PaddingFillsItsPlaceAndNothingElse) {
  insert(picture(true));
  insert({source_.packet({})});
  insert(picture(false));
  EXPECT_EQ(frames(), "KP");
}

TEST_F(FrameAssemblerTest, AnotherRtpStreamBeginsAnew) {
  insert(picture(true));
  auto first = picture(false);
  for (MediaPacket& packet : first) {
    packet.generation = 1;
    packet.ext_seq -= 500;
  }
  insert(first);
  EXPECT_EQ(frames(), "K");
  EXPECT_TRUE(assembler_.waits_for_keyframe());
  insert(picture(true));  // Of the stream that is over.
  EXPECT_EQ(frames(), "");
}

TEST_F(FrameAssemblerTest, MalformedFramesAreLost) {
  insert(picture(true));
  source_.next_frame();
  insert({source_.packet(kRest, true)});
  EXPECT_TRUE(assembler_.waits_for_keyframe());
  insert(picture(true));
  EXPECT_EQ(frames(), "K1K");
}

TEST_F(FrameAssemblerTest, AFrameWithoutAnEndHoldsNoMoreThanItMay) {
  insert(picture(true));
  source_.next_frame();
  const Payload large(1200, 0);
  insert({source_.packet(kInter)});
  for (std::size_t i = 0; i < 2 * FrameAssembler::kMaxBytes / large.size(); ++i) insert({source_.packet(large)});
  insert({source_.packet(kRest, true)});
  EXPECT_EQ(frames(), "K");
  EXPECT_TRUE(assembler_.waits_for_keyframe());
  insert(picture(true));
  EXPECT_EQ(frames().back(), 'K');
}

TEST_F(FrameAssemblerTest, BehindAGapNoMoreWaitsThanMay) {
  insert(picture(true));
  (void)picture(false);
  source_.next_frame();
  for (std::size_t i = 0; i <= FrameAssembler::kMaxPackets; ++i) insert({source_.packet(kRest)});
  EXPECT_TRUE(assembler_.waits_for_keyframe());
}

TEST_F(FrameAssemblerTest, FragmentsOfSoManyCodecsAreNoFrame) {
  insert(picture(true));
  auto mixed = picture(false);
  mixed[1].codec = Codec::kVp9;
  insert(mixed);
  EXPECT_EQ(frames(), "K");
  EXPECT_TRUE(assembler_.waits_for_keyframe());
}

TEST(FrameAssemblerOfSound, GoesOnWithoutWhatIsMissing) {
  TapSource source(Codec::kOpus);
  FrameAssembler assembler(MediaKind::kAudio, false);
  const auto next = [&] {
    source.next_frame();
    return source.packet({0x78, 1});
  };
  assembler.insert(next());
  (void)next();
  assembler.insert(next());
  FrameAssembler::Frame frame;
  EXPECT_TRUE(assembler.poll(frame));
  EXPECT_FALSE(assembler.poll(frame));
  assembler.handle_timeout(source.now() + FrameAssembler::kReorderWait);
  ASSERT_TRUE(assembler.poll(frame));
  EXPECT_EQ(frame.encoded.lost, 1U);
  EXPECT_FALSE(assembler.waits_for_keyframe());
  assembler.insert(next());
  ASSERT_TRUE(assembler.poll(frame));
  EXPECT_EQ(frame.encoded.lost, 0U);
}

}  // namespace
}  // namespace noir
