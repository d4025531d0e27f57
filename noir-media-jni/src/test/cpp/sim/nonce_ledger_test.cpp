#include "sim/nonce_ledger.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace noir {
namespace {

constexpr SrtpProfile kGcm = SrtpProfile::kAeadAes128Gcm;

std::vector<std::uint8_t> rtp(std::uint32_t ssrc, std::uint16_t seq, std::uint8_t content) {
  std::vector<std::uint8_t> packet(40, content);
  packet[0] = 0x80;
  packet[1] = 96;
  store_be16(packet.data() + 2, seq);
  store_be32(packet.data() + 8, ssrc);
  return packet;
}

std::vector<std::uint8_t> rtcp(std::uint32_t index, std::uint8_t content, std::size_t behind) {
  std::vector<std::uint8_t> packet(60 + behind, content);
  packet[0] = 0x80;
  packet[1] = 200;
  store_be32(packet.data() + 4, 7);
  store_be32(packet.data() + 56, index | 0x8000'0000U);
  return packet;
}

std::vector<std::uint8_t> dtls(std::uint64_t nonce, std::uint8_t content) {
  std::vector<std::uint8_t> record(60, content);
  record[0] = 23;
  store_be16(record.data() + 3, 1);
  store_be16(record.data() + 11, 60 - 13);
  store_be64(record.data() + 13, nonce);
  return record;
}

TEST(NonceLedger, FindsAnIndexThatIsUsedForOtherBytes) {
  NonceLedger ledger;
  ledger.note(1, kGcm, rtp(5, 100, 1));
  ledger.note(1, kGcm, rtp(5, 100, 1));
  ledger.note(2, kGcm, rtp(5, 100, 2));
  ledger.note(1, kGcm, rtp(6, 100, 2));
  EXPECT_EQ(ledger.reused(), 0U);
  ledger.note(1, kGcm, rtp(5, 100, 2));
  EXPECT_EQ(ledger.reused(), 1U);
}

TEST(NonceLedger, ASequenceNumberThatComesBackIsAnotherIndex) {
  NonceLedger ledger;
  for (std::uint32_t i = 0; i < 70'000; i += 100) ledger.note(1, kGcm, rtp(5, static_cast<std::uint16_t>(i), 1));
  ledger.note(1, kGcm, rtp(5, static_cast<std::uint16_t>(65'600), 1));
  EXPECT_EQ(ledger.reused(), 0U);
  ledger.note(1, kGcm, rtp(5, static_cast<std::uint16_t>(65'600), 9));
  EXPECT_EQ(ledger.reused(), 1U);
}

TEST(NonceLedger, LooksAtSrtcpWhereItsProfileHasTheIndex) {
  NonceLedger ledger;
  ledger.note(1, kGcm, rtcp(1, 1, 0));
  ledger.note(1, kGcm, rtcp(2, 2, 0));
  EXPECT_EQ(ledger.reused(), 0U);
  ledger.note(1, kGcm, rtcp(1, 3, 0));
  EXPECT_EQ(ledger.reused(), 1U);
  ledger.note(2, SrtpProfile::kAes128CmSha1_80, rtcp(1, 1, 10));
  ledger.note(2, SrtpProfile::kAes128CmSha1_80, rtcp(1, 2, 10));
  EXPECT_EQ(ledger.reused(), 2U);
}

TEST(NonceLedger, LooksAtEveryRecordOfADatagram) {
  NonceLedger ledger;
  ledger.note(1, {}, dtls(1, 1));
  std::vector<std::uint8_t> two = dtls(2, 1);
  const auto second = dtls(1, 2);
  two.insert(two.end(), second.begin(), second.end());
  ledger.note(1, {}, two);
  EXPECT_EQ(ledger.noted(), 3U);
  EXPECT_EQ(ledger.reused(), 1U);
}

}  // namespace
}  // namespace noir
