#include "load/description.hpp"

#include <gtest/gtest.h>

namespace noir {
namespace {

constexpr std::string_view kOffer =
    "v=0\r\n"
    "o=- 42 1 IN IP4 0.0.0.0\r\n"
    "s=-\r\n"
    "t=0 0\r\n"
    "a=group:BUNDLE 0 1 2 3\r\n"
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
    "c=IN IP4 0.0.0.0\r\n"
    "a=mid:0\r\n"
    "a=ice-ufrag:abcd\r\n"
    "a=ice-pwd:abcdefghijklmnopqrstuv\r\n"
    "a=fingerprint:sha-256 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:"
    "1E:FF\r\n"
    "a=setup:actpass\r\n"
    "a=candidate:2 1 udp 2130706175 192.0.2.2 5000 typ host\r\n"
    "a=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host\r\n"
    "a=candidate:3 1 tcp 2130706430 192.0.2.1 5000 typ host tcptype passive\r\n"
    "a=candidate:4 1 udp 1000 2001:db8::1 5000 typ host\r\n"
    "a=end-of-candidates\r\n"
    "a=sctp-port:5000\r\n"
    "m=video 9 UDP/TLS/RTP/SAVPF 100 101\r\n"
    "a=mid:1\r\n"
    "a=sendonly\r\n"
    "a=rtcp-mux\r\n"
    "a=extmap:9 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
    "a=rtpmap:100 VP8/90000\r\n"
    "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"
    "a=rtcp-fb:100 nack pli\r\n"
    "a=rtcp-fb:100 transport-cc\r\n"
    "a=rtpmap:101 rtx/90000\r\n"
    "a=fmtp:101 apt=100\r\n"
    "a=msid:s t\r\n"
    "a=ssrc-group:FID 4000000001 7\r\n"
    "a=ssrc:4000000001 cname:c\r\n"
    "a=ssrc:7 cname:c\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 109\r\n"
    "a=mid:2\r\n"
    "a=inactive\r\n"
    "a=rtpmap:109 opus/48000/2\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 109\r\n"
    "a=mid:3\r\n"
    "a=sendonly\r\n"
    "a=rtpmap:109 opus/48000/2\r\n"
    "a=ssrc:8 cname:c\r\n";

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(Description, ReadsWhatAClientNeedsOfAnOffer) {
  const auto remote = parse_description(kOffer);
  ASSERT_TRUE(remote.has_value());
  EXPECT_EQ(remote->ice.ufrag, "abcd");
  EXPECT_EQ(remote->ice.pwd, "abcdefghijklmnopqrstuv");
  EXPECT_EQ(remote->fingerprint[1], 1);
  EXPECT_EQ(remote->fingerprint[31], 0xFF);
  EXPECT_EQ(remote->extensions.mid, 9);
  const std::vector<OfferedStream> streams{{MediaKind::kVideo, 4'000'000'001U, 100}, {MediaKind::kAudio, 8, 109}};
  EXPECT_EQ(remote->streams, streams);
}

TEST(Description, TriesTheBestCandidateFirstAndLeavesOutTcp) {
  const auto remote = parse_description(kOffer);
  ASSERT_TRUE(remote.has_value());
  ASSERT_EQ(remote->candidates.size(), 3U);
  EXPECT_EQ(remote->candidates[0], SocketAddress::v4(192, 0, 2, 1, 5000));
  EXPECT_EQ(remote->candidates[1], SocketAddress::v4(192, 0, 2, 2, 5000));
  EXPECT_FALSE(remote->candidates[2].is_v4());
}

TEST(Description, NeedsCandidatesAndTransportParameters) {
  EXPECT_FALSE(parse_description("").has_value());
  EXPECT_FALSE(parse_description("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 109\r\na=mid:0\r\n").has_value());
  std::string without(kOffer);
  without.replace(without.find("a=fingerprint:sha-256"), 21, "a=fingerprint:sha-512");
  EXPECT_FALSE(parse_description(without).has_value());
}

TEST(Description, AnswersEverySectionInItsOrder) {
  const std::string answer = write_subscriber_answer({{"me", "my-password-is-long-enough"}, {}}, kOffer, true);
  EXPECT_TRUE(contains(answer, "a=group:BUNDLE 0 1 2 3\r\n"));
  const std::size_t video = answer.find("m=video 9 UDP/TLS/RTP/SAVPF 100 101\r\n");
  const std::size_t unused = answer.find("m=audio");
  ASSERT_NE(video, std::string::npos);
  EXPECT_LT(answer.find("m=application"), video);
  EXPECT_LT(video, unused);
  EXPECT_TRUE(contains(answer.substr(video, unused - video), "a=recvonly\r\n"));
  EXPECT_TRUE(contains(answer.substr(video, unused - video), "a=fmtp:101 apt=100\r\n"));
  EXPECT_TRUE(contains(answer.substr(unused), "a=inactive\r\n"));
  EXPECT_TRUE(contains(answer, "a=setup:active\r\n"));
  EXPECT_FALSE(contains(answer, "a=ssrc"));
}

TEST(Description, LeavesOutTransportWideNumbersAndNothingElse) {
  const LocalDescription local{{"me", "my-password-is-long-enough"}, {}};
  const std::string all = write_subscriber_answer(local, kOffer, true);
  const std::string without = write_subscriber_answer(local, kOffer, false);
  EXPECT_TRUE(contains(all, "transport-cc\r\n"));
  EXPECT_TRUE(contains(all, "transport-wide-cc-extensions-01\r\n"));
  EXPECT_FALSE(contains(without, "transport"));
  EXPECT_TRUE(contains(without, "a=rtcp-fb:100 nack pli\r\n"));
  EXPECT_TRUE(contains(without, "a=extmap:9 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"));
}

TEST(Description, OffersADataChannelAndTheTracks) {
  const std::vector<PublishedTrack> tracks{{MediaKind::kAudio, "1", "a", 11, {}},
                                           {MediaKind::kVideo, "2", "v", 0, {"f", "h", "q"}}};
  const std::string offer = write_publisher_offer({{"me", "my-password-is-long-enough"}, {}}, "stream", tracks);
  EXPECT_TRUE(contains(offer, "a=group:BUNDLE 0 1 2\r\n"));
  EXPECT_TRUE(contains(offer, "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"));
  EXPECT_TRUE(contains(offer, "a=ssrc:11 msid:stream a\r\n"));
  EXPECT_TRUE(contains(offer, "a=simulcast:send f;h;q\r\n"));
  EXPECT_FALSE(contains(offer, "a=ssrc:0"));
}

}  // namespace
}  // namespace noir
