#pragma once

#include <optional>
#include <string>
#include <vector>

#include "load/load_transport.hpp"
#include "load/signal_client.hpp"

namespace noir {

/// What one peer of a load does.
struct PeerPlan {
  std::string room;
  std::string uid;
  std::vector<SourceParams>
      sources;       // Each becomes a track, those with a rid one together. The peer sets ssrc and mid.
  double phase = 0;  // Of its frames in their interval, 0 to 1: who joined when says nothing about that.
  bool sampled = false;
};

/// One participant: a WebSocket, a publisher and a subscriber transport, as a page with ion-sdk-js has them.
/// Thread: load.
class LoadPeer : public SignalListener {
 public:
  /// Starts to join. `number` is unique; transports are numbered 2n and 2n + 1.
  LoadPeer(boost::asio::io_context& io, const SignalUrl& url, const LoadContext& context, std::uint32_t number,
           PeerPlan plan);

  void on_open() override;
  void on_joined(const std::string& answer_sdp) override;
  void on_offer(const std::string& sdp) override;
  void on_failed(const std::string& reason) override { failure_ = reason; }

  void leave() { signal_.close(); }
  /// Looks whether the join is complete: both transports up and the API channel open, what client.join() waits for.
  void update(Instant now);

  [[nodiscard]] LoadTransport& publisher() { return publisher_; }
  [[nodiscard]] LoadTransport& subscriber() { return subscriber_; }
  [[nodiscard]] const PeerPlan& plan() const { return plan_; }
  [[nodiscard]] bool is_joined() const { return joined_after_.has_value(); }
  [[nodiscard]] std::optional<Duration> joined_after() const { return joined_after_; }
  /// From the start of the join to the first packet of media.
  [[nodiscard]] std::optional<Duration> first_packet_after() const;
  /// Why it is of no use any more; empty while it is.
  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  [[nodiscard]] std::vector<PublishedTrack> tracks() const;

  // Given.
  const PeerPlan plan_;
  const bool takes_numbers_;

  // Owned.
  LoadTransport publisher_;
  LoadTransport subscriber_;
  SignalClient signal_;

  // State.
  const Instant started_;
  std::optional<Duration> joined_after_;
  std::string failure_;
};

}  // namespace noir
