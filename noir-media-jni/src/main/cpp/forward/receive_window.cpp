#include "forward/receive_window.hpp"

namespace noir {

ReceiveWindow::Outcome ReceiveWindow::handle_seq(std::uint16_t seq) {
  if (!unwrapper_.started()) return restart(seq);
  const std::uint64_t highest = unwrapper_.highest();
  const std::uint64_t ext_seq = unwrapper_.peek(seq);
  const bool old = ext_seq + kSize <= highest;
  if (old || ext_seq > highest + kMaxDropout) {
    if (expected_after_jump_ == seq) {
      unwrapper_.restart();
      return restart(seq);
    }
    expected_after_jump_ = static_cast<std::uint16_t>(seq + 1);
    return {old ? Outcome::Kind::kDuplicate : Outcome::Kind::kJump, ext_seq};
  }
  if (ext_seq > highest) {
    clear_between(highest, ext_seq);
  } else if (test(ext_seq)) {
    return {Outcome::Kind::kDuplicate, ext_seq};
  }
  expected_after_jump_.reset();
  set(ext_seq);
  return {Outcome::Kind::kNew, unwrapper_.unwrap(seq)};
}

std::optional<std::uint64_t> ReceiveWindow::find_gap(std::uint16_t seq) const {
  if (!unwrapper_.started()) return std::nullopt;
  const std::uint64_t ext_seq = unwrapper_.peek(seq);
  const bool inside = ext_seq < unwrapper_.highest() && ext_seq + kSize > unwrapper_.highest();
  return inside && !test(ext_seq) ? std::optional(ext_seq) : std::nullopt;
}

void ReceiveWindow::reset() {
  unwrapper_.restart();
  expected_after_jump_.reset();
}

ReceiveWindow::Outcome ReceiveWindow::restart(std::uint16_t seq) {
  received_.fill(0);
  expected_after_jump_.reset();
  const std::uint64_t ext_seq = unwrapper_.unwrap(seq);
  set(ext_seq);
  return {Outcome::Kind::kRestart, ext_seq};
}

void ReceiveWindow::clear_between(std::uint64_t after, std::uint64_t upto) {
  if (upto - after >= kSize) {
    received_.fill(0);
    return;
  }
  for (std::uint64_t s = after + 1; s <= upto; ++s) received_[(s % kSize) / 64] &= ~(1ULL << (s % 64));
}

bool ReceiveWindow::test(std::uint64_t ext_seq) const {
  return ((received_[(ext_seq % kSize) / 64] >> (ext_seq % 64)) & 1U) != 0;
}

void ReceiveWindow::set(std::uint64_t ext_seq) { received_[(ext_seq % kSize) / 64] |= 1ULL << (ext_seq % 64); }

}  // namespace noir
