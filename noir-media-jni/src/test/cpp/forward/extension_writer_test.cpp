#include "forward/extension_writer.hpp"

#include <gtest/gtest.h>

#include "forward/media_source.hpp"
#include "rtp/hex.hpp"

namespace noir {
namespace {

using test::from_hex;
using test::to_hex;

constexpr ExtensionIds kIds{
    .mid = 1, .audio_level = 2, .abs_send_time = 3, .video_orientation = 4, .dependency_descriptor = 5};

std::string written(const ExtensionWriter& writer, const MediaPacket& packet) {
  std::array<std::uint8_t, ExtensionWriter::kMaxSize> out{};
  return to_hex(ByteSpan(out).first(writer.write(packet, 0x0405, out.data()).size));
}

MediaPacket packet_with(PacketPool& pool, const std::vector<std::uint8_t>& descriptor) {
  MediaPacket packet;
  packet.buffer = pool.take();
  std::copy(descriptor.begin(), descriptor.end(), packet.buffer->storage().begin() + 20);
  packet.buffer->set_size(1000);
  packet.dependency_descriptor_at = 20;
  packet.dependency_descriptor_size = static_cast<std::uint8_t>(descriptor.size());
  packet.arrival = Instant(std::chrono::milliseconds(64'000 + 1500));
  return packet;
}

TEST(ExtensionWriter, WritesWhatThePacketHasByTheSubscribersIds) {
  PacketPool pool(64);
  MediaPacket packet = packet_with(pool, from_hex("010203"));
  packet.audio_level = 0x85;
  packet.video_orientation = 1;
  // mid "ab", send time 1.5 s, level, orientation, descriptor with another frame number, one octet of padding.
  EXPECT_EQ(written(ExtensionWriter(kIds, "ab"), packet),
            "bede0004"
            "116162"
            "32060000"
            "2085"
            "4001"
            "52010405"
            "00");
}

void give(MediaPacket& packet, std::size_t at, const std::vector<std::uint8_t>& value) {
  std::copy(value.begin(), value.end(), packet.buffer->storage().begin() + static_cast<std::ptrdiff_t>(at));
}

TEST(ExtensionWriter, PassesTheCaptureTimeOnInBothSizes) {
  PacketPool pool(64);
  MediaPacket packet = packet_with(pool, {});
  give(packet, 40, from_hex("e7654321 80000000 ffffffff c0000000"));
  packet.capture_time_at = 40;
  const ExtensionWriter writer({.capture_time = 7}, "a");
  EXPECT_EQ(written(writer, packet),
            "bede0003"
            "77e765432180000000"
            "000000");
  packet.long_capture_time = true;
  EXPECT_EQ(written(writer, packet),
            "bede0005"
            "7fe765432180000000ffffffffc0000000"
            "000000");
  EXPECT_EQ(written(ExtensionWriter({.capture_time = 16}, "a"), packet),
            "10000005"
            "1010e765432180000000ffffffffc0000000"
            "0000");
  EXPECT_EQ(written(ExtensionWriter({.mid = 1}, "a"), packet),
            "bede0001"
            "1061"
            "0000");
}

TEST(ExtensionWriter, APlayoutDelayIsThePublishersUnlessOneIsSet) {
  PacketPool pool(64);
  MediaPacket packet = packet_with(pool, {});
  const ExtensionIds ids{.playout_delay = 8};
  EXPECT_EQ(written(ExtensionWriter(ids, ""), packet), "");
  EXPECT_EQ(written(ExtensionWriter(ids, "", PlayoutDelay{0, 0}), packet),
            "bede0001"
            "82000000");
  give(packet, 40, from_hex("00a014"));
  packet.playout_delay_at = 40;
  EXPECT_EQ(written(ExtensionWriter(ids, ""), packet),
            "bede0001"
            "8200a014");
  EXPECT_EQ(written(ExtensionWriter(ids, "", PlayoutDelay{2, 0x123}), packet),
            "bede0001"
            "82002123");
  EXPECT_EQ(written(ExtensionWriter({}, "", PlayoutDelay{2, 0x123}), packet), "");
}

TEST(ExtensionWriter, WritesNothingWhenNothingIsNegotiated) {
  PacketPool pool(64);
  MediaPacket packet = packet_with(pool, from_hex("010203"));
  packet.audio_level = 5;
  EXPECT_EQ(written(ExtensionWriter({}, "ab"), packet), "");
  EXPECT_EQ(written(ExtensionWriter({.audio_level = 1}, "ab"), packet_with(pool, {})), "");
}

TEST(ExtensionWriter, LeavesAPlaceForTheTransportWideNumber) {
  PacketPool pool(64);
  std::array<std::uint8_t, ExtensionWriter::kMaxSize> out{};
  const ExtensionWriter one({.mid = 1, .transport_sequence = 6}, "a");
  const auto written = one.write(packet_with(pool, {}), 0, out.data());
  EXPECT_EQ(to_hex(ByteSpan(out).first(written.size)),
            "bede0002"
            "610000"
            "1061"
            "000000");
  EXPECT_EQ(written.transport_sequence_at, 5U);
  const ExtensionWriter two({.mid = 15, .transport_sequence = 6}, "a");
  EXPECT_EQ(two.write(packet_with(pool, {}), 0, out.data()).transport_sequence_at, 6U);
  EXPECT_TRUE(one.numbers());
  const ExtensionWriter none({.mid = 1}, "a");
  EXPECT_EQ(none.write(packet_with(pool, {}), 0, out.data()).transport_sequence_at, 0U);
  EXPECT_FALSE(none.numbers());
}

TEST(ExtensionWriter, TakesTheTwoByteFormForLongDescriptorsAndHighIds) {
  PacketPool pool(64);
  const std::vector<std::uint8_t> descriptor(17, 0xEE);
  std::string ones;
  for (int i = 0; i < 17; ++i) ones += i == 1 ? "04" : i == 2 ? "05" : "ee";
  EXPECT_EQ(written(ExtensionWriter({.mid = 1, .dependency_descriptor = 5}, "a"), packet_with(pool, descriptor)),
            "10000006"
            "010161"
            "0511" +
                ones + "0000");
  EXPECT_EQ(written(ExtensionWriter({.mid = 15}, "a"), packet_with(pool, {})),
            "10000001"
            "0f016100");
}

TEST(ExtensionWriter, TheLongestBlockFits) {
  PacketPool pool(64);
  MediaPacket packet = packet_with(pool, std::vector<std::uint8_t>(255, 1));
  packet.audio_level = 1;
  packet.video_orientation = 1;
  packet.capture_time_at = packet.playout_delay_at = 40;
  packet.long_capture_time = true;
  ExtensionIds ids = kIds;
  ids.transport_sequence = 6;
  ids.capture_time = 7;
  ids.playout_delay = 8;
  std::array<std::uint8_t, ExtensionWriter::kMaxSize> out{};
  const std::size_t size = ExtensionWriter(ids, "0123456789abcdef").write(packet, 0, out.data()).size;
  EXPECT_LE(size, ExtensionWriter::kMaxSize);
  EXPECT_GT(size + 4, ExtensionWriter::kMaxSize);
  EXPECT_EQ(size % 4, 0U);
}

TEST(ExtensionWriter, LeavesOutAMidThatIsTooLong) {
  PacketPool pool(64);
  EXPECT_EQ(written(ExtensionWriter({.mid = 1}, "0123456789abcdefg"), packet_with(pool, {})), "");
}

}  // namespace
}  // namespace noir
