#include "sctp/dcep.hpp"

#include <gtest/gtest.h>

#include "support/hex.hpp"

namespace noir {
namespace {

using test::hex;
using test::to_hex;

TEST(Dcep, WritesAndReadsOpen) {
  DcepOpen open;
  open.ordered = false;
  open.reliability = DcepReliability::kLimitedRetransmissions;
  open.reliability_parameter = 3;
  open.label = "ion-sfu";
  open.protocol = "p";
  const auto bytes = write_dcep_open(open);
  EXPECT_EQ(to_hex(bytes),
            "0381"
            "0100"
            "00000003"
            "0007"
            "0001"
            "696f6e2d736675"
            "70");
  const auto read = parse_dcep_open(bytes);
  ASSERT_TRUE(read.ok());
  EXPECT_FALSE(read->ordered);
  EXPECT_EQ(read->reliability, DcepReliability::kLimitedRetransmissions);
  EXPECT_EQ(read->reliability_parameter, 3U);
  EXPECT_EQ(read->label, "ion-sfu");
  EXPECT_EQ(read->protocol, "p");
}

TEST(Dcep, RefusesEveryTruncationAndExcess) {
  DcepOpen open;
  open.label = "label";
  auto bytes = write_dcep_open(open);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(parse_dcep_open(ByteSpan(bytes).first(size)).ok()) << size;
  }
  bytes.push_back(0);
  EXPECT_FALSE(parse_dcep_open(bytes).ok());
}

TEST(Dcep, RefusesUnknownTypes) {
  EXPECT_FALSE(parse_dcep_open(hex("03 03 0000 00000000 0000 0000")).ok());
  EXPECT_FALSE(parse_dcep_open(hex("03 83 0000 00000000 0000 0000")).ok());
  EXPECT_FALSE(parse_dcep_open(hex("02 00 0000 00000000 0000 0000")).ok());
  EXPECT_FALSE(dcep_type({}).ok());
  EXPECT_FALSE(dcep_type(hex("01")).ok());
  EXPECT_FALSE(dcep_type(hex("0200")).ok());
  EXPECT_EQ(*dcep_type(hex("02")), DcepType::kAck);
  EXPECT_EQ(*dcep_type(write_dcep_open({})), DcepType::kOpen);
}

}  // namespace
}  // namespace noir
