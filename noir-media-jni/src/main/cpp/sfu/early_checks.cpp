#include "sfu/early_checks.hpp"

namespace noir {

void EarlyChecks::add(Instant now, const Path& path, std::string_view ufrag, ByteSpan check) {
  if (ufrag.empty() || check.size() > kMaxSize) return;
  Check& oldest = checks_[next_];
  next_ = (next_ + 1) % kMost;
  oldest.arrival = now;
  oldest.path = path;
  oldest.ufrag = ufrag;
  oldest.bytes.assign(check.begin(), check.end());
}

}  // namespace noir
