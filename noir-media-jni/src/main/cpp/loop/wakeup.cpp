#include "loop/wakeup.hpp"

#include <sys/eventfd.h>

#include <cerrno>
#include <cstdint>

#include "loop/system_error.hpp"

namespace noir {

Wakeup::Wakeup() : fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (fd_.get() < 0) throw_system_error("eventfd", errno);
}

void Wakeup::request_return() {
  return_requested_.store(true);
  wake();
}

void Wakeup::wake() noexcept {
  const std::uint64_t one = 1;
  // Fails only when the counter is full, and then the loop is about to wake as it is.
  (void)!::write(fd_.get(), &one, sizeof one);
}

bool Wakeup::take() {
  std::uint64_t calls = 0;
  // Before the flag: a request between the two leaves the eventfd readable for the next wait.
  (void)!::read(fd_.get(), &calls, sizeof calls);
  return return_requested_.exchange(false);
}

}  // namespace noir
