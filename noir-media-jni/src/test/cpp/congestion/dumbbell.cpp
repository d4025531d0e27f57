#include "congestion/dumbbell.hpp"

#include <algorithm>

namespace noir::test {

namespace {

using std::chrono::milliseconds;

constexpr Duration kSpan = milliseconds(500);
constexpr Duration kSecond = std::chrono::seconds(1);

}  // namespace

Dumbbell::Dumbbell(std::uint64_t seed, std::int64_t bps, Duration longest)
    : chance_(seed), start_(schedule_.now()), bottleneck_(schedule_, exit_, bps, longest) {
  rates_.emplace_back(Duration::zero(), bps);
}

MediaSender& Dumbbell::add_media(const MediaParams& params, const PathParams& forward, const PathParams& back) {
  const auto flow = static_cast<int>(forward_.size());
  const auto seed = [this] { return static_cast<std::uint64_t>(chance_.up_to(std::chrono::hours(1)).count()); };
  back_.push_back(std::make_unique<VirtualPath>(schedule_, back_exit_, back, seed()));
  auto receiver = std::make_unique<MediaReceiver>(schedule_, flow, *back_.back(), params.receiver,
                                                  static_cast<std::uint64_t>(flow) + 1);
  received_.push_back(&receiver->received());
  forward_.push_back(std::make_unique<VirtualPath>(schedule_, *receiver, forward, seed()));
  exit_.add(flow, *forward_.back());
  others_.push_back(std::move(receiver));
  senders_.push_back(std::make_unique<MediaSender>(schedule_, flow, bottleneck_, params, seed()));
  back_exit_.add(flow, *senders_.back());
  return *senders_.back();
}

void Dumbbell::add_tcp(const PathParams& path, std::uint64_t burst_packets, Duration rest) {
  const auto flow = static_cast<int>(forward_.size());
  back_.push_back(std::make_unique<VirtualPath>(schedule_, back_exit_, path, 1));
  auto receiver = std::make_unique<TcpReceiver>(schedule_, flow, *back_.back());
  received_.push_back(&receiver->received());
  forward_.push_back(std::make_unique<VirtualPath>(schedule_, *receiver, path, 2));
  exit_.add(flow, *forward_.back());
  others_.push_back(std::move(receiver));
  senders_.push_back(nullptr);
  auto sender = std::make_unique<TcpSender>(schedule_, flow, bottleneck_, burst_packets, rest);
  back_exit_.add(flow, *sender);
  others_.push_back(std::move(sender));
}

void Dumbbell::run_until(Duration since_start) { schedule_.run_until(start_ + since_start); }

void Dumbbell::set_rate(std::int64_t bps) {
  bottleneck_.set_rate(bps);
  rates_.emplace_back(schedule_.now() - start_, bps);
}

int Dumbbell::used_percent(Duration from, Duration to) const {
  std::int64_t octets = 0;
  for (const auto& p : bottleneck_.passages()) {
    if (!p.dropped && p.at >= start_ + from && p.at < start_ + to) octets += p.octets;
  }
  std::int64_t might = 0;
  for (std::size_t i = 0; i < rates_.size(); ++i) {
    const Duration begin = std::max(rates_[i].first, from);
    const Duration end = std::min(i + 1 < rates_.size() ? rates_[i + 1].first : to, to);
    if (end > begin) might += rates_[i].second / 8 * ((end - begin) / milliseconds(1)) / 1000;
  }
  return static_cast<int>(octets * 100 / std::max<std::int64_t>(might, 1));
}

int Dumbbell::queue_ms(double quantile, Duration from, Duration to) const {
  std::vector<Duration> waits;
  for (const auto& p : bottleneck_.passages()) {
    if (!p.dropped && p.at >= start_ + from && p.at < start_ + to) waits.push_back(p.waited);
  }
  if (waits.empty()) return 0;
  const auto place = static_cast<std::size_t>(quantile * static_cast<double>(waits.size() - 1));
  std::nth_element(waits.begin(), waits.begin() + static_cast<std::ptrdiff_t>(place), waits.end());
  return static_cast<int>(waits[place] / milliseconds(1));
}

int Dumbbell::dropped_permille(Duration from, Duration to) const {
  std::int64_t all = 0;
  std::int64_t dropped = 0;
  for (const auto& p : bottleneck_.passages()) {
    if (p.at < start_ + from || p.at >= start_ + to || !senders_[static_cast<std::size_t>(p.flow)]) continue;
    ++all;
    if (p.dropped) ++dropped;
  }
  return static_cast<int>(dropped * 1000 / std::max<std::int64_t>(all, 1));
}

int Dumbbell::jain_percent(Duration from, Duration to) const {
  std::int64_t sum = 0;
  std::int64_t squares = 0;
  for (const Course* course : received_) {
    const std::int64_t kbps = course->bps(from, to) / 1000;
    sum += kbps;
    squares += kbps * kbps;
  }
  return static_cast<int>(sum * sum * 100 /
                          std::max<std::int64_t>(squares * static_cast<std::int64_t>(received_.size()), 1));
}

int Dumbbell::padding_permille() {
  std::uint64_t octets = 0;
  std::uint64_t padding = 0;
  for (const auto& sender : senders_) {
    if (!sender) continue;
    const BandwidthExplanation e = sender->controller().explain(schedule_.now());
    octets += e.octets;
    padding += e.padding_octets;
  }
  return static_cast<int>(padding * 1000 / std::max<std::uint64_t>(octets, 1));
}

int Dumbbell::worst_second_percent(std::size_t flow, Duration from, Duration to) const {
  std::int64_t worst = 0;
  for (Duration at = from; at + kSecond <= to; at += Course::kStep) {
    std::int64_t least = rates_.front().second;
    // The higher of the rates in that second: nobody can know of a step at once.
    std::int64_t might = 0;
    for (std::size_t i = 0; i < rates_.size(); ++i) {
      const Duration end = i + 1 < rates_.size() ? rates_[i + 1].first : to;
      if (rates_[i].first < at + kSecond && end > at) might = std::max(might, rates_[i].second);
    }
    least = might == 0 ? least : might;
    worst = std::max(worst, senders_[flow]->sent().bps(at, at + kSecond) * 100 / least);
  }
  return static_cast<int>(worst);
}

Duration time_to_reach(const Course& course, std::int64_t bps, Duration from, Duration to) {
  for (Duration at = from; at + kSpan <= to; at += Course::kStep) {
    if (course.bps(at, at + kSpan) >= bps) return at - from;
  }
  return to - from;
}

Duration time_to_fall(const Course& course, std::int64_t bps, Duration from, Duration to) {
  for (Duration at = from; at + kSpan <= to; at += Course::kStep) {
    if (course.bps(at, at + kSpan) < bps) return at - from;
  }
  return to - from;
}

}  // namespace noir::test
