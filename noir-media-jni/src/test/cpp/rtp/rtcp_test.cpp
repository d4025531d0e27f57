#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "rtp/hex.hpp"
#include "rtp/rtcp_reader.hpp"

namespace noir {
namespace {

using test::for_each_truncation;
using test::from_hex;
using test::to_hex;

template <typename T>
T only_message(ByteSpan bytes) {
  RtcpReader reader(bytes);
  const auto message = reader.next();
  EXPECT_TRUE(message && std::holds_alternative<T>(*message));
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.malformed());
  return message && std::holds_alternative<T>(*message) ? std::get<T>(*message) : T{};
}

std::vector<std::uint16_t> seqs_of(const Nack& nack) {
  std::vector<std::uint16_t> seqs;
  nack.for_each([&](std::uint16_t seq) { seqs.push_back(seq); });
  return seqs;
}

constexpr ReportBlock kBlock{.ssrc = 0x11223344,
                             .fraction_lost = 12,
                             .cumulative_lost = -5,
                             .highest_seq = 0x0001FFFF,
                             .jitter = 77,
                             .last_sr = 0xAABBCCDD,
                             .delay_since_last_sr = 65536};

TEST(Rtcp, SenderReportRoundTrip) {
  std::array<std::uint8_t, 64> storage{};
  ByteWriter out(storage);
  const SenderReport report{0x01020304, 0x83AA7E8012345678, 0xDEADBEEF, 10, 1000, {}};
  ASSERT_TRUE(write_sender_report(out, report, std::span(&kBlock, 1)));
  EXPECT_EQ(to_hex(out.written()),
            "81c8000c0102030483aa7e8012345678deadbeef0000000a000003e8"
            "112233440cfffffb0001ffff0000004daabbccdd00010000");
  const auto parsed = only_message<SenderReport>(out.written());
  EXPECT_EQ(parsed.ssrc, report.ssrc);
  EXPECT_EQ(parsed.ntp, report.ntp);
  EXPECT_EQ(parsed.rtp_ts, report.rtp_ts);
  EXPECT_EQ(parsed.packet_count, 10U);
  EXPECT_EQ(parsed.octet_count, 1000U);
  ASSERT_EQ(parsed.blocks.size(), 1U);
  EXPECT_EQ(parsed.blocks[0], kBlock);
}

TEST(Rtcp, ReceiverReportRoundTrip) {
  std::array<std::uint8_t, 64> storage{};
  ByteWriter out(storage);
  const std::array<ReportBlock, 2> blocks{kBlock, {.ssrc = 5, .cumulative_lost = 0x7FFFFF}};
  ASSERT_TRUE(write_receiver_report(out, 9, blocks));
  const auto parsed = only_message<ReceiverReport>(out.written());
  EXPECT_EQ(parsed.sender_ssrc, 9U);
  ASSERT_EQ(parsed.blocks.size(), 2U);
  EXPECT_EQ(parsed.blocks[0], kBlock);
  EXPECT_EQ(parsed.blocks[1], blocks[1]);
}

TEST(Rtcp, SourceDescriptionRoundTripAtEveryAlignment) {
  for (const std::string cname : {"", "a", "ab", "abc", "abcd", "{0f0e}"}) {
    std::array<std::uint8_t, 64> storage{};
    ByteWriter out(storage);
    ASSERT_TRUE(write_source_description(out, 7, cname));
    EXPECT_EQ(out.size() % 4, 0U);
    int chunks = 0;
    only_message<SourceDescription>(out.written()).for_each([&](std::uint32_t ssrc, std::string_view text) {
      EXPECT_EQ(ssrc, 7U);
      EXPECT_EQ(text, cname);
      ++chunks;
    });
    EXPECT_EQ(chunks, 1);
  }
}

TEST(Rtcp, SourceDescriptionOfSeveralChunks) {
  // CNAME "a" and NAME "bc"; a chunk without items; CNAME "xyz".
  const auto bytes = from_hex(
      "83ca 0008"
      "00000001 010161 02026263 00"
      "00000002 00000000"
      "00000003 010378797a 000000");
  std::string seen;
  only_message<SourceDescription>(bytes).for_each(
      [&](std::uint32_t ssrc, std::string_view cname) { seen += std::to_string(ssrc) + std::string(cname) + ";"; });
  EXPECT_EQ(seen, "1a;2;3xyz;");
}

TEST(Rtcp, GoodbyeRoundTrip) {
  std::array<std::uint8_t, 8> storage{};
  ByteWriter out(storage);
  ASSERT_TRUE(write_goodbye(out, 0x01020304));
  const auto parsed = only_message<Goodbye>(out.written());
  ASSERT_EQ(parsed.size(), 1U);
  EXPECT_EQ(parsed.ssrc(0), 0x01020304U);
}

TEST(Rtcp, NackPacksRunsAndWraps) {
  struct Case {
    std::vector<std::uint16_t> seqs;
    const char* items;
  };
  const Case cases[] = {
      {{100}, "00640000"},
      {{100, 101, 116}, "00648001"},
      {{100, 117},
       "00640000"
       "00750000"},
      {{0xFFFE, 0xFFFF, 0, 14}, "fffe8003"},
      {{1, 2, 3, 40, 41},
       "00010003"
       "00280001"},
  };
  for (const Case& c : cases) {
    std::array<std::uint8_t, 64> storage{};
    ByteWriter out(storage);
    EXPECT_EQ(write_nack(out, 1, 2, c.seqs), c.seqs.size());
    EXPECT_EQ(to_hex(out.written().subspan(12)), c.items);
    const auto parsed = only_message<Nack>(out.written());
    EXPECT_EQ(parsed.sender_ssrc, 1U);
    EXPECT_EQ(parsed.media_ssrc, 2U);
    EXPECT_EQ(seqs_of(parsed), c.seqs);
  }
}

TEST(Rtcp, NackTakesWhatFits) {
  std::array<std::uint8_t, 20> storage{};
  ByteWriter out(storage);
  const std::array<std::uint16_t, 4> seqs{1, 100, 101, 200};
  EXPECT_EQ(write_nack(out, 1, 2, seqs), 3U);
  EXPECT_EQ(seqs_of(only_message<Nack>(out.written())), (std::vector<std::uint16_t>{1, 100, 101}));
  EXPECT_EQ(write_nack(out, 1, 2, seqs), 0U);
}

TEST(Rtcp, PictureLossRoundTrip) {
  std::array<std::uint8_t, 12> storage{};
  ByteWriter out(storage);
  ASSERT_TRUE(write_picture_loss(out, 1, 2));
  EXPECT_EQ(to_hex(out.written()), "81ce00020000000100000002");
  EXPECT_EQ(only_message<PictureLoss>(out.written()).media_ssrc, 2U);
  EXPECT_FALSE(write_picture_loss(out, 1, 2));
  EXPECT_EQ(out.size(), 12U);
}

TEST(Rtcp, FullIntraRequestRoundTrip) {
  std::array<std::uint8_t, 20> storage{};
  ByteWriter out(storage);
  ASSERT_TRUE(write_full_intra_request(out, 1, 2, 3));
  const auto parsed = only_message<FullIntraRequest>(out.written());
  ASSERT_EQ(parsed.size(), 1U);
  EXPECT_EQ(parsed.ssrc(0), 2U);
  EXPECT_EQ(parsed.command_seq(0), 3);
}

TEST(Rtcp, ReadsReceiverEstimate) {
  // Exponent 9 (six bits), mantissa 0x8BD.
  const auto bytes = from_hex("8fce 0005 00000001 00000000 52454d42 01 24 08bd 12345678");
  const auto parsed = only_message<ReceiverEstimate>(bytes);
  EXPECT_EQ(parsed.bitrate_bps, 0x008BDULL << 9);
  ASSERT_EQ(parsed.size(), 1U);
  EXPECT_EQ(parsed.ssrc(0), 0x12345678U);
}

TEST(Rtcp, SkipsUnknownMessagesAndOtherFeedback) {
  // APP, TMMBR, XR, application layer feedback that is not REMB, then a PLI.
  const auto bytes = from_hex(
      "80cc 0002 00000001 41424344"
      "83cd 0004 00000001 00000002 00000000 00000000"
      "80cf 0001 00000001"
      "8fce 0003 00000001 00000000 41424344"
      "81ce 0002 00000001 00000002");
  EXPECT_EQ(only_message<PictureLoss>(bytes).media_ssrc, 2U);
}

TEST(Rtcp, TakesPaddingOff) {
  const auto bytes = from_hex("a1ce 0003 00000001 00000002 00000004");
  EXPECT_EQ(only_message<PictureLoss>(bytes).media_ssrc, 2U);
}

TEST(Rtcp, BrokenLengthEndsTheWalk) {
  for (const char* text : {"81ce 0003 00000001 00000002",             // Longer than there is.
                           "41ce 0002 00000001 00000002",             // Version 1.
                           "a1ce 0002 00000001 00000000",             // Padding of 0.
                           "a1ce 0002 00000001 000000ff", "80c8"}) {  // More padding than packet; half a header.
    const auto bytes = from_hex(text);
    RtcpReader reader(bytes);
    EXPECT_FALSE(reader.next()) << text;
    EXPECT_TRUE(reader.malformed()) << text;
  }
}

TEST(Rtcp, ABrokenBodyIsSkipped) {
  constexpr const char* kBroken[] = {
      "81c8 0006 00000001 0000000000000000 00000000 00000000 00000000",  // SR with a block that is not there.
      "82c9 0001 00000001",                                              // RR, likewise.
      "82ca 0002 00000001 00000000",                                     // SDES with a chunk too many.
      "81ca 0002 00000001 01ff6162",                                     // SDES item past the end.
      "82cb 0001 00000001",                                              // BYE with an SSRC too many.
      "81cd 0002 00000001 00000002",                                     // NACK of nothing.
      "81ce 0001 00000001",                                              // PLI without media SSRC.
      "84ce 0003 00000001 00000000 00000002",                            // FIR with half an entry.
  };
  for (const char* text : kBroken) {
    auto bytes = from_hex(text);
    const auto pli = from_hex("81ce 0002 00000001 00000002");
    bytes.insert(bytes.end(), pli.begin(), pli.end());
    RtcpReader reader(bytes);
    const auto message = reader.next();
    ASSERT_TRUE(message) << text;
    EXPECT_TRUE(std::holds_alternative<PictureLoss>(*message)) << text;
    EXPECT_TRUE(reader.malformed()) << text;
  }
}

void read_all(ByteSpan bytes) {
  RtcpReader reader(bytes);
  while (const auto message = reader.next()) {
    if (const auto* sdes = std::get_if<SourceDescription>(&*message)) sdes->for_each([](std::uint32_t, auto) {});
    if (const auto* nack = std::get_if<Nack>(&*message)) (void)seqs_of(*nack);
  }
}

TEST(Rtcp, NeverReadsPastATruncatedCompound) {
  std::array<std::uint8_t, 512> storage{};
  ByteWriter out(storage);
  const std::array<std::uint16_t, 3> seqs{1, 2, 50};
  ASSERT_TRUE(write_sender_report(out, {}, std::span(&kBlock, 1)));
  ASSERT_TRUE(write_receiver_report(out, 1, std::span(&kBlock, 1)));
  ASSERT_TRUE(write_source_description(out, 1, "cname"));
  ASSERT_TRUE(write_goodbye(out, 1));
  ASSERT_EQ(write_nack(out, 1, 2, seqs), 3U);
  ASSERT_TRUE(write_picture_loss(out, 1, 2));
  ASSERT_TRUE(write_full_intra_request(out, 1, 2, 3));
  for_each_truncation(out.written(), read_all);
  // Every octet once as 0, once as 0xFF.
  std::vector<std::uint8_t> bytes(out.written().begin(), out.written().end());
  for (std::uint8_t& octet : bytes) {
    const std::uint8_t was = octet;
    for (const std::uint8_t other : {std::uint8_t{0}, std::uint8_t{0xFF}}) {
      octet = other;
      read_all(bytes);
    }
    octet = was;
  }
}

}  // namespace
}  // namespace noir
