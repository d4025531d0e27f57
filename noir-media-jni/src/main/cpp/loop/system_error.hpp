#pragma once

#include <stdexcept>
#include <string>

namespace noir {

/// The operating system refused what the loop cannot do without. Ends the loop; the text is for the administrator.
class SystemError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// `what` and the text of `error_number`, e.g. "cannot bind UDP 192.0.2.1 port 5000: Address already in use".
[[noreturn]] void throw_system_error(const std::string& what, int error_number);

}  // namespace noir
