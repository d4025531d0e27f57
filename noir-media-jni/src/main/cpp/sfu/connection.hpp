#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "sfu/fan_out_lane.hpp"
#include "sfu/ingress_limits.hpp"
#include "sfu/injector.hpp"
#include "sfu/publisher.hpp"
#include "sfu/subscriber.hpp"
#include "sfu/transport.hpp"

namespace noir {

/// A transport and what travels over it, with what the machine's tables know of it.
struct Connection {
  /// `drawn`: the SSRC of our reports, and half of it the first transport-wide number. A connection has use for one.
  Connection(TransportContext& context, Instant now, const TransportParams& params, std::uint32_t drawn)
      : transport(context, now, params, static_cast<std::uint16_t>(drawn >> 16)),
        publisher(drawn),
        lane{.group = params.group} {}

  [[nodiscard]] Instant next_timeout() const {
    return std::min({transport.next_timeout(), publisher.next_timeout(), subscriber.next_timeout()});
  }

  Transport transport;
  Publisher publisher;    // Used when the role is kPublisher or kInjector,
  Subscriber subscriber;  // and this one when it is kSubscriber.

  IngressLimits limits;
  FanOutLane lane;  // Of what is published here.

  // Entries of this connection in the machine's tables.
  std::vector<std::string> ufrags;
  std::vector<Path> paths;
  Instant armed_at = kNever;
  Instant reviewed_at{};
  bool touched = false;  // Its deadline may have changed in this wake-up.

  std::unique_ptr<Injector> injector;  // When the role is kInjector; else null.
};

}  // namespace noir
