#pragma once

#include <optional>

#include "base/time.hpp"

namespace noir {

/// How much longer, or shorter, than the one before a group of packets was under way.
struct GroupDelta {
  Duration sent{};     // From the end of the one group to the end of the other, as sent
  Duration arrived{};  // and as received.
  Duration at{};       // When the later group was complete, by the receiver's clock.
};

/// Groups packets that were sent together (draft-ietf-rmcat-gcc-02 §5.2): within 5 ms, or so that the network delivered
/// them in one burst. A group is compared with the one before when a packet of the next one arrives.
class ArrivalGroups {
 public:
  std::optional<GroupDelta> handle(Instant sent, Duration arrived);

 private:
  struct Group {
    Instant first_sent;
    Instant last_sent;
    Duration first_arrived{};
    Duration last_arrived{};
    bool open = false;
  };

  [[nodiscard]] bool belongs(Instant sent, Duration arrived) const;
  std::optional<GroupDelta> compare();

  Group current_;
  Group previous_;
  int backwards_ = 0;  // Groups in a row that arrived before the one they followed.
};

}  // namespace noir
