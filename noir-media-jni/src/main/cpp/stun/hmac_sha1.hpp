#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>

#include "base/bytes.hpp"

struct evp_mac_ctx_st;

namespace noir {

/// HMAC-SHA1 with one key, on an OpenSSL context that is set up once and used for every message.
class HmacSha1 {
 public:
  static constexpr std::size_t kSize = 20;
  using Tag = std::array<std::uint8_t, kSize>;

  explicit HmacSha1(ByteSpan key);
  [[nodiscard]] Tag compute(std::initializer_list<ByteSpan> parts);

 private:
  struct Free {
    void operator()(evp_mac_ctx_st* context) const;
  };
  std::unique_ptr<evp_mac_ctx_st, Free> context_;
};

/// Whether two byte strings of the same size are equal, in a time that does not depend on where they differ.
[[nodiscard]] bool equal_constant_time(ByteSpan a, ByteSpan b);

}  // namespace noir
