#include "forward/receive_window.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace noir {
namespace {

using Kind = ReceiveWindow::Outcome::Kind;

TEST(ReceiveWindow, TellsNewFromSeen) {
  ReceiveWindow window;
  EXPECT_EQ(window.handle_seq(0xFFFE).kind, Kind::kRestart);
  EXPECT_EQ(window.handle_seq(0x0001).kind, Kind::kNew);
  EXPECT_EQ(window.handle_seq(0xFFFF).kind, Kind::kNew);
  EXPECT_EQ(window.handle_seq(0xFFFF).kind, Kind::kDuplicate);
  EXPECT_EQ(window.handle_seq(0x0001).kind, Kind::kDuplicate);
  EXPECT_EQ(window.handle_seq(0x0000).kind, Kind::kNew);
  EXPECT_EQ(window.handle_seq(0xFFFD).kind, Kind::kNew);
}

TEST(ReceiveWindow, TooOldCountsAsSeen) {
  ReceiveWindow window;
  (void)window.handle_seq(2000);
  EXPECT_EQ(window.handle_seq(2000 - 1023).kind, Kind::kNew);
  EXPECT_EQ(window.handle_seq(2000 - 1024).kind, Kind::kDuplicate);
}

TEST(ReceiveWindow, ForgetsWhatAWholeWindowHasPassed) {
  ReceiveWindow window;
  (void)window.handle_seq(1000);
  (void)window.handle_seq(1000 + 2048);
  EXPECT_EQ(window.handle_seq(1000 + 1025).kind, Kind::kNew);
  EXPECT_EQ(window.handle_seq(1000 + 2047).kind, Kind::kNew);
}

TEST(ReceiveWindow, BelievesAJumpOnlyWhenItGoesOn) {
  for (const std::uint16_t jump : {std::uint16_t{20'000}, std::uint16_t{60'000}}) {  // Ahead and back.
    ReceiveWindow window;
    const auto before = window.handle_seq(10'000).ext_seq;
    const auto first = window.handle_seq(jump).kind;
    EXPECT_TRUE(first == Kind::kJump || first == Kind::kDuplicate);
    EXPECT_EQ(window.handle_seq(10'001).kind, Kind::kNew);
    (void)window.handle_seq(jump);
    const auto second = window.handle_seq(static_cast<std::uint16_t>(jump + 1));
    EXPECT_EQ(second.kind, Kind::kRestart);
    EXPECT_GT(second.ext_seq, before + 32'768);
  }
}

TEST(ReceiveWindow, KnowsItsGapsAndNothingElse) {
  ReceiveWindow window;
  EXPECT_FALSE(window.find_gap(10));
  const auto first = window.handle_seq(0xFFFE).ext_seq;
  (void)window.handle_seq(2);
  for (const std::uint16_t missing : std::vector<std::uint16_t>{0xFFFF, 0, 1}) {
    ASSERT_TRUE(window.find_gap(missing));
    EXPECT_EQ(*window.find_gap(missing), first + static_cast<std::uint16_t>(missing - 0xFFFE));
  }
  // What has come, what is to come, what is too old to know.
  for (const std::uint16_t other : std::vector<std::uint16_t>{0xFFFE, 2, 3, 1000, 40'000, 2 + 0x10000 - 1024}) {
    EXPECT_FALSE(window.find_gap(other));
  }
  window.fill_gap(first + 2);
  EXPECT_FALSE(window.find_gap(0));
  EXPECT_EQ(window.handle_seq(0).kind, Kind::kDuplicate);
  EXPECT_EQ(window.highest(), first + 4);
}

TEST(ReceiveWindow, AfterResetTheNextRestarts) {
  ReceiveWindow window;
  const auto first = window.handle_seq(500).ext_seq;
  window.reset();
  const auto second = window.handle_seq(500);
  EXPECT_EQ(second.kind, Kind::kRestart);
  EXPECT_GT(second.ext_seq, first);
}

}  // namespace
}  // namespace noir
