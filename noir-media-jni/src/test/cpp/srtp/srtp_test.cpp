#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>

#include "srtp/srtp_receiver.hpp"
#include "srtp/srtp_sender.hpp"

namespace noir {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes sequence(std::size_t size, std::uint8_t first) {
  Bytes bytes(size);
  std::iota(bytes.begin(), bytes.end(), first);
  return bytes;
}

/// A sender and the receiver with the same keys.
struct Session {
  explicit Session(SrtpProfile profile)
      : sender(std::move(*SrtpSender::create(profile, sequence(32, 1), sequence(14, 100)))),
        receiver(std::move(*SrtpReceiver::create(profile, sequence(32, 1), sequence(14, 100)))) {}

  Bytes protect(std::uint64_t index, std::uint32_t ssrc = 7, std::size_t payload_size = 100,
                std::size_t prefix_size = 4) {
    payload = sequence(payload_size, static_cast<std::uint8_t>(index));
    OutPacket packet;
    ByteWriter writer(packet.head);
    writer.u16(0x8060);
    writer.u16(static_cast<std::uint16_t>(index));
    writer.u32(1234);
    writer.u32(ssrc);
    writer.bytes(sequence(prefix_size, 200));
    packet.header_size = 12;
    packet.prefix_size = static_cast<std::uint16_t>(prefix_size);
    packet.payload = payload;
    packet.index = index;
    Bytes out(2000);
    out.resize(*sender.protect(packet, out));
    return out;
  }

  Bytes protect_rtcp(std::uint32_t ssrc = 9) {
    Bytes plain = sequence(28, 0);
    plain[0] = 0x80;
    store_be32(plain.data() + 4, ssrc);
    Bytes out(100);
    out.resize(*sender.protect_rtcp(plain, out));
    return out;
  }

  /// Empty = accepted.
  std::optional<ErrorCode> unprotect(Bytes packet) {
    const auto size = receiver.unprotect(packet);
    if (size) return std::nullopt;
    return size.error();
  }
  std::optional<ErrorCode> unprotect_rtcp(Bytes packet) {
    const auto size = receiver.unprotect_rtcp(packet);
    if (size) return std::nullopt;
    return size.error();
  }

  Bytes payload;
  SrtpSender sender;
  SrtpReceiver receiver;
};

class Srtp : public testing::TestWithParam<SrtpProfile> {
 protected:
  Session session_{GetParam()};
};

TEST_P(Srtp, RoundTripsHeaderPrefixAndPayload) {
  Bytes packet = session_.protect(1, 7, 1200, 5);
  const auto size = session_.receiver.unprotect(packet);
  ASSERT_TRUE(size.ok());
  ASSERT_EQ(*size, 12U + 5 + 1200);
  EXPECT_EQ(packet[1], 0x60);
  EXPECT_EQ(load_be32(packet.data() + 8), 7U);
  EXPECT_EQ(Bytes(packet.begin() + 12, packet.begin() + 17), sequence(5, 200));
  EXPECT_EQ(Bytes(packet.begin() + 17, packet.begin() + 1217), session_.payload);
}

TEST_P(Srtp, RoundTripsEmptyPayload) {
  Bytes packet = session_.protect(1, 7, 0, 0);
  EXPECT_EQ(*session_.receiver.unprotect(packet), 12U);
}

TEST_P(Srtp, HidesPrefixAndPayload) {
  const Bytes packet = session_.protect(1, 7, 64, 5);
  EXPECT_NE(Bytes(packet.begin() + 12, packet.begin() + 17), sequence(5, 200));
  EXPECT_EQ(std::search(packet.begin(), packet.end(), session_.payload.begin(), session_.payload.begin() + 8),
            packet.end());
}

TEST_P(Srtp, RefusesReplay) {
  const Bytes packet = session_.protect(10);
  EXPECT_EQ(session_.unprotect(packet), std::nullopt);
  EXPECT_EQ(session_.unprotect(packet), ErrorCode::kReplayed);
}

TEST_P(Srtp, TakesReorderedPacketsOnce) {
  const Bytes late = session_.protect(500);
  EXPECT_EQ(session_.unprotect(session_.protect(1000)), std::nullopt);
  EXPECT_EQ(session_.unprotect(late), std::nullopt);
  EXPECT_EQ(session_.unprotect(late), ErrorCode::kReplayed);
}

TEST_P(Srtp, RefusesWhatIsOlderThanTheWindow) {
  const Bytes old = session_.protect(1000);
  EXPECT_EQ(session_.unprotect(session_.protect(1000 + 1024)), std::nullopt);
  EXPECT_EQ(session_.unprotect(old), ErrorCode::kReplayed);
}

// All before the wrap were lost.
TEST_P(Srtp, FirstPacketMayHaveRolledOverAlready) {
  const Bytes late = session_.protect(0xFFFE);
  EXPECT_EQ(session_.unprotect(session_.protect(0x10000 + 3)), std::nullopt);
  EXPECT_EQ(session_.unprotect(session_.protect(0x10000 + 4)), std::nullopt);
  EXPECT_EQ(session_.unprotect(late), std::nullopt);
  EXPECT_EQ(session_.unprotect(session_.protect(0x20000 + 3, 8)), ErrorCode::kAuthentication);
  EXPECT_EQ(session_.unprotect(session_.protect(3, 8)), std::nullopt);
}

TEST_P(Srtp, FollowsTheRolloverCounterThroughLossAndReorder) {
  const Bytes before = session_.protect(0xFFFE);
  const Bytes late = session_.protect(0xFFFF);
  const Bytes after = session_.protect(0x10000 + 3);
  EXPECT_EQ(session_.unprotect(before), std::nullopt);
  EXPECT_EQ(session_.unprotect(after), std::nullopt);
  EXPECT_EQ(session_.unprotect(late), std::nullopt);
  for (std::uint64_t index = 0x10004; index < 0x40000; index += 0x7000) {
    ASSERT_EQ(session_.unprotect(session_.protect(index)), std::nullopt) << index;
  }
}

TEST_P(Srtp, ForgedPacketsChangeNothing) {
  EXPECT_EQ(session_.unprotect(session_.protect(100)), std::nullopt);
  Bytes forged = session_.protect(30'000);  // Would move index and window far ahead.
  forged.back() ^= 1;
  EXPECT_EQ(session_.unprotect(forged), ErrorCode::kAuthentication);
  Bytes unknown = session_.protect(5, 99);
  unknown[20] ^= 1;
  EXPECT_EQ(session_.unprotect(unknown), ErrorCode::kAuthentication);
  EXPECT_EQ(session_.unprotect(session_.protect(101)), std::nullopt);
  EXPECT_EQ(session_.unprotect(session_.protect(99)), std::nullopt);
}

TEST_P(Srtp, AuthenticatesEveryByte) {
  const Bytes packet = session_.protect(1, 7, 20, 3);
  for (std::size_t i = 0; i < packet.size(); ++i) {
    Bytes forged = packet;
    forged[i] ^= 0x40;
    EXPECT_NE(session_.unprotect(forged), std::nullopt) << "byte " << i;
  }
  EXPECT_EQ(session_.unprotect(packet), std::nullopt);
}

TEST_P(Srtp, RefusesTruncatedPackets) {
  const Bytes packet = session_.protect(1, 7, 20, 3);
  for (std::size_t size = 0; size < packet.size(); ++size) {
    EXPECT_NE(session_.unprotect(Bytes(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(size))),
              std::nullopt);
  }
}

TEST_P(Srtp, RefusesHeadersLongerThanThePacket) {
  Bytes extension = session_.protect(1, 7, 20, 3);
  extension[0] |= 0x10;
  store_be16(extension.data() + 14, 0xFFFF);
  EXPECT_EQ(session_.unprotect(extension), ErrorCode::kMalformed);
  Bytes sources = session_.protect(2, 7, 20, 3);
  sources[0] |= 0x0F;
  EXPECT_EQ(session_.unprotect(sources), ErrorCode::kMalformed);
}

TEST_P(Srtp, ForgetsTheStreamSilentForLongest) {
  EXPECT_EQ(session_.unprotect(session_.protect(1, 0)), std::nullopt);
  EXPECT_EQ(session_.unprotect(session_.protect(1, 1)), std::nullopt);
  for (std::uint32_t ssrc = 2; ssrc < SrtpReceiver::kMaxStreams; ++ssrc) {
    EXPECT_EQ(session_.unprotect(session_.protect(1, ssrc)), std::nullopt);
  }
  EXPECT_EQ(session_.unprotect(session_.protect(2, 0)), std::nullopt);
  EXPECT_EQ(session_.unprotect(session_.protect(1, 5000)), std::nullopt);
  EXPECT_EQ(session_.unprotect(session_.protect(2, 0)), ErrorCode::kReplayed);
  EXPECT_EQ(session_.unprotect(session_.protect(1, 2)), ErrorCode::kReplayed);
  EXPECT_EQ(session_.unprotect(session_.protect(1, 1)), std::nullopt);  // The forgotten one.
}

TEST_P(Srtp, SaysWhenTheOutputIsTooSmall) {
  OutPacket packet;
  packet.header_size = 12;
  Bytes out(12 + srtp_tag_size(GetParam()) - 1);
  EXPECT_EQ(session_.sender.protect(packet, out).error(), ErrorCode::kBufferTooSmall);
}

TEST_P(Srtp, RtcpRoundTrips) {
  Bytes packet = session_.protect_rtcp();
  EXPECT_EQ(packet.size(), 28 + 4 + srtp_tag_size(GetParam()));
  ASSERT_EQ(*session_.receiver.unprotect_rtcp(packet), 28U);
  EXPECT_EQ(Bytes(packet.begin() + 8, packet.begin() + 28), sequence(20, 8));
}

TEST_P(Srtp, RtcpRefusesReplayForgeryAndPlain) {
  const Bytes first = session_.protect_rtcp();
  const Bytes second = session_.protect_rtcp();
  EXPECT_EQ(session_.unprotect_rtcp(second), std::nullopt);
  EXPECT_EQ(session_.unprotect_rtcp(first), std::nullopt);
  EXPECT_EQ(session_.unprotect_rtcp(first), ErrorCode::kReplayed);
  const Bytes third = session_.protect_rtcp();
  for (std::size_t i = 0; i < third.size(); ++i) {
    Bytes forged = third;
    forged[i] ^= 0x80;
    EXPECT_NE(session_.unprotect_rtcp(forged), std::nullopt) << "byte " << i;
    EXPECT_NE(session_.unprotect_rtcp(Bytes(third.begin(), third.begin() + static_cast<std::ptrdiff_t>(i))),
              std::nullopt);
  }
  EXPECT_EQ(session_.unprotect_rtcp(third), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Profiles, Srtp, testing::ValuesIn(kSrtpProfiles),
                         [](const auto& v) { return "Profile" + std::to_string(static_cast<int>(v.param)); });

}  // namespace
}  // namespace noir
