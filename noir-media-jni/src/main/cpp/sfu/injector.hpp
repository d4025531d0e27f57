#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/packet_buffer.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "sfu/injected_stream.hpp"
#include "sfu/params.hpp"

namespace noir {

/// What stands in the place of a client where the server itself publishes: it makes packets of frames, says by reports
/// which RTP time belongs to which time of capture, and hears of key frames that are wanted. Thread: loop.
class Injector {
 public:
  /// Capture times that are further from now are of another clock, or of before a pause or a jump, as are those that
  /// are so far behind their track's last one: the frame is taken for captured now, and what follows goes on from
  /// there.
  static constexpr Duration kMaxAge = std::chrono::seconds(2);
  static constexpr Duration kMaxLead = std::chrono::milliseconds(400);
  static constexpr Duration kMaxBack = std::chrono::milliseconds(500);

  /// `utc_minus_monotonic` when it opens: its own wall clock from then on, so that setting ours moves nothing.
  explicit Injector(Duration utc_minus_monotonic) : utc_(utc_minus_monotonic), capture_(utc_minus_monotonic) {}

  void add(TrackId id, const CodecParams& codec, const InjectedStart& start) { streams_.try_emplace(id, codec, start); }
  void remove(TrackId id) { streams_.erase(id); }

  /// The packets of a frame of a track that has been added, as in `InjectedStream`. `captured_us`: UTC since 1970, or
  /// of any other clock that all tracks have in common. Valid until the next call.
  Result<std::span<PacketRef>> packetize(Instant now, TrackId id, std::int64_t captured_us, const SourceFrame& frame,
                                         PacketPool& pool);
  /// Whether nothing has been reported yet of a stream that has begun.
  [[nodiscard]] bool must_report() const { return must_report_; }
  /// Writes the sender reports of as many streams as fit.
  void write_reports(Instant now, ByteWriter& out);
  /// The track whose stream it is, 0 = none.
  [[nodiscard]] TrackId track_of(std::uint32_t ssrc) const;

 private:
  [[nodiscard]] Result<Instant> read(Instant now, std::int64_t captured_us, Instant last);

  Duration utc_;
  Duration capture_;  // The clock of capture times, less ours.
  bool must_report_ = false;
  std::map<TrackId, InjectedStream> streams_;
  std::vector<PacketRef> packets_;
};

}  // namespace noir
