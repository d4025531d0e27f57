#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace noir {

/// Where a transport of ours lives, as its ICE user name fragment says. The fragment is no secret and nobody vouches
/// for it: it says whom a check is meant for, and the password says whether it is good.
///
///   base64 of  | node (24 bits) | loop (8) | room (24) | random (40) |
///
/// The first characters of all fragments of a node are the same, so that whatever stands before several nodes can tell
/// their checks apart (docs/operations.md). Random are more than the 24 bits that RFC 8445 §5.3 asks for.
struct UfragPlace {
  static constexpr std::size_t kChars = 16;

  std::uint32_t node = 0;
  std::uint16_t loop = 0;
  std::uint32_t room = 0;  // Counts a node's rooms; transports of one room have the same.

  bool operator==(const UfragPlace&) const = default;
};

/// Nothing when it is none that a node of ours has made.
[[nodiscard]] std::optional<UfragPlace> ufrag_place(std::string_view ufrag);

}  // namespace noir
