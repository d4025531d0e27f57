// Frames of a connection: a stream cut anywhere gives the same packets as in one piece, and a backlog that is sent in
// pieces of any size gives the frames back.

#include "loop/frames.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/check.hpp"
#include "loop/frame_backlog.hpp"

namespace {

using namespace noir;
using Packets = std::vector<std::vector<std::uint8_t>>;

constexpr std::size_t kMost = 1536;

Packets split_at(ByteSpan stream, std::size_t cut) {
  Packets packets;
  const auto take = [&](ByteSpan packet) {
    packets.emplace_back(packet.begin(), packet.end());
    return true;
  };
  const SplitFrames first = split_frames(stream.first(cut), kMost, take);
  NOIR_CHECK(first.used <= cut);
  if (first.valid) NOIR_CHECK(split_frames(stream.subspan(first.used), kMost, take).used <= stream.size());
  return packets;
}

void send_in_pieces(const Packets& packets, std::size_t piece) {
  FrameBacklog backlog;
  std::size_t waiting = 0;
  for (const auto& packet : packets) waiting += backlog.add(Instant{}, packet) == 0 ? kFrameHeader + packet.size() : 0;
  std::size_t sent = 0;
  while (!backlog.empty()) {
    std::array<iovec, 4> vectors{};
    std::size_t offered = 0;
    for (std::size_t i = 0, count = backlog.gather(vectors); i < count; ++i) offered += vectors[i].iov_len;
    NOIR_CHECK(offered > 0);
    const std::size_t taken = std::min(piece, offered);
    backlog.consume(taken);
    sent += taken;
  }
  if (packets.size() < 32) NOIR_CHECK(sent == waiting);  // Beyond it some are dropped.
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const ByteSpan stream(data + 2, size - 2);
  const Packets whole = split_at(stream, stream.size());
  NOIR_CHECK(split_at(stream, data[0] * stream.size() / 256) == whole);
  send_in_pieces(whole, std::size_t{1} + data[1]);
  return 0;
}
