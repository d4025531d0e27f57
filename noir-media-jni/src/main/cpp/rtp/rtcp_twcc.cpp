#include "rtp/rtcp_twcc.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace noir {

namespace {

constexpr std::size_t kFixed = kRtcpHeaderSize + 16;  // SSRCs, base, count, reference time, feedback count.
constexpr std::int64_t kTicksPerReference = 256;      // 64 ms of 250 µs.
// A frame of statuses that always fits a datagram; the rest goes into the next message.
constexpr std::size_t kMaxStatuses = 1024;
constexpr std::size_t kOneBitSymbols = 14;
constexpr std::size_t kTwoBitSymbols = 7;

// §3.1.1: packet status symbols.
enum Symbol : std::uint8_t { kNotReceived = 0, kSmallDelta = 1, kLargeDelta = 2 };

using Statuses = std::array<std::uint8_t, kMaxStatuses>;

// §3.1.3 and §3.1.4: the cheapest chunk for what stands at `at`; `taken` is how many statuses it covers.
std::uint16_t pack_chunk(std::span<const std::uint8_t> rest, std::size_t& taken) {
  std::size_t run = 1;
  while (run < rest.size() && rest[run] == rest[0]) ++run;
  if (run > kTwoBitSymbols || run == rest.size()) {
    taken = run;
    return static_cast<std::uint16_t>((unsigned{rest[0]} << 13) | run);
  }
  const auto window = rest.first(std::min(rest.size(), kOneBitSymbols));
  unsigned chunk = 0;
  if (std::find(window.begin(), window.end(), kLargeDelta) == window.end()) {
    for (std::size_t i = 0; i < window.size(); ++i) chunk |= unsigned{window[i]} << (kOneBitSymbols - 1 - i);
    taken = window.size();
    return static_cast<std::uint16_t>(0x8000 | chunk);
  }
  taken = std::min(rest.size(), kTwoBitSymbols);
  for (std::size_t i = 0; i < taken; ++i) chunk |= unsigned{rest[i]} << (2 * (kTwoBitSymbols - 1 - i));
  return static_cast<std::uint16_t>(0xC000 | chunk);
}

std::size_t count_chunks(std::span<const std::uint8_t> statuses) {
  std::size_t chunks = 0;
  for (std::size_t taken = 0; !statuses.empty(); ++chunks) {
    (void)pack_chunk(statuses, taken);
    statuses = statuses.subspan(taken);
  }
  return chunks;
}

// Which statuses and how many octets of deltas the first `taken` arrivals make.
struct Plan {
  std::size_t taken = 0;
  std::size_t status_count = 0;
  std::size_t delta_size = 0;
};

std::int64_t reference_of(const TwccArrival& first) {
  // Rounded down, for times before the origin too.
  return first.ticks >= 0 ? first.ticks / kTicksPerReference
                          : -((-first.ticks + kTicksPerReference - 1) / kTicksPerReference);
}

Plan plan_feedback(std::uint64_t base, std::span<const TwccArrival> arrivals, std::size_t space, Statuses& statuses) {
  Plan plan;
  std::int64_t previous = reference_of(arrivals[0]) * kTicksPerReference;
  for (const TwccArrival& arrival : arrivals) {
    const std::uint64_t offset = arrival.ext_seq - base;
    const std::int64_t delta = arrival.ticks - previous;
    const bool small = delta >= 0 && delta <= 0xFF;
    const bool fits = small || (delta >= std::numeric_limits<std::int16_t>::min() &&
                                delta <= std::numeric_limits<std::int16_t>::max());
    if (!fits || offset >= kMaxStatuses) break;
    // An upper bound for the chunks: one per seven statuses, and one cut short.
    const std::size_t delta_size = plan.delta_size + (small ? 1 : 2);
    if ((offset / kTwoBitSymbols + 2) * 2 + delta_size + 3 > space) break;
    while (plan.status_count < offset) statuses[plan.status_count++] = kNotReceived;
    statuses[plan.status_count++] = small ? kSmallDelta : kLargeDelta;
    plan.delta_size = delta_size;
    previous = arrival.ticks;
    ++plan.taken;
  }
  return plan;
}

}  // namespace

std::size_t write_twcc_feedback(ByteWriter& out, const TwccFeedback& feedback, std::span<const TwccArrival> arrivals) {
  if (arrivals.empty() || out.remaining() < kFixed) return 0;
  Statuses statuses;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled as far as it is read.
  const Plan plan = plan_feedback(feedback.base_ext_seq, arrivals, out.remaining() - kFixed, statuses);
  if (plan.taken == 0) return 0;
  std::span<const std::uint8_t> rest(statuses.data(), plan.status_count);
  const std::size_t unpadded = 16 + count_chunks(rest) * 2 + plan.delta_size;
  const std::size_t padding = (4 - unpadded % 4) % 4;
  const std::int64_t reference = reference_of(arrivals[0]);

  std::uint8_t* first_octet = out.claim(0);
  write_rtcp_header(out, RtcpType::kTransportFeedback, kTwccFormat, unpadded + padding);
  if (padding > 0) *first_octet |= 0x20;
  out.u32(feedback.sender_ssrc);
  out.u32(feedback.media_ssrc);
  out.u16(static_cast<std::uint16_t>(feedback.base_ext_seq));
  out.u16(static_cast<std::uint16_t>(plan.status_count));
  out.u24(static_cast<std::uint32_t>(reference) & 0xFFFFFF);
  out.u8(feedback.feedback_count);
  for (std::size_t taken = 0; !rest.empty(); rest = rest.subspan(taken)) out.u16(pack_chunk(rest, taken));
  std::int64_t previous = reference * kTicksPerReference;
  for (const TwccArrival& arrival : arrivals.first(plan.taken)) {
    const std::int64_t delta = arrival.ticks - previous;
    if (delta >= 0 && delta <= 0xFF) {
      out.u8(static_cast<std::uint8_t>(delta));
    } else {
      out.u16(static_cast<std::uint16_t>(static_cast<std::int16_t>(delta)));
    }
    previous = arrival.ticks;
  }
  if (padding > 0) {
    out.zeros(padding - 1);
    out.u8(static_cast<std::uint8_t>(padding));
  }
  return plan.taken;
}

std::optional<TransportFeedback> parse_transport_feedback(const RtcpPacket& packet) {
  ByteReader in(packet.body);
  TransportFeedback feedback;
  feedback.sender_ssrc = in.u32();
  feedback.media_ssrc = in.u32();
  feedback.base_seq = in.u16();
  feedback.status_count = in.u16();
  feedback.reference = in.u24();
  feedback.feedback_count = in.u8();
  if (!in.ok() || feedback.status_count == 0) return std::nullopt;
  const ByteSpan rest = in.take(in.remaining());
  std::size_t delta_size = 0;
  bool reserved = false;
  const auto chunk_size =
      TransportFeedback::for_each_symbol(rest, feedback.status_count, [&](unsigned symbol, std::size_t count) {
        delta_size += symbol * count;  // One octet each, or two.
        reserved = reserved || symbol == 3;
      });
  if (!chunk_size || reserved || delta_size > rest.size() - *chunk_size) return std::nullopt;
  feedback.chunks_ = rest.first(*chunk_size);
  feedback.deltas_ = rest.subspan(*chunk_size, delta_size);
  return feedback;
}

}  // namespace noir
