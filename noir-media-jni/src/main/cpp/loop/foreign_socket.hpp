#pragma once

#include "base/bytes.hpp"
#include "loop/file_descriptor.hpp"

namespace noir {

// Connections that somebody else has accepted and still owns: a server whose port is to serve media, too. Thread: any.

/// What waits to be read, without reading it: how much, 0 for nothing yet, -1 for nothing any more.
[[nodiscard]] int peek(int fd, MutableByteSpan into);

/// A descriptor of our own for the same connection, or none.
[[nodiscard]] FileDescriptor duplicate(int fd);

}  // namespace noir
