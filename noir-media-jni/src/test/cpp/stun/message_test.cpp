#include "stun/message.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "support/hex.hpp"

namespace noir {
namespace {

using test::hex;
using test::to_hex;

// RFC 5769 §2.
const auto kRequest =
    hex("000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74"
        "002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020"
        "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf");
const auto kResponseV4 =
    hex("0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220"
        "002000080001a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96");
const auto kResponseV6 =
    hex("010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220"
        "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed41"
        "80280004c8fb0b4c");
const std::string kPassword = "VOkJxbRl1RmTxUk/WvJxBt";

HmacSha1 key(const std::string& password = kPassword) {
  return HmacSha1({reinterpret_cast<const std::uint8_t*>(password.data()), password.size()});
}

TEST(StunMessage, ReadsTheRequestOfRfc5769) {
  const auto message = parse_stun(kRequest);
  ASSERT_TRUE(message.ok());
  EXPECT_EQ(message->message_class, StunClass::kRequest);
  EXPECT_EQ(message->method, kStunBinding);
  EXPECT_EQ(to_hex(message->transaction), "b7e7a701bc34d686fa87dfae");
  EXPECT_EQ(message->username, "evtj:h6vY");
  EXPECT_EQ(message->priority, 0x6E0001FFU);
  EXPECT_EQ(message->ice_controlled, 0x932FF9B151263B36ULL);
  EXPECT_TRUE(message->has_fingerprint);
  EXPECT_EQ(username_local_ufrag(*message), "evtj");
  EXPECT_EQ(username_remote_ufrag(*message), "h6vY");
  auto right = key();
  auto wrong = key("VOkJxbRl1RmTxUk/WvJxBu");
  EXPECT_TRUE(verify_integrity(*message, right));
  EXPECT_FALSE(verify_integrity(*message, wrong));
  EXPECT_TRUE(verify_integrity(*message, right)) << "the key's context is used again";
}

TEST(StunMessage, ReadsTheResponsesOfRfc5769) {
  auto right = key();
  const auto v4 = parse_stun(kResponseV4);
  ASSERT_TRUE(v4.ok());
  EXPECT_EQ(v4->message_class, StunClass::kSuccess);
  EXPECT_EQ(v4->xor_mapped_address->to_string(), "192.0.2.1:32853");
  EXPECT_TRUE(verify_integrity(*v4, right));
  const auto v6 = parse_stun(kResponseV6);
  ASSERT_TRUE(v6.ok());
  EXPECT_EQ(v6->xor_mapped_address->to_string(), "[2001:db8:1234:5678:11:2233:4455:6677]:32853");
  EXPECT_TRUE(verify_integrity(*v6, right));
}

TEST(StunMessage, WritesAResponseThatReadsBack) {
  const auto v6 = parse_stun(kResponseV6);
  const StunTransactionId transaction = v6->transaction;
  for (const SocketAddress& address : {SocketAddress::v4(192, 0, 2, 1, 32853), *v6->xor_mapped_address}) {
    std::array<std::uint8_t, 200> out{};
    auto mac = key();
    StunWriter writer(out, StunClass::kSuccess, kStunBinding, transaction);
    writer.xor_mapped_address(address);
    writer.message_integrity(mac);
    const std::size_t size = writer.finish();
    const auto read = parse_stun(ByteSpan(out).first(size));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->xor_mapped_address, address);
    EXPECT_TRUE(read->has_fingerprint);
    EXPECT_TRUE(verify_integrity(*read, mac));
  }
}

// The request of RFC 5769 §2.1, but with zeros as padding, as RFC 8489 wants it.
TEST(StunMessage, WritesTheRequestOfRfc5769) {
  const auto expected = parse_stun(kRequest);
  std::array<std::uint8_t, 200> out{};
  auto mac = key();
  StunWriter writer(out, StunClass::kRequest, kStunBinding, expected->transaction);
  const std::string_view software = "STUN test client";
  writer.attribute(StunAttribute::kSoftware, {reinterpret_cast<const std::uint8_t*>(software.data()), software.size()});
  writer.attribute_u32(StunAttribute::kPriority, 0x6E0001FF);
  writer.attribute_u64(StunAttribute::kIceControlled, 0x932FF9B151263B36ULL);
  writer.username("evtj:h6vY");
  writer.message_integrity(mac);
  const auto written = ByteSpan(out).first(writer.finish());
  ASSERT_EQ(written.size(), kRequest.size());
  EXPECT_EQ(to_hex(written.first(73)), to_hex(ByteSpan(kRequest).first(73)));
  EXPECT_TRUE(verify_integrity(*parse_stun(written), mac));
}

TEST(StunMessage, WritesNothingThatDoesNotFit) {
  for (std::size_t size = 0; size < 60; ++size) {
    std::vector<std::uint8_t> out(size);
    auto mac = key();
    StunWriter writer(out, StunClass::kRequest, kStunBinding, {});
    writer.username("evtj:h6vY");
    writer.message_integrity(mac);
    EXPECT_EQ(writer.finish(), 0U);
  }
}

TEST(StunMessage, RefusesEveryFlippedBitByFingerprint) {
  for (std::size_t bit = 0; bit < kRequest.size() * 8; ++bit) {
    auto broken = kRequest;
    broken[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    const auto message = parse_stun(broken);
    // A flip may turn FINGERPRINT into another attribute; then it is the integrity check's turn, which ignores it.
    if (message) {
      EXPECT_FALSE(message->has_fingerprint) << "bit " << bit;
    }
  }
}

TEST(StunMessage, IgnoresAttributesAfterIntegrity) {
  std::array<std::uint8_t, 200> out{};
  auto mac = key();
  StunWriter writer(out, StunClass::kRequest, kStunBinding, {});
  writer.username("a:b");
  writer.message_integrity(mac);
  writer.attribute(StunAttribute::kUseCandidate, {});
  const auto message = parse_stun(ByteSpan(out).first(writer.finish()));
  ASSERT_TRUE(message.ok());
  EXPECT_FALSE(message->use_candidate);
  EXPECT_TRUE(verify_integrity(*message, mac));
}

TEST(StunMessage, CollectsUnknownRequiredAttributesOnly) {
  std::array<std::uint8_t, 200> out{};
  StunWriter writer(out, StunClass::kRequest, kStunBinding, {});
  writer.attribute_u32(static_cast<StunAttribute>(0x7001), 1);
  writer.attribute_u32(static_cast<StunAttribute>(0xC057), 1);
  const auto message = parse_stun(ByteSpan(out).first(writer.finish()));
  ASSERT_TRUE(message.ok());
  ASSERT_EQ(message->unknown_required_count, 1U);
  EXPECT_EQ(message->unknown_required[0], 0x7001);
}

TEST(StunMessage, SurvivesTruncationAndNoise) {
  for (std::size_t size = 0; size < kRequest.size(); ++size) {
    EXPECT_FALSE(parse_stun(ByteSpan(kRequest).first(size)).ok());
  }
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    auto noise = kRequest;
    for (int k = 0; k < 3; ++k) noise[random() % noise.size()] = static_cast<std::uint8_t>(random());
    const auto message = parse_stun(noise);
    auto mac = key();
    if (message && i % 100 == 0) (void)verify_integrity(*message, mac);
  }
}

TEST(StunMessage, RefusesWrongSizes) {
  const struct {
    std::uint16_t type;
    std::size_t size;
  } cases[] = {{0x0024, 3}, {0x0024, 5}, {0x0025, 1},  {0x8029, 4}, {0x802A, 12},
               {0x0020, 7}, {0x0009, 3}, {0x0008, 19}, {0x8028, 8}};
  for (const auto& c : cases) {
    std::array<std::uint8_t, 100> out{};
    StunWriter writer(out, StunClass::kRequest, kStunBinding, {});
    const std::vector<std::uint8_t> value(c.size, 1);
    writer.attribute(static_cast<StunAttribute>(c.type), value);
    EXPECT_FALSE(parse_stun(ByteSpan(out).first(writer.finish())).ok()) << c.type;
  }
}

}  // namespace
}  // namespace noir
