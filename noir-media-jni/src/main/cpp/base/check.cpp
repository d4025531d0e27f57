#include "base/check.hpp"

#include <string>

namespace noir {

void fail_check(const char* assumption, const char* file, int line) {
  throw InvariantError(std::string(file) + ":" + std::to_string(line) + ": " + assumption);
}

}  // namespace noir
