#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace noir {

void fail_check(const char* assumption, const char* file, int line) {
#ifdef NOIR_ABORT_ON_BUG
  // Tests: a bug must not be survived.
  (void)std::fprintf(stderr, "%s:%d: broken invariant: %s\n", file, line, assumption);
  std::abort();
#else
  throw InvariantError(std::string(file) + ":" + std::to_string(line) + ": " + assumption);
#endif
}

}  // namespace noir
