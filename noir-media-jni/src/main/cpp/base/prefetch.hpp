#pragma once

#include <cstddef>

namespace noir {

/// Asks for every cache line that the `bytes` bytes from `at` on lie in, so that they are there when they are needed.
/// Any address will do, also one that is not ours any more: a prefetch reads nothing and never faults.
inline void prefetch(const void* at, std::size_t bytes) {
  constexpr std::size_t kCacheLine = 64;
  const auto* first = static_cast<const char*>(at);
  for (std::size_t i = 0; i < bytes; i += kCacheLine) __builtin_prefetch(first + i);
  if (bytes > 0) __builtin_prefetch(first + (bytes - 1));  // The last line, when they do not begin with one.
  // GCC takes a function that does nothing else for one without an effect, and leaves out calls of it.
  asm volatile("");
}

}  // namespace noir
