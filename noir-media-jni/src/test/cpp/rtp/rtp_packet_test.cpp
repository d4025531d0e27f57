#include "rtp/rtp_packet.hpp"

#include <gtest/gtest.h>

#include "rtp/hex.hpp"

namespace noir {
namespace {

using test::for_each_truncation;
using test::from_hex;
using test::to_hex;

constexpr ExtensionIds kIds{.mid = 1,
                            .rid = 2,
                            .repaired_rid = 3,
                            .audio_level = 4,
                            .transport_sequence = 5,
                            .abs_send_time = 6,
                            .video_orientation = 7,
                            .dependency_descriptor = 8};

// mid "ab", rid "f", level, twcc, abs-send-time, orientation and a foreign 9, padded with one octet.
constexpr const char* kOneByte =
    "90 e0 1234 89abcdef 01020304"
    "bede 0005 11 6162 20 66 40 85 51 0102 62 aabbcc 70 01 91 dead 00"
    "cafe";
constexpr const char* kTwoByte =
    "90 60 1234 89abcdef 01020304"
    "1000 0006 01 02 6162 00 08 03 010203 05 02 0102 0e 03 ffffff 00 04 01 7f 00"
    "cafe";

TEST(ParseRtp, ReadsTheFixedHeader) {
  const auto packet = from_hex("80 e0 1234 89abcdef 01020304 cafe");
  const auto view = parse_rtp(packet, {});
  ASSERT_TRUE(view.ok());
  EXPECT_TRUE(view->marker);
  EXPECT_EQ(view->payload_type, 96);
  EXPECT_EQ(view->seq, 0x1234);
  EXPECT_EQ(view->rtp_ts, 0x89ABCDEFU);
  EXPECT_EQ(view->ssrc, 0x01020304U);
  EXPECT_EQ(view->header_size, 12);
  EXPECT_EQ(view->payload_size, 2);
  EXPECT_EQ(view->padding_size, 0);
}

TEST(ParseRtp, KnowsOneExtensionByTheIdsOfSeveralSections) {
  // mid "ab" under 1 and level 0x85 under 4, as kIds has them; then both as another section has them.
  const std::vector<ExtensionIds> sets{kIds, {.mid = 9, .audio_level = 10}};
  const auto first = parse_bundled_rtp(from_hex("90 60 0001 00000000 00000001 bede 0002 11 6162 40 85 000000"), sets);
  const auto second = parse_bundled_rtp(from_hex("90 60 0001 00000000 00000001 bede 0002 91 6162 a0 85 000000"), sets);
  for (const auto& view : {first, second}) {
    ASSERT_TRUE(view.ok());
    EXPECT_EQ(view->audio_level, 0x85);
  }
  EXPECT_TRUE(parse_bundled_rtp(from_hex("90 60 0001 00000000 00000001 bede 0001 11 6162 00"), {})->mid.empty());
}

TEST(ParseRtp, ReadsOneByteExtensions) {
  const auto packet = from_hex(kOneByte);
  const auto view = parse_rtp(packet, kIds);
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view->mid, "ab");
  EXPECT_EQ(view->rid, "f");
  EXPECT_EQ(view->repaired_rid, "");
  EXPECT_EQ(view->audio_level, 0x85);
  EXPECT_EQ(view->transport_sequence, 0x0102);
  EXPECT_EQ(view->abs_send_time, 0xAABBCCU);
  EXPECT_EQ(view->video_orientation, 1);
  EXPECT_TRUE(view->dependency_descriptor.empty());
  EXPECT_EQ(view->header_size, 12 + 4 + 20);
  EXPECT_EQ(view->payload_size, 2);
}

TEST(ParseRtp, ReadsTwoByteExtensions) {
  const auto packet = from_hex(kTwoByte);
  const auto view = parse_rtp(packet, kIds);
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view->mid, "ab");
  EXPECT_EQ(to_hex(view->dependency_descriptor), "010203");
  EXPECT_EQ(view->transport_sequence, 0x0102);
  EXPECT_EQ(view->audio_level, 0x7F);
  EXPECT_EQ(view->payload_size, 2);
}

TEST(ParseRtp, ReadsTimesAndDelaysOfTheirLengths) {
  const ExtensionIds ids{.capture_time = 1, .playout_delay = 2, .layers_allocation = 3};
  const auto packet = from_hex("90 60 0001 00000000 00000001 bede 0005 17 0102030405060708 22 00a014 31 0064 00000000");
  const auto view = parse_rtp(packet, ids);
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(to_hex(view->capture_time), "0102030405060708");
  EXPECT_EQ(to_hex(view->playout_delay), "00a014");
  EXPECT_EQ(to_hex(view->layers_allocation), "0064");
  const auto odd = parse_rtp(from_hex("90 60 0001 00000000 00000001 bede 0002 11 0102 21 00a0 0000"), ids);
  ASSERT_TRUE(odd.ok());
  EXPECT_TRUE(odd->capture_time.empty());
  EXPECT_TRUE(odd->playout_delay.empty());
}

TEST(ParseRtp, SkipsWhatIsNotNegotiatedOrNotOfItsLength) {
  const auto none = parse_rtp(from_hex(kOneByte), {});
  ASSERT_TRUE(none.ok());
  EXPECT_TRUE(none->mid.empty());
  EXPECT_FALSE(none->audio_level);
  // A transport sequence number of three octets, an audio level of two.
  const auto packet = from_hex("90 60 0001 00000000 00000001 bede 0002 52 010203 41 0000 00 ff");
  const auto odd = parse_rtp(packet, kIds);
  ASSERT_TRUE(odd.ok());
  EXPECT_FALSE(odd->transport_sequence);
  EXPECT_FALSE(odd->audio_level);
}

TEST(ParseRtp, StopsAtId15AndAtAnElementThatRunsPastTheBlock) {
  const auto stopped = parse_rtp(from_hex("90 60 0001 00000000 00000001 bede 0002 f0 00 40 11 00000000"), kIds);
  ASSERT_TRUE(stopped.ok());
  EXPECT_FALSE(stopped->audio_level);
  const auto cut = parse_rtp(from_hex("90 60 0001 00000000 00000001 bede 0001 40 11 1f 41"), kIds);
  ASSERT_TRUE(cut.ok());
  EXPECT_EQ(cut->audio_level, 0x11);
  EXPECT_TRUE(cut->mid.empty());
}

TEST(ParseRtp, UnknownExtensionProfileIsSkipped) {
  const auto view = parse_rtp(from_hex("90 60 0001 00000000 00000001 abcd 0001 40 11 00 00 ff"), kIds);
  ASSERT_TRUE(view.ok());
  EXPECT_FALSE(view->audio_level);
  EXPECT_EQ(view->payload_size, 1);
}

TEST(ParseRtp, TakesCsrcsAndPaddingOff) {
  const auto view = parse_rtp(from_hex("a2 60 0001 00000000 00000001 00000002 00000003 beef 000003"), kIds);
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view->header_size, 20);
  EXPECT_EQ(view->payload_size, 2);
  EXPECT_EQ(view->padding_size, 3);
  EXPECT_FALSE(view->is_padding_only());
}

TEST(ParseRtp, SeesPaddingOnlyPackets) {
  const auto view = parse_rtp(from_hex("a0 60 0001 00000000 00000001 00000004"), kIds);
  ASSERT_TRUE(view.ok());
  EXPECT_TRUE(view->is_padding_only());
  EXPECT_EQ(view->padding_size, 4);
}

TEST(ParseRtp, RefusesBrokenPackets) {
  constexpr const char* kBroken[] = {
      "",
      "80 60 0001 00000000 000000",                       // Short.
      "40 60 0001 00000000 00000001",                     // Version 1.
      "81 60 0001 00000000 00000001",                     // A CSRC is missing.
      "90 60 0001 00000000 00000001 bede",                // Half an extension header.
      "90 60 0001 00000000 00000001 bede 0002 00000000",  // A longer block than there is.
      "a0 60 0001 00000000 00000001",                     // Padding of a packet that ends with its header.
      "a0 60 0001 00000000 00000001 00",                  // Padding of 0.
      "a0 60 0001 00000000 00000001 0003",                // More padding than packet.
  };
  for (const char* text : kBroken) EXPECT_FALSE(parse_rtp(from_hex(text), kIds).ok()) << text;
}

TEST(ParseRtp, NeverReadsPastATruncatedPacket) {
  for (const char* text :
       {kOneByte, kTwoByte, "b2 60 0001 00000000 00000001 00000002 00000003 bede 0000 beef 000003"}) {
    const auto packet = from_hex(text);
    for_each_truncation(packet, [](ByteSpan cut) { (void)parse_rtp(cut, kIds); });
  }
}

}  // namespace
}  // namespace noir
