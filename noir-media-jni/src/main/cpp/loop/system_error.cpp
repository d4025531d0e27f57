#include "loop/system_error.hpp"

#include <system_error>

namespace noir {

void throw_system_error(const std::string& what, int error_number) {
  throw SystemError(what + ": " + std::generic_category().message(error_number));
}

}  // namespace noir
