#pragma once

#include <stdexcept>

namespace noir {

/// A broken assumption of ours, never of the peer's input. Caught once, in the per-transport dispatch of `Sfu`: that
/// transport dies, the loop lives.
class InvariantError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void fail_check(const char* assumption, const char* file, int line);

}  // namespace noir

/// States an assumption about our own code.
#define NOIR_CHECK(assumption)                                              \
  do {                                                                      \
    if (!(assumption)) ::noir::fail_check(#assumption, __FILE__, __LINE__); \
  } while (false)
