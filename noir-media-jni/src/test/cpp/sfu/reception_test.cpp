#include "sfu/reception.hpp"

#include <gtest/gtest.h>

namespace noir {
namespace {

using std::chrono::milliseconds;

constexpr Instant kStart{std::chrono::seconds(100)};
constexpr std::uint64_t kNtp = 0x1234'5678'9ABC'DEF0;
constexpr std::uint32_t kMiddle = 0x5678'9ABC;

ReportBlock block(std::uint32_t last_sr, std::uint32_t delay) {
  ReportBlock made;
  made.last_sr = last_sr;
  made.delay_since_last_sr = delay;
  return made;
}

TEST(Reception, KnowsTheRoundTripFromTheReportItIsAbout) {
  Reception reception;
  reception.note_sender_report(kStart, kNtp);
  reception.handle_block(kStart + milliseconds(540), block(kMiddle, 65536 / 2));
  EXPECT_EQ(reception.round_trip(), milliseconds(40));
}

TEST(Reception, KnowsNoneFromAnotherReportOrAnImpossibleDelay) {
  Reception reception;
  reception.handle_block(kStart, block(0, 0));
  reception.note_sender_report(kStart, kNtp);
  reception.handle_block(kStart + milliseconds(540), block(kMiddle + 1, 65536 / 2));
  reception.handle_block(kStart + milliseconds(540), block(kMiddle, 65536));
  EXPECT_EQ(reception.round_trip(), Duration{});
  EXPECT_TRUE(reception.last());
}

}  // namespace
}  // namespace noir
