#include "forward/twcc_recorder.hpp"

#include <algorithm>
#include <tuple>

namespace noir {

namespace {

constexpr std::int64_t kNanosPerTick = 250'000;
// A bigger gap before a report's first packet is a jump of the sender's, not loss.
constexpr std::uint64_t kMaxLeadingLoss = 512;

}  // namespace

void TwccRecorder::handle_packet(Instant now, std::uint16_t transport_seq, std::uint32_t media_ssrc) {
  if (arrivals_.size() >= kMaxArrivals) return;
  const std::uint64_t ext_seq = unwrapper_.unwrap(transport_seq);
  if (arrivals_.empty()) {
    first_at_ = now;
    due_ = now + kInterval;
  } else if (ext_seq <= arrivals_.back().ext_seq) {
    sorted_ = false;
  }
  if (media_ssrc_ == 0) media_ssrc_ = media_ssrc;
  arrivals_.push_back({ext_seq, now.time_since_epoch().count() / kNanosPerTick});
  if (arrivals_.size() == kBusyPackets) due_ = std::min(due_, std::max(now, first_at_ + kBusyInterval));
}

void TwccRecorder::sort_arrivals() {
  if (sorted_) return;
  // Of one that came twice the first time counts. Not std::stable_sort, which allocates.
  const auto by_seq = [](const TwccArrival& a, const TwccArrival& b) {
    return std::tie(a.ext_seq, a.ticks) < std::tie(b.ext_seq, b.ticks);
  };
  const auto same_seq = [](const TwccArrival& a, const TwccArrival& b) { return a.ext_seq == b.ext_seq; };
  std::sort(arrivals_.begin(), arrivals_.end(), by_seq);
  arrivals_.erase(std::unique(arrivals_.begin(), arrivals_.end(), same_seq), arrivals_.end());
  sorted_ = true;
}

// How many of the first arrivals belong to the past of earlier reports. They get messages of their own, without the
// gaps between them: in those lies what has been reported as received.
std::size_t TwccRecorder::count_late() const {
  std::size_t count = 0;
  while (count < arrivals_.size() && arrivals_[count].ext_seq < next_base_) {
    if (count > 0 && arrivals_[count].ext_seq != arrivals_[count - 1].ext_seq + 1) break;
    ++count;
  }
  return count;
}

bool TwccRecorder::poll(Instant now, std::uint32_t sender_ssrc, ByteWriter& out) {
  if (now < due_) return false;
  sort_arrivals();
  const std::size_t late = count_late();
  const std::uint64_t first = arrivals_.front().ext_seq;
  TwccFeedback feedback{first, sender_ssrc, media_ssrc_, feedback_count_};
  if (late == 0 && next_base_ != 0 && first - next_base_ <= kMaxLeadingLoss) feedback.base_ext_seq = next_base_;
  const std::span<const TwccArrival> all(arrivals_);
  const std::size_t taken = write_twcc_feedback(out, feedback, late > 0 ? all.first(late) : all);
  if (taken == 0) return true;
  ++feedback_count_;
  next_base_ = std::max(next_base_, arrivals_[taken - 1].ext_seq + 1);
  arrivals_.erase(arrivals_.begin(), arrivals_.begin() + static_cast<std::ptrdiff_t>(taken));
  if (arrivals_.empty()) due_ = kNever;
  return !arrivals_.empty();
}

}  // namespace noir
