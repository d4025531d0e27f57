#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/sim_room.hpp"
#include "stun/message.hpp"

namespace noir {

inline HmacSha1 stun_key(const std::string& password) {
  return HmacSha1({reinterpret_cast<const std::uint8_t*>(password.data()), password.size()});
}

/// A check that a member can make, and send with any sender's address.
inline std::vector<std::uint8_t> forged_check(const SimEnd& of, bool nominates) {
  std::vector<std::uint8_t> bytes(400);
  StunWriter writer(bytes, StunClass::kRequest, kStunBinding, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  writer.username(of.server_ice.ufrag + ":" + of.client_ice.ufrag);
  writer.attribute_u32(StunAttribute::kPriority, 0x6E0001FF);
  writer.attribute_u64(StunAttribute::kIceControlling, 1);
  if (nominates) writer.attribute(StunAttribute::kUseCandidate, {});
  HmacSha1 key = stun_key(of.server_ice.pwd);
  writer.message_integrity(key);
  bytes.resize(writer.finish());
  return bytes;
}

/// What libnice and others send to keep a path open (RFC 8445 §11).
inline std::vector<std::uint8_t> binding_indication() {
  std::vector<std::uint8_t> bytes(64);
  StunWriter writer(bytes, StunClass::kIndication, kStunBinding, {7});
  bytes.resize(writer.finish());
  return bytes;
}

}  // namespace noir
